"""Work lists, counts, tables and counters on a real database, within the caller's académies."""

import asyncio
import csv
import io
from datetime import date, datetime
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]
import pytest
import pytest_asyncio

from contracts.statuts import Plateforme, Statut
from services.export.adapters.compteurs import CompteursMongo
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.reevaluations import ReevaluationsMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.regles_lecture import lire_fichier
from services.export.entrypoints.comptage import compter_chaque_jour
from services.export.ports import Transaction
from services.export.settings import ExportSettings
from services.export.usecases.faits import ecrire_faits
from services.export.usecases.projeter import appliquer
from services.export.usecases.reevaluer import reprendre
from services.kernel.clock import FixedClock
from tests.integration.export.conftest import cle
from tests.support.polling import eventually
from tests.unit.export.fabrique import CLE, INSTANT, JOUR, document_de_regle, evenement, offre

pytestmark = pytest.mark.integration

UN, DEUX, TROIS, LYON = (f"{rang:026}" for rang in range(4))
ICI = cle("instructeur")
PS = "parcoursup"


@pytest_asyncio.fixture(autouse=True)
async def offres(base: BaseMongo, juges: JugesMongo, horloge: FixedClock) -> None:
    """Three offers of the instructor's académie on Parcoursup, one of another's."""
    regles = [document_de_regle(plateforme) for plateforme in Plateforme]
    await ReglesMongo(base).remplacer(lire_fichier(regles).regles, INSTANT)
    bts = offre(Plateforme.PARCOURSUP)
    formations: dict[str, dict[str, Any]] = {
        UN: {"intitule_long": "Électricité ; d'été", "num_departement": "01", "tags": ["2021"]},
        DEUX: {"intitule_long": '=1+1 "x"', "cfd": "01025122", "uai_formation": None},
        TROIS: {"intitule_long": None, "cfd_date_fermeture": "2029-08-31"},
        LYON: {"num_academie": "10", "intitule_long": "Électricité"},
    }
    lot = [evenement(id_, formation={**bts, **plus}) for id_, plus in formations.items()]
    await appliquer(lot, base, juges, horloge)


async def repondre(
    base: BaseMongo, juges: JugesMongo, horloge: FixedClock, id_: str, **retour: object
) -> None:
    """Have Parcoursup answer about an offer."""
    juge = await juges.courant()
    fait: dict[str, Any] = {
        "decision": 0,
        "statut": Statut.REJET.value,
        "campagne": "2020",
        "recu_le": INSTANT,
        "identifiant": None,
        "erreur": "400 Mise à jour Impossible : Établissement fermé",
        "publiee_le": None,
    }

    async def travail(transaction: Transaction) -> None:
        document = (await transaction.formations([id_]))[id_]
        document["retours"] = {PS: fait | retour}
        await ecrire_faits(transaction, [document], juge, INSTANT, horloge)

    await base.transaction(travail)


async def lire(api: httpx.AsyncClient, chemin: str, qui: dict[str, str] = ICI, **p: Any) -> Any:  # noqa: ANN401
    reponse = await api.get(chemin, headers=qui, params=p)
    assert reponse.status_code == 200, reponse.text
    return reponse.json()


async def ids(api: httpx.AsyncClient, **criteres: Any) -> list[str]:  # noqa: ANN401
    return [un["id"] for un in (await lire(api, "/v1/offres", **criteres))["offres"]]


