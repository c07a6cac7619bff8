"""What operations on all offers rest on (`ports_operations`)."""

from datetime import date, timedelta
from functools import partial
from operator import methodcaller
from typing import Final

import pytest

from contracts.statuts import Plateforme
from services.export.ports import Document
from services.export.ports_operations import TransactionDOperation
from services.kernel.errors import Contention
from tests.support.suite_export.banc import Banc, entree, une_offre
from tests.unit.export.fabrique import INSTANT

PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET
IDS: Final = [nom * 26 for nom in "ABC"]


def une_operation(nom: str = "une", minute: int = 0, **parties: object) -> Document:
    """Return an operation that was asked for."""
    demandee_le = INSTANT + timedelta(minutes=minute)
    return {"_id": nom, "etape": "reprise", "version": 0, "demandee_le": demandee_le} | parties


class SuiteOperations:
    """Inherited by a class whose `banc` fixture brings a store."""

    async def test_an_operation_is_asked_for_once(self, banc: Banc) -> None:
        assert await banc.operations.demander(une_operation())
        assert not await banc.operations.demander(une_operation(minute=9))
        assert await banc.operations.une("une") == une_operation()
        assert await banc.operations.une("autre") is None

    async def test_those_under_way_come_in_the_order_they_were_asked_for(self, banc: Banc) -> None:
        for nom, minute in (("b", 1), ("c", 2), ("a", 1), ("z", 0)):
            await banc.operations.demander(une_operation(nom, minute))
        await banc.operations.demander(une_operation("finie", etape="terminee"))

        assert [une["_id"] for une in await banc.operations.en_cours()] == ["z", "a", "b", "c"]

    async def test_an_operation_moves_in_its_transaction(self, banc: Banc) -> None:
        await banc.operations.demander(une_operation())

        async def travail(transaction: TransactionDOperation) -> None:
            operation = await transaction.operation("une")
            await transaction.avancer({**operation, "etape": "bascule"})

        await banc.operations.transaction(travail)
        await banc.operations.transaction(travail)

        tenue = await banc.operations.une("une")
        assert tenue == une_operation(etape="bascule", version=2)

    async def test_of_two_that_do_the_same_batch_the_second_sees_the_first(
        self, banc: Banc
    ) -> None:
        await banc.operations.demander(une_operation(fait=0))
        vues: list[int] = []

        async def travail(transaction: TransactionDOperation, *, seul: bool) -> None:
            operation = await transaction.operation("une")
            if not seul:
                vues.append(operation["fait"])
                if len(vues) == 1:
                    await banc.operations.transaction(partial(travail, seul=True))
            await transaction.avancer({**operation, "fait": operation["fait"] + 1})

        await banc.operations.transaction(partial(travail, seul=False))

        assert vues == [0, 1]
        tenue = await banc.operations.une("une")
        assert tenue is not None
        assert tenue["fait"] == 2

    async def test_an_operation_read_before_another_moved_it_does_not_move(
        self, banc: Banc
    ) -> None:
        await banc.operations.demander(une_operation())
        perimee = une_operation(version=5, etape="terminee")

        with pytest.raises(Contention):
            await banc.operations.transaction(lambda transaction: transaction.avancer(perimee))
        with pytest.raises(LookupError):
            await banc.operations.transaction(lambda transaction: transaction.operation("autre"))

        assert await banc.operations.une("une") == une_operation()

    async def test_a_decision_is_never_written_over(self, banc: Banc) -> None:
        await banc.journaliser(entree("A"))

        with pytest.raises(Contention):
            await banc.operations.transaction(
                lambda transaction: transaction.journaliser(entree("A", _id="autre"))
            )

        assert len(await banc.decisions(IDS[0])) == 1

    async def test_offers_are_visited_in_the_order_of_their_ids(self, banc: Banc) -> None:
        assert [lot async for lot in banc.operations.offres()] == []
        await banc.poser(*map(une_offre, "CAB"))

        tous = [offre["_id"] async for lot in banc.operations.offres() for offre in lot]
        tranches = [
            [
                offre["_id"]
                for offre in await banc.operations.transaction(methodcaller("tranche", apres, 2))
            ]
            for apres in ("", *IDS)
        ]

        assert tous == IDS
        assert tranches == [IDS[:2], IDS[1:], IDS[2:], []]

    async def test_the_snapshot_of_a_season_takes_the_place_of_the_former(self, banc: Banc) -> None:
        une = {"_id": "2020.A", "formation": "A", "statut": "publié"}
        for saisons in (
            [une],
            [{**une, "statut": "fermé"}, {"_id": "2020.B", "formation": "B"}],
            [],
        ):
            await banc.operations.transaction(methodcaller("garder_saisons", saisons))

        tenues = await banc.operations.transaction(
            lambda transaction: transaction.saisons(["2020.A", "2020.C"])
        )

        assert tenues == {"A": {**une, "statut": "fermé"}}

    async def test_a_campaign_is_recorded_for_its_platform(self, banc: Banc) -> None:
        assert not await banc.operations.enregistree(PS)
        await banc.operations.transaction(
            lambda transaction: transaction.ouvrir_campagne(PS, date(2021, 9, 15))
        )
        assert await banc.operations.enregistree(PS)
        assert not await banc.operations.enregistree(AF)
        contextes = (await banc.juges.courant()).contextes
        assert [contextes[un].campagne.debut.year for un in (PS, AF)] == [2021, 2020]
