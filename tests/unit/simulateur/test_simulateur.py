"""The simulator as Parcoursup behaves: token, answers, faults; and our client against it."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from services.export.adapters.cles import cle_privee
from services.export.adapters.parcoursup import ENVOI, ParcoursupHttp, Signature
from services.export.domain.erreurs_parcoursup import reconnaitre
from services.export.domain.lecture_parcoursup import lire
from services.export.domain.parcoursup import Issue
from services.export.ports_parcoursup import LectureImpossible
from services.export.settings import ParcoursupSettings
from services.kernel.clock import FixedClock
from services.simulateur.app import creer
from services.simulateur.erreurs import MESSAGES
from services.simulateur.plateforme import Etat
from services.simulateur.settings import SimulateurSettings
from tests.unit.export.fabrique import INSTANT

CORPS = json.dumps({"rco": "CLE1", "uai": "0840001X"}).encode()


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where one key pair was made."""
    dossier = tmp_path_factory.mktemp("cles")
    cle_privee(_settings(dossier))
    return dossier


def _settings(dossier: Path, **parties: Any) -> ParcoursupSettings:  # noqa: ANN401 - settings
    return ParcoursupSettings(parcoursup_cle_privee=dossier / "privee.pem", **parties)


@pytest.fixture
def horloge() -> FixedClock:
    return FixedClock(INSTANT)


