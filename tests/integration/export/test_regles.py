"""The rules through the API: who may do what, on which version, with what effect on the offers."""

from typing import Any

import httpx
import pytest
import pytest_asyncio

from contracts.statuts import Plateforme, Statut
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.reevaluations import ReevaluationsMongo
from services.export.adapters.regles import JugesMongo
from services.export.usecases.projeter import appliquer
from services.export.usecases.reevaluer import reprendre
from services.kernel.clock import FixedClock
from tests.integration.export.conftest import cle
from tests.unit.export.fabrique import evenement, offre

pytestmark = pytest.mark.integration

AF, PS = Plateforme.AFFELNET, Plateforme.PARCOURSUP
UN, DEUX, TROIS = (f"{rang:026}" for rang in (1, 2, 3))
NEUVE = {
    "plateforme": "affelnet",
    "niveau": offre(AF)["niveau"],
    "diplome": offre(AF)["diplome"],
    "condition_integration": "peut intégrer",
}
REGLES = "/v1/regles"


@pytest_asyncio.fixture(autouse=True)
async def offres(base: BaseMongo, juges: JugesMongo, horloge: FixedClock) -> None:
    """A CAP in each of two académies, and a BTS."""
    lot = [
        evenement(UN, formation=offre(AF)),
        evenement(DEUX, formation=offre(AF, num_academie="10", cfd="40033422")),
        evenement(TROIS),
    ]
    await appliquer(lot, base, juges, horloge)


async def creer(api: httpx.AsyncClient, **parties: object) -> dict[str, Any]:
    reponse = await api.post(REGLES, json=NEUVE | parties, headers=cle("dgesco"))
    assert reponse.status_code == 201, reponse.text
    assert reponse.headers["ETag"] == f'"{reponse.json()["version"]}"'
    regle: dict[str, Any] = reponse.json()
    return regle


def sur(nom: str, version: int) -> dict[str, str]:
    return {**cle(nom), "If-Match": f'"{version}"'}


async def test_the_life_of_a_rule_and_its_history(api: httpx.AsyncClient) -> None:
    regle = await creer(api)
    une = f"{REGLES}/{regle['id']}"
    assert regle["contenu"]["statut"] == Statut.A_DEFINIR
    assert (await api.put(une, json=NEUVE, headers=cle("dgesco"))).status_code == 428

    changee = await api.put(une, json=NEUVE | {"duree": "2"}, headers=sur("dgesco", 1))
    assert (changee.status_code, changee.json()["version"]) == (200, 2)
    depassee = await api.delete(une, headers=sur("dgesco", 1))
    assert (depassee.status_code, depassee.json()["version"]) == (412, "2")
    assert (await api.delete(une, headers=sur("dgesco", 2))).json()["supprimee"] is True
    assert regle["id"] not in str((await api.get(REGLES, headers=cle("dgesco"))).json())

    retablie = await api.post(REGLES, json=NEUVE, headers=cle("dgesco"))
    assert (retablie.json()["id"], retablie.json()["version"]) == (regle["id"], 4)
    historique = (await api.get(f"{une}/historique", headers=cle("affelnet12"))).json()
    assert [(un["version"], un["nature"], un["auteur"]) for un in historique] == [
        (1, "creation", "dgesco"),
        (2, "modification", "dgesco"),
        (3, "suppression", "dgesco"),
        (4, "retablissement", "dgesco"),
    ]
    assert historique[1]["avant"] == historique[0]["apres"]


async def test_an_academie_gives_its_own_status_and_no_other(api: httpx.AsyncClient) -> None:
    regle = await creer(api)
    sienne, autre = (f"{REGLES}/{regle['id']}/academies/{numero}" for numero in (12, 10))
    publier = {"statut": "à publier"}

    refus = await api.put(autre, json=publier, headers=sur("affelnet12", 1))
    assert (refus.status_code, refus.json()["code"]) == (403, "autre_academie")
    assert refus.json()["que_faire"]
    donnee = await api.put(sienne, json=publier, headers=sur("affelnet12", 1))
    assert donnee.json()["contenu"]["statut_academies"] == {"12": "à publier"}
    assert donnee.json()["actions"]["surcharger"]["permise"] is True
    assert donnee.json()["actions"]["modifier"]["permise"] is False
    reprise = await api.delete(sienne, headers=sur("affelnet12", 2))
    assert "statut_academies" not in reprise.json()["contenu"]


@pytest.mark.parametrize(
    ("nom", "code"),
    [
        ("affelnet12", "role_insuffisant"),
        ("moss", "droit_absent"),
        ("dgesco12", "portee_nationale_requise"),
    ],
)
async def test_national_rules_are_for_national_holders_of_the_right(
    api: httpx.AsyncClient, nom: str, code: str
) -> None:
    regle = await creer(api)
    for reponse in (
        await api.post(REGLES, json=NEUVE | {"annee": "1"}, headers=cle(nom)),
        await api.put(f"{REGLES}/{regle['id']}", json=NEUVE, headers=sur(nom, 1)),
        await api.delete(f"{REGLES}/{regle['id']}", headers=sur(nom, 1)),
    ):
        assert (reponse.status_code, reponse.json()["code"]) == (403, code)


