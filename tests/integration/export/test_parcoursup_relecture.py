"""Reading Parcoursup back, holding offers, the table of refusals and the settings, on servers."""

import asyncio
import csv
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from contracts.statuts import Statut
from services.export.adapters.cles import PUBLIQUE, cle_privee
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.parcoursup import client
from services.export.adapters.regles import JugesMongo
from services.export.adapters.relectures import RelecturesMongo
from services.export.domain.disjoncteur import Seuils
from services.export.entrypoints.avisage import registre
from services.export.entrypoints.parcoursup import moyens
from services.export.settings import ExportSettings, ParcoursupSettings
from services.export.usecases.aviser import etablir
from services.export.usecases.envoyer import Expediteur, Limites, Moyens, Passe
from services.export.usecases.projeter import appliquer
from services.export.usecases.relire import Relecteur, Rythme
from services.kernel.clock import FixedClock, SystemClock
from services.kernel.process import serve_app
from services.simulateur.app import creer
from services.simulateur.plateforme import Etat
from services.simulateur.settings import SimulateurSettings
from tests.integration.export.conftest import cle, port_libre, repond
from tests.integration.export.parcoursup import jouer, statuts, tous, valider, vu
from tests.support.polling import eventually
from tests.unit.export.fabrique import JOUR, evenement

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

ADMIN = cle("administrateur")


@pytest.fixture(scope="module")
def cles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where one key pair was made."""
    dossier = tmp_path_factory.mktemp("cles")
    cle_privee(ParcoursupSettings(parcoursup_cle_privee=dossier / "privee.pem"))
    return dossier


@pytest_asyncio.fixture
async def simulateur(cles: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The simulator on a port of its own, in this process: it starts at once."""
    port, stop = port_libre(), asyncio.Event()
    settings = SimulateurSettings(port=port, simulateur_cle_publique=cles / PUBLIQUE)
    tache = asyncio.create_task(serve_app(creer(settings, SystemClock()), settings, stop))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as distant:
        await eventually(lambda: repond(distant))
        yield distant
    stop.set()
    await tache


@pytest_asyncio.fixture
async def ici(
    base: BaseMongo, export: ExportSettings, simulateur: httpx.AsyncClient, cles: Path
) -> AsyncIterator[Moyens]:
    """What the sender's process works with, in this one; nothing is read by itself."""
    settings = ParcoursupSettings(
        **{
            **export.model_dump(),
            "port": 0,
            "parcoursup_adresse": str(simulateur.base_url),
            "parcoursup_cle_privee": cles / "privee.pem",
            "parcoursup_relecture": None,
        }
    )
    async with client(settings) as http:
        yield moyens(settings, base, http, SystemClock())


async def passer(ici: Moyens) -> Passe:
    return await Expediteur(ici, Limites(100, Seuils(5, 0, 0), delai_s=5)).passer()


async def relire(ici: Moyens, base: BaseMongo, api: httpx.AsyncClient, **corps: bool) -> Any:  # noqa: ANN401
    """Ask for a read-back through the API, have it done; return its report."""
    demande = await api.post("/v1/flux/parcoursup/relecture", json=corps, headers=ADMIN)
    assert demande.status_code == 202, demande.text
    assert await Relecteur(ici, RelecturesMongo(base), Rythme(900, 0)).passer()
    adresse = f"/v1/flux/parcoursup/relectures/{demande.json()['id']}"
    return (await api.get(adresse, headers=ADMIN)).json()


async def test_the_five_statuses_are_read_once_whatever_comes_after(
    base: BaseMongo,
    juges: JugesMongo,
    horloge: FixedClock,
    simulateur: httpx.AsyncClient,
    ici: Moyens,
    api: httpx.AsyncClient,
) -> None:
    ids = await valider(base, juges, horloge, 5)
    await passer(ici)
    assert await tous(base, Statut.PUBLIE)
    visible, annulee, fermee, ajoutee, _ = (f"CLE{un}" for un in ids)
    etats = {visible: Etat.VISIBLE, annulee: Etat.ANNULEE, fermee: Etat.FERMEE}
    await jouer(simulateur, statuts={**etats, ajoutee: "Texte nouveau"})
    await simulateur.post("/offres", json={"rco": "ailleurs", "etat": Etat.AJOUTEE})

    premier = await relire(ici, base, api)
    assert (premier["etat"], premier["lignes"], premier["nombre_sans_offre"]) == ("appliquee", 6, 1)
    assert premier["inconnues"][0]["etat"] == "Texte nouveau"
    assert list((await statuts(base)).values()) == [
        "publié",
        "à publier",
        "fermé",
        "publié",
        "publié",
    ]
    une: Any = await base.formations.find_one({"_id": ids[0]})
    assert une["relecture"]["parcoursup"]["visible"] is True
    avant = [un async for un in base.formations.find({})]
    assert (await relire(ici, base, api))["changees"] == 0
    assert [un async for un in base.formations.find({})] == avant
    # One asked for before the last, whose answer comes after it, is set aside.
    vigueur: Any = await RelecturesMongo(base).derniere()
    assert not await RelecturesMongo(base).avancer(vigueur["lue_le"], 0)
    rapport = await api.get(
        f"/v1/flux/parcoursup/relectures/{premier['id']}/rapport.csv", headers=ADMIN
    )
    assert [ligne.split(";")[0] for ligne in rapport.text.splitlines()[1:]].count("changement") == 4