@pytest_asyncio.fixture
async def http(
    dossier: Path, horloge: FixedClock, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    settings = SimulateurSettings(
        simulateur_cle_publique=dossier / "publique.pem", simulateur_fichier=tmp_path / "offres"
    )
    transport = httpx.ASGITransport(creer(settings, horloge), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://ps") as client:
        yield client


@pytest.fixture
def parcoursup(http: httpx.AsyncClient, dossier: Path) -> ParcoursupHttp:
    settings = _settings(dossier)
    return ParcoursupHttp(http, Signature(cle_privee(settings), settings, FixedClock(INSTANT)))


async def test_one_key_has_one_code(parcoursup: ParcoursupHttp, http: httpx.AsyncClient) -> None:
    premiere = await parcoursup.envoyer(CORPS)
    seconde = await parcoursup.envoyer(CORPS)
    assert premiere == seconde
    assert premiere.issue is Issue.ACCEPTEE
    assert (await http.get("/statistiques")).json()["creations"] == {"CLE1": 1}


async def test_a_key_on_another_uai_is_a_known_refusal(parcoursup: ParcoursupHttp) -> None:
    await parcoursup.envoyer(CORPS)
    ailleurs = json.dumps({"rco": "CLE1", "uai": "0840002Y"}).encode()
    reponse = await parcoursup.envoyer(ailleurs)
    assert (reponse.issue, reponse.statut) == (Issue.REFUSEE, "rejet de publication")


async def test_the_read_back_lists_what_was_created(parcoursup: ParcoursupHttp) -> None:
    reponse = await parcoursup.envoyer(CORPS)
    (ligne,) = lire(await parcoursup.relire())
    assert (ligne.identifiant, ligne.cle) == (reponse.identifiant, "CLE1")


@pytest.mark.parametrize("cas", ["absent", "expire", "autre corps", "autre certificat", "abime"])
async def test_a_bad_token_is_refused(
    cas: str, http: httpx.AsyncClient, dossier: Path, horloge: FixedClock
) -> None:
    parties = {"parcoursup_certificat": "autre"} if cas == "autre certificat" else {}
    settings = _settings(dossier, **parties)
    signature = Signature(cle_privee(settings), settings, FixedClock(INSTANT))
    jeton = signature.jeton(b"{}" if cas == "autre corps" else CORPS)
    if cas == "expire":
        horloge.instant += timedelta(seconds=21)
    if cas == "abime":
        jeton = f"{jeton[:-8]}AAAAAAAA"
    entetes = {} if cas == "absent" else {"Authorization": f"Bearer {jeton}"}
    reponse = await http.post(ENVOI, content=CORPS, headers=entetes)
    assert reponse.status_code == 401
    assert (await http.get("/statistiques")).json()["creations"] == {}


@pytest.mark.parametrize(
    ("panne", "issue"),
    [
        ("503", Issue.A_REPRENDRE),
        ("429", Issue.A_REPRENDRE),
        ("maintenance", Issue.A_REPRENDRE),
        ("401", Issue.ARRET),
    ],
)
async def test_a_scripted_fault_comes_once(
    panne: str, issue: Issue, parcoursup: ParcoursupHttp, http: httpx.AsyncClient
) -> None:
    await http.put("/scenario", json={"pannes": [{"panne": panne}]})
    assert (await parcoursup.envoyer(CORPS)).issue is issue
    assert (await parcoursup.envoyer(CORPS)).issue is Issue.ACCEPTEE


async def test_what_was_created_outlives_the_process(
    parcoursup: ParcoursupHttp, dossier: Path, horloge: FixedClock, tmp_path: Path
) -> None:
    await parcoursup.envoyer(CORPS)
    settings = SimulateurSettings(
        simulateur_cle_publique=dossier / "publique.pem", simulateur_fichier=tmp_path / "offres"
    )
    assert set(creer(settings, horloge).state.simulateur.plateforme.offres) == {"CLE1"}


@pytest.mark.parametrize("code", MESSAGES)
async def test_every_known_refusal_can_be_played_and_is_recognised(
    code: str, parcoursup: ParcoursupHttp, http: httpx.AsyncClient
) -> None:
    await http.put("/scenario", json={"refus": {"CLE1": {"code": code}}})
    reponse = await parcoursup.envoyer(CORPS)
    connue = reconnaitre(reponse.erreur or "")
    # The variant with a full stop is taken by the pattern without one, which comes first.
    assert connue is not None
    assert connue.code == code.removesuffix("-point")


async def test_chance_is_a_matter_of_the_key_and_the_seed_alone(
    parcoursup: ParcoursupHttp, http: httpx.AsyncClient
) -> None:
    await http.put("/scenario", json={"hasard": {"graine": "7", "refus": 0.15, "perdues": 0.05}})
    charges = [json.dumps({"rco": f"C{un}", "uai": "0840001X"}).encode() for un in range(150)]

    async def envoyer_tout() -> tuple[list[bool], int]:
        avant = (await http.get("/statistiques")).json()["pannes"].get("perdue", 0)
        refusees = [(await parcoursup.envoyer(un)).issue is Issue.REFUSEE for un in charges]
        apres = (await http.get("/statistiques")).json()["pannes"]["perdue"]
        return refusees, apres - avant

    refusees, perdues = await envoyer_tout()
    assert 10 <= sum(refusees) <= 35
    assert 2 <= perdues <= 16
    assert await envoyer_tout() == (refusees, perdues)


async def test_days_go_by_and_people_act(
    parcoursup: ParcoursupHttp, http: httpx.AsyncClient
) -> None:
    await parcoursup.envoyer(CORPS)
    assert (await http.post("/jours")).json() == {Etat.VISIBLE: 1}
    await http.post("/offres", json={"rco": "CLE2", "etat": Etat.AJOUTEE, "uai": "0840001X"})
    await http.post("/offres", json={"rco": "CLE1", "etat": Etat.FERMEE})
    lues = {ligne.cle: ligne.etat for ligne in lire(await parcoursup.relire())}
    assert lues == {"CLE1": Etat.FERMEE, "CLE2": Etat.AJOUTEE}
    assert (await parcoursup.envoyer(CORPS)).statut == "fermé"


@pytest.mark.parametrize("panne", ["503", "maintenance", "tronquee", "401"])
async def test_a_read_back_that_fails_is_told_impossible(
    panne: str, parcoursup: ParcoursupHttp, http: httpx.AsyncClient
) -> None:
    await parcoursup.envoyer(CORPS)
    await http.put("/scenario", json={"pannes_relecture": [{"panne": panne}]})
    with pytest.raises(LectureImpossible):
        await parcoursup.relire()
    assert len(lire(await parcoursup.relire())) == 1


@pytest.mark.parametrize(
    "scenario", [{"utilisateurs": ["moss"]}, {"uais_sans_utilisateur": ["0840001X"]}]
)
async def test_a_place_without_a_valid_user_is_refused(
    scenario: dict[str, list[str]], parcoursup: ParcoursupHttp, http: httpx.AsyncClient
) -> None:
    await http.put("/scenario", json=scenario)
    assert (await parcoursup.envoyer(CORPS)).statut == "rejet de publication"
