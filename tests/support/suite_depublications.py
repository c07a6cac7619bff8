"""A mass of `published: false` is held, whatever the store; two offers, or half, are no mass."""

import orjson
import pytest

from contracts.evenements import StatutLigne
from services.collect.usecases.consulter import Filtre, bilan
from tests.support.offres import offre
from tests.support.suite_collect import Banc, cle

ACCEPTEE, REFUSEE = StatutLigne.ACCEPTEE, StatutLigne.REFUSEE
TOUTES = range(1, 9)


def eteinte(numero: int) -> dict[str, object]:
    return {**offre(numero), "published": False}


async def publiees(banc: Banc) -> set[int]:
    """Return which of the offers are published as the store has them."""
    trouvees = set()
    for numero in TOUTES:
        (vue,) = await banc.offres.vue(["cle:" + cle(numero)])
        tenue = await banc.offres.par_id(vue.id)
        assert tenue is not None
        contenu = orjson.loads(tenue.contenu)
        assert tenue.depubliee is (contenu.get("published") is False)
        if not tenue.depubliee:
            trouvees.add(numero)
    return trouvees


class SuiteDepublications:
    """Inherited by a class whose `banc` fixture brings an empty store."""

    @pytest.fixture
    async def plein(self, banc: Banc) -> Banc:
        """Bring eight published offers of one depositor."""
        await banc.deposer(*map(offre, TOUTES))
        return banc

    async def test_a_mass_is_refused_and_the_offers_stay_as_they_were(self, plein: Banc) -> None:
        depot = await plein.deposer(*map(eteinte, range(1, 6)), *map(offre, range(6, 9)))

        assert await publiees(plein) == set(TOUTES)
        assert await plein.totaux(depot) == {"recues": 8, "refusee": 5, "identique": 3}
        (premiere, *_) = await plein.lignes(depot, Filtre(REFUSEE))
        assert premiere.constats == [
            {"code": "depublication_en_masse", "champ": "published", "valeur": "5 sur 8"}
        ]

    async def test_a_deposit_that_is_held_is_over(self, plein: Banc) -> None:
        depot = await plein.deposer(*map(eteinte, TOUTES))

        vu = await bilan(depot, plein.depots)
        assert set(vu.faites.values()) == {8}

    async def test_few_apply_wherever_batches_are_cut(self, plein: Banc) -> None:
        depot = await plein.deposer(*map(eteinte, range(1, 5)), *map(offre, range(5, 9)))

        assert await publiees(plein) == {5, 6, 7, 8}
        assert await plein.totaux(depot) == {"recues": 8, "acceptee": 4, "identique": 4}

    async def test_the_depositors_word_lets_the_same_file_apply(self, plein: Banc) -> None:
        livraison = [*map(eteinte, TOUTES)]
        await plein.deposer(*livraison)

        admise = await plein.deposer(*livraison, depublication=True)
        encore = await plein.deposer(*livraison)

        assert await publiees(plein) == set()
        assert await plein.totaux(admise) == {"recues": 8, "acceptee": 8}
        assert await plein.totaux(encore) == {"recues": 8, "identique": 8}

    async def test_what_was_unpublished_before_counts_no_more(self, plein: Banc) -> None:
        await plein.deposer(*map(eteinte, range(1, 5)))
        changees = [{**eteinte(n), "localite": "Avignon"} for n in range(1, 5)]

        await plein.deposer(*changees, eteinte(5), eteinte(6))

        assert await publiees(plein) == {7, 8}

    async def test_a_later_line_that_publishes_again_holds(self, plein: Banc) -> None:
        depot = await plein.deposer(*map(eteinte, TOUTES), *map(offre, range(1, 6)))

        assert await publiees(plein) == set(TOUTES)
        totaux = {"recues": 13, "ignoree": 5, "refusee": 3, "identique": 5}
        assert await plein.totaux(depot) == totaux

    async def test_new_offers_and_other_depositors_are_no_mass(self, plein: Banc) -> None:
        depot = await plein.deposer(*map(eteinte, range(11, 19)), deposant="autre")

        assert await plein.totaux(depot) == {"recues": 8, "acceptee": 8}

    async def test_a_dry_run_says_what_would_be_held(self, plein: Banc) -> None:
        depot = await plein.deposer(*map(eteinte, TOUTES), essai=True)

        assert await plein.totaux(depot) == {"recues": 8, "refusee": 8}
