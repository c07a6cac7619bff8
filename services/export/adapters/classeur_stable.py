"""A workbook whose bytes follow from its rows alone: an entity tag and a SHA-256 of it hold."""

import io
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from services.export.adapters.classeur import classeur

_INSTANTS: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_AUCUN_JOUR: Final = rb"\g<1>2000-01-01T00:00:00Z"


async def classeur_stable(
    titres: Sequence[str], rangees: Iterable[Sequence[str | date | None]]
) -> bytes:
    """Return the workbook of these rows, without the instant at which it was written."""
    ecrit = io.BytesIO()
    async for morceau in classeur(titres, _au_fil(rangees)):
        ecrit.write(morceau)
    stable = io.BytesIO()
    with ZipFile(ecrit) as source, ZipFile(stable, "w", ZIP_DEFLATED) as cible:
        for membre in source.infolist():
            contenu = source.read(membre)
            if membre.filename == "docProps/core.xml":
                contenu = _INSTANTS.sub(_AUCUN_JOUR, contenu)
            cible.writestr(ZipInfo(membre.filename), contenu, ZIP_DEFLATED)
    return stable.getvalue()


async def _au_fil(
    rangees: Iterable[Sequence[str | date | None]],
) -> AsyncIterator[Sequence[str | date | None]]:
    for rangee in rangees:
        yield rangee
