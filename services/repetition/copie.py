"""The copy that a rehearsal plays on: databases of a namespace of its own, dropped at the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import WriteConcern

from services.export.settings import BASE, ExportSettings
from services.kernel import naming
from services.kernel.batches import in_batches
from services.kernel.lease import Lease
from services.kernel.mongo import Client, Database, connect

PREFIXE: Final = "repetition-"
BAIL: Final = "repetition"
BAIL_S: Final = 60.0
COLLECTIONS: Final = (
    "formations",
    "decisions",
    "regles",
    "regles_historique",
    "parametres",
    "reglages_parcoursup",
    "erreurs_parcoursup",
    "envois",
    "operations",
    "saisons",
)
"""What the season of an offer rests on; neither the outbox, nor mails, nor anything of a person."""
_LOT: Final = 1_000
_BRUT: Final[CodecOptions[Any]] = CodecOptions(document_class=RawBSONDocument)
_SANS_JOURNAL: Final = WriteConcern(w=1, j=False)


def espace(reel: ExportSettings, identifiant: str) -> str:
    """Return the namespace of a rehearsal of this installation."""
    return f"{_prefixe(reel)}{identifiant}"


def en_repetition(reel: ExportSettings, identifiant: str) -> dict[str, Any]:
    """Return what the settings of the copy change: names, no fixed day, no production key."""
    return {
        "espace": espace(reel, identifiant),
        "environnement": "developpement",
        "jour_metier": None,
    }


async def copier(reel: ExportSettings, vers: ExportSettings) -> int:
    """Copy the state of `reel` as it is at one moment; return how many documents.

    Only read in the real databases, from one snapshot, so that facts and journals agree.
    """
    async with _client(reel) as client:
        source = client.get_database(naming.database(reel, BASE), codec_options=_BRUT)
        cible = client.get_database(naming.database(vers, BASE), write_concern=_SANS_JOURNAL)
        copies = 0
        async with client.start_session(snapshot=True) as session:
            for nom in COLLECTIONS:
                curseur = source[nom].find({}, session=session, batch_size=_LOT)
                async for lot in in_batches(curseur, _LOT):
                    await cible[nom].insert_many(lot, ordered=False)
                    copies += len(lot)
        return copies


async def supprimer(reel: ExportSettings, identifiant: str) -> None:
    """Drop the databases of one rehearsal, and no other."""
    async with _client(reel) as client:
        await _supprimer(client, espace(reel, identifiant))


async def restes(reel: ExportSettings) -> list[str]:
    """Return the rehearsals of this installation that nobody plays any more."""
    async with _client(reel) as client:
        return [un for un in await _toutes(client, reel) if await _abandonnee(client, reel, un)]


async def nettoyer(reel: ExportSettings) -> list[str]:
    """Drop what interrupted rehearsals left; return their ids."""
    trouves = await restes(reel)
    for identifiant in trouves:
        await supprimer(reel, identifiant)
    return trouves


@asynccontextmanager
async def tenue(reel: ExportSettings, identifiant: str) -> AsyncIterator[None]:
    """Show, as long as it lasts, that a rehearsal is played: nobody takes it for a leftover.

    To be entered before the copy is made: of its databases, the mark is the first document.
    """
    async with _client(reel) as client:
        bail = Lease(_base(client, reel, identifiant), BAIL, BAIL_S)

        async def tenir() -> None:
            while True:
                await bail.hold()
                await asyncio.sleep(BAIL_S / 4)

        await bail.hold()
        tache = asyncio.create_task(tenir())
        try:
            yield
        finally:
            tache.cancel()
            with suppress(asyncio.CancelledError):
                await tache


async def _toutes(client: Client, reel: ExportSettings) -> list[str]:
    debut, fin = _prefixe(reel), f"_{BASE}"
    return [
        nom.removeprefix(debut).removesuffix(fin)
        for nom in await client.list_database_names()
        if nom.startswith(debut) and nom.endswith(fin)
    ]


async def _abandonnee(client: Client, reel: ExportSettings, identifiant: str) -> bool:
    return await Lease(_base(client, reel, identifiant), BAIL, BAIL_S).hold()


def _base(client: Client, reel: ExportSettings, identifiant: str) -> Database:
    return client[f"{espace(reel, identifiant)}_{BASE}"]


async def _supprimer(client: Client, nom: str) -> None:
    for base in await client.list_database_names():
        if base.startswith(f"{nom}_"):
            await client.drop_database(base)


def _prefixe(reel: ExportSettings) -> str:
    return f"{reel.espace}-{PREFIXE}" if reel.espace else PREFIXE


@asynccontextmanager
async def _client(settings: ExportSettings) -> AsyncIterator[Client]:
    client = connect(settings)
    try:
        yield client
    finally:
        await client.close()
