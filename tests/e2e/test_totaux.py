"""A large deposit looked at while it runs: its lines add up at any moment, each tells why."""

import asyncio
from collections import Counter

import pytest
import pytest_asyncio

from tests.support.exemple import Offre, en_lignes, nouvelles
from tests.support.flux import NDJSON, Flux, Json, lire
from tests.support.polling import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

OFFRES = 4_000
REPETEES = 25  # delivered twice, the second time as at first
ILLISIBLES = 12
SANS_LIEU = 8
STATUTS = {
    "acceptees": "acceptee",
    "a_corriger": "a_corriger",
    "refusees": "refusee",
    "identiques": "identique",
    "ignorees": "ignoree",
}
ETAPES = ("deposees", "enrichies", "indexees", "evaluees")


def somme(lignes: dict[str, int]) -> int:
    return sum(lignes[nom] for nom in STATUTS)


def sans_lieu(offre: Offre) -> Offre:
    lieu = ("code_commune_insee", "code_postal", "lieu_formation_geo_coordonnees", "localite")
    return {champ: valeur for champ, valeur in offre.items() if champ not in lieu}


@pytest.fixture(scope="module")
def fichier() -> bytes:
    """Offers of all kinds, some delivered twice, and lines that cannot be taken."""
    offres = nouvelles(OFFRES)
    refusees = [sans_lieu(offre) for offre in nouvelles(SANS_LIEU)]
    return (
        en_lignes([*offres, *refusees, *offres[:REPETEES]])
        + b"ceci n'est pas du JSON\n" * ILLISIBLES
    )


@pytest_asyncio.fixture(scope="module")
async def vues(flux: Flux, fichier: bytes) -> list[Json]:
    """The deposit as it was seen, from its first line until nothing more happened to it."""
    avant = (await lire(flux.collect, "/v1/depots", limite="1"))["depots"][0]["id"]
    envoi = asyncio.create_task(
        flux.collect.post("/v1/depots", content=fichier, headers={"Content-Type": NDJSON})
    )

    async def nouveau() -> str | None:
        depots = (await lire(flux.collect, "/v1/depots", limite="1"))["depots"]
        return str(depots[0]["id"]) if depots[0]["id"] != avant else None

    depot = await eventually(nouveau, deadline=60)
    vues: list[Json] = []

    async def fini() -> bool:
        vues.append(await lire(flux.collect, f"/v1/depots/{depot}"))
        return bool(vues[-1]["fini"])

    await eventually(fini, deadline=120, every=0.02)
    assert (await envoi).status_code == 202
    return vues


def test_its_lines_add_up_at_any_moment(vues: list[Json]) -> None:
    assert any(vue["etat"] == "en_cours" for vue in vues)
    assert len({str(vue["lignes"]) + str(vue["avancement"]) for vue in vues}) > 5
    for vue in vues:
        assert vue["lignes"]["recues"] == somme(vue["lignes"]), vue


@pytest.mark.parametrize("etape", ETAPES)
def test_a_stage_only_ever_advances_to_all_that_was_received(vues: list[Json], etape: str) -> None:
    faites = [vue["avancement"][etape] for vue in vues]

    assert faites == sorted(faites)
    assert faites[-1] == vues[-1]["lignes"]["recues"]


def test_each_line_of_the_file_is_counted_once(vues: list[Json]) -> None:
    lignes = vues[-1]["lignes"]

    assert lignes["recues"] == OFFRES + REPETEES + ILLISIBLES + SANS_LIEU
    assert lignes["acceptees"] + lignes["a_corriger"] == OFFRES
    assert lignes["refusees"] == ILLISIBLES + SANS_LIEU
    assert (lignes["identiques"], lignes["ignorees"]) == (0, REPETEES)


async def test_each_line_tells_what_became_of_it_and_why(flux: Flux, vues: list[Json]) -> None:
    lignes = await _toutes_les_lignes(flux, vues[-1]["id"])

    assert [ligne["ligne"] for ligne in lignes] == list(range(1, len(lignes) + 1))
    comptes = Counter(ligne["statut"] for ligne in lignes)
    assert {nom: comptes[statut] for nom, statut in STATUTS.items()} == {
        nom: vues[-1]["lignes"][nom] for nom in STATUTS
    }
    for ligne in lignes:
        raisons = {constat["gravite"] for constat in ligne["constats"]}
        codes = {constat["code"] for constat in ligne["constats"]}
        if ligne["statut"] == "refusee":
            assert "refus" in raisons, ligne
        elif ligne["statut"] == "ignoree":
            assert "livree_deux_fois" in codes, ligne
        elif ligne["statut"] == "a_corriger":
            assert raisons & {"a_corriger", "bloquant"}, ligne
        assert all(c["message"] and c["que_faire"] for c in ligne["constats"])


async def test_the_same_file_again_changes_nothing(
    flux: Flux, fichier: bytes, vues: list[Json]
) -> None:
    encore = await flux.deposer(fichier)

    assert encore["lignes"] == {
        **vues[-1]["lignes"],
        "acceptees": 0,
        "a_corriger": 0,
        "identiques": OFFRES,
    }


async def _toutes_les_lignes(flux: Flux, depot: str) -> list[Json]:
    lignes: list[Json] = []
    curseur = "0"
    while curseur is not None:
        page = await lire(
            flux.collect, f"/v1/depots/{depot}/lignes", curseur=curseur, limite="1000"
        )
        lignes += page["lignes"]
        curseur = page["suivant"]
    return lignes