@pytest.mark.parametrize(
    ("panne", "etat"),
    [("tronquee", "impossible"), ("partielle", "refusee"), ("vide", "refusee")],
)
async def test_a_read_back_that_is_not_whole_changes_nothing(  # noqa: PLR0917 - fixtures
    panne: str,
    etat: str,
    base: BaseMongo,
    juges: JugesMongo,
    horloge: FixedClock,
    simulateur: httpx.AsyncClient,
    ici: Moyens,
    api: httpx.AsyncClient,
) -> None:
    ids = await valider(base, juges, horloge, 4)
    await jouer(simulateur, pannes=[{"panne": "perdue"}], pannes_relecture=[{"panne": panne}])
    await passer(ici)
    avant = await statuts(base)
    assert list(avant.values()).count("prêt pour intégration") == 1
    assert (await relire(ici, base, api))["etat"] == etat
    assert await statuts(base) == avant
    # The whole one that comes next settles the lost answer, without a second sending.
    await relire(ici, base, api)
    reglees = [un async for un in base.relectures.find({"resolues.formation": ids[0]})]
    assert len(reglees) == 1
    assert await tous(base, Statut.PUBLIE)
    assert set((await vu(simulateur))["envois"].values()) == {1}
    suivi = (await api.get("/v1/flux/parcoursup", headers=ADMIN)).json()
    assert not any(alarme["levee"] for alarme in suivi["alarmes"])


async def test_a_closed_place_is_held_then_goes_by_itself(
    base: BaseMongo,
    juges: JugesMongo,
    horloge: FixedClock,
    simulateur: httpx.AsyncClient,
    ici: Moyens,
    api: httpx.AsyncClient,
) -> None:
    constat = {"code": "uai_ferme", "champ": "uai_formation", "valeur": "0840001X"}
    fermee = {"constats": [{**constat, "proposition": "0840002Y"}]}
    (un,) = await valider(base, juges, horloge, 1, fermee)
    await passer(ici)
    (tenue,) = (await api.get("/v1/flux/parcoursup/retenues", headers=cle("instructeur"))).json()[
        "offres"
    ]
    assert tenue["reserves"][0]["proposition"] == "0840002Y"
    assert "etablissement-ferme" in tenue["reserves"][0]["previent"]
    vue = (await api.get(f"/v1/offres/{un}", headers=cle("instructeur"))).json()
    assert "parcoursup_uai_ferme" in [avis["code"] for avis in vue["avertissements"]]
    assert await tous(base, Statut.PRET)
    mendee = {"cle_ministere_educatif": f"CLE{un}", "uai_formation": "0840002Y"}
    await appliquer([evenement(un, 2, formation=mendee)], base, juges, horloge)
    await passer(ici)
    await passer(ici)
    assert await tous(base, Statut.PUBLIE)
    assert (await vu(simulateur))["envois"] == {f"CLE{un}": 1}


async def dits(api: httpx.AsyncClient, base: BaseMongo, export: ExportSettings) -> Any:  # noqa: ANN401
    """Return what is told of the refusals: by work list, facet, table and notice."""
    lecteur = cle("instructeur")
    vue: dict[str, Any] = {"plateforme": "parcoursup", "vue": "rejetees"}
    liste = (await api.get("/v1/offres", headers=lecteur, params=vue)).json()["offres"]
    facette = {"plateforme": "parcoursup", "facette": "rejet"}
    comptes = (await api.get("/v1/offres/facettes", headers=lecteur, params=facette)).json()
    tableau = (await api.get("/v1/offres/export.csv", headers=lecteur, params=vue)).text
    rangees = csv.DictReader(tableau.removeprefix("\ufeff").splitlines(), delimiter=";")
    await etablir(registre(base, export), JOUR, SystemClock(), delai=0, poursuivre=_toujours)
    avis = (await api.get("/v1/avis/academies/12", headers=lecteur)).json()
    return {
        "liste": [une["parcoursup"]["rejet"] for une in liste],
        "facette": {un["valeur"]: un["offres"] for un in comptes["facettes"]["rejet"]["valeurs"]},
        "tableau": [une["Parcoursup: libellé de rejet webservice"] for une in rangees],
        "avis": [(une["cause"], une["a_faire"]) for une in avis["offres"]],
    }


