"""An instructor reaches no offer of another académie, by whatever a route takes."""

import dataclasses
import json
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
import pytest_asyncio

from contracts.statuts import Plateforme
from deploy.local.config import Addresses
from tests.integration.export.routes import LYON, NANTES, Banc, banc, cle, montre
from tests.support.routes import Portee, Route
from tests.support.table_routes import EXPORT

pytestmark = pytest.mark.integration

AF, PS = Plateforme.AFFELNET, Plateforme.PARCOURSUP
INSTRUCTEUR, LYONNAISE = cle("instructeur"), cle("instructeur", "10")
SES_ROUTES: Final = sorted(
    {route.nom for route in EXPORT if "instructeur" in route.roles}
    | {route.nom for route in EXPORT if route.portee is Portee.PUBLIQUE}
)
VALEURS: Final = (
    LYON.ids[AF],
    LYON.numero,
    LYON.departement,
    LYON.region,
    f'{{{{"num_academie": "{LYON.numero}"}}}}',  # braces as `appeler` unfolds them
)


@pytest_asyncio.fixture(scope="module")
async def ici(servers: Addresses) -> AsyncIterator[Banc]:
    async with banc(servers) as monte:
        yield monte


def _avec(route: Route, appel: dict[str, Any]) -> Route:
    return dataclasses.replace(route, appel=appel)


def parametres(ici: Banc, nom: str) -> list[str]:
    """Return the query parameters that a route declares."""
    methode, _, chemin = nom.partition(" ")
    decrites = ici.app.openapi()["paths"].get(chemin, {}).get(methode.lower(), {})
    return [un["name"] for un in decrites.get("parameters", ()) if un["in"] == "query"]


@pytest.mark.parametrize("nom", SES_ROUTES)
async def test_no_query_parameter_reaches_it(ici: Banc, nom: str) -> None:
    route = next(une for une in EXPORT if une.nom == nom)
    for parametre in parametres(ici, nom):
        for valeur in VALEURS:
            avec = {**route.appel, "params": {**route.appel.get("params", {}), parametre: valeur}}
            reponse = await ici.appeler(_avec(route, avec), INSTRUCTEUR)
            assert (parametre, valeur, montre(reponse, LYON)) == (parametre, valeur, [])
            assert reponse.status_code < 500, reponse.text


@pytest.mark.parametrize(
    "requete",
    [
        {},
        {"num_academie": "10"},
        {"num_academie": {"$in": ["10", "12"]}},
        {"num_academie": {"$ne": "12"}},
        {"$or": [{"num_academie": "10"}, {"num_academie": "12"}]},
        {"$or": [{}, {}]},
        {"$nor": [{"num_academie": "12"}]},
        {"$and": [{"$or": [{"num_academie": "10"}]}]},
        {"num_academie": {"$not": {"$eq": "12"}}},
        {"_id": LYON.ids[AF]},
        {"uai_formation": LYON.uai},
        {"intitule_long": {"$regex": "Secret"}},
        {"$where": "true"},
        {"$expr": {"$eq": [1, 1]}},
        {"projection.num_academie": "10"},
        {"num_academie": {"$exists": True}, "$comment": "x"},
    ],
    ids=json.dumps,
)
async def test_no_historic_query_reaches_it(ici: Banc, requete: dict[str, Any]) -> None:
    texte = json.dumps(requete)
    for adresse in ("formations", "formations.json", "etablissements", "etablissements.json"):
        reponse = await ici.http.get(
            f"/api/entity/{adresse}", params={"query": texte}, headers=INSTRUCTEUR
        )
        assert montre(reponse, LYON) == []
    compte = await ici.http.get(
        "/api/entity/formations/count", params={"query": texte}, headers=INSTRUCTEUR
    )
    assert compte.status_code == 400 or compte.json() <= len(NANTES.ids)
    corps = await ici.http.post(
        "/api/entity/formations", json={"query": requete}, headers=INSTRUCTEUR
    )
    assert montre(corps, LYON) == []


async def test_its_id_or_key_in_a_historic_address_is_unknown(ici: Banc) -> None:
    for nom in (*LYON.ids.values(), f"064390P{LYON.siret}{LYON.uai}"):
        for prefixe in ("/api", "/api/v1"):
            adresse = f"{prefixe}/entity/formation/{nom}"
            reponse = await ici.http.get(adresse, headers=INSTRUCTEUR)
            assert reponse.status_code == 404


async def test_each_decision_of_a_list_is_judged_by_its_own_academie(ici: Banc) -> None:
    demandes = [
        {"formation": identifiant, "plateforme": plateforme, "action": action, "version": "0"}
        | ({"motif": "offre_annulee"} if action == "refuser" else {})
        for plateforme, identifiant in LYON.ids.items()
        for action in ("publier", "refuser")
    ]
    reponse = await ici.http.post("/v1/decisions", json=demandes, headers=INSTRUCTEUR)
    assert [un["probleme"]["code"] for un in reponse.json()] == ["autre_academie"] * 4
    assert montre(reponse, LYON) == []


@pytest.mark.parametrize(
    "role", ["lecteur", "lecteur-parcoursup", "instructeur-parcoursup", "moss"]
)
async def test_each_decision_of_a_list_asks_for_the_right(ici: Banc, role: str) -> None:
    demande = {"formation": NANTES.ids[AF], "plateforme": "affelnet", "action": "publier"}
    reponse = await ici.http.post(
        "/v1/decisions", json=[demande | {"version": "0"}], headers=cle(role)
    )
    assert [un["probleme"]["code"] for un in reponse.json()] == ["droit_absent"]


