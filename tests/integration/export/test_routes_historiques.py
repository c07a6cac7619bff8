"""The routes that partners of the historic system call: same forms, closed to the rest."""

import json

import httpx
import pytest
import pytest_asyncio

from contracts.statuts import Plateforme
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.regles_lecture import lire_fichier
from services.export.usecases.projeter import appliquer
from services.kernel.clock import FixedClock
from tests.integration.export.conftest import cle
from tests.unit.export.fabrique import INSTANT, document_de_regle, evenement, offre

pytestmark = pytest.mark.integration

UN, DEUX, LYON = (f"{rang:026}" for rang in range(3))
FORMATIONS = "/api/entity/formations"
PARTENAIRE = cle("partenaire")


@pytest_asyncio.fixture(autouse=True)
async def offres(base: BaseMongo, juges: JugesMongo, horloge: FixedClock) -> None:
    """Two offers of Nancy-Metz and one of Lyon, two of them in the perimeter of Affelnet."""
    regles = [document_de_regle(plateforme) for plateforme in Plateforme]
    await ReglesMongo(base).remplacer(lire_fichier(regles).regles, INSTANT)
    cap = offre(Plateforme.AFFELNET) | {
        "bcn_mefs_10": [{"mef10": "2412213321", "duree": "2", "annee": "1"}],
        "libelle_court": "CUISINE",
        "etablissement_gestionnaire_siret": "19060793700074",
        "etablissement_gestionnaire_uai": "0010856A",
        "etablissement_formateur_siret": "19840110100011",
    }
    lot = [
        evenement(UN, formation=cap),
        evenement(DEUX, formation=cap | {"uai_formation": None, "annee": "X"}),
        evenement(LYON, formation=cap | {"num_academie": "10", "cle_ministere_educatif": "B"}),
    ]
    await appliquer(lot, base, juges, horloge)


async def chercher(
    api: httpx.AsyncClient, query: object = None, role: str = "partenaire", **reste: str
) -> httpx.Response:
    texte = query if isinstance(query, str) else json.dumps(query)
    parametres = reste if query is None else {"query": texte, **reste}
    return await api.get(FORMATIONS, headers=cle(role), params=parametres)


async def decider(api: httpx.AsyncClient, sorte: str, corps: dict[str, str] | None = None) -> None:
    instructeur = cle("instructeur")
    vue = (await api.get(f"/v1/offres/{UN}", headers=instructeur)).headers["etag"]
    adresse = f"/v1/offres/{UN}/affelnet/{sorte}"
    prise = await api.post(adresse, headers=instructeur | {"If-Match": vue}, json=corps)
    assert prise.status_code == 200, prise.text


@pytest.mark.parametrize("prefixe", ["/api", "/api/v1"])
async def test_the_health_is_open(api: httpx.AsyncClient, prefixe: str) -> None:
    reponse = await api.get(prefixe)
    assert (reponse.status_code, reponse.json()) == (200, {"healthcheck": {"mongodb": True}})


@pytest.mark.parametrize(
    "route",
    ["entity/formations", "entity/etablissements", "uai-affelnet", "perimetre-prise-rdv.json"],
)
async def test_nothing_else_is(api: httpx.AsyncClient, route: str) -> None:
    assert (await api.get(f"/api/{route}")).status_code == 401
    assert (await api.get(f"/api/{route}", headers=cle("deposant"))).status_code == 403


async def test_affelnet_pulls_what_is_ready_with_its_own_query(api: httpx.AsyncClient) -> None:
    requete = (
        '{"affelnet_statut":{"$in":["publié","en attente de publication"]},"num_academie" :012}'
    )
    assert (await chercher(api, requete)).json()["pagination"]["total"] == 0
    await decider(api, "publication")

    (recue,) = (await chercher(api, requete)).json()["formations"]
    assert (recue["_id"], recue["affelnet_statut"]) == (UN, "prêt pour intégration")
    assert recue["affelnet_mefs_10"][0]["mef10"] == "2412213321"
    assert recue["affelnet_infos_offre"] == "CUISINE en 2 ans"


async def test_pages_selections_and_sorts(api: httpx.AsyncClient) -> None:
    page = (
        await chercher(
            api, {}, limit="2", page="2", sort='{"num_academie":-1}', select='{"num_academie":1}'
        )
    ).json()
    assert page["formations"] == [{"_id": LYON, "num_academie": "10"}]
    assert page["pagination"] == {
        "page": 2,
        "resultats_par_page": 2,
        "nombre_de_page": 2,
        "total": 3,
    }
    corps = {"query": {"num_academie": 10}, "select": {"num_academie": 1}}
    par_corps = (await api.post(FORMATIONS, headers=PARTENAIRE, json=corps)).json()
    assert par_corps["formations"] == page["formations"]
    injection = {"query": {"$where": "1"}}
    refus = await api.post(FORMATIONS, headers=PARTENAIRE, json=injection)
    assert (refus.status_code, refus.json()["lieu"]) == (400, "$where")
    nombre = await api.get(f"{FORMATIONS}/count", headers=PARTENAIRE)
    assert nombre.json() == 3
    cherchee = await chercher(api, queryAsRegex='{"libelle_court":"^cuis"}')
    assert cherchee.json()["pagination"]["total"] == 3


