"""Reference tables over HTTP: what all may read, what administrators load and activate."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.chargement.modele import TableLue
from services.enrich.domain.fraicheur import Alarmes
from services.enrich.entrypoints.fraicheur import Fraicheur
from services.kernel.clock import FixedClock
from tests.support.references import installer

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
ROME = Path("deploy/exemple/certifications/rome.csv")
ADRESSE = "/v1/referentiels"
VERSIONS = "/v1/referentiels/versions"


async def _envoyer(
    client: httpx.AsyncClient, cle: dict[str, str], contenu: bytes, **options: str
) -> httpx.Response:
    params = {"fichier": "rome.csv", **options}
    return await client.post(ADRESSE, params=params, content=contenu, headers=cle)


def _sans_derniere_ligne() -> bytes:
    return b"".join(ROME.read_bytes().splitlines(keepends=True)[:-1])


def _moitie() -> bytes:
    """Return half of the rows, whole: cut inside a row, a file is not even read."""
    entier = ROME.read_bytes()
    return entier[: entier.index(b"\n", len(entier) // 2) + 1]


async def test_tables_in_use_are_told_with_their_age_and_alarm(
    client: httpx.AsyncClient, referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    assert (await client.get(ADRESSE)).status_code == 503

    await installer(referentiels, "v1", tables, NOW)
    reponse = (await client.get(ADRESSE)).json()

    assert (reponse["version"], reponse["age_jours"]) == ("v1", 3)
    vues = {table["table"]: table for table in reponse["tables"]}
    assert set(vues) == {lue.bilan.table for lue in tables}
    assert vues["rncp"]["age_max_jours"] == 45
    assert vues["rome"]["edition"].startswith("rome.")


async def test_an_old_table_raises_the_alarm(
    client: httpx.AsyncClient, referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await installer(referentiels, "v1", tables, datetime(2025, 10, 1, tzinfo=UTC))
    reponse = (await client.get(ADRESSE)).json()

    perimees = {table["table"] for table in reponse["tables"] if table["perimee"]}
    assert reponse["perimee"]
    assert {"rncp", "etablissements"} <= perimees


async def test_a_file_is_loaded_activated_and_reported(
    client: httpx.AsyncClient,
    administrateur: dict[str, str],
    referentiels: MongoReferences,
    tables: list[TableLue],
) -> None:
    await installer(referentiels, "v1", tables, NOW)

    reponse = await _envoyer(client, administrateur, _sans_derniere_ligne())

    dit: dict[str, Any] = reponse.json()
    assert (reponse.status_code, dit["resultat"]) == (201, "nouvelle")
    assert (dit["version"]["de"], dit["version"]["par"]) == ("v1", "essai")
    assert dit["version"]["comparaisons"][0]["retirees"] == 1
    assert await referentiels.version_active() == dit["version"]["id"]

    encore = (await _envoyer(client, administrateur, _sans_derniere_ligne())).json()
    assert (encore["resultat"], encore["version"]["id"]) == ("identique", dit["version"]["id"])


async def test_a_prepared_version_is_activated_later(
    client: httpx.AsyncClient,
    administrateur: dict[str, str],
    referentiels: MongoReferences,
    tables: list[TableLue],
) -> None:
    await installer(referentiels, "v1", tables, NOW)
    prete = (
        await _envoyer(client, administrateur, _sans_derniere_ligne(), sans_activer="true")
    ).json()["version"]
    assert not prete["active"]
    assert await referentiels.version_active() == "v1"

    reponse = await client.post(f"{VERSIONS}/{prete['id']}/activation", headers=administrateur)
    assert reponse.json()["active"]
    assert await referentiels.version_active() == prete["id"]
    absente = await client.post(f"{VERSIONS}/V9/activation", headers=administrateur)
    assert absente.status_code == 404


async def test_a_damaged_file_is_refused_and_the_refusal_listed(
    client: httpx.AsyncClient,
    administrateur: dict[str, str],
    referentiels: MongoReferences,
    tables: list[TableLue],
) -> None:
    await installer(referentiels, "v1", tables, NOW)
    coupe = _moitie()

    reponse = await _envoyer(client, administrateur, coupe)

    assert (reponse.status_code, reponse.json()["code"]) == (422, "chargement_refuse")
    assert "baisse" in [erreur["code"] for erreur in reponse.json()["erreurs"]]
    assert await referentiels.version_active() == "v1"
    vues = (await client.get(VERSIONS, headers=administrateur)).json()
    assert [version["id"] for version in vues["versions"]] == ["v1"]
    assert (vues["refus"][0]["par"], vues["refus"][0]["source"]) == ("essai", "rome.csv")
    assert [une["version"] for une in vues["activations"]] == ["v1"]

    force = await _envoyer(client, administrateur, coupe, forcer="fichier voulu ainsi")
    assert force.json()["version"]["forcage"]["raison"] == "fichier voulu ainsi"


@pytest.mark.parametrize("nom", ["../x.bin", "x\0y", "é" * 200, "rien.csv", "/a/.."])
async def test_a_file_that_is_no_table_is_refused_whatever_its_name(
    client: httpx.AsyncClient, administrateur: dict[str, str], nom: str
) -> None:
    reponse = await _envoyer(client, administrateur, b"n'importe quoi", fichier=nom)

    assert reponse.status_code == 422


@pytest.mark.parametrize(
    ("methode", "adresse"),
    [
        ("POST", f"{ADRESSE}?fichier=rome.csv"),
        ("GET", VERSIONS),
        ("POST", f"{VERSIONS}/v1/activation"),
    ],
)
async def test_versions_are_the_administrators_business(
    client: httpx.AsyncClient, lecteur: dict[str, str], methode: str, adresse: str
) -> None:
    assert (await client.request(methode, adresse, headers=lecteur)).status_code == 403
    assert (await client.request(methode, adresse)).status_code == 401


async def test_the_age_of_tables_in_use_is_a_metric(
    client: httpx.AsyncClient, referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await installer(referentiels, "v1", tables, datetime(2025, 11, 16, 12, tzinfo=UTC))
    clock = FixedClock(NOW)
    await Fraicheur(referentiels, Alarmes(400, {"rncp": 45}), clock, 60).mesurer()

    page = (await client.get("/metrics")).text
    assert 'catalogue_reference_age_days{table="rome"} 60.0' in page
    assert 'catalogue_reference_out_of_date{table="rome"} 0.0' in page
    assert 'catalogue_reference_out_of_date{table="rncp"} 1.0' in page
