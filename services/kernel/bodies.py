"""Bodies too large to hold: read as a stream, inflated when gzipped, stopped at their limits.

Memory stays flat whatever is sent, and inflating is cut in slices between which other requests
are served. Reading through this module raises the limit of an ordinary body to `flux_max`.
"""

import asyncio
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from typing import Final, Protocol

from fastapi import Request

from services.kernel.french import nombre, octets
from services.kernel.middleware import BODY_LIMIT
from services.kernel.problem import BadRequest, TooLarge, UnsupportedMedia
from services.kernel.settings import KernelSettings

_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
_SLICE: Final = 128 * 1024  # of output: well under a millisecond of work


async def decoded(request: Request, settings: KernelSettings) -> AsyncIterator[bytes]:
    """Yield the request's body, inflated when it is gzip.

    Gzip is told by its first bytes: a `.gz` file sent as it is counts as much as a
    `Content-Encoding`. Empty chunks are not yielded.

    Raises:
        UnsupportedMedia: another `Content-Encoding`.
        TooLarge: a limit is passed; raised as soon as it is, the limit told.
        BadRequest: the gzip is cut (`gzip_tronque`) or broken (`gzip_illisible`).
        starlette.requests.ClientDisconnect: the caller went away before the end.
    """
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise UnsupportedMedia(
            f"Le codage « {encoding} » n'est pas lu ici ; envoyez le contenu tel quel ou en gzip.",
            code="codage_non_pris_en_charge",
        )
    async for chunk in inflated(received(request, settings), settings):
        yield chunk


async def received(request: Request, settings: KernelSettings) -> AsyncIterator[bytes]:
    """Yield the body as it comes, up to `settings.flux_max` bytes; raises `TooLarge` beyond."""
    allow_stream(request, settings)
    limit = settings.flux_max
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise _over_size("Le contenu envoyé", limit)
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
        if total > limit:
            raise _over_size("Le contenu envoyé", limit)
        if chunk:
            yield chunk


def allow_stream(request: Request, settings: KernelSettings) -> None:
    """Let this request's body be as large as `settings.flux_max`: for one read by other means."""
    request.scope[BODY_LIMIT] = settings.flux_max


async def inflated(chunks: AsyncIterable[bytes], settings: KernelSettings) -> AsyncIterator[bytes]:
    """Yield the content of `chunks`, gzip or not, under the limits of `decoded`."""
    codec: _Codec | None = None
    produced = 0
    async for chunk in _with_whole_head(chunks):
        if codec is None:
            codec = _Gzip() if chunk.startswith(_GZIP_MAGIC) else _Plain()
        for piece in codec.feed(chunk):
            produced += len(piece)
            _check(produced, codec.consumed, settings)
            yield piece
            await asyncio.sleep(0)
    if codec is not None:
        codec.end()


class _Codec(Protocol):
    consumed: int

    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def end(self) -> None: ...


class _Plain:
    def __init__(self) -> None:
        self.consumed = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        self.consumed += len(data)
        yield data

    def end(self) -> None:
        """Plain content is complete wherever it ends."""


class _Gzip:
    """Inflates members one after the other, as the gzip format allows, in bounded slices."""

    def __init__(self) -> None:
        self.consumed = 0
        self._member = zlib.decompressobj(_GZIP_WINDOW)

    def feed(self, data: bytes) -> Iterator[bytes]:
        more = bool(data)
        while more:
            if self._member.eof:
                data = self._skip_padding(data)
                if not data:
                    return
                self._member = zlib.decompressobj(_GZIP_WINDOW)
            piece = self._inflate(data)
            rest = self._member.unused_data or self._member.unconsumed_tail
            self.consumed += len(data) - len(rest)
            data = rest
            # A full slice may leave output inside zlib although all input is taken.
            more = bool(data) or len(piece) == _SLICE
            if piece:
                yield piece

    def end(self) -> None:
        if not self._member.eof:
            raise BadRequest(
                "Le fichier compressé est coupé : sa fin manque. Envoyez-le de nouveau en entier.",
                code="gzip_tronque",
            )

    def _inflate(self, data: bytes) -> bytes:
        try:
            return self._member.decompress(data, _SLICE)
        except zlib.error as exc:
            raise BadRequest(
                "Le fichier compressé est abîmé : il ne se décompresse pas.", code="gzip_illisible"
            ) from exc

    def _skip_padding(self, data: bytes) -> bytes:
        rest = data.lstrip(b"\0")
        self.consumed += len(data) - len(rest)
        return rest


async def _with_whole_head(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Yield the same bytes, the first chunk long enough to tell gzip unless all are shorter."""
    head = b""
    told = False
    async for chunk in chunks:
        if told:
            yield chunk
            continue
        head += chunk
        if len(head) >= len(_GZIP_MAGIC):
            told = True
            yield head
    if head and not told:
        yield head


def _check(produced: int, consumed: int, settings: KernelSettings) -> None:
    if produced > settings.flux_decompresse_max:
        raise _over_size("Le contenu décompressé", settings.flux_decompresse_max)
    if produced > settings.flux_ratio_apres and produced > consumed * settings.flux_ratio_max:
        ratio = settings.flux_ratio_max
        raise TooLarge(
            f"Le fichier compressé se dilate plus de {nombre(ratio)} fois, ce qu'aucun dépôt réel "
            "ne fait ; il n'est pas lu plus loin.",
            code="dilatation_excessive",
            extra={"limite_ratio": ratio},
        )


def _over_size(what: str, limit: int) -> TooLarge:
    return TooLarge(f"{what} dépasse la limite de {octets(limit)}.", extra={"limite_octets": limit})