async def test_a_change_is_previewed_and_then_does_what_was_announced(
    api: httpx.AsyncClient, base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    brouillon = NEUVE | {"condition_integration": "doit intégrer", "filtre": {"cfd": "40033422"}}
    demande = {"regle": brouillon}
    vu = (await api.post(f"{REGLES}/apercu", json=demande, headers=cle("dgesco"))).json()
    assert vu["total"] == {"entrent": 1, "sortent": 0, "changent": 0}
    assert vu["par_academie"] == {"10": {"entrent": 1, "sortent": 0, "changent": 0}}
    assert [un["id"] for un in vu["echantillons"]["entrent"]] == [DEUX]
    borne = (await api.post(f"{REGLES}/apercu", json=demande, headers=cle("affelnet12"))).json()
    assert (borne["total"]["entrent"], borne["offres_examinees"]) == (0, 1)
    liste = await api.post(f"{REGLES}/apercu?format=csv", json=demande, headers=cle("dgesco"))
    assert liste.text.splitlines()[1].startswith(f"entre;{DEUX};")
    assert await base.formations.count_documents({"affiche.affelnet": {"$exists": True}}) == 0

    regle = await creer(api, condition_integration="doit intégrer", filtre={"cfd": "40033422"})
    bilan = await reprendre(ReevaluationsMongo(base), base, juges, horloge, lot=10)
    assert bilan.changees == 1
    tenue: Any = await base.formations.find_one({"_id": DEUX})
    assert tenue["eligibilites"]["affelnet"]["regle"] == regle["id"]

    retrait = {"id": regle["id"], "suppression": True}
    refus = await api.post(f"{REGLES}/apercu", json=retrait, headers=cle("moss"))
    assert refus.json()["code"] == "droit_absent"
    vu = (await api.post(f"{REGLES}/apercu", json=retrait, headers=cle("dgesco"))).json()
    assert vu["total"]["sortent"] == 1
    assert vu["decidees_par_la_regle"] == {"avant": 1, "apres": 0}


async def test_the_tree_counts_the_offers_of_each_rule(
    api: httpx.AsyncClient, base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    regle = await creer(api, condition_integration="doit intégrer", filtre={"cfd": "40033422"})
    await reprendre(ReevaluationsMongo(base), base, juges, horloge, lot=10)

    adresse = f"{REGLES}/arbre?plateforme=affelnet"
    (niveau, _bts) = (await api.get(adresse, headers=cle("dgesco"))).json()["niveaux"]
    (diplome,) = niveau["diplomes"]
    assert (diplome["offres"], diplome["sans_regle"]) == (2, 1)
    (feuille,) = diplome["regles"]
    assert (feuille["id"], feuille["statuts"]) == (regle["id"], {"à publier": 1})
    sien = await api.get(f"{adresse}&academie=12", headers=cle("affelnet12"))
    assert sien.json()["niveaux"][0]["diplomes"][0]["regles"][0]["offres"] == 0
    refus = await api.get(f"{adresse}&academie=10", headers=cle("affelnet12"))
    assert refus.json()["code"] == "autre_academie"


async def test_an_offer_is_explained_to_its_academie_alone(api: httpx.AsyncClient) -> None:
    await creer(api, condition_integration="doit intégrer", filtre={"cfd": "40033422"})
    adresse = f"/v1/offres/{UN}/affelnet/explication"

    lue = (await api.get(adresse, headers=cle("affelnet12"))).json()
    (regle,) = lue["regles"]
    assert lue["regle"] is None
    assert regle["raisons"][0]["phrase"] == (
        "Il faut : le CFD correspond à « 40033422 » ; vu : « 32033422 »."
    )
    assert (await api.get(adresse, headers=cle("autre"))).status_code == 403
    assert (await api.get(adresse, headers=cle("moss"))).json()["code"] == "droit_absent"


async def test_a_complementary_rule_is_read_in_french_or_refused_with_its_place(
    api: httpx.AsyncClient,
) -> None:
    adresse = f"{REGLES}/verification"
    ligne = {"champ": "cfd", "operateur": "===^", "valeur": "320"}
    lue = await api.post(adresse, json={"lignes": [ligne]}, headers=cle("lecteur"))
    assert lue.json() == {
        "filtre": {"$and": [{"cfd": {"$regex": "^320"}}]},
        "en_clair": "le CFD commence par « 320 »",
    }
    fautive = ligne | {"operateur": "*.", "valeur": "(a|b"}
    refus = await api.post(adresse, json={"lignes": [ligne, fautive]}, headers=cle("lecteur"))
    assert refus.status_code == 422
    assert [un["champ"] for un in refus.json()["erreurs"]] == ["lignes[1]"]


async def test_the_rules_in_csv_are_those_of_the_role(api: httpx.AsyncClient) -> None:
    await creer(api)
    lignes = (await api.get(f"{REGLES}.csv", headers=cle("affelnet12"))).text.splitlines()
    assert len(lignes) == 2
    assert ";affelnet;" in lignes[1]