async def test_work_lists_and_filters(
    api: httpx.AsyncClient, base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    await repondre(base, juges, horloge, TROIS)
    assert await ids(api, vue="a_decider") == [UN, DEUX]
    assert await ids(api, vue="a_corriger", plateforme=PS) == [DEUX]
    assert await ids(api, vue="rejetees") == [TROIS]
    assert await ids(api, vue="en_attente") == []
    assert await ids(api, plateforme=PS, rejet="etablissement-ferme") == [TROIS]
    assert await ids(api, plateforme=PS, statut=["à publier", "non publiable en l'état"]) == [
        UN, DEUX,
    ]  # fmt: skip
    assert await ids(api, plateforme="affelnet", statut="non publiable en l'état", limite=2) == [
        UN, DEUX,
    ]  # fmt: skip
    assert await ids(api, texte="ELECTRICITE") == [UN]
    assert await ids(api, texte="01025122") == [DEUX]
    assert await ids(api, departement="01", tag="2021", session="true", plateforme=PS) == [UN]
    assert await ids(api, debut_du="2021-09-02") == []
    assert await ids(api, plateforme=PS, statut_du="2020-11-16", statut_au="2020-11-16") == [
        UN, DEUX, TROIS,
    ]  # fmt: skip


async def test_lines_of_criteria_hold_together_or_one_by_one(api: httpx.AsyncClient) -> None:
    lignes = ["intitule_long:contient:electricite", "cfd:commence_strict:0102"]
    assert await ids(api, critere=lignes) == []
    assert await ids(api, critere=lignes, combinateur="ou") == [UN, DEUX]
    assert await ids(api, critere="uai_formation:n_existe_pas") == [DEUX]
    refus = await api.get("/v1/offres", headers=ICI, params={"critere": "cfd:regexp:.*"})
    assert refus.status_code == 422


async def test_what_was_published_is_found_by_its_day_and_by_what_parcoursup_shows(
    api: httpx.AsyncClient, base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    publiee = {"statut": Statut.PUBLIE.value, "identifiant": "1", "publiee_le": INSTANT}
    await repondre(base, juges, horloge, UN, **publiee)
    await repondre(base, juges, horloge, DEUX, **{**publiee, "identifiant": None})
    assert await ids(api, plateforme=PS, publiee_du="2020-11-16", publiee_au="2020-11-16") == [UN]
    assert await ids(api, plateforme=PS, publiee_du="2020-11-17") == []
    assert await ids(api, plateforme=PS, visible="inconnu") == [UN, DEUX, TROIS]
    assert await ids(api, siret_actif="inconnu", lien="Aucun", agriculture="false") == [
        UN, DEUX, TROIS,
    ]  # fmt: skip
    for autre in ({"publiee_du": "2020-11-16"}, {"plateforme": "affelnet", "visible": "true"}):
        refus = await api.get("/v1/offres", headers=ICI, params=autre)
        assert refus.status_code == 422


async def test_the_keys_of_linked_offers_are_in_the_tables(
    api: httpx.AsyncClient, base: BaseMongo
) -> None:
    await base.formations.update_one(
        {"_id": UN}, {"$set": {"projection.predecesseurs": [DEUX], "projection.remplacee_par": "?"}}
    )
    (une, *_) = await exporter(api, "machine")
    assert une["Offre: Remplace la clé ME"] == CLE
    assert une["Offre: Est remplacée par la clé ME"] == ""


async def test_a_list_is_followed_in_its_order_to_its_end(api: httpx.AsyncClient) -> None:
    vus, apres = [], ""
    while apres is not None:
        page = await lire(api, "/v1/offres", tri="intitule", limite=1, apres=apres)
        vus += [une["id"] for une in page["offres"]]
        apres = page["suivant"]
    assert vus == [TROIS, DEUX, UN]
    autre = await api.get("/v1/offres", headers=ICI, params={"apres": "x"})
    assert autre.status_code == 422


async def test_facets_count_what_could_be_chosen(api: httpx.AsyncClient) -> None:
    comptes = await lire(
        api,
        "/v1/offres/facettes",
        plateforme=PS,
        departement="01",
        facette=["departement", "statut"],
    )
    assert comptes["total"] == 1
    assert comptes["facettes"]["departement"]["valeurs"] == [
        {"valeur": None, "offres": 2}, {"valeur": "01", "offres": 1},
    ]  # fmt: skip
    assert comptes["facettes"]["statut"]["valeurs"] == [{"valeur": "à publier", "offres": 1}]
    toutes = await lire(api, "/v1/offres/facettes", plateforme=PS)
    assert toutes["facettes"]["session"]["valeurs"] == [{"valeur": True, "offres": 3}]
    assert toutes["facettes"]["academie"]["valeurs"] == [{"valeur": "12", "offres": 3}]


async def test_the_academies_that_could_be_chosen_are_those_of_who_asks(
    api: httpx.AsyncClient,
) -> None:
    def academies(comptes: Any) -> tuple[int, dict[str, int]]:  # noqa: ANN401
        valeurs = comptes["facettes"]["academie"]["valeurs"]
        return comptes["total"], {une["valeur"]: une["offres"] for une in valeurs}

    chemin = "/v1/offres/facettes"
    choix: dict[str, Any] = {"academie": "12", "facette": "academie"}
    assert academies(await lire(api, chemin, cle("moss"), **choix)) == (3, {"12": 3, "10": 1})
    assert academies(await lire(api, chemin, **choix)) == (3, {"12": 3})


async def test_no_parameter_reaches_another_academie(api: httpx.AsyncClient) -> None:
    for chemin in ("offres", "offres/facettes", "offres/export.csv", "offres/export.xlsx"):
        for academies in ("10", ["12", "10"]):
            refus = await api.get(f"/v1/{chemin}", headers=ICI, params={"academie": academies})
            assert (refus.status_code, refus.json()["code"]) == (403, "autre_academie")
        seul = await api.get(
            f"/v1/{chemin}", headers=cle("lecteur"), params={"plateforme": "affelnet"}
        )
        assert (seul.status_code, seul.json()["code"]) == (403, "droit_absent")


async def test_a_reader_of_one_platform_sees_nothing_of_the_other(api: httpx.AsyncClient) -> None:
    vue = await lire(api, f"/v1/offres/{UN}", cle("lecteur"))
    assert vue["affelnet"] is None
    assert {une["code"] for une in vue["parcoursup"]["actions"]} == {"droit_absent"}
    refus = await api.post(
        f"/v1/offres/{UN}/parcoursup/publication", headers=cle("lecteur") | {"If-Match": '"1"'}
    )
    action = vue["parcoursup"]["actions"][0]
    assert (refus.json()["detail"], refus.json()["que_faire"]) == (
        action["raison"], action["que_faire"],
    )  # fmt: skip


async def test_an_offer_tells_what_is_to_be_seen_and_done(api: httpx.AsyncClient) -> None:
    vue = await lire(api, f"/v1/offres/{DEUX}")
    publier = vue["parcoursup"]["actions"][0]
    assert (publier["commande"], publier["possible"]) == ("publier", False)
    assert publier["code"] == "uai_du_lieu_absent"
    assert "uai_du_lieu_absent" in {un["code"] for un in vue["avertissements"]}
    assert vue["liens"]["corriger_uai"]["chemin"] == f"/v1/formations/{DEUX}/editions"


async def test_an_offer_tells_its_mef_and_its_applications_on_affelnet_alone(
    api: httpx.AsyncClient, base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    mef = {"mef10": "2473360431", "duree": "1", "annee": "1"}
    cap = offre(Plateforme.AFFELNET) | {"bcn_mefs_10": [mef]}
    await appliquer([evenement("CAP", formation=cap)], base, juges, horloge)
    vue = await lire(api, "/v1/offres/CAP")
    assert [un["mef10"] for un in vue["affelnet"]["mefs"]] == ["2473360431"]
    assert vue["affelnet"]["candidatures"] == "Offres non concernées (nouveaux organismes)"
    assert (vue["parcoursup"]["mefs"], vue["parcoursup"]["candidatures"]) == (None, None)


async def test_a_rejection_is_handled_then_reinitialised(
    api: httpx.AsyncClient, base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    await repondre(base, juges, horloge, UN, identifiant="1234")
    adresse = f"/v1/offres/{UN}/parcoursup"

    async def faire(methode: str, suite: str, qui: str, **plus: Any) -> tuple[int, str]:  # noqa: ANN401
        lue = await api.get(f"/v1/offres/{UN}", headers=cle(qui))
        entetes = cle(qui) | {"If-Match": lue.headers["etag"]}
        reponse = await api.request(methode, f"{adresse}/{suite}", headers=entetes, **plus)
        return reponse.status_code, reponse.json().get("code", reponse.json().get("statut"))

    assert (await faire("PUT", "rejet", "instructeur"))[0] == 200
    assert await faire("PUT", "rejet", "seconde") == (409, "rejet_deja_pris")
    assert await faire("DELETE", "rejet", "seconde") == (409, "rejet_d_un_autre")
    assert (await lire(api, f"/v1/offres/{UN}"))["parcoursup"]["rejet_pris_par"] == "nantes"
    assert (await faire("PUT", "rejet", "moss"))[0] == 200
    assert await faire("POST", "reinitialisation", "instructeur", json={"commentaire": "x"}) == (
        403, "droit_absent",
    )  # fmt: skip
    assert await faire("POST", "reinitialisation", "moss", json={"commentaire": " "}) == (
        409, "commentaire_attendu",
    )  # fmt: skip
    assert await faire("POST", "reinitialisation", "moss", json={"commentaire": "doublon"}) == (
        200, "à publier",
    )  # fmt: skip
    vue = await lire(api, f"/v1/offres/{UN}")
    assert vue["parcoursup"]["retour"]["identifiant"] is None
    entrees = [(un["sorte"], un.get("nature") or un.get("vers")) for un in vue["historique"]]
    assert ("acte", "prendre_rejet") in entrees
    assert ("decision", "reinitialiser") in entrees
    (prise,) = (un for un in vue["historique"] if un["sorte"] == "decision")
    assert (prise["precision"], prise["identifiant"]) == ("doublon", "1234")
    assert await faire("POST", "envoi", "moss") == (403, "droit_absent")
    assert await faire("POST", "envoi", "administrateur") == (409, "transition_impossible")


async def exporter(api: httpx.AsyncClient, forme: str) -> list[dict[str, str]]:
    reponse = await api.get("/v1/offres/export.csv", headers=ICI, params={"forme": forme})
    assert reponse.text.startswith("\ufeff") == (forme == "tableur")
    texte = io.StringIO(reponse.text.removeprefix("\ufeff"), newline="")
    return list(csv.DictReader(texte, delimiter=";" if forme == "tableur" else ","))


async def test_the_tables_are_exact_in_each_form(api: httpx.AsyncClient) -> None:
    code, libelle, fin = (
        f"Formation: {un}" for un in ("code CFD", "libellé long BCN", "code CFD expiration")
    )
    tableur, machine = [await exporter(api, forme) for forme in ("tableur", "machine")]
    for lignes in (tableur, machine):
        assert (len(lignes), len(lignes[0])) == (3, 114)
        assert lignes[1][code] == "01025122"
        assert lignes[0][libelle] == "Électricité ; d'été"
    assert (tableur[1][libelle], machine[1][libelle]) == ('\'=1+1 "x"', '=1+1 "x"')
    assert (tableur[2][fin], machine[2][fin]) == ("31/08/2029", "2029-08-31")
    xlsx = await api.get("/v1/offres/export.xlsx", headers=cle("administrateur"))
    titres, *rangees = openpyxl.load_workbook(io.BytesIO(xlsx.content)).active.iter_rows()
    ligne = {titre.value: cellule for titre, cellule in zip(titres, rangees[1], strict=True)}
    assert (len(titres), len(rangees)) == (116, 4)
    assert (ligne[code].value, ligne[code].data_type) == ("01025122", "s")
    assert (ligne[libelle].value, ligne[libelle].data_type) == ('=1+1 "x"', "s")
    expiration = rangees[2][[un.value for un in titres].index(fin)]
    assert (expiration.value, expiration.is_date) == (datetime(2029, 8, 31), True)  # noqa: DTZ001


async def test_a_day_is_counted_when_asked_and_read_by_academie(api: httpx.AsyncClient) -> None:
    refus = await api.post("/v1/compteurs", headers=ICI)
    assert refus.status_code == 403
    for _ in range(2):
        assert (await api.post("/v1/compteurs", headers=cle("administrateur"))).json() == {
            "comptes": 6
        }
    lus = (await lire(api, "/v1/compteurs", plateforme=PS, du="2020-11-16"))["comptes"]
    assert [(un["academie"], un["statuts"]["à publier"]) for un in lus] == [("12", 3)]
    assert date.fromisoformat(lus[0]["jour"]) == date(2020, 11, 16)
    tout = await lire(api, "/v1/compteurs", cle("administrateur"), plateforme=PS)
    assert [un["academie"] for un in tout["comptes"]] == [None, "10", "12"]
    fichier = await api.get(
        "/v1/compteurs", headers=ICI, params={"plateforme": PS, "format": "csv"}
    )
    assert fichier.text.splitlines()[1].startswith("2020-11-16;parcoursup;12;")


async def test_a_day_is_counted_once_its_offers_are_judged(
    base: BaseMongo, export: ExportSettings, juges: JugesMongo, horloge: FixedClock
) -> None:
    compteurs, stop = CompteursMongo(base), asyncio.Event()
    vif = ExportSettings(**{**export.model_dump(), "compteurs_attente_s": 0.02})
    tache = asyncio.create_task(compter_chaque_jour(stop, base, vif, juges, horloge))
    try:
        await asyncio.wait([tache], timeout=0.2)
        assert not await compteurs.comptes(JOUR)
        await reprendre(ReevaluationsMongo(base), base, juges, horloge, lot=100)
        await eventually(lambda: compteurs.comptes(JOUR))
    finally:
        stop.set()
        await tache
