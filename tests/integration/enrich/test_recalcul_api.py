"""Passes and notices as people meet them: the API, the file, the command, the running consumer."""

import asyncio
import csv
import io
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

import httpx
import pytest
import pytest_asyncio

from contracts.evenements import FormationV1
from contracts.portees import Role
from contracts.topics import FORMATIONS, REFERENTIELS
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.chargement.modele import TableLue
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.usecases.enrichir import enrichir_lot
from services.kernel.keystore import open_key_store
from services.kernel.settings import KernelSettings
from tests.support.fermeture import diplome_ouvert, fermer
from tests.support.kafka import read_all
from tests.support.polling import eventually
from tests.support.processes import python_module
from tests.support.references import installer
from tests.unit.enrich.fabrique import SIRET_CONNU, SIRET_INCONNU, evenement, offre

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
FERMETURE = "2027-08-31"
CleDe = Callable[[Role, str], Awaitable[dict[str, str]]]


@pytest.fixture
def cle(settings: KernelSettings) -> CleDe:
    async def emettre(role: Role, portee: str) -> dict[str, str]:
        async with open_key_store(settings) as keys:
            texte = await keys.issue(
                role=role.value, titulaire="essai", label="essai", scopes=[portee]
            )
        return {"Authorization": f"Bearer {texte}"}

    return emettre


@pytest_asyncio.fixture
async def cfd(
    referentiels: MongoReferences, formations: MongoFormations, tables: list[TableLue]
) -> str:
    """A diploma that closes in a version that is not active, with two offers of two CFA."""
    code = diplome_ouvert(tables)
    await installer(referentiels, "v1", tables, NOW)
    await installer(referentiels, "v2", fermer(tables, [code], FERMETURE), NOW, activer=False)
    enrichisseur = Enrichisseur(await referentiels.charger("v1"), date(2020, 11, 16))
    lus = [
        lire_evenement(
            evenement(
                nom,
                offre=offre(
                    cfd=code,
                    etablissement_gestionnaire_siret=siret,
                    etablissement_formateur_siret=siret,
                    code_commune_insee="01053",
                    code_postal="01000",
                ),
            )
        )
        for nom, siret in (("F1", SIRET_CONNU), ("F2", SIRET_INCONNU))
    ]
    await enrichir_lot(lus, enrichisseur, formations, NOW)
    return code


@pytest_asyncio.fixture
async def pret(cfd: str, client: httpx.AsyncClient, cle: CleDe) -> str:
    """The same, once the API has loaded the active tables."""
    entetes = await cle(Role.ADMINISTRATEUR, "*")

    async def charge() -> bool:
        reponse = await client.get("/v1/referentiels/versions/v2/impact", headers=entetes)
        return reponse.status_code == 200

    await eventually(charge)
    return cfd


async def test_a_version_is_previewed_before_it_is_active(
    client: httpx.AsyncClient, pret: str, cle: CleDe
) -> None:
    entetes = await cle(Role.ADMINISTRATEUR, "*")
    reponse = await client.get("/v1/referentiels/versions/v2/impact", headers=entetes)

    impact = reponse.json()
    assert reponse.status_code == 200
    assert (impact["apercu"], impact["precedente"]) == (True, "v1")
    (avis,) = impact["avis"]
    assert (avis["code"], avis["le"], avis["offres"]) == (pret, FERMETURE, 2)
    assert "ferme le 31 août 2027 : 2 offres sont concernées." in avis["message"]
    assert {une["code"] for une in avis["etablissements"]} == {SIRET_CONNU, SIRET_INCONNU}


async def test_an_establishment_reads_of_its_own_offers(
    client: httpx.AsyncClient, pret: str, cle: CleDe
) -> None:
    entetes = await cle(Role.DEPOSANT, f"siret:{SIRET_CONNU}")
    impact = (await client.get("/v1/referentiels/versions/v2/impact", headers=entetes)).json()

    (avis,) = impact["avis"]
    assert avis["code"] == pret
    assert avis["etablissements"] == [{"code": SIRET_CONNU, "offres": 1}]
    assert "1 de vos offres est concernée" in avis["message"]


@pytest.mark.usefixtures("pret")
async def test_an_instructor_reads_of_his_academies(client: httpx.AsyncClient, cle: CleDe) -> None:
    lues = {}
    for academie in ("10", "23"):
        entetes = await cle(Role.INSTRUCTEUR, f"academie:{academie}")
        reponse = await client.get("/v1/referentiels/versions/v2/impact", headers=entetes)
        lues[academie] = [avis["offres"] for avis in reponse.json()["avis"]]
    assert lues == {"10": [2], "23": []}


