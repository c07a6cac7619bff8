"""Commands on the index, the services at work meanwhile.

`creer` once; `reconstruire` whenever its definition or content is in doubt; the repair of single
documents.
"""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from elastic_transport import TransportError
from elasticsearch import AsyncElasticsearch

from services.kernel.clock import SystemClock
from services.kernel.errors import Retry
from services.kernel.problem import Problem
from services.search.adapters.administration import Administration
from services.search.adapters.ecriture import IndexElastic
from services.search.adapters.elastic import connecter, noms
from services.search.adapters.journal import Journal
from services.search.adapters.lecture import MoteurElastic
from services.search.adapters.verrou import Verrou
from services.search.entrypoints.indexer import pause
from services.search.settings import SearchSettings
from services.search.usecases.indexer import appliquer
from services.search.usecases.lire_evenements import SUJETS, lire_evenements
from services.search.usecases.reconstruire import (
    EcartsPersistants,
    Outils,
    Reconstruction,
    Suivi,
    reconstruire,
)

_PORTE_S = 0.5


async def creer() -> None:
    """Make template and first index; say which, or that it exists already."""
    settings = SearchSettings()
    async with _commande(settings) as client:
        administration = Administration(client, noms(settings), settings)
        index = await administration.creer()
        depassee = index is None and await administration.definition_depassee()
    sys.stdout.write(f"index créé : {index}\n" if index else "l'index existe déjà\n")
    if depassee:
        sys.stderr.write(
            "sa définition est d'une autre version : lancez `catalogue reconstruire index`\n"
        )


async def reconstruire_l_index() -> None:
    """Rebuild under the lock and tell what was done; exits with 1 when nothing was swapped."""
    settings = SearchSettings()
    async with _commande(settings) as client:
        fait = await reconstruire_sur(client, settings, _progression())
    retires = ", ".join(fait.retires) or "aucun"
    sys.stdout.write(
        f"\nindex en service : {fait.index} ({fait.documents} documents, {fait.lus} "
        f"enregistrements lus, {fait.ecartes} écartés) ; index retirés : {retires}\n"
    )


async def reconstruire_sur(
    client: AsyncElasticsearch, settings: SearchSettings, suivi: Suivi
) -> Reconstruction:
    """Rebuild with this client; raises `Conflict` while another rebuild is at work."""
    administration = Administration(client, noms(settings), settings)
    verrou = Verrou(
        client,
        index=administration.noms.verrous,
        nom="reconstruction",
        titulaire=uuid.uuid4().hex,
        duree_s=settings.reconstruction_bail_s,
        clock=SystemClock(),
    )
    journal = Journal(settings, SUJETS)
    outils = Outils(
        versions=administration,
        sujets=journal,
        index=IndexElastic(client, administration.noms, settings.index_envois),
        empreintes=MoteurElastic(client, administration.noms.lecture).empreintes,
        tentatives=settings.index_tentatives,
        pause=pause(settings),
        avant_la_porte=_patience(settings.reconstruction_ecart_s),
    )
    try:
        async with verrou.tenir():
            return await reconstruire(outils, suivi)
    finally:
        await journal.fermer()


async def reindexer_sur(
    client: AsyncElasticsearch, settings: SearchSettings, ids: Sequence[str]
) -> int:
    """Bring the documents of some ids to what the topics say; return how many were written."""
    index = IndexElastic(client, noms(settings), settings.index_envois)
    journal = Journal(settings, SUJETS)
    try:
        await journal.ouvrir()
        recus = []
        async for lot in journal.lots(ids):
            recus += lire_evenements(lot)[0]
    finally:
        await journal.fermer()
    etats = [recu.etat for recu in recus]
    ecrits = 0
    for cible in await index.cibles():
        bilan = await appliquer(
            etats,
            index,
            cible,
            tentatives=settings.index_tentatives,
            pause=pause(settings),
        )
        ecrits = max(ecrits, bilan.ecrits)
    return ecrits


@asynccontextmanager
async def _commande(settings: SearchSettings) -> AsyncIterator[AsyncElasticsearch]:
    """Give a client; what cannot be done is said in a line and ends the process with 1."""
    client = connecter(settings)
    try:
        yield client
    except (Problem, Retry, EcartsPersistants, TransportError) as impossible:
        sys.stderr.write(f"\n{impossible}\n")
        sys.exit(1)
    finally:
        await client.close()


def _patience(secondes: float) -> Callable[[], Awaitable[bool]]:
    boucle = asyncio.get_running_loop()
    fin: float | None = None

    async def attendre() -> bool:
        nonlocal fin
        fin = boucle.time() + secondes if fin is None else fin
        await asyncio.sleep(_PORTE_S)
        return boucle.time() < fin

    return attendre


def _progression() -> Suivi:
    def dire(lus: int, total: int) -> None:
        sys.stderr.write(f"\r{lus} enregistrements lus (au plus {total})")

    return dire