@pytest.mark.parametrize(
    ("parametres", "lieu"),
    [
        ({"query": '{"$where":"sleep(1000)"}'}, "$where"),
        ({"query": '{"cfd":{"$gt":"","$where":"1"}}'}, "cfd.$where"),
        ({"query": '{"decisions.affelnet.auteur":{"$exists":true}}'}, "decisions.affelnet.auteur"),
        ({"query": "{"}, "query"),
        ({"select": '{"decisions":1}'}, "select.decisions"),
        ({"sort": '{"decisions":1}'}, "sort.decisions"),
        ({"queryAsRegex": '{"cfd":"(x+)+$"}'}, "queryAsRegex.cfd"),
    ],
)
async def test_an_injection_is_refused_telling_where(
    api: httpx.AsyncClient, parametres: dict[str, str], lieu: str
) -> None:
    refus = await api.get(FORMATIONS, headers=PARTENAIRE, params=parametres)
    assert (refus.status_code, refus.json()["code"]) == (400, "requete_non_comprise")
    assert refus.json()["lieu"] == lieu


async def test_another_academie_is_out_of_reach_by_any_parameter(api: httpx.AsyncClient) -> None:
    for requete in (
        {},
        {"num_academie": 10},
        {"$or": [{"num_academie": "10"}, {"cfd": {"$exists": True}}]},
        {"$nor": [{"num_academie": "12"}]},
        {"_id": LYON},
    ):
        recues = (await chercher(api, requete, "instructeur")).json()["formations"]
        assert LYON not in {une["_id"] for une in recues}
    for adresse in (LYON, "B"):
        seule = await api.get(f"/api/entity/formation/{adresse}", headers=cle("instructeur"))
        assert seule.status_code == 404
    assert (await api.get("/api/entity/formation/B", headers=PARTENAIRE)).json()["_id"] == LYON


async def test_a_platform_that_is_not_the_caller_s_is_not_seen(api: httpx.AsyncClient) -> None:
    (une, *_) = (await chercher(api, {}, "affelnet12")).json()["formations"]
    assert "affelnet_statut" in une
    assert not [champ for champ in une if champ.startswith("parcoursup_")]
    for parametres in (
        {"query": '{"parcoursup_statut":"publié"}'},
        {"query": '{"id_parcoursup":"1"}'},
        {"query": "{}", "sort": '{"parcoursup_id":1}'},
        {"query": "{}", "select": '{"parcoursup_id":1}'},
    ):
        refus = await api.get(FORMATIONS, headers=cle("affelnet12"), params=parametres)
        assert (refus.status_code, refus.json()["raison"][:5]) in {(400, "champ"), (400, "un ch")}


async def test_no_answer_tells_who_decided_or_why(api: httpx.AsyncClient) -> None:
    await decider(api, "refus", {"motif": "ville_incorrecte", "precision": "mot secret"})
    recue = (await chercher(api, {"affelnet_statut": "non publié"})).text
    assert "La ville" in recue
    assert "mot secret" not in recue
    assert "nantes" not in recue


async def test_establishments_follow_from_the_offers(api: httpx.AsyncClient) -> None:
    adresse = "/api/entity/etablissements"
    page = (await api.get(adresse, headers=PARTENAIRE, params={"limit": 1})).json()
    assert (len(page["etablissements"]), page["pagination"]["total"]) == (1, 2)

    query = {"query": '{"uai":"0010856A"}'}
    trouves = (await api.get(adresse, headers=PARTENAIRE, params=query)).json()
    assert [un["siret"] for un in trouves["etablissements"]] == ["19060793700074"]
    paires = (await api.get(f"{adresse}/siret-uai", headers=PARTENAIRE)).json()
    assert paires[0] == {"siret": "19060793700074", "uai": "0010856A"}
    refus = await api.get(adresse, headers=PARTENAIRE, params={"query": '{"$where":"1"}'})
    assert refus.status_code == 400


async def test_the_small_lists_of_partners(api: httpx.AsyncClient) -> None:
    rdv = (await api.get("/api/perimetre-prise-rdv.json", headers=PARTENAIRE)).json()
    assert {une["cle_ministere_educatif"]: une["affelnet_perimetre_prise_rdv"] for une in rdv}[
        "B"
    ] is True
    for route in ("uai-affelnet", "entity/future-pro"):
        perimetre = (await api.get(f"/api/{route}", headers=PARTENAIRE)).json()
        assert {"cle_ministere_educatif": "B", "uai_formation": "0840001X"} in perimetre
        assert len(perimetre) == 2