async def test_notices_are_a_file_too(client: httpx.AsyncClient, pret: str, cle: CleDe) -> None:
    entetes = await cle(Role.ADMINISTRATEUR, "*")
    reponse = await client.get(
        "/v1/referentiels/versions/v2/impact", params={"format": "csv"}, headers=entetes
    )
    lignes = list(csv.DictReader(io.StringIO(reponse.text.lstrip("\ufeff")), delimiter=";"))
    assert [(une["code"], une["academie"], une["offres"]) for une in lignes] == [
        (pret, "10", "1"),
        (pret, "10", "1"),
    ]


@pytest.mark.usefixtures("pret")
async def test_a_version_that_is_unknown_has_no_notices(
    client: httpx.AsyncClient, cle: CleDe
) -> None:
    entetes = await cle(Role.ADMINISTRATEUR, "*")
    reponse = await client.get("/v1/referentiels/versions/v9/impact", headers=entetes)
    assert reponse.status_code == 404


@pytest.mark.usefixtures("pret")
async def test_a_pass_is_asked_for_and_followed(client: httpx.AsyncClient, cle: CleDe) -> None:
    entetes = await cle(Role.ADMINISTRATEUR, "*")
    demandee = await client.post("/v1/recalculs", json={}, headers=entetes)

    assert demandee.status_code == 202
    identifiant = demandee.json()["id"]
    vue = (await client.get(f"/v1/recalculs/{identifiant}", headers=entetes)).json()
    assert (vue["etat"], vue["total"], vue["demandee_par"]) == ("en_attente", 2, "essai")
    assert [une["id"] for une in (await client.get("/v1/recalculs", headers=entetes)).json()] == [
        identifiant
    ]
    refusee = await client.post("/v1/recalculs", json={}, headers=await cle(Role.LECTEUR, "*"))
    assert refusee.status_code == 403


@pytest.mark.usefixtures("topics")
async def test_a_running_consumer_brings_all_to_a_version_that_becomes_active(
    client: httpx.AsyncClient,
    settings: KernelSettings,
    environment: dict[str, str],
    referentiels: MongoReferences,
    pret: str,
    cle: CleDe,
) -> None:
    variables = environment | {
        "CATALOGUE_JOUR_METIER": "2020-11-16",
        "CATALOGUE_REFERENCES_ATTENTE_S": "0.1",
    }
    entetes = await cle(Role.ADMINISTRATEUR, "*")

    async def en_retard(combien: int) -> bool:
        suivi = (await client.get("/v1/referentiels/suivi", headers=entetes)).json()
        return bool(suivi["en_retard"] == combien)

    async with python_module("services.enrich", "consumer", environment=variables):
        await eventually(lambda: en_retard(0))
        await referentiels.activer("v2", NOW)
        await eventually(lambda: _fermees(settings, pret))
        await eventually(lambda: en_retard(0))
        code, dit = await _commande(variables, "--depuis", "v1", "--suivre")
        annonces = await eventually(lambda: read_all(settings, REFERENTIELS))

    assert (code, dit.splitlines()[-1]) == (0, "Terminée : 0 offres changées.")
    assert [annonce.key for annonce in annonces] == [b"cfd"]
    reponse = await client.get("/v1/referentiels/versions/v2/impact", headers=entetes)
    assert reponse.json()["apercu"] is False
    assert reponse.json()["avis"][0]["offres"] == 2


async def _fermees(settings: KernelSettings, cfd: str) -> bool:
    dernieres = {
        lue.id: lue.formation
        for record in await read_all(settings, FORMATIONS)
        if (lue := FormationV1.model_validate_json(record.value or b"")).formation.cfd == cfd
    }
    return len(dernieres) == 2 and all(
        str(formation.cfd_date_fermeture) == FERMETURE for formation in dernieres.values()
    )


async def _commande(variables: dict[str, str], *arguments: str) -> tuple[int, str]:
    processus = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.enrich", "recalculer", *arguments),
        env={**os.environ, **variables},
        stdout=asyncio.subprocess.PIPE,
    )
    sortie, _ = await processus.communicate()
    return processus.returncode or 0, sortie.decode()
