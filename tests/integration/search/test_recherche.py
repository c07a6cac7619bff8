"""The search API on a real index."""

from typing import Any

import httpx
import pytest

from tests.integration.search.conftest import Deposer
from tests.support.formations import CLE, formation_v1, publication_v1

pytestmark = pytest.mark.integration

BREST: dict[str, Any] = {
    "localite": "Brest",
    "code_commune_insee": "29019",
    "num_departement": "29",
    "nom_departement": "Finistère",
    "latitude": 48.39,
    "longitude": -4.486,
}
PARIS: dict[str, Any] = {
    "localite": "Paris 13e Arrondissement",
    "code_commune_insee": "75113",
    "num_departement": "75",
    "nom_departement": "Paris",
    "region": "Île-de-France",
    "latitude": 48.83,
    "longitude": 2.356,
}


async def _chercher(api: httpx.AsyncClient, **parametres: Any) -> dict[str, Any]:  # noqa: ANN401
    reponse = await api.get("/v1/formations", params=parametres)
    assert reponse.status_code == 200, reponse.text
    corps: dict[str, Any] = reponse.json()
    return corps


def _ids(corps: dict[str, Any]) -> list[str]:
    return [formation["id"] for formation in corps["formations"]]


async def test_four_spellings_give_the_same_hits_in_the_same_order(
    api: httpx.AsyncClient, deposer: Deposer
) -> None:
    titres = (
        "MANAGEMENT EN HOTELLERIE RESTAURATION (BTS)",
        "Les métiers de l’hôtellerie",
        "EMPLOYE D'HOTEL",
        "Réceptionniste en hôtellerie",
        "BOULANGER (CAP)",
    )
    await deposer(*(formation_v1(f"h{n}", intitule_long=t) for n, t in enumerate(titres)))
    reponses = [
        _ids(await _chercher(api, q=q))
        for q in ("l'hôtellerie", "l’hôtellerie", "L'HOTELLERIE", "hotellerie")
    ]
    assert len(reponses[0]) >= 3
    assert reponses == [reponses[0]] * 4


async def test_facets_keep_the_values_that_could_be_added(
    api: httpx.AsyncClient, deposer: Deposer
) -> None:
    await deposer(
        formation_v1("a"),
        formation_v1("b", **BREST),
        formation_v1("c", **PARIS),
        formation_v1("d", **PARIS, duree="1"),
    )
    corps = await _chercher(api, departement=["35", "75"], duree="2")
    assert sorted(_ids(corps)) == ["a", "c"]
    comptes = {v["valeur"]: (v["nombre"], v["choisie"]) for v in corps["facettes"]["departement"]}
    assert comptes == {"29": (1, False), "35": (1, True), "75": (1, True)}
    durees = {v["valeur"]: v["nombre"] for v in corps["facettes"]["duree"]}
    assert durees == {"1": 1, "2": 2}


async def test_filters_read_codes_and_names(api: httpx.AsyncClient, deposer: Deposer) -> None:
    await deposer(formation_v1("a"), formation_v1("b", **PARIS, cfd="32033422"))
    for parametres in (
        {"region": "ile-de-france"},
        {"commune": "75113"},
        {"commune": "PARIS"},
        {"cfd": "32033422"},
        {"q": "paris"},
        {"entree_du": "2021-08-01", "entree_au": "2022-07-31", "departement": "75"},
    ):
        assert _ids(await _chercher(api, **parametres)) == ["b"], parametres
    for parametres in ({"rncp": "18704"}, {"siret": "130 025 265 00013"}, {"rome": "d1102"}):
        assert sorted(_ids(await _chercher(api, **parametres))) == ["a", "b"], parametres


async def test_what_its_source_publishes_no_more_is_found_when_asked_for(
    api: httpx.AsyncClient, deposer: Deposer
) -> None:
    await deposer(formation_v1("a"), formation_v1("b", published=False))
    assert _ids(await _chercher(api)) == ["a"]
    assert _ids(await _chercher(api, publiees="non")) == ["b"]
    assert (await _chercher(api, publiees="toutes"))["total"] == 2


async def test_distance_without_radius_is_true_and_the_unplaced_come_last_and_are_counted(
    api: httpx.AsyncClient, deposer: Deposer
) -> None:
    await deposer(
        formation_v1("sans", latitude=None, longitude=None),
        formation_v1("brest", **BREST),
        formation_v1("rennes"),
        formation_v1("paris", **PARIS),
    )
    corps = await _chercher(api, lat=48.1113, lon=-1.68, tri="distance")
    distances = {f["id"]: f["distance_km"] for f in corps["formations"]}
    assert list(distances) == ["rennes", "brest", "paris", "sans"]
    assert distances["rennes"] == 0
    assert distances["brest"] == pytest.approx(209.9, abs=1)
    assert distances["sans"] is None
    assert corps["sans_position"] == 1
    proches = await _chercher(api, autour_de="rennes", rayon_km=250)
    assert sorted(_ids(proches)) == ["brest", "rennes"]
    assert proches["lieu"]["code_commune_insee"] == "35238"


@pytest.mark.parametrize(
    ("parametres", "code"),
    [
        ({"lat": 48.1}, "donnees_invalides"),
        ({"inconnu": 1}, "parametre_inconnu"),
        ({"autour_de": "Nulle-Part"}, "lieu_inconnu"),
        ({"curseur": "n'importe"}, "curseur_invalide"),
        ({"tri": "distance"}, "donnees_invalides"),
    ],
)
async def test_what_cannot_be_answered_truly_is_refused(
    api: httpx.AsyncClient, parametres: dict[str, Any], code: str
) -> None:
    reponse = await api.get("/v1/formations", params=parametres)
    assert (reponse.status_code, reponse.json()["code"]) == (422, code)


