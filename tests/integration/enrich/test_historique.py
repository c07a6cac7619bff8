"""A formation as it stands, as it was and how it changed, over real stores."""

import random
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import pytest_asyncio

from services.enrich.adapters.lecture import Lecture
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.domain.historique import a_plat, remonter
from services.kernel.mongo import Database
from tests.unit.enrich.chronique import ETAPES, jouer
from tests.unit.enrich.magasin import Magasin

pytestmark = pytest.mark.integration

DEBUT = datetime(2026, 1, 10, 8, tzinfo=UTC)
JOUR = timedelta(days=1)
DEPOT, AUTRE_DEPOT, EDITION = ETAPES[0], ETAPES[1], ETAPES[4]
ADRESSE = "/v1/formations/F1"


@pytest_asyncio.fixture
async def trois_etats(formations: MongoFormations) -> None:
    """Deposited on the 10th, changed on the 11th, corrected on the 12th; the 13th is quiet."""
    await jouer(formations, [AUTRE_DEPOT, EDITION, AUTRE_DEPOT], DEBUT, JOUR)


@pytest.mark.usefixtures("trois_etats")
async def test_a_formation_is_told_with_its_version(
    client: httpx.AsyncClient, lecteur: dict[str, str]
) -> None:
    reponse = await client.get(ADRESSE, headers=lecteur)

    assert reponse.headers["ETag"].startswith('"3')
    assert reponse.json()["formation"]["uai_formation"] == "0060001A"
    assert (await client.get("/v1/formations/F9", headers=lecteur)).status_code == 404


@pytest.mark.usefixtures("trois_etats")
async def test_history_begins_with_the_creation_and_is_paged(
    client: httpx.AsyncClient, lecteur: dict[str, str]
) -> None:
    adresse = f"{ADRESSE}/historique"
    premiere = (await client.get(adresse, headers=lecteur, params={"limite": 2})).json()
    suite = (await client.get(adresse, headers=lecteur, params={"apres": premiere["suite"]})).json()

    changements = premiere["changements"] + suite["changements"]
    assert [(c["sequence"], c["cause"]) for c in changements] == [
        (1, "depot"),
        (2, "depot"),
        (3, "edition"),
    ]
    assert changements[0]["origine"] == {"depot": "D1", "ligne": 1}
    assert changements[1]["champs"]["annee"] == ["1", "2"]
    assert (premiere["suite"], suite["suite"]) == (2, None)


@pytest.mark.usefixtures("trois_etats")
async def test_authors_and_their_words_are_for_those_who_may_correct(
    client: httpx.AsyncClient, lecteur: dict[str, str], administrateur: dict[str, str]
) -> None:
    for cle, auteur, motif in ((lecteur, None, None), (administrateur, "cfa-nice", "erreur")):
        lue = (await client.get(f"{ADRESSE}/historique", headers=cle)).json()
        edition = lue["changements"][2]
        assert (edition["auteur"], edition["detail"]["motif"]) == (auteur, motif)


@pytest.mark.parametrize(
    ("au", "sequence", "annee"),
    [
        ("2026-01-10", 1, "1"),
        ("2026-01-11T07:59:59.999Z", 1, "1"),
        ("2026-01-11T08:00:00Z", 2, "2"),
        ("2026-01-11", 2, "2"),
        ("2027-01-01", 3, "2"),
    ],
)
@pytest.mark.usefixtures("trois_etats")
async def test_a_formation_as_of_a_day_is_what_it_was_at_its_end(
    client: httpx.AsyncClient, lecteur: dict[str, str], au: str, sequence: int, annee: str
) -> None:
    passee = (await client.get(ADRESSE, headers=lecteur, params={"au": au})).json()

    assert (passee["sequence"], passee["formation"]["annee"]) == (sequence, annee)


@pytest.mark.usefixtures("trois_etats")
async def test_before_its_creation_a_formation_is_not_found(
    client: httpx.AsyncClient, lecteur: dict[str, str]
) -> None:
    reponse = await client.get(ADRESSE, headers=lecteur, params={"au": "2026-01-09"})

    assert (reponse.status_code, reponse.json()["code"]) == (404, "pas_encore_creee")
    illisible = await client.get(ADRESSE, headers=lecteur, params={"au": "hier"})
    assert illisible.status_code == 422


@pytest.mark.parametrize("graine", range(3))
async def test_as_of_any_day_equals_the_replay_up_to_it(
    formations: MongoFormations, database: Database, graine: int
) -> None:
    etapes = random.Random(graine).choices(ETAPES, k=12)
    await jouer(formations, etapes, DEBUT, JOUR)
    lecture = Lecture(database)
    document = await lecture.trouver("F1")
    assert document is not None

    for rang in range(len(etapes) + 1):
        rejoue = Magasin()
        await jouer(rejoue, etapes[:rang], DEBUT, JOUR)
        recul = await lecture.recul("F1", document["sequence"], DEBUT + rang * JOUR)
        attendu = rejoue.tenues["F1"]
        assert remonter(a_plat(document), recul.defaites) == a_plat(attendu.etat)
        assert recul.sequence == attendu.tete.sequence
