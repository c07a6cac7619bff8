"""The HTTP API of enrich: history, reference tables, and what reconciliation needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request
from fastapi.responses import StreamingResponse

from contracts.portees import Role
from services.enrich.adapters.lecture import Lecture
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.versions import Version
from services.enrich.entrypoints.reponses import (
    EntreeHistorique,
    Historique,
    Reemises,
    Reemission,
    Referentiels,
    TableReferentiel,
)
from services.enrich.settings import BASE, SERVICE, ApiSettings
from services.enrich.usecases import reemettre
from services.kernel.auth import public, require
from services.kernel.clock import Clock, SystemClock
from services.kernel.health import Health
from services.kernel.http import create_api, serve
from services.kernel.mongo import Store, connect
from services.kernel.outbox import Outbox
from services.kernel.problem import Invalid, NotFound, Unavailable

NDJSON: Final = "application/x-ndjson"
_LIGNES_PAR_ENVOI: Final = 1_000

router = APIRouter()
_administrateur = Depends(require(Role.ADMINISTRATEUR))
_lecture = Depends(require(Role.LECTEUR, Role.ADMINISTRATEUR))


@dataclass(frozen=True, slots=True)
class Moyens:
    """What the routes work with."""

    settings: ApiSettings
    clock: Clock
    lecture: Lecture
    formations: MongoFormations
    referentiels: MongoReferences


def _moyens(request: Request) -> Moyens:
    moyens: Moyens = request.app.state.moyens
    return moyens


UsesMoyens = Annotated[Moyens, Depends(_moyens)]


@router.get(
    "/interne/empreintes",
    dependencies=[_administrateur],
    tags=["interne"],
    summary="Empreinte de chaque formation, une par ligne",
    response_class=StreamingResponse,
)
async def empreintes(moyens: UsesMoyens) -> StreamingResponse:
    """Stream one JSON object a line: id, sequence, empreinte, etat, and those of the last offer."""
    return StreamingResponse(_lignes(moyens.lecture), media_type=NDJSON)


@router.post(
    "/interne/reemettre",
    dependencies=[_administrateur],
    tags=["interne"],
    summary="Publier de nouveau l'état présent de formations",
)
async def reemettre_(demande: Reemission, moyens: UsesMoyens) -> Reemises:
    """Send states again at their sequences, through the outbox."""
    ids = list(dict.fromkeys(demande.ids))
    if len(ids) > moyens.settings.reemission_max:
        maximum = moyens.settings.reemission_max
        raise Invalid(f"Demandez au plus {maximum} formations à la fois.")
    trouvees: set[str] = set()
    lot = moyens.settings.reemission_lot
    for debut in range(0, len(ids), lot):
        part = ids[debut : debut + lot]
        trouvees.update(await reemettre(part, moyens.formations, moyens.clock.now()))
    return Reemises(reemises=len(trouvees), inconnues=[nom for nom in ids if nom not in trouvees])


@router.get(
    "/v1/formations/{identifiant}/historique",
    dependencies=[_lecture],
    tags=["formations"],
    summary="Changements d'une formation, du plus ancien au plus récent",
)
async def historique(
    identifiant: Annotated[str, Path(max_length=64)],
    moyens: UsesMoyens,
    apres: Annotated[int, Query(ge=0)] = 0,
    limite: Annotated[int | None, Query(ge=1)] = None,
) -> Historique:
    """Return real changes only; the creation is the formation itself."""
    taille = min(limite or moyens.settings.page_defaut, moyens.settings.page_max)
    entrees = await moyens.lecture.historique(identifiant, apres, taille + 1)
    if not entrees and not await moyens.lecture.existe(identifiant):
        raise NotFound("Aucune formation n'a cet identifiant.")
    changements = [EntreeHistorique.model_validate(entree) for entree in entrees[:taille]]
    suite = changements[-1].sequence if len(entrees) > taille else None
    return Historique(formation=identifiant, changements=changements, suite=suite)


@router.get(
    "/v1/referentiels",
    dependencies=[Depends(public)],
    tags=["référentiels"],
    summary="Version des référentiels en vigueur",
)
async def referentiels(moyens: UsesMoyens) -> Referentiels:
    """Return the active version: its tables, their rows, its age."""
    versions = await moyens.referentiels.lister()
    active = next((version for version in versions if version.active), None)
    if active is None:
        raise Unavailable("Aucun référentiel n'est encore en vigueur.", retry_after=30)
    return _referentiels(active, moyens.clock)


def _referentiels(version: Version, clock: Clock) -> Referentiels:
    return Referentiels(
        version=version.id,
        chargee_le=version.chargee_le,
        activee_le=version.activee_le,
        age_jours=(clock.now() - version.chargee_le).days,
        tables=[
            TableReferentiel(
                table=bilan.table,
                libelle=bilan.libelle,
                fichier=bilan.fichier,
                lues=bilan.lues,
                gardees=bilan.gardees,
                refusees=bilan.refusees,
            )
            for bilan in version.tables
        ],
    )


async def _lignes(lecture: Lecture) -> AsyncIterator[bytes]:
    lignes: list[bytes] = []
    async for empreinte in lecture.empreintes():
        lignes.append(orjson.dumps(empreinte, option=orjson.OPT_APPEND_NEWLINE))
        if len(lignes) == _LIGNES_PAR_ENVOI:
            yield b"".join(lignes)
            lignes.clear()
    yield b"".join(lignes)


def create_app(settings: ApiSettings, clock: Clock = SystemClock()) -> FastAPI:
    """Return the API; it opens its database when it starts."""
    health = Health()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        client = connect(settings)
        database = Store(client, settings).database(BASE)
        outbox = Outbox(database, bytes_max=settings.outbox_octets_max)
        moyens = Moyens(
            settings,
            clock,
            Lecture(database),
            MongoFormations(client, database, outbox),
            MongoReferences(client, database),
        )
        app.state.moyens = moyens

        async def verifier() -> None:
            await client.admin.command("ping")

        health.require("mongo", verifier)
        try:
            yield
        finally:
            await client.close()

    return create_api(
        settings,
        service=SERVICE,
        title="Catalogue des formations en apprentissage : enrichissement",
        version="1",
        summary="Historique des formations et référentiels en vigueur.",
        routers=[router],
        lifespan=lifespan,
        health=health,
    )


async def main() -> None:
    """Serve until told to stop."""
    settings = ApiSettings()
    await serve(create_app(settings), settings)
