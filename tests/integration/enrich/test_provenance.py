"""One call tells, for each value shown, its source, version and date, over real stores."""

from datetime import UTC, datetime

import httpx
import pytest

from contracts.formation import Formation
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.chargement.modele import TableLue
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.usecases.editer import Edition, editer
from services.enrich.usecases.enrichir import enrichir_lot
from tests.support.polling import eventually
from tests.support.references import installer
from tests.unit.enrich.fabrique import JOUR, evenement

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)


async def test_each_value_tells_its_source_its_version_and_its_date(
    client: httpx.AsyncClient,
    referentiels: MongoReferences,
    formations: MongoFormations,
    tables: list[TableLue],
    administrateur: dict[str, str],
    lecteur: dict[str, str],
) -> None:
    version = await installer(referentiels, "v1", tables, NOW)
    enrichisseur = Enrichisseur(await referentiels.charger("v1"), JOUR)
    await enrichir_lot([lire_evenement(evenement())], enrichisseur, formations, NOW)
    demande = Edition("F1", "1", "cfa-nice", {"duree": "2"})
    await editer(demande, enrichisseur, formations, NOW)

    async def pret() -> bool:
        return (await client.get("/v1/referentiels/communes/06088")).status_code == 200

    assert await eventually(pret, deadline=10)
    adresse = "/v1/formations/F1/provenance"
    dite = (await client.get(adresse, headers=administrateur)).json()
    valeurs = dite["valeurs"]

    assert set(valeurs) == set(Formation.model_fields)
    assert (dite["references"], dite["sequence"]) == ("v1", 2)
    assert (valeurs["cfd"]["provenance"], valeurs["cfd"]["le"]) == (
        "collectee",
        "2020-11-16T08:00:00Z",
    )
    communes = next(t for t in valeurs["nom_academie"]["tables"] if t["table"] == "communes")
    editee = version.table("communes")
    assert editee is not None
    assert (communes["edition"], communes["fichier"]) == (editee.edition, editee.bilan.fichier)
    assert (valeurs["duree"]["provenance"], valeurs["duree"]["source"]) == ("corrigee", "3")
    assert valeurs["duree"]["par"] == "cfa-nice"
    assert dite["adresses"][0]["origine"] == "declaree"
    vue_par_tous = (await client.get(adresse, headers=lecteur)).json()
    assert vue_par_tous["valeurs"]["duree"]["par"] is None
