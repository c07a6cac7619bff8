"""Formations, history and outbox on a real MongoDB."""

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from contracts.topics import AVANCEMENT, CONSTATS, FORMATIONS, OFFRES, Topic
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.usecases.enrichir import enrichir_lot
from services.enrich.usecases.reemettre import reemettre
from services.kernel import chunk
from services.kernel.digest import digest
from services.kernel.errors import Retry
from services.kernel.events import Event
from services.kernel.mongo import Database
from services.kernel.outbox import Outbox
from tests.unit.enrich.fabrique import JOUR, evenement, offre, references

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
ENRICHISSEUR = Enrichisseur(references(), JOUR)
CHAMPS = ("sequence", "empreinte", "offre_sequence", "etat")


async def _appliquer(formations: MongoFormations, evenements: Sequence[dict[str, Any]]) -> None:
    lus = [lire_evenement(donnees) for donnees in evenements]
    await enrichir_lot(lus, ENRICHISSEUR, formations, NOW)


async def _evenements(outbox: Outbox, topic: Topic) -> list[Event]:
    documents = outbox.collection.find().sort([("ordre", 1), ("_id", 1)])
    blocs = [document["bloc"] async for document in documents]
    tous = [event for bloc in blocs for event in chunk.unpack(bloc)]
    return [event for event in tous if event.topic == topic]


async def _etat(database: Database) -> str:
    """Return the digest of everything stored but times."""
    formations = [
        [document["_id"], *(document[champ] for champ in CHAMPS)]
        async for document in database["formations"].find().sort("_id", 1)
    ]
    historique = [
        [document["_id"], document["champs"], document["cause"]]
        async for document in database["historique"].find().sort("_id", 1)
    ]
    return digest({"formations": formations, "historique": historique})


def _deux_livraisons(nombre: int) -> list[list[dict[str, Any]]]:
    """A first delivery, then one where a third changes, a third is withdrawn, a third stays."""
    premiere = [evenement(f"F{n:04d}") for n in range(nombre)]
    seconde = [
        evenement(
            f"F{n:04d}",
            2,
            operation="retrait" if n % 3 == 1 else "depot",
            offre=offre(capacite="12") if n % 3 == 0 else offre(),
        )
        for n in range(nombre)
    ]
    return [premiere, seconde]


async def test_a_formation_is_stored_whole(formations: MongoFormations, database: Database) -> None:
    await _appliquer(formations, [evenement()])

    document = await database["formations"].find_one({"_id": "F1"})
    assert document is not None
    assert document["formation"]["niveau"] == "4 (BAC...)"
    assert document["references"] == "v1"
    assert document["deposant"] == "cfa-nice"
    assert orjson.loads(document["collecte"])["offre"]["cfd"] == offre()["cfd"]
    assert document["creee_le"] == NOW


async def test_applying_everything_again_changes_nothing(
    formations: MongoFormations, database: Database, outbox: Outbox
) -> None:
    livraisons = _deux_livraisons(90)
    for livraison in livraisons:
        await _appliquer(formations, livraison)
    etat = await _etat(database)
    publies = len(await _evenements(outbox, FORMATIONS))

    for livraison in livraisons:
        await _appliquer(formations, livraison)

    assert await _etat(database) == etat
    assert len(await _evenements(outbox, FORMATIONS)) == publies


async def test_two_consumers_of_the_same_records_do_the_work_of_one(
    formations: MongoFormations, database: Database, outbox: Outbox
) -> None:
    livraisons = _deux_livraisons(60)

    async def consommer(graine: int) -> None:
        hasard = random.Random(graine)
        for livraison in livraisons:
            reste = list(livraison)
            while reste:
                taille = hasard.randint(1, 25)
                lot, reste = reste[:taille], reste[taille:]
                await _jusqu_a_reussir(formations, lot)

    await asyncio.gather(consommer(1), consommer(2), consommer(3))

    publies = [event.id for event in await _evenements(outbox, FORMATIONS)]
    assert len(publies) == len(set(publies)) == 60 + 40
    assert await database["historique"].count_documents({}) == 40


async def _jusqu_a_reussir(formations: MongoFormations, lot: list[dict[str, Any]]) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                return await _appliquer(formations, lot)
            except Retry:
                continue


async def test_history_tells_who_why_and_what(
    formations: MongoFormations, database: Database
) -> None:
    await _appliquer(formations, [evenement()])
    await _appliquer(formations, [evenement(sequence=2, offre=offre(annee="2"))])

    entree = await database["historique"].find_one()
    assert entree is not None
    assert (entree["_id"], entree["auteur"], entree["cause"]) == (
        "F1.0000000002",
        "cfa-nice",
        "depot",
    )
    assert entree["origine"] == {"depot": "D1", "ligne": 2}
    assert entree["champs"]["annee"] == ["1", "2"]


async def test_a_withdrawn_formation_stays_withdrawn(
    formations: MongoFormations, database: Database
) -> None:
    premiere, seconde = _deux_livraisons(3)
    await _appliquer(formations, seconde)
    await _appliquer(formations, premiere)

    document = await database["formations"].find_one({"_id": "F0001"})
    assert document is not None
    assert (document["etat"], document["offre_sequence"]) == ("retiree", 2)


async def test_a_batch_that_cannot_be_written_leaves_nothing(
    formations: MongoFormations, database: Database, outbox: Outbox
) -> None:
    enorme = evenement("F2", offre=offre(intitule_rco="x" * 17_000_000))

    with pytest.raises(Exception, match=r"(?i)larg|octets"):
        await _appliquer(formations, [evenement("F1"), enorme])

    assert await database["formations"].count_documents({}) == 0
    assert await _evenements(outbox, CONSTATS) == []


async def test_an_event_of_an_unchanged_offer_counts_even_before_a_change_of_the_same_batch(
    formations: MongoFormations, database: Database
) -> None:
    await _appliquer(formations, [evenement()])
    await _appliquer(
        formations, [evenement(sequence=2), evenement(sequence=3, offre=offre(capacite="9"))]
    )
    await _appliquer(formations, [evenement(sequence=2)])

    document = await database["formations"].find_one({"_id": "F1"})
    assert document is not None
    assert (document["offre_sequence"], document["formation"]["capacite"]) == (3, "9")


async def test_a_state_sent_again_is_the_event_of_its_writing(
    formations: MongoFormations, outbox: Outbox
) -> None:
    await _appliquer(formations, [evenement(), evenement(sequence=2, operation="retrait")])
    await reemettre(["F1"], formations, NOW)

    *_, dernier, reemis = await _evenements(outbox, FORMATIONS)
    assert (reemis.id, reemis.data) == (dernier.id, dernier.data)


async def test_reports_leave_with_the_states(formations: MongoFormations, outbox: Outbox) -> None:
    await _appliquer(formations, [evenement("F1"), evenement("F2", 2)])

    (constats,) = await _evenements(outbox, CONSTATS)
    (avancement,) = await _evenements(outbox, AVANCEMENT)
    assert constats.key == avancement.key == "D1"
    assert orjson.loads(avancement.data)["lignes"] == [[1, 2]]
    assert await _evenements(outbox, OFFRES) == []
