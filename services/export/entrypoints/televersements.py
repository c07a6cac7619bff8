"""Uploaded tables as routes take them: received under limits, read beside the other requests."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Final, TypeVar

from fastapi import Request

from services.export.adapters.tableurs import Bornes, TableauRefuse, rangees
from services.export.domain.entetes import EnteteRefusee
from services.export.settings import ApiSettings
from services.kernel.bodies import received
from services.kernel.french import octets
from services.kernel.problem import Invalid, TooLarge

T = TypeVar("T")

_MEMOIRE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Recu:
    """What was received: its digest and its size."""

    empreinte: str
    octets: int


async def lire_corps(
    request: Request,
    settings: ApiSettings,
    lire: Callable[[Iterable[tuple[int, Sequence[str]]]], T],
) -> tuple[Recu, T]:
    """Return what `lire` makes of the rows of the body, XLSX or CSV.

    Raises:
        TooLarge: beyond `affelnet_import_octets_max`.
        Invalid: no table, one beyond the limits, or one whose header `lire` refuses.
    """
    empreinte = hashlib.blake2b(digest_size=32)
    taille = 0
    with SpooledTemporaryFile(max_size=_MEMOIRE) as fichier:
        async for morceau in received(request, settings):
            taille += len(morceau)
            if taille > settings.affelnet_import_octets_max:
                limite = settings.affelnet_import_octets_max
                raise TooLarge(
                    f"Le fichier dépasse {octets(limite)}.", extra={"limite_octets": limite}
                )
            empreinte.update(morceau)
            fichier.write(morceau)

        def lire_table() -> T:
            with closing(rangees(fichier, Bornes(settings.affelnet_import_lignes_max))) as table:
                return lire(table)

        try:
            lu = await asyncio.to_thread(lire_table)
        except TableauRefuse as refus:
            raise Invalid(str(refus), code=refus.code, title="Fichier refusé") from refus
        except EnteteRefusee as refus:
            raise Invalid(str(refus), code="entete_refusee", title="Fichier refusé") from refus
    return Recu(empreinte.hexdigest(), taille), lu
