"""What Affelnet imports rest on (`ports_imports`)."""

from datetime import timedelta
from typing import Final

import pytest

from services.export.ports import Document
from services.export.ports_imports import TransactionDImport
from services.kernel.errors import Contention
from tests.support.suite_export.banc import Banc, entree, une_offre
from tests.unit.export.fabrique import INSTANT
from tests.unit.export.test_import_affelnet import lues, rangee

A: Final = "A" * 26
LIGNES: Final = lues(rangee(1), rangee(1, ACADEMIE="inconnue"), rangee(2, "1"), rangee(3, UAI=""))


def un_entete(**parties: object) -> Document:
    """Return the header of an import."""
    return {"_id": "i", "nom": "f.csv", "depose_le": INSTANT, "applications": []} | parties


class SuiteImports:
    """Inherited by a class whose `banc` fixture brings a store."""

    async def test_an_import_is_kept_once_with_its_rows(self, banc: Banc) -> None:
        assert await banc.imports.un("i") is None
        assert await banc.imports.garder(un_entete(), LIGNES)
        assert not await banc.imports.garder(un_entete(nom="autre"), [])

        assert await banc.imports.un("i") == un_entete()
        assert await banc.imports.lignes("i") == LIGNES
        assert {lue.refus for lue in LIGNES} >= {None, "academie_inconnue", "sans_uai"}

    async def test_the_fields_asked_for_are_read_of_every_offer(self, banc: Banc) -> None:
        retours = {"parcoursup": {"decision": 1, "campagne": "2020", "recu_le": INSTANT}}
        await banc.poser(une_offre("A"), une_offre("B"), une_offre("C", retours=retours))
        champs = ["projection.cfd", "retours.affelnet", "absent.autre"]
        attendus = {nom * 26: {"_id": nom * 26, "projection": {"cfd": "32033422"}} for nom in "ABC"}
        attendus["C" * 26]["retours"] = {}

        async def dedans(transaction: TransactionDImport) -> list[Document]:
            return [un async for lot in transaction.offres(champs) for un in lot]

        dehors = [un async for lot in banc.imports.offres(champs) for un in lot]
        for lus in (dehors, await banc.imports.transaction(dedans)):
            assert {un["_id"]: un for un in lus} == attendus

    async def test_whole_offers_are_read_by_their_ids(self, banc: Banc) -> None:
        await banc.poser(une_offre("A"), une_offre("B"))
        assert await banc.imports.completes([A, "inconnue"]) == {A: await banc.lire(A)}

    async def test_the_last_preview_is_the_imports(self, banc: Banc) -> None:
        await banc.imports.garder(un_entete(), LIGNES)
        for version in "12":
            apercu = {"version": version, "calcule_le": INSTANT, "changements": 1}
            await banc.imports.garder_apercu("i", apercu, [{"ligne": 2}], [{"id": A}])
        assert await banc.imports.un("i") == un_entete(apercu=apercu)
        assert await banc.imports.lignes("i") == LIGNES

    async def test_applications_are_noted_with_what_they_write(self, banc: Banc) -> None:
        await banc.imports.garder(un_entete(), LIGNES)
        notees = [{"le": INSTANT + timedelta(days=jour), "changements": 1} for jour in range(2)]
        for rang, notee in enumerate(notees, 1):

            async def travail(
                transaction: TransactionDImport, rang: int = rang, notee: Document = notee
            ) -> None:
                await transaction.journaliser(entree("A", rang))
                await transaction.noter_application("i", notee)

            await banc.imports.transaction(travail)

        assert await banc.imports.un("i") == un_entete(applications=notees)
        assert len(await banc.decisions(A)) == 2

    async def test_a_decision_is_never_written_over(self, banc: Banc) -> None:
        await banc.imports.garder(un_entete(), LIGNES)
        await banc.journaliser(entree("A"))

        async def travail(transaction: TransactionDImport) -> None:
            await transaction.noter_application("i", {"le": INSTANT})
            await transaction.journaliser(entree("A", _id="autre"))

        with pytest.raises(Contention):
            await banc.imports.transaction(travail)

        assert await banc.imports.un("i") == un_entete()