async def test_words_that_nothing_holds_lead_to_what_resembles_them(
    api: httpx.AsyncClient, deposer: Deposer
) -> None:
    await deposer(formation_v1("a"), formation_v1("b", intitule_long="COIFFURE (CAP)", romes=[]))
    corps = await _chercher(api, q="coifure")
    assert (_ids(corps), corps["correspondance"]) == (["b"], "exact")
    corps = await _chercher(api, q="bolanger")
    assert (_ids(corps)[0], corps["correspondance"]) == ("a", "approche")


async def test_a_withdrawn_offer_leaves_hits_and_facets_and_answers_410(
    api: httpx.AsyncClient, deposer: Deposer
) -> None:
    await deposer(formation_v1("A" * 26), formation_v1("proche", **BREST))
    depuis = "2020-11-20T10:00:00+00:00"
    await deposer(formation_v1("A" * 26, 2, etat="retiree", retiree_le=depuis))
    corps = await _chercher(api)
    assert _ids(corps) == ["proche"]
    assert [v["valeur"] for v in corps["facettes"]["departement"]] == ["29"]
    reponse = await api.get(f"/v1/formations/{'A' * 26}")
    assert reponse.status_code == 410
    probleme = reponse.json()
    assert probleme["depuis"] == depuis
    assert [proche["id"] for proche in probleme["proches"]] == ["proche"]
    page = await api.get(f"/formations/{'A' * 26}", headers={"Accept": "text/html"})
    assert page.status_code == 410
    assert "20 novembre 2020" in page.text
    assert "/formations/proche" in page.text


@pytest.mark.parametrize(
    "adresse",
    [CLE.replace("#", "%23"), CLE.replace("#", "%2523"), CLE.split("#")[0], "A" * 26],
    ids=["encodee", "deux-fois", "coupee", "id"],
)
async def test_a_formation_is_found_by_id_and_by_any_key(
    api: httpx.AsyncClient, deposer: Deposer, adresse: str
) -> None:
    await deposer(formation_v1("A" * 26, cle_ministere_educatif=CLE), publication_v1("A" * 26, 3))
    reponse = await api.get(f"/v1/formations/{adresse}")
    assert reponse.status_code == 200
    corps = reponse.json()
    assert corps["formation"]["cle_ministere_educatif"] == CLE
    assert corps["formation"]["etablissement_lieu_formation_siret"] is None
    assert corps["formation"]["uai_formation"] is None
    assert corps["publications"]["parcoursup"]["statut"] == "publié"


async def test_a_former_key_leads_to_who_bears_it_now(
    api: httpx.AsyncClient, deposer: Deposer
) -> None:
    await deposer(
        formation_v1("ancienne", 2, etat="remplacee", cle_ministere_educatif=CLE),
        formation_v1("successeur", anciennes_cles=[CLE]),
    )
    reponse = await api.get("/v1/formations/" + CLE.replace("#", "%23"))
    assert reponse.json()["id"] == "successeur"


async def test_an_offer_and_its_variant_from_afar_lead_to_each_other(
    api: httpx.AsyncClient, deposer: Deposer
) -> None:
    a_distance = CLE.replace("-35238#L01", "-99999#LAD")
    await deposer(
        formation_v1("a", cle_ministere_educatif=CLE),
        formation_v1("b", cle_ministere_educatif=a_distance),
        formation_v1("c"),
    )

    adresses = [CLE.replace("#", "%23"), a_distance.replace("#", "%23")]
    ici, la = [
        (await api.get(f"/v1/formations/{adresse}/variantes")).json() for adresse in adresses
    ]

    assert ici["variante_a_distance"]["id"] == "b"
    assert [variante["id"] for variante in la["variantes_en_presentiel"]] == ["a"]


async def test_an_unknown_formation_is_a_404_and_a_browser_gets_a_page(
    api: httpx.AsyncClient, deposer: Deposer
) -> None:
    await deposer(formation_v1("A" * 26))
    assert (await api.get("/v1/formations/inconnue")).status_code == 404
    page = await api.get("/formations/inconnue", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "<html" in page.text
    renvoi = await api.get(f"/v1/formations/{'A' * 26}", headers={"Accept": "text/html"})
    assert (renvoi.status_code, renvoi.headers["location"]) == (303, f"/formations/{'A' * 26}")


async def test_statuses_of_both_platforms_are_filters(
    api: httpx.AsyncClient, deposer: Deposer
) -> None:
    await deposer(
        formation_v1("a"), publication_v1("a"), formation_v1("b"), publication_v1("seule")
    )
    assert _ids(await _chercher(api, parcoursup="publié")) == ["a"]
    assert (await _chercher(api))["total"] == 2


async def test_digests_are_for_administrators(api: httpx.AsyncClient, deposer: Deposer) -> None:
    await deposer(formation_v1("b"), formation_v1("a", 3), publication_v1("a"))
    assert (await api.get("/interne/empreintes")).status_code == 401
    lecteur = {"Authorization": "Bearer lecteur"}
    assert (await api.get("/interne/empreintes", headers=lecteur)).status_code == 403
    reponse = await api.get(
        "/interne/empreintes", headers={"Authorization": "Bearer administrateur"}
    )
    lignes = [httpx.Response(200, text=ligne).json() for ligne in reponse.text.splitlines()]
    assert [(ligne["id"], ligne["formation_sequence"]) for ligne in lignes] == [("a", 3), ("b", 1)]
    assert lignes[1]["publications_sequence"] is None
