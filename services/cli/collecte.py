"""The deposit API as its client sees it: stream a file to it, read how far the deposit has come."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import httpx

from contracts.depot import VueDepot

CHUNK: Final = 256 * 1024
_MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
}
GZIP: Final = ".gz"


class Refused(Exception):
    """The API answered with a problem, or was not there; the message is French, for the user."""


class Collecte:
    """Talks to the deposit API with the key that `client` carries."""

    def __init__(self, client: httpx.Client) -> None:
        """Use a client whose base address is the API's."""
        self._client = client

    def deposer(
        self, file: Path, sent: Callable[[int], None], *, depublication: bool = False
    ) -> VueDepot:
        """Stream the file; return the deposit once the API has it whole.

        `sent` is told the size of each chunk. Memory stays flat whatever the size. `depublication`
        admits that the file unpublishes offers in mass.

        Raises:
            Refused: the deposit was refused, or its outcome is unknown since the link broke.
        """
        headers = {
            "Content-Type": media_type(file),
            "Content-Length": str(file.stat().st_size),
            "Idempotency-Key": str(uuid.uuid4()),
        }
        if file.suffix == GZIP:
            headers["Content-Encoding"] = "gzip"
        answer = self._send(
            "POST",
            "/v1/depots",
            content=_chunks(file, sent),
            headers=headers,
            params={"depublication": "true"} if depublication else None,
        )
        return VueDepot.model_validate_json(answer.content)

    def depot(self, identifier: str) -> VueDepot:
        """Return the deposit as it is now; raises `Refused`."""
        return VueDepot.model_validate_json(self._send("GET", f"/v1/depots/{identifier}").content)

    def depots(self) -> list[VueDepot]:
        """Return the latest deposits of the key's holder, newest first; raises `Refused`."""
        answer = self._send("GET", "/v1/depots").json()
        return [VueDepot.model_validate(depot) for depot in answer["depots"]]

    def _send(
        self,
        method: str,
        path: str,
        content: Iterator[bytes] | None = None,
        headers: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
    ) -> httpx.Response:
        try:
            answer = self._client.request(
                method, path, content=content, headers=headers, params=params
            )
        except httpx.TransportError as error:
            raise Refused(f"{self._client.base_url} ne répond pas ({error}).") from error
        if answer.is_success:
            return answer
        raise Refused(_reason(answer))


def media_type(file: Path) -> str:
    """Return the media type that the file's name tells, a `.gz` at its end apart.

    Raises:
        Refused: the name tells none that the API reads.
    """
    suffix = (file.with_suffix("") if file.suffix == GZIP else file).suffix.lower()
    if suffix not in _MEDIA_TYPES:
        known = ", ".join(_MEDIA_TYPES)
        raise Refused(f"format inconnu : « {file.name} ». Lus : {known}, suivis ou non de {GZIP}.")
    return _MEDIA_TYPES[suffix]


def _chunks(file: Path, sent: Callable[[int], None]) -> Iterator[bytes]:
    with file.open("rb") as source:
        while chunk := source.read(CHUNK):
            yield chunk
            sent(len(chunk))


def _reason(answer: httpx.Response) -> str:
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        problem = answer.json()
        return f"{problem['title']} : {problem['detail']}"
    return f"réponse {answer.status_code} inattendue de {answer.url}"
