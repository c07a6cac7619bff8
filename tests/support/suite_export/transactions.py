"""What the transactions of export promise (`ports.Base`, `ports.Transaction`, `ports.Lots`)."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from operator import methodcaller
from typing import Final

import pytest

from contracts.statuts import Plateforme, Statut
from services.export.ports import Document, Transaction
from services.export.ports_operations import TransactionDOperation
from services.kernel.errors import Contention
from tests.support.suite_export.banc import HISTOIRES, Banc, annonce, entree, une_offre
from tests.unit.export.fabrique import INSTANT

A: Final = "A" * 26


class _Arret(Exception):
    """The process ends here."""


async def tout_ecrire(transaction: Transaction) -> None:
    """Write something of everything."""
    await transaction.ecrire([une_offre("A")], [])
    await transaction.journaliser(entree("A"))
    await transaction.historiser([{"_id": "h", "formation": A}])
    await transaction.noter_acte({"_id": "a", "formation": A})
    await transaction.emettre([annonce("A")])


_DEUX_FOIS: Final[dict[str, Callable[[Transaction], Awaitable[None]]]] = {
    "a new offer": lambda transaction: transaction.ecrire([une_offre("A")], []),
    "a decision": lambda transaction: transaction.journaliser(entree("A", _id="autre")),
    "a change of status": lambda transaction: transaction.historiser([{"_id": "h"}]),
    "an act": lambda transaction: transaction.noter_acte({"_id": "a"}),
}


class SuiteTransactions:
    """Inherited by a class whose `banc` fixture brings a store."""

    async def test_what_is_committed_is_seen_together(self, banc: Banc) -> None:
        await banc.base.transaction(tout_ecrire)

        assert (await banc.lire(A))["projection"] == une_offre("A")["projection"]
        assert len(await banc.decisions(A)) == 1
        assert [await banc.compter(nom) for nom in HISTOIRES] == [1, 1, 1]

    async def test_a_transaction_that_fails_leaves_nothing(self, banc: Banc) -> None:
        async def travail(transaction: Transaction) -> None:
            await tout_ecrire(transaction)
            raise _Arret

        with pytest.raises(_Arret):
            await banc.base.transaction(travail)

        assert await banc.base.transaction(lambda t: t.formations([A])) == {}
        assert await banc.decisions(A) == []
        assert [await banc.compter(nom) for nom in HISTOIRES] == [0, 0, 0]

    async def test_it_reads_what_it_wrote(self, banc: Banc) -> None:
        async def travail(transaction: Transaction) -> dict[str, Document]:
            await tout_ecrire(transaction)
            return await transaction.formations([A, "inconnue"])

        assert (await banc.base.transaction(travail)).keys() == {A}

    async def test_it_runs_again_when_another_wrote_what_it_read(self, banc: Banc) -> None:
        await banc.poser(une_offre("A"))
        vues: list[object] = []

        async def travail(transaction: Transaction) -> None:
            (tenue,) = (await transaction.formations([A])).values()
            vues.append(tenue.get("textes"))
            if len(vues) == 1:
                await banc.recrire(A, textes="d'un autre")
            await transaction.ecrire([], [{**tenue, "rejets": "les siens"}])

        await banc.base.transaction(travail)

        assert vues == [None, "d'un autre"]
        tenue = await banc.lire(A)
        assert (tenue["textes"], tenue["rejets"]) == ("d'un autre", "les siens")

    @pytest.mark.parametrize("quoi", _DEUX_FOIS)
    async def test_what_is_there_is_never_written_over(self, banc: Banc, quoi: str) -> None:
        await banc.base.transaction(tout_ecrire)
        avant = await banc.lire(A), await banc.decisions(A)

        async def travail(transaction: Transaction) -> None:
            await transaction.emettre([annonce("A")])
            await _DEUX_FOIS[quoi](transaction)

        with pytest.raises(Contention):
            await banc.base.transaction(travail)

        assert (await banc.lire(A), await banc.decisions(A)) == avant
        assert [await banc.compter(nom) for nom in HISTOIRES] == [1, 1, 1]

    async def test_documents_come_back_as_texts_lists_and_milliseconds(self, banc: Banc) -> None:
        fin = timedelta(milliseconds=7, microseconds=9)
        parties = {"statut": Statut.PRET, "paires": [("a", 1)], "le": INSTANT + fin}
        await banc.poser(une_offre("A", textes=parties))

        rendu = (await banc.lire(A))["textes"]

        assert rendu == {
            "statut": "prêt pour intégration",
            "paires": [["a", 1]],
            "le": INSTANT + timedelta(milliseconds=7),
        }
        assert type(rendu["statut"]) is str

    async def test_what_was_read_is_the_readers_own(self, banc: Banc) -> None:
        await banc.poser(une_offre("A"))
        (await banc.lire(A))["projection"]["cfd"] = "autre"
        assert (await banc.lire(A))["projection"]["cfd"] == "32033422"

    async def test_each_writing_bears_a_mark_of_its_own(self, banc: Banc) -> None:
        await banc.poser(une_offre("A"), une_offre("B"))
        marques = [(await banc.lire(nom * 26))["ecrit"] for nom in "AB"]
        marques += [(await banc.recrire(A))["ecrit"] for _ in range(2)]
        assert len(set(marques)) == 4

    async def test_a_tried_bulk_decision_is_kept_once_and_goes_forward(self, banc: Banc) -> None:
        await banc.lots.garder({"_id": "j", "essaye_le": INSTANT, "resultats": []})
        for rang in range(2):
            await banc.base.transaction(methodcaller("avancer_lot", "j", [{"rang": rang}]))
        await banc.lots.garder({"_id": "j", "essaye_le": INSTANT, "resultats": []})

        tenu = await banc.lots.lire("j")
        assert tenu is not None
        assert tenu["resultats"] == [{"rang": 0}, {"rang": 1}]
        assert await banc.base.transaction(lambda t: t.lot("j")) == tenu
        assert await banc.lots.lire("autre") is None
        assert await banc.base.transaction(lambda t: t.lot("autre")) is None

    async def test_sending_is_on_until_somebody_ends_it(self, banc: Banc) -> None:
        assert await banc.base.transaction(lambda t: t.envoi_actif())
        assert (await banc.reglages.courants()).actif

    async def test_the_journal_is_told_by_offer_and_platform(self, banc: Banc) -> None:
        await banc.journaliser(
            entree("A", 2), entree("B"), entree("A", 1), entree("A", 1, "affelnet"), entree("C")
        )

        async def dedans(transaction: TransactionDOperation) -> Mapping[str, list[Document]]:
            return await transaction.decisions_prises([A, "B" * 26], Plateforme.PARCOURSUP)

        prises = await banc.operations.journal([A, "B" * 26], Plateforme.PARCOURSUP)

        assert {un: [une["numero"] for une in siennes] for un, siennes in prises.items()} == {
            A: [1, 2],
            "B" * 26: [1],
        }
        assert await banc.operations.transaction(dedans) == prises
