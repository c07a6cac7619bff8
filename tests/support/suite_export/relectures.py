"""What reading Parcoursup back rests on (`ports_parcoursup.Relectures`)."""

from datetime import datetime, timedelta
from operator import methodcaller
from typing import Final

from contracts.statuts import Statut
from services.export.domain.relecture_parcoursup import Suivie
from services.export.domain.statut import Retour
from services.export.usecases.relire import demande_de_relecture
from tests.support.suite_export.banc import Banc, une_decision, une_offre
from tests.unit.export.fabrique import CLE, INSTANT

TARD: Final = INSTANT + timedelta(minutes=20)


class SuiteRelectures:
    """Inherited by a class whose `banc` fixture brings a store."""

    async def demander(self, banc: Banc, id_: str, le: datetime = INSTANT) -> None:
        """Ask for a read-back."""
        await banc.relectures.demander(demande_de_relecture(id_, "moss", "", le))

    async def prendre(self, banc: Banc, instant: datetime, abandon: datetime) -> str | None:
        """Take a request; return its id."""
        prise = await banc.relectures.prendre(instant, abandon)
        return prise["_id"] if prise else None

    async def test_each_request_is_taken_once_the_oldest_first(self, banc: Banc) -> None:
        for id_ in "21":
            await self.demander(banc, id_)
        prises = [await self.prendre(banc, INSTANT, INSTANT) for _ in range(3)]
        assert prises == ["1", "2", None]

    async def test_one_that_was_abandoned_is_taken_again_one_that_ended_is_not(
        self, banc: Banc
    ) -> None:
        for id_ in "12":
            await self.demander(banc, id_)
            await self.prendre(banc, INSTANT, INSTANT)
        await banc.relectures.conclure("1", {"etat": "appliquee", "lignes": 3})

        assert await self.prendre(banc, TARD, INSTANT) is None
        assert await self.prendre(banc, TARD, TARD) == "2"
        assert await self.prendre(banc, TARD, TARD) is None

    async def test_the_last_request_is_known(self, banc: Banc) -> None:
        assert await banc.relectures.derniere_demande() is None
        for id_, le in (("1", TARD), ("2", INSTANT)):
            await self.demander(banc, id_, le)
        assert await banc.relectures.derniere_demande() == TARD

    async def test_only_a_newer_read_back_takes_the_place_of_another(self, banc: Banc) -> None:
        assert await banc.relectures.derniere() is None
        assert await banc.base.transaction(lambda t: t.relecture_en_vigueur()) is None
        avancees = [
            await banc.relectures.avancer(lue_le, nombre)
            for lue_le, nombre in ((INSTANT, 1), (TARD, 2), (TARD, 3), (INSTANT, 4))
        ]
        assert avancees == [True, True, False, False]
        derniere = await banc.relectures.derniere()
        assert derniere is not None
        assert (derniere["lue_le"], derniere["nombre"]) == (TARD, 2)
        assert await banc.base.transaction(lambda t: t.relecture_en_vigueur()) == TARD

    async def test_offers_are_told_as_the_read_back_sees_them(self, banc: Banc) -> None:
        retour = {
            "decision": 1,
            "statut": "publié",
            "campagne": "2020",
            "recu_le": INSTANT,
            "identifiant": "7",
        }
        faits = {
            "decisions": {"parcoursup": une_decision(3)},
            "retours": {"parcoursup": retour},
            "relecture": {"parcoursup": {"lues": [["Publié sur le MDR", "7"]], "visible": True}},
        }
        await banc.poser(une_offre("A"), une_offre("B", **faits))

        suivies = sorted(await banc.relectures.suivies(), key=lambda suivie: suivie.id)

        assert suivies == [
            Suivie("A" * 26, CLE),
            Suivie(
                "B" * 26,
                CLE,
                3,
                Retour(1, Statut.PUBLIE, "2020", INSTANT, "7"),
                visible=True,
                lues=frozenset([("Publié sur le MDR", "7")]),
            ),
        ]

    async def test_a_batch_noted_again_takes_the_place_of_the_former(self, banc: Banc) -> None:
        for changements in ([], [{"formation": "A"}]):
            lot = {"_id": "1.0", "relecture": "1", "changements": changements}
            await banc.base.transaction(methodcaller("noter_relecture", lot))
