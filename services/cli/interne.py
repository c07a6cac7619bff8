"""The administrators' routes of the services, as the command uses them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import httpx
import orjson

from services.cli.collecte import Refused
from services.cli.ecarts import Magasin
from services.kernel.batches import slices
from services.kernel.settings import KernelSettings

_LOT: Final = 500
_TIMEOUT: Final = httpx.Timeout(30.0, read=300.0)
_REEMISSION: Final = {
    Magasin.COLLECT: "/interne/reemettre",
    Magasin.ENRICH: "/interne/reemettre",
    Magasin.EXPORT: "/interne/reemettre",
}


class Services:
    """The four services, at the addresses of the settings, with an administrator's key."""

    def __init__(self, settings: KernelSettings, key: str) -> None:
        """Connect to nothing yet."""
        addresses = {
            Magasin.COLLECT: settings.adresse_collect,
            Magasin.ENRICH: settings.adresse_enrich,
            Magasin.SEARCH: settings.adresse_search,
            Magasin.EXPORT: settings.adresse_export,
        }
        headers = {"Authorization": f"Bearer {key}"}
        self._clients = {
            store: httpx.Client(base_url=str(address), headers=headers, timeout=_TIMEOUT)
            for store, address in addresses.items()
        }

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    @contextmanager
    def empreintes(self) -> Iterator[dict[Magasin, Iterator[dict[str, Any]]]]:
        """Open the streams of digests of all services, each in the order of ids."""
        with ExitStack() as opened:
            yield {
                store: _lines(
                    opened.enter_context(client.stream("GET", "/interne/empreintes")), store
                )
                for store, client in self._clients.items()
            }

    def reemettre(self, store: Magasin, ids: Sequence[str]) -> None:
        """Have a store send the present state of these ids again, at their sequences."""
        for part in slices(ids, _LOT):
            self.post(store, _REEMISSION[store], {"ids": part})

    def post(self, store: Magasin, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call a route; return its answer.

        Raises:
            Refused: the service is not there or answered with a problem.
        """
        try:
            answer = self._clients[store].post(path, json=body)
        except httpx.TransportError as error:
            raise Refused(f"{store} ne répond pas ({error}).") from error
        if not answer.is_success:
            raise Refused(f"{store} : {answer.status_code} {answer.text[:300]}")
        result: dict[str, Any] = answer.json()
        return result


def _lines(answer: httpx.Response, store: Magasin) -> Iterator[dict[str, Any]]:
    if not answer.is_success:
        raise Refused(f"{store} refuse ses empreintes : {answer.status_code}.")
    return (orjson.loads(line) for line in answer.iter_lines() if line)
