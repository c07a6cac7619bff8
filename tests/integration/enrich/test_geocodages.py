"""Places without a position, from the queue to the formations that an answer changes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.enrich.adapters.geocodages import MongoGeocodages
from services.enrich.adapters.geocodeur import GeocodeurHttp, client
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.usecases.enrichir import enrichir_lot
from services.enrich.usecases.geocoder import Geocoder, reprendre_les_geocodees
from services.kernel.mongo import Database
from tests.unit.enrich.fabrique import JOUR, codes, evenement, offre, references
from tests.unit.enrich.faux_geocodeur import Ligne, faux_geocodeur, trouvee

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
PLUS_TARD = datetime(2100, 1, 1, tzinfo=UTC)
REFERENCES = references()
SANS_POSITION = {"lieu_formation_geo_coordonnees": None}
ADRESSES = ("12 rue de la Gare", "12, RUE DE LA GARE", "-", None, "3 place Pie")


@pytest.fixture
async def geocodages(database: Database, formations: MongoFormations) -> MongoGeocodages:
    """A queue of three formations at two addresses; others have none, or a position."""
    lus = [
        lire_evenement(
            evenement(f"F{n}", offre=offre(**SANS_POSITION, lieu_formation_adresse=adresse))
        )
        for n, adresse in enumerate(ADRESSES)
    ]
    lus.append(lire_evenement(evenement("F9", offre=offre(lieu_formation_adresse="Ailleurs"))))
    await enrichir_lot(lus, Enrichisseur(REFERENCES, JOUR), formations, NOW)
    geocodages = MongoGeocodages(database)
    await geocodages.prepare()
    assert await geocodages.examiner() == 3
    return geocodages


async def _demander(geocodages: MongoGeocodages, fois: int, *script: Ligne) -> None:
    async with faux_geocodeur(*script) as service, client(service.adresse, 2, "essai") as http:
        geocoder = Geocoder(
            geocodages, GeocodeurHttp(http), lambda: 1.0, 0.0, 0.5, timedelta(days=1)
        )
        for _ in range(fois):
            await geocoder.avancer(REFERENCES, NOW)


async def _lieux(database: Database) -> Mapping[str, tuple[float, list[str]]]:
    documents = database["formations"].find().sort("_id", 1)
    return {
        document["_id"]: (
            document["formation"]["latitude"],
            [code for code in codes(document["constats"]) if code.startswith("geo")],
        )
        async for document in documents
    }


async def test_an_answer_reaches_every_formation_of_its_address(
    database: Database, formations: MongoFormations, geocodages: MongoGeocodages
) -> None:
    await _demander(geocodages, 2, trouvee("06088", (43.69, 7.27)), trouvee("06029", (43.55, 7.0)))
    enrichisseur = Enrichisseur(REFERENCES, JOUR, await geocodages.connus())

    reprises = [
        await reprendre_les_geocodees(geocodages, formations, enrichisseur, PLUS_TARD, timedelta())
        for _ in range(2)
    ]

    lieux = await _lieux(database)
    acceptees = [nom for nom, (_, dits) in lieux.items() if dits == ["geocodage_propose"]]
    refusees = [nom for nom, (_, dits) in lieux.items() if dits == ["geocodage_refuse"]]
    assert sorted(acceptees + refusees) == ["F0", "F1", "F4"]
    assert {lieux[nom][0] for nom in acceptees} == {43.69}
    assert {lieux[nom][0] for nom in refusees} == {43.7102}
    assert reprises == [3, 0]
    assert await database["historique"].count_documents({"cause": "geocodage"}) == 3


async def test_an_address_is_asked_once_and_again_when_its_answer_is_old(
    geocodages: MongoGeocodages,
) -> None:
    await _demander(geocodages, 2, trouvee("06088", (43.69, 7.27)))

    await geocodages.examiner()

    assert await geocodages.prendre(NOW, NOW) is None
    demain = NOW + timedelta(days=1)
    assert await geocodages.prendre(demain, demain + timedelta(minutes=5)) is not None


async def test_a_failure_keeps_the_address_and_its_last_answer(
    geocodages: MongoGeocodages,
) -> None:
    await _demander(geocodages, 2, trouvee("06088", (43.69, 7.27)))
    connus, etat = await geocodages.connus(), await geocodages.etat()
    demain = NOW + timedelta(days=1)
    demande = await geocodages.prendre(demain, demain)
    assert demande is not None

    await geocodages.reporter(demande.cle, demain + timedelta(minutes=1))

    assert await geocodages.connus() == connus
    assert await geocodages.etat() == etat
    encore = await geocodages.prendre(demain + timedelta(minutes=2), PLUS_TARD)
    autre = await geocodages.prendre(demain + timedelta(minutes=2), PLUS_TARD)
    assert {une.essais for une in (encore, autre) if une} == {0, 1}


async def test_an_answer_that_the_rules_do_not_know_yet_waits(
    formations: MongoFormations, geocodages: MongoGeocodages
) -> None:
    await _demander(geocodages, 2, trouvee("06088", (43.69, 7.27)))
    arguments: dict[str, Any] = {"maintenant": PLUS_TARD, "apres": timedelta()}

    ignorant = await reprendre_les_geocodees(
        geocodages, formations, Enrichisseur(REFERENCES, JOUR), **arguments
    )
    trop_tot = await geocodages.a_reprendre(NOW, 10)

    assert ignorant == 0
    assert trop_tot == {}
    assert len(await geocodages.a_reprendre(PLUS_TARD, 10)) == 2