def lot(**plus: object) -> dict[str, Any]:
    demande = {"plateforme": "affelnet", "action": "refuser", "motif": "offre_annulee"}
    return {**demande, "filtre": {}, **plus}


async def test_a_selection_never_holds_it(ici: Banc) -> None:
    for filtre in ({}, {"texte": "Secret"}, {"region": [LYON.region]}, {"departement": ["69"]}):
        essai = await ici.http.post(
            "/v1/decisions/lot", json=lot(filtre=filtre), headers=INSTRUCTEUR
        )
        formations = {un["formation"] for un in essai.json()["resultats"]}
        assert formations <= set(NANTES.ids.values())
        assert montre(essai, LYON) == []


async def test_the_token_of_another_applies_nothing(ici: Banc) -> None:
    essai = await ici.http.post("/v1/decisions/lot", json=lot(), headers=LYONNAISE)
    demande = lot(essai=False, jeton=essai.json()["jeton"])
    refus = await ici.http.post("/v1/decisions/lot", json=demande, headers=INSTRUCTEUR)
    assert (refus.status_code, refus.json()["code"]) == (404, "lot_inconnu")


async def test_a_token_of_before_a_transfer_decides_nothing(ici: Banc) -> None:
    """The same person, of Lyon when she tried and of Nantes since."""
    avant, depuis = cle("instructeur", "10=elle"), cle("instructeur", "12=elle")
    essai = await ici.http.post("/v1/decisions/lot", json=lot(), headers=avant)
    demande = lot(essai=False, jeton=essai.json()["jeton"])
    fait = (await ici.http.post("/v1/decisions/lot", json=demande, headers=depuis)).json()
    assert {un["probleme"]["code"] for un in fait["resultats"]} == {"autre_academie"}
    assert not any(un["changee"] for un in fait["resultats"])


async def test_the_place_in_the_list_of_another_leads_nowhere_else(ici: Banc) -> None:
    for tri in ("defaut", "academie", "intitule", "uai_lieu"):
        parametres = {"tri": tri, "limite": "1"}
        page = await ici.http.get("/v1/offres", params=parametres, headers=LYONNAISE)
        suite = parametres | {"apres": page.json()["suivant"]}
        reponse = await ici.http.get("/v1/offres", params=suite, headers=INSTRUCTEUR)
        assert reponse.status_code == 200
        assert montre(reponse, LYON) == []


async def test_counts_are_of_its_own_offers(ici: Banc) -> None:
    facettes = await ici.http.get("/v1/offres/facettes", headers=INSTRUCTEUR)
    assert facettes.json()["total"] == len(NANTES.ids)
    valeurs = facettes.json()["facettes"]["academie"]["valeurs"]
    assert [un["valeur"] for un in valeurs] == [NANTES.numero]
    parametres = {"plateforme": "affelnet"}
    comptes = await ici.http.get("/v1/compteurs", params=parametres, headers=INSTRUCTEUR)
    assert {un["academie"] for un in comptes.json()["comptes"]} == {NANTES.numero}
    region = await ici.http.get(
        "/v1/compteurs", params=parametres | {"region": LYON.region}, headers=INSTRUCTEUR
    )
    assert region.status_code == 403
    arbre = await ici.http.get("/v1/regles/arbre", params=parametres, headers=INSTRUCTEUR)
    assert sum(un["offres"] for un in arbre.json()["niveaux"]) == len(NANTES.ids)


async def test_the_preview_of_a_rule_stays_at_home(ici: Banc) -> None:
    for changement in (
        {"suppression": True},
        {"surcharge": {"academie": 10, "statut": "à publier"}},
    ):
        demande = {"id": ici.regles["affelnet"], **changement}
        for forme in ("json", "csv"):
            reponse = await ici.http.post(
                "/v1/regles/apercu", params={"format": forme}, json=demande, headers=INSTRUCTEUR
            )
            assert montre(reponse, LYON) == []


async def test_the_notices_of_another_are_neither_read_nor_ended(ici: Banc) -> None:
    abonnement = {"academie": "10", "frequence": "quotidienne", "adresse": "elle@lyon.example"}
    demande = await ici.http.post("/v1/abonnements", json=abonnement, headers=LYONNAISE)
    sien = demande.json()["id"]
    liste = await ici.http.get("/v1/abonnements", headers=INSTRUCTEUR)
    assert "elle@lyon.example" not in liste.text
    fin = await ici.http.delete(f"/v1/abonnements/{sien}", headers=INSTRUCTEUR)
    assert fin.status_code == 404
    assert sien in (await ici.http.get("/v1/abonnements", headers=LYONNAISE)).text


async def test_a_reader_of_one_platform_finds_nothing_by_the_identifier_of_the_other(
    ici: Banc,
) -> None:
    for role in ("lecteur-parcoursup", "instructeur-parcoursup", "moss"):
        for adresse in ("/v1/offres", "/v1/offres/facettes", "/v1/offres/export.csv"):
            reponse = await ici.http.get(
                adresse, params={"plateforme": "affelnet"}, headers=cle(role)
            )
            assert (reponse.status_code, reponse.json()["code"]) == (403, "droit_absent")
        lue = (await ici.http.get(f"/v1/offres/{NANTES.ids[AF]}", headers=cle(role))).json()
        assert lue["affelnet"] is None
        assert not [un for un in lue["historique"] if un.get("plateforme") == "affelnet"]
