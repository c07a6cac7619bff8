"""Accepting over HTTP what findings propose for one formation, under the version that was read."""

from datetime import UTC, datetime

import httpx
import pytest
import pytest_asyncio

from contracts.evenements import Confiance
from contracts.portees import Role
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.chargement.modele import TableLue
from services.enrich.domain.constats import constat
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.usecases.enrichir import enrichir_lot
from services.kernel.keystore import open_key_store
from services.kernel.mongo import Database
from services.kernel.settings import KernelSettings
from tests.support.polling import eventually
from tests.support.references import installer
from tests.unit.enrich.fabrique import JOUR, evenement, offre, references

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
ADRESSE = "/v1/formations/F1/propositions/acceptation"
LETTRE = constat(
    "uai_lettre_fausse",
    "uai_formation",
    "0061234A",
    "0061234F",
    raison="La lettre se calcule des chiffres.",
    confiance=Confiance.HAUTE,
    correction={"uai_formation": "0061234F"},
)
UNE = {"code": "uai_lettre_fausse", "champ": "uai_formation"}
PREMIERE = {"If-Match": '"1"'}


@pytest_asyncio.fixture(autouse=True)
async def formation(
    client: httpx.AsyncClient,
    referentiels: MongoReferences,
    formations: MongoFormations,
    tables: list[TableLue],
) -> None:
    """F1 with a wrong letter, and the tables that a correction is computed with."""
    await installer(referentiels, "v1", tables, NOW)
    lu = lire_evenement(evenement(offre=offre(uai_formation="0061234A"), constats=[LETTRE]))
    await enrichir_lot([lu], Enrichisseur(references(), JOUR), formations, NOW)

    async def connu() -> bool:
        return (await client.get("/v1/referentiels/communes/06088")).status_code == 200

    assert await eventually(connu, deadline=10)


@pytest.mark.parametrize("demande", [UNE, {"toutes": True}])
async def test_an_accepted_proposal_is_an_edit_that_names_its_finding(
    client: httpx.AsyncClient,
    administrateur: dict[str, str],
    database: Database,
    demande: dict[str, object],
) -> None:
    reponse = await client.post(ADRESSE, headers=administrateur | PREMIERE, json=demande)

    lue = reponse.json()
    assert (reponse.status_code, lue["formation"]["uai_formation"]) == (200, "0061234F")
    assert reponse.headers["ETag"] != '"1"'
    assert "uai_lettre_fausse" not in {constat["code"] for constat in lue["constats"]}
    (entree,) = [entree async for entree in database["historique"].find()]
    assert (entree["cause"], entree["auteur"]) == ("edition", "essai")
    assert "uai_lettre_fausse" in entree["detail"]["proposition"]


async def test_a_proposal_that_stands_no_more_is_refused_with_those_that_do(
    client: httpx.AsyncClient, administrateur: dict[str, str]
) -> None:
    reponse = await client.post(
        ADRESSE, headers=administrateur | PREMIERE, json={**UNE, "proposition": "0061234Z"}
    )

    assert (reponse.status_code, reponse.json()["code"]) == (409, "proposition_sans_objet")
    proposees = {une["proposition"] for une in reponse.json()["propositions"]}
    assert "0061234F" in proposees


async def test_a_proposal_is_accepted_under_the_version_that_was_read(
    client: httpx.AsyncClient, administrateur: dict[str, str]
) -> None:
    sans = await client.post(ADRESSE, headers=administrateur, json=UNE)
    autre = await client.post(ADRESSE, headers=administrateur | {"If-Match": '"7"'}, json=UNE)

    assert (sans.status_code, autre.status_code) == (428, 412)
    assert (autre.headers["ETag"], autre.json()["sequence"]) == ('"1"', 1)


@pytest.mark.parametrize("demande", [{}, {**UNE, "toutes": True}])
async def test_one_proposal_is_named_or_all_are(
    client: httpx.AsyncClient, administrateur: dict[str, str], demande: dict[str, object]
) -> None:
    reponse = await client.post(ADRESSE, headers=administrateur | PREMIERE, json=demande)

    assert reponse.status_code == 422


@pytest.mark.parametrize(
    ("role", "portee", "statut"),
    [
        (Role.INSTRUCTEUR, "academie:23", 200),
        (Role.INSTRUCTEUR, "academie:2", 403),
        (Role.DEPOSANT, "region:84", 403),
        (Role.PARTENAIRE, "*", 403),
    ],
)
async def test_a_proposal_is_accepted_within_a_scope(
    client: httpx.AsyncClient, settings: KernelSettings, role: Role, portee: str, statut: int
) -> None:
    async with open_key_store(settings) as keys:
        cle = await keys.issue(role=role.value, titulaire="x", label="essai", scopes=[portee])
    entetes = {"Authorization": f"Bearer {cle}"} | PREMIERE
    reponse = await client.post(ADRESSE, headers=entetes, json={"toutes": True})

    assert reponse.status_code == statut
