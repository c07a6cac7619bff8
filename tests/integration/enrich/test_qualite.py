"""Figures of quality, what to mend, accepting proposals: over real stores and HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio

from contracts.evenements import Confiance
from contracts.portees import Role, siret
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.qualite import MongoQualite
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.chargement.modele import TableLue
from services.enrich.domain.constats import constat
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.domain.qualite.bilan import TOUT, Portee
from services.enrich.usecases.enrichir import enrichir_lot
from services.kernel.keystore import open_key_store
from services.kernel.mongo import Database
from services.kernel.settings import KernelSettings
from tests.support.references import installer
from tests.unit.enrich.fabrique import JOUR, SIRET_CONNU, evenement, offre, references

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
LETTRE = constat(
    "uai_lettre_fausse",
    "uai_formation",
    "0061234A",
    "0061234F",
    raison="La lettre se calcule des chiffres.",
    confiance=Confiance.HAUTE,
    correction={"uai_formation": "0061234F"},
)
DESIGNATION = {
    "siret": SIRET_CONNU,
    "code": "uai_lettre_fausse",
    "champ": "uai_formation",
    "valeur": "0061234A",
    "proposition": "0061234F",
}


async def _deposer(formations: MongoFormations, *evenements: dict[str, Any]) -> None:
    lus = [lire_evenement(un) for un in evenements]
    await enrichir_lot(lus, Enrichisseur(references(), JOUR), formations, NOW)


@pytest_asyncio.fixture
async def qualite(database: Database) -> MongoQualite:
    qualite = MongoQualite(database)
    await qualite.prepare()
    return qualite


@pytest_asyncio.fixture
async def mesurees(
    formations: MongoFormations,
    qualite: MongoQualite,
    referentiels: MongoReferences,
    tables: list[TableLue],
) -> AsyncIterator[None]:
    """Two offers with a wrong letter, one without fault, measured."""
    await installer(referentiels, "v1", tables, NOW)
    fautive = offre(uai_formation="0061234A")
    await _deposer(
        formations,
        evenement("F1", offre=fautive, constats=[LETTRE]),
        evenement("F2", offre=fautive, constats=[LETTRE, constat("cle_absente")]),
        evenement("F3"),
    )
    await qualite.garder(await qualite.mesurer(), JOUR, NOW)
    yield


async def _cle(settings: KernelSettings, role: Role, *portees: str) -> tuple[str, dict[str, str]]:
    async with open_key_store(settings) as keys:
        cle = await keys.issue(role=role.value, titulaire="cfa", label="essai", scopes=portees)
    return str(cle), {"Authorization": f"Bearer {cle}"}


@pytest_asyncio.fixture
async def cfa(settings: KernelSettings) -> tuple[str, dict[str, str]]:
    return await _cle(settings, Role.DEPOSANT, siret(SIRET_CONNU))


@pytest_asyncio.fixture
async def autre(settings: KernelSettings) -> tuple[str, dict[str, str]]:
    return await _cle(settings, Role.DEPOSANT, siret("19840110100011"))


@pytest.mark.usefixtures("mesurees")
async def test_a_living_formation_is_counted_in_each_of_its_sets(qualite: MongoQualite) -> None:
    for portee in (TOUT, Portee("academie", "23"), Portee("siret", SIRET_CONNU)):
        figures = await qualite.lire(portee)
        assert figures is not None, portee
        assert figures.bilan.offres == 3
        assert figures.bilan.constats["uai_lettre_fausse"] == 2


@pytest.mark.usefixtures("mesurees")
async def test_figures_that_did_not_change_are_not_written_again(qualite: MongoQualite) -> None:
    lendemain = date(2020, 11, 17)

    assert await qualite.garder(await qualite.mesurer(), lendemain, NOW) == 0
    assert [jour for jour, _ in await qualite.tendance(TOUT, 10)] == [JOUR.isoformat()]


@pytest.mark.usefixtures("mesurees")
async def test_a_trend_has_a_point_for_each_day_of_change(
    qualite: MongoQualite, formations: MongoFormations
) -> None:
    await _deposer(formations, evenement("F1", 2, operation="retrait"))
    await qualite.garder(await qualite.mesurer(), date(2020, 11, 17), NOW)

    tendance = await qualite.tendance(TOUT, 10)
    assert [(jour, bilan.offres) for jour, bilan in tendance] == [
        ("2020-11-16", 3),
        ("2020-11-17", 2),
    ]


@pytest.mark.usefixtures("mesurees")
async def test_a_set_that_loses_its_last_offer_is_told_empty(
    qualite: MongoQualite, formations: MongoFormations
) -> None:
    await _deposer(formations, *(evenement(f"F{n}", 2, operation="retrait") for n in (1, 2, 3)))
    await qualite.garder(await qualite.mesurer(), JOUR, NOW)

    figures = await qualite.lire(Portee("siret", SIRET_CONNU))
    assert figures is not None
    assert figures.bilan.offres == 0
    assert await qualite.lister("academie") == []


@pytest.mark.usefixtures("mesurees")
async def test_the_whole_and_territories_are_public_an_establishment_is_not(
    client: httpx.AsyncClient,
    cfa: tuple[str, dict[str, str]],
    autre: tuple[str, dict[str, str]],
    lecteur: dict[str, str],
) -> None:
    assert (await client.get("/v1/qualite")).json()["offres"] == 3
    assert (await client.get("/v1/qualite", params={"academie": "23"})).json()["nom"] == "Nice"
    un = f"/v1/qualite/etablissements/{SIRET_CONNU}"
    assert (await client.get(un)).status_code == 401
    assert (await client.get(un, headers=autre[1])).status_code == 403
    assert (await client.get(un, headers=cfa[1])).json()["offres"] == 3
    assert (await client.get(un, headers=lecteur)).status_code == 200


@pytest.mark.usefixtures("mesurees")
async def test_a_cfa_sees_what_to_mend_with_its_proposal(
    client: httpx.AsyncClient, cfa: tuple[str, dict[str, str]]
) -> None:
    adresse = f"/v1/qualite/etablissements/{SIRET_CONNU}/a-corriger"
    premiere = (await client.get(adresse, headers=cfa[1])).json()[0]

    assert premiere["code"] == "uai_lettre_fausse"
    assert premiere["offres"] == ["F1", "F2"]
    assert premiere["correction"] == {"uai_formation": "0061234F"}
    texte = (await client.get(adresse, headers=cfa[1], params={"format": "csv"})).text
    assert texte.startswith("\ufeffoffre;intitule;")
    assert texte.count("uai_lettre_fausse") == 2


@pytest.mark.usefixtures("mesurees")
async def test_a_dry_run_tells_what_would_be_corrected_and_writes_nothing(
    client: httpx.AsyncClient, cfa: tuple[str, dict[str, str]], database: Database
) -> None:
    demande = DESIGNATION | {"essai": True, "offres": ["F1", "F2", "F3"]}
    reponse = await client.post("/v1/propositions/acceptation", headers=cfa[1], json=demande)

    assert reponse.json() == {"essai": True, "corrigees": ["F1", "F2"], "ecartees": ["F3"]}
    assert await database["historique"].count_documents({}) == 0


@pytest.mark.usefixtures("mesurees")
async def test_accepting_corrects_every_offer_once_under_the_name_of_the_key(
    client: httpx.AsyncClient, cfa: tuple[str, dict[str, str]], database: Database
) -> None:
    adresse = "/v1/propositions/acceptation"
    reponse = await client.post(adresse, headers=cfa[1], json=DESIGNATION)

    assert reponse.json()["corrigees"] == ["F1", "F2"]
    entrees = [entree async for entree in database["historique"].find().sort("_id", 1)]
    assert [(e["formation"], e["auteur"], e["cause"]) for e in entrees] == [
        ("F1", "cfa", "edition"),
        ("F2", "cfa", "edition"),
    ]
    assert entrees[0]["champs"]["uai_formation"] == ["0061234A", "0061234F"]
    encore = await client.post(adresse, headers=cfa[1], json=DESIGNATION)
    assert (encore.status_code, encore.json()["code"]) == (409, "proposition_sans_objet")


@pytest.mark.usefixtures("mesurees")
async def test_all_that_is_sure_is_accepted_at_once(
    client: httpx.AsyncClient, cfa: tuple[str, dict[str, str]]
) -> None:
    adresse = "/v1/propositions/acceptation/sures"
    essai = await client.post(adresse, headers=cfa[1], json={"siret": SIRET_CONNU, "essai": True})
    assert essai.json() == {"essai": True, "corrigees": ["F1", "F2"]}

    reponse = await client.post(adresse, headers=cfa[1], json={"siret": SIRET_CONNU})
    assert reponse.json() == {"essai": False, "corrigees": ["F1", "F2"]}
    encore = await client.post(adresse, headers=cfa[1], json={"siret": SIRET_CONNU})
    assert encore.json() == {"essai": False, "corrigees": []}


@pytest.mark.usefixtures("mesurees")
async def test_nobody_corrects_the_offers_of_another(
    client: httpx.AsyncClient, autre: tuple[str, dict[str, str]], lecteur: dict[str, str]
) -> None:
    adresse = "/v1/propositions/acceptation"

    for entetes in (autre[1], lecteur):
        reponse = await client.post(adresse, headers=entetes, json=DESIGNATION)
        assert reponse.status_code == 403


@pytest.mark.usefixtures("mesurees")
async def test_probable_duplicates_are_explained(
    client: httpx.AsyncClient, cfa: tuple[str, dict[str, str]]
) -> None:
    (groupe,) = (
        await client.get("/v1/doublons", headers=cfa[1], params={"siret": SIRET_CONNU})
    ).json()

    assert {groupe["garder"], *groupe["autres"]} == {"F1", "F2", "F3"}
    assert "l'UAI du lieu" in groupe["explication"]


@pytest.mark.usefixtures("mesurees")
async def test_a_page_of_one_establishment_opens_with_its_key_only(
    client: httpx.AsyncClient,
    cfa: tuple[str, dict[str, str]],
    autre: tuple[str, dict[str, str]],
) -> None:
    formulaire = {"siret": SIRET_CONNU, "cle": cfa[0]}
    reponse = await client.post("/qualite/mes-offres", data=formulaire)
    assert reponse.status_code == 303
    page = await client.get(reponse.headers["location"])
    assert "0061234F" in page.text

    etranger = await client.post("/qualite/mes-offres", data=formulaire | {"cle": autre[0]})
    assert etranger.status_code == 403
    assert "ne couvre pas" in etranger.text
    sans = await client.get(f"/qualite/etablissements/{SIRET_CONNU}")
    assert sans.status_code == 404


@pytest.mark.usefixtures("mesurees")
async def test_a_revoked_key_closes_the_pages_that_it_opened(
    client: httpx.AsyncClient, cfa: tuple[str, dict[str, str]], settings: KernelSettings
) -> None:
    formulaire = {"siret": SIRET_CONNU, "cle": cfa[0]}
    page = (await client.post("/qualite/mes-offres", data=formulaire)).headers["location"]
    async with open_key_store(settings) as keys:
        (cle,) = [une for une in await keys.list("cfa") if siret(SIRET_CONNU) in une.scopes]
        await keys.revoke(cle.id)

    assert (await client.get(page)).status_code == 404
