"""Signing in on a real MongoDB: a session that every service knows, and that ends when it must."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from contracts.statuts import Plateforme
from services.acces.settings import ApiSettings
from services.export.entrypoints.api import create_app as export
from services.export.settings import ApiSettings as ExportSettings
from services.kernel.auth import Identity
from services.kernel.clock import FixedClock
from services.kernel.keystore import DATABASE
from services.kernel.mongo import Store
from services.kernel.sessions import SessionStore
from services.kernel.settings import KernelSettings
from tests.integration.acces.outils import MOT_DE_PASSE, Personnes, connecter

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
HOLDER = Identity("01A", "Céline", "instructeur", frozenset({"academie:10"}), "01A")


async def test_who_signs_in_is_told_who_he_is_and_what_he_may_do(
    personnes: Personnes, http: httpx.AsyncClient
) -> None:
    compte = await personnes.installer("celine")
    ouverte = await connecter(http, "celine")
    lue = await http.get("/v1/session")

    assert (ouverte.status_code, lue.json()) == (200, ouverte.json())
    dit = lue.json()
    assert (dit["titulaire"], dit["academies"]) == (compte["id"], ["10"])
    assert "instruire" in dit["droits"][Plateforme.AFFELNET]
    assert dit["droits"][Plateforme.PARCOURSUP] == []
    assert lue.headers["cache-control"] == "no-store"


async def test_no_token_is_stored(
    personnes: Personnes, http: httpx.AsyncClient, store: Store
) -> None:
    await personnes.installer("celine")
    await connecter(http, "celine")
    base = store.database(DATABASE)
    tout = str([await base[une].find().to_list() for une in ("sessions", "comptes")])

    assert http.cookies["catalogue"] not in tout
    assert MOT_DE_PASSE not in tout


async def test_a_session_opens_the_other_services(
    personnes: Personnes, http: httpx.AsyncClient, reglages: ApiSettings
) -> None:
    await personnes.installer("celine", role="instructeur")
    await connecter(http, "celine")
    settings = ExportSettings.model_validate(
        {"mongo": reglages.mongo, "kafka": reglages.kafka, "espace": reglages.espace}
    )
    app = export(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://export") as autre,
    ):
        assert (await autre.get("/v1/regles")).status_code == 401
        autre.cookies["catalogue"] = http.cookies["catalogue"]
        assert (await autre.get("/v1/regles")).status_code == 200
        assert (await autre.put("/v1/regles", json=[])).status_code == 403
        ailleurs = {"Origin": "https://ailleurs.example"}
        refus = await autre.put("/v1/regles", json=[], headers=ailleurs)
        assert refus.json()["code"] == "origine_etrangere"


async def test_signing_in_again_ends_the_former_session_of_the_browser(
    personnes: Personnes, http: httpx.AsyncClient
) -> None:
    await personnes.installer("celine")
    await connecter(http, "celine")
    ancienne = http.cookies["catalogue"]
    await connecter(http, "celine")
    assert (await http.get("/v1/session")).status_code == 200

    http.cookies["catalogue"] = ancienne
    assert (await http.get("/v1/session")).status_code == 401


async def test_signing_out_ends_the_session_for_ever(
    personnes: Personnes, http: httpx.AsyncClient
) -> None:
    await personnes.installer("celine")
    await connecter(http, "celine")
    gardee = http.cookies["catalogue"]

    assert (await http.delete("/v1/session")).status_code == 204
    assert "catalogue" not in http.cookies
    http.cookies["catalogue"] = gardee
    assert (await http.get("/v1/session")).status_code == 401


async def test_another_site_s_page_signs_nobody_in_nor_out(
    personnes: Personnes, http: httpx.AsyncClient
) -> None:
    await personnes.installer("celine")
    corps = {"identifiant": "celine", "mot_de_passe": MOT_DE_PASSE}
    ailleurs = {"Origin": "https://ailleurs.example"}
    assert (await http.post("/v1/session", json=corps, headers=ailleurs)).status_code == 403

    await connecter(http, "celine")
    assert (await http.delete("/v1/session", headers=ailleurs)).status_code == 403
    assert (await http.get("/v1/session")).status_code == 200


async def test_who_tries_too_often_waits_whether_the_name_exists_or_not(
    personnes: Personnes, http: httpx.AsyncClient, reglages: ApiSettings
) -> None:
    await personnes.installer("celine")
    for nom in ("celine", "inconnue"):
        reponses = [
            await connecter(http, nom, "faux") for _ in range(reglages.essais_par_minute // 2)
        ]
        assert {une.status_code for une in reponses} <= {401, 429}
    trop = await connecter(http, "celine")

    assert (trop.status_code, trop.json()["code"]) == (429, "trop_de_requetes")
    assert int(trop.headers["retry-after"]) >= 1


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def sessions(store: Store, settings: KernelSettings, clock: FixedClock) -> SessionStore:
    return SessionStore(store.database(DATABASE), settings, clock)


@pytest.fixture
def elsewhere(store: Store, settings: KernelSettings, clock: FixedClock) -> SessionStore:
    """Another process's view: it shares the database, not the memory."""
    return SessionStore(store.database(DATABASE), settings, clock)


async def test_a_session_tells_its_holder_to_every_process(
    sessions: SessionStore, elsewhere: SessionStore
) -> None:
    token = await sessions.open(HOLDER)

    assert await sessions.verify(token) == HOLDER
    assert await elsewhere.verify(token) == HOLDER
    assert await elsewhere.verify("x" * len(token)) is None
    assert await elsewhere.verify("") is None


async def test_a_session_lasts_thirty_days_whatever_use_is_made_of_it(
    sessions: SessionStore, clock: FixedClock, settings: KernelSettings
) -> None:
    token = await sessions.open(HOLDER)
    for _ in range(29):
        clock.instant += timedelta(days=1)
        assert await sessions.verify(token) == HOLDER
    clock.instant = NOW + timedelta(seconds=settings.session_duree_s)

    assert await sessions.verify(token) is None


async def test_a_session_that_nobody_uses_ends(
    sessions: SessionStore, clock: FixedClock, settings: KernelSettings
) -> None:
    token = await sessions.open(HOLDER)
    clock.instant += timedelta(seconds=settings.session_inactivite_s)

    assert await sessions.verify(token) is None


async def test_an_ended_session_is_refused_elsewhere_within_the_promised_time(
    sessions: SessionStore, elsewhere: SessionStore, clock: FixedClock, settings: KernelSettings
) -> None:
    token = await sessions.open(HOLDER)
    await elsewhere.verify(token)
    await sessions.close_all(HOLDER.titulaire)
    assert await sessions.verify(token) is None
    clock.instant += timedelta(seconds=settings.sessions_cache_s)

    assert await elsewhere.verify(token) is None
