"""Answer a request made twice under one `Idempotency-Key` once (reliability.md §7)."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from datetime import timedelta
from hashlib import blake2b
from typing import NamedTuple

from services.collect.ports import Reservation, Reservations
from services.kernel.problem import Conflict, Invalid


class Reponse(NamedTuple):
    """An answer that can be given again: status and JSON body."""

    statut: int
    corps: bytes


class Corps:
    """A body whose digest is known once it was read to its end."""

    def __init__(self, morceaux: AsyncIterable[bytes]) -> None:
        """Wrap the body, as received."""
        self._morceaux = morceaux
        self._empreinte = blake2b(digest_size=16)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body."""
        async for morceau in self._morceaux:
            self._empreinte.update(morceau)
            yield morceau

    async def empreinte(self) -> str:
        """Read what is left and return the digest of all of it."""
        async for _ in self:
            pass
        return self._empreinte.hexdigest()


async def une_fois(
    reservation: Reservation,
    corps: Corps,
    travail: Callable[[], Awaitable[Reponse]],
    reservations: Reservations,
    patience: timedelta,
) -> Reponse:
    """Return the answer of `travail`, or the one of the first request with the same key and body.

    A request that raises frees its key: nothing was stored, or it may be made again.

    Raises:
        Conflict: the first request is being answered.
        Invalid: the first request had another body.
    """
    premiere = await reservations.prendre(reservation, reservation.prise_le - patience)
    if premiere is None:
        return await _premiere(reservation, corps, travail, reservations)
    if premiere.empreinte is None:
        raise Conflict(
            "Une demande portant cette Idempotency-Key est en cours ; attendez sa réponse.",
            code="idempotence_en_cours",
            extra={"depot": premiere.depot},
        )
    if await corps.empreinte() != premiere.empreinte:
        raise Invalid(
            "Cette Idempotency-Key a déjà servi pour un autre contenu ; prenez-en une nouvelle.",
            code="idempotence_autre_contenu",
        )
    return Reponse(premiere.statut, premiere.reponse)


async def _premiere(
    reservation: Reservation,
    corps: Corps,
    travail: Callable[[], Awaitable[Reponse]],
    reservations: Reservations,
) -> Reponse:
    try:
        reponse = await travail()
        reservation.empreinte = await corps.empreinte()
        reservation.statut, reservation.reponse = reponse
        await reservations.repondre(reservation)
    except BaseException:
        await reservations.rendre(reservation.id)
        raise
    return reponse
