"""What the sweep of stale judgements rests on (`ports.Reevaluations`)."""

from dataclasses import replace
from typing import Any, Final

from services.export.domain.reevaluation import Assise, Balayage
from tests.support.suite_export.banc import Banc, annonce, une_offre
from tests.unit.export.fabrique import offre

DIPLOME: Final = (offre()["niveau"], offre()["diplome"])
AILLEURS: Final = ("9", "AUTRE")
ANCIENNE: Final = Assise("ancienne", "c", {DIPLOME: "1", AILLEURS: "1"})
NEUVE: Final = Assise("neuve", "c", {DIPLOME: "2"})
TOUT: Final = Balayage(NEUVE, None, None)
TOUCHES: Final = Balayage(NEUVE, ANCIENNE, frozenset([DIPLOME]), acquise_depuis=7)


def jugee(nom: str, marque: str = "ancienne", **formation: object) -> dict[str, Any]:
    """Return an offer judged under a mark."""
    return une_offre(nom, formation=formation) | {"marque": marque}


class SuiteReevaluations:
    """Inherited by a class whose `banc` fixture brings a store."""

    async def vus(self, banc: Banc, balayage: Balayage, *, tard: bool = False) -> list[str]:
        """Return the first letters of what a sweep visits, by batches of two."""
        lire = banc.reevaluations.retardataires if tard else banc.reevaluations.lots
        lots = [lot async for lot in lire(balayage, 2)]
        assert [len(lot) for lot in lots[:-1]] == [2] * (len(lots) - 1)
        return [offre["_id"][0] for lot in lots for offre in lot]

    async def test_a_sweep_is_kept_as_it_began(self, banc: Banc) -> None:
        assert await banc.reevaluations.balayage() is None
        for voulu in (TOUT, TOUCHES):
            commence = await banc.reevaluations.commencer(voulu)
            assert replace(commence, depuis=voulu.depuis) == voulu
            assert await banc.reevaluations.balayage() == commence

    async def test_it_goes_forward_unless_another_began(self, banc: Banc) -> None:
        commence = await banc.reevaluations.commencer(TOUT)
        suivi = replace(commence, curseur="B", complet=True)
        await banc.reevaluations.avancer(replace(suivi, vise=ANCIENNE))
        assert await banc.reevaluations.balayage() == commence
        await banc.reevaluations.avancer(suivi)
        assert await banc.reevaluations.balayage() == suivi

    async def test_offers_are_visited_in_batches_from_the_cursor_on(self, banc: Banc) -> None:
        await banc.poser(*map(jugee, "EACBD"))
        assert await self.vus(banc, TOUT) == list("ABCDE")
        assert await self.vus(banc, replace(TOUT, curseur="B" * 26)) == list("CDE")

    async def test_only_the_diplomas_that_are_touched_are_visited(self, banc: Banc) -> None:
        await banc.poser(jugee("B"), jugee("A", niveau="9", diplome="AUTRE"), jugee("C"))
        assert await self.vus(banc, TOUCHES) == list("BC")
        assert await self.vus(banc, replace(TOUCHES, touches=frozenset())) == []

    async def test_what_was_written_since_under_another_mark_is_late(self, banc: Banc) -> None:
        commence = await banc.reevaluations.commencer(TOUT)
        await banc.poser(jugee("A"), jugee("B", "neuve"), jugee("C", "autre"))
        assert sorted(await self.vus(banc, commence, tard=True)) == list("AC")

    async def test_beside_what_is_touched_only_a_strange_mark_is_late(self, banc: Banc) -> None:
        commence = await banc.reevaluations.commencer(replace(TOUCHES, acquise_depuis=0))
        ailleurs = {"niveau": AILLEURS[0], "diplome": AILLEURS[1]}
        await banc.poser(
            jugee("A"),
            jugee("B", "neuve"),
            jugee("C", **ailleurs),
            jugee("D", "autre", **ailleurs),
        )
        assert sorted(await self.vus(banc, commence, tard=True)) == list("AD")
        rien = replace(commence, touches=frozenset())
        assert sorted(await self.vus(banc, rien, tard=True)) == ["D"]

    async def test_a_mark_is_set_on_what_is_still_as_read(self, banc: Banc) -> None:
        await banc.poser(jugee("A"), jugee("B"))
        lues = [await banc.lire(nom * 26) for nom in "AB"]
        recrite = await banc.recrire("B" * 26)

        await banc.reevaluations.marquer(lues, "neuve")
        await banc.reevaluations.marquer([], "neuve")

        assert await banc.lire("A" * 26) == {**lues[0], "marque": "neuve"}
        assert await banc.lire("B" * 26) == recrite

    async def test_judgements_are_written_and_facts_are_left(self, banc: Banc) -> None:
        await banc.poser(jugee("A"))
        lue = await banc.lire("A" * 26)
        neuve = {**lue, "marque": "neuve", "affiche": {}, "textes": "jamais", "sequence": 9}

        assert await banc.reevaluations.ecrire([neuve], [{"_id": "h"}], [annonce("A")])

        apres = await banc.lire("A" * 26)
        assert apres == {**lue, "marque": "neuve", "affiche": {}, "ecrit": apres["ecrit"]}
        assert apres["ecrit"] != lue["ecrit"]
        assert [await banc.compter(nom) for nom in ("historique", "evenements")] == [1, 1]

    async def test_nothing_is_written_when_one_changed_since_it_was_read(self, banc: Banc) -> None:
        await banc.poser(jugee("A"), jugee("B"))
        lues = [await banc.lire(nom * 26) for nom in "AB"]
        recrite = await banc.recrire("B" * 26)
        neuves = [{**lue, "marque": "neuve"} for lue in lues]

        assert not await banc.reevaluations.ecrire(neuves, [{"_id": "h"}], [annonce("A")])

        assert [await banc.lire(nom * 26) for nom in "AB"] == [lues[0], recrite]
        assert [await banc.compter(nom) for nom in ("historique", "evenements")] == [0, 0]