async def _toujours() -> bool:
    await asyncio.sleep(0)
    return True


async def test_an_unknown_text_is_gathered_then_reclassed_when_the_table_grows(
    base: BaseMongo,
    juges: JugesMongo,
    horloge: FixedClock,
    simulateur: httpx.AsyncClient,
    ici: Moyens,
    api: httpx.AsyncClient,
    export: ExportSettings,
) -> None:
    ids = await valider(base, juges, horloge, 2)
    await jouer(
        simulateur,
        refus={
            f"CLE{un}": {"message": f"Quota atteint pour {rang}"} for rang, un in enumerate(ids)
        },
    )
    await passer(ici)
    assert await tous(base, Statut.ECHEC)
    sans = "La réponse de la plateforme n'est pas une erreur connue."
    assert await dits(api, base, export) == {
        "liste": [None, None],
        "facette": {None: 2},
        "tableau": ["", ""],
        "avis": [(sans, "")] * 2,
    }
    racine = "/v1/flux/parcoursup/erreurs"
    (inconnue,) = (await api.get(f"{racine}/inconnues", headers=ADMIN)).json()
    assert (inconnue["nombre"], sorted(inconnue["formations"])) == (2, ids)
    motif = {
        "code": "quota",
        "motif": "Quota atteint pour .+",
        "cause": "Trop.",
        "action": "Moins.",
    }
    assert (
        await api.post(racine, json={**motif, "motif": r"(a)\1"}, headers=ADMIN)
    ).status_code == 422
    ajoute = await api.post(racine, json=motif, headers=ADMIN)
    assert (ajoute.status_code, ajoute.json()["reclassees"]) == (201, 2)
    assert await tous(base, Statut.REJET)
    assert (await api.get(f"{racine}/inconnues", headers=ADMIN)).json() == []
    vue = (await api.get(f"/v1/offres/{ids[0]}", headers=cle("instructeur"))).json()
    assert vue["parcoursup"]["retour"]["action"] == "Moins."
    assert await dits(api, base, export) == {
        "liste": [{"code": "quota", "cause": "Trop.", "action": "Moins."}] * 2,
        "facette": {"quota": 2},
        "tableau": ["Trop."] * 2,
        "avis": [("Trop.", "Moins.")] * 2,
    }
    envoi: Any = await base.envois.find_one({"formation": ids[0]})
    assert envoi["statut"] == "échec d'envoi"
    assert (await api.post(racine, json=motif, headers=ADMIN)).status_code == 409
    assert (await api.delete(f"{racine}/quota", headers=ADMIN)).status_code == 200


async def test_the_switch_is_an_administrator_s_and_the_queue_says_that_it_waits(
    base: BaseMongo,
    juges: JugesMongo,
    horloge: FixedClock,
    ici: Moyens,
    api: httpx.AsyncClient,
) -> None:
    await valider(base, juges, horloge, 1)
    adresse = "/v1/flux/parcoursup/reglages"
    lus = await api.get(adresse, headers=ADMIN)
    coupes = {**lus.json()["reglages"], "actif": False}
    assert (await api.put(adresse, json=coupes, headers=ADMIN)).status_code == 428
    vue = {**ADMIN, "If-Match": lus.headers["ETag"]}
    assert (await api.put(adresse, json=coupes, headers=vue)).status_code == 200
    assert (await api.put(adresse, json=coupes, headers=vue)).status_code == 412
    assert (await passer(ici)).ferme == "L'envoi à Parcoursup est coupé par un administrateur."
    assert await tous(base, Statut.PRET)
    present = await api.get(adresse, headers=ADMIN)
    assert present.json()["historique"][0]["par"] == "moss"
    ouverts = {**coupes, "actif": True, "heures": ["00:00", "23:59"]}
    vue["If-Match"] = present.headers["ETag"]
    assert (await api.put(adresse, json=ouverts, headers=vue)).status_code == 200
    assert (await api.put(adresse, json=ouverts, headers=cle("instructeur"))).status_code == 403
