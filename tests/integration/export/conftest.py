"""Export on real servers: its database, its API, its consumer, a simulated Parcoursup."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from contracts.topics import FORMATIONS
from services.export.adapters.mongo import BaseMongo, ouvrir
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.regles_lecture import lire_fichier
from services.export.entrypoints.api import create_app
from services.export.entrypoints.consumer import Formations
from services.export.settings import ApiSettings, ExportSettings
from services.kernel.auth import Identity
from services.kernel.clock import FixedClock
from services.kernel.consumer import run_consumer
from services.kernel.events import Event, make_event
from services.kernel.producer import DirectPublisher
from services.kernel.relay import Relay
from services.kernel.settings import KernelSettings
from tests.support.polling import eventually
from tests.unit.export.fabrique import INSTANT, JOUR, document_de_regle

IDENTITES = {
    "administrateur": Identity("a", "admin", "administrateur", frozenset({"*"}), "moss"),
    "instructeur": Identity(
        "i", "instructeur", "instructeur", frozenset({"academie:12"}), "nantes"
    ),
    "seconde": Identity("s", "seconde", "instructeur", frozenset({"academie:12"}), "nantes-2"),
    "lecteur": Identity(
        "l", "lecteur", "lecteur-parcoursup", frozenset({"academie:12"}), "nantes-lit"
    ),
    "dgesco": Identity("g", "dgesco", "dgesco", frozenset({"*"}), "dgesco"),
    "dgesco12": Identity("h", "dgesco", "dgesco", frozenset({"academie:12"}), "dgesco-12"),
    "affelnet12": Identity(
        "f", "affelnet", "instructeur-affelnet", frozenset({"academie:12"}), "nantes-af"
    ),
    "moss": Identity("m", "moss", "moss", frozenset({"*"}), "dgesip"),
    "autre": Identity("o", "autre", "instructeur", frozenset({"academie:10"}), "lyon"),
    "partenaire": Identity("p", "partenaire", "partenaire", frozenset(), "lba"),
    "deposant": Identity("d", "deposant", "deposant", frozenset(), "cfa"),
}


class _Cles:
    async def verify(self, text: str) -> Identity | None:
        return IDENTITES.get(text)


@pytest.fixture
def export(settings: KernelSettings) -> ExportSettings:
    return ExportSettings(**{**settings.model_dump(), "jour_metier": JOUR})


@pytest_asyncio.fixture
async def base(export: ExportSettings, mongo: object) -> AsyncIterator[BaseMongo]:
    """Export's database with one plain rule for Parcoursup."""
    async with ouvrir(export) as base:
        lecture = lire_fichier([document_de_regle()])
        await ReglesMongo(base).remplacer(lecture.regles, INSTANT)
        yield base


@pytest.fixture
def juges(base: BaseMongo, export: ExportSettings) -> JugesMongo:
    return JugesMongo(base, export, lambda: JOUR)


@pytest.fixture
def horloge() -> FixedClock:
    return FixedClock(INSTANT)


@pytest_asyncio.fixture
async def api(base: BaseMongo, export: ExportSettings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API, over the same database; the key is the name in `IDENTITES`."""
    app = create_app(ApiSettings(**{**export.model_dump(), "port": 0}), keys=_Cles())
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://export", timeout=60
        ) as client,
    ):
        yield client


def cle(nom: str) -> dict[str, str]:
    return {"X-Api-Key": nom}


@pytest_asyncio.fixture
async def publier(topics: KernelSettings) -> AsyncIterator[Callable[..., Awaitable[None]]]:
    """Publishes formation events, as enrich would."""
    publieur = DirectPublisher(topics, "enrich")

    async def envoyer(evenements: Sequence[dict[str, Any]]) -> None:
        await publieur.publish([en_evenement(un) for un in evenements])

    yield envoyer
    await publieur.close()


def en_evenement(data: dict[str, Any]) -> Event:
    return make_event(FORMATIONS, data["id"], data["sequence"], data, INSTANT)


@asynccontextmanager
async def consommant(
    base: BaseMongo, juges: JugesMongo, export: ExportSettings, horloge: FixedClock
) -> AsyncIterator[None]:
    """Run the consumer and its relay in this process."""
    stop = asyncio.Event()
    tache = asyncio.create_task(
        run_consumer(
            export,
            "export",
            [FORMATIONS],
            Formations(base, juges, horloge),
            background=[Relay(base.outbox, export, "export").run],
            stop=stop,
        )
    )
    try:
        yield
    finally:
        stop.set()
        await tache


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port: int = prise.getsockname()[1]
        return port


@pytest.fixture
def variables(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment of the processes under test, keys in a folder of their own."""
    return {
        **os.environ,
        **environment,
        "CATALOGUE_JOUR_METIER": date.isoformat(JOUR),
        "CATALOGUE_PARCOURSUP_CLE_PRIVEE": str(tmp_path / "cles" / "privee.pem"),
        "CATALOGUE_SIMULATEUR_CLE_PUBLIQUE": str(tmp_path / "cles" / "publique.pem"),
        "CATALOGUE_PARCOURSUP_ATTENTE_S": "0.05",
        "CATALOGUE_PARCOURSUP_ATTENTE_FERMEE_S": "0.2",
        "CATALOGUE_PARCOURSUP_REPRISE_MIN_S": "0.05",
        "CATALOGUE_PARCOURSUP_REPRISE_MAX_S": "0.2",
        "CATALOGUE_PARCOURSUP_DELAI_S": "1",
        "CATALOGUE_PARCOURSUP_INCONNU_S": "1.5",
    }


@pytest_asyncio.fixture
async def simulateur(variables: dict[str, str], tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The simulator as a process, and a client of it; its address is in `variables`."""
    port = port_libre()
    variables["CATALOGUE_PARCOURSUP_ADRESSE"] = f"http://127.0.0.1:{port}"
    processus = demarrer("services.simulateur", [], variables, tmp_path, port)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        try:
            await eventually(lambda: repond(client))
            yield client
        finally:
            processus.terminate()
            processus.wait(20)


async def repond(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/pret")).is_success
    except httpx.TransportError:
        return False


def demarrer(
    module: str, arguments: list[str], variables: dict[str, str], journaux: Path, port: int
) -> "subprocess.Popen[bytes]":
    """Start a process of ours; its log goes to a file of the test's folder."""
    with (journaux / f"{module}.log").open("ab") as journal:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env={**variables, "CATALOGUE_PORT": str(port)},
            stdout=journal,
            stderr=journal,
        )


@pytest.fixture
def expediteur(
    variables: dict[str, str], tmp_path: Path
) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Starts senders; those still alive end with the test."""
    lances: list[subprocess.Popen[bytes]] = []

    def lancer() -> "subprocess.Popen[bytes]":
        processus = demarrer("services.export", ["parcoursup"], variables, tmp_path, port_libre())
        lances.append(processus)
        return processus

    yield lancer
    for processus in lances:
        if processus.poll() is None:
            processus.kill()
        processus.wait(20)
