"""Whatever the order, the batches and the repetition, an edit is inherited, and once."""

import asyncio
from itertools import pairwise
from typing import Any, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.enrich.lignee import (
    AUTEUR,
    AUTRE_UAI,
    DE_LA_SOURCE,
    LE,
    UAI,
    appliquer,
    corriger,
    edition,
    evenements,
    recalculer,
    renoncer,
)
from tests.unit.enrich.magasin import Magasin

Donnees: TypeAlias = dict[str, Any]

A, B, C = (evenements()[nom] for nom in "ABC")
_COUPES = st.lists(st.integers(1, 4), min_size=7, max_size=7)
_FOIS = st.lists(st.integers(1, 2), min_size=7, max_size=7)


@st.composite
def _ordres(tirer: st.DrawFn) -> list[Donnees]:
    """Return the events that follow the creation of A, those of each offer in order."""
    restes = {"A": A[1:], "B": list(B), "C": list(C)}
    ordre = []
    while restes:
        nom = tirer(st.sampled_from(sorted(restes)))
        premier, *suite = restes.pop(nom)
        ordre.append(premier)
        if suite:
            restes[nom] = suite
    return ordre


def _lots(ordre: list[Donnees], coupes: list[int], fois: list[int]) -> list[list[Donnees]]:
    bornes = [0, *(sum(coupes[: n + 1]) for n in range(len(coupes)))]
    lots = [ordre[debut:fin] for debut, fin in pairwise(bornes)]
    return [lot for lot, repetitions in zip(lots, fois, strict=True) for _ in range(repetitions)]


async def _jouer(lots: list[list[Donnees]]) -> Magasin:
    magasin = Magasin()
    await appliquer(magasin, A[0])
    await corriger(magasin, "A", uai_formation=UAI)
    for lot in lots:
        if lot:
            await appliquer(magasin, *lot)
            await recalculer(magasin)
    return magasin


@settings(max_examples=40, deadline=None)
@given(_ordres(), _COUPES, _FOIS)
def test_neither_order_batches_repetition_nor_recomputation_loses_an_edit(
    ordre: list[Donnees], coupes: list[int], fois: list[int]
) -> None:
    async def essai() -> None:
        magasin = await _jouer(_lots(ordre, coupes, fois))
        for nom, de in (("B", "A"), ("C", "B")):
            assert await edition(magasin, nom) == {
                "valeur": UAI,
                "collectee": DE_LA_SOURCE[nom],
                "auteur": AUTEUR,
                "le": LE,
                "heritee_de": de,
            }

    asyncio.run(essai())


@settings(max_examples=40, deadline=None)
@given(_ordres(), _COUPES, _FOIS, st.sampled_from("BC"), st.data())
def test_once_settled_only_a_person_moves_an_edit(
    ordre: list[Donnees],
    coupes: list[int],
    fois: list[int],
    nom: str,
    data: st.DataObject,
) -> None:
    async def essai() -> None:
        magasin = await _jouer(_lots(ordre, coupes, fois))
        if data.draw(st.booleans(), label="renonce"):
            await renoncer(magasin, nom)
        await corriger(magasin, "A", uai_formation=AUTRE_UAI)
        avant = await edition(magasin, nom)
        await appliquer(magasin, *ordre)
        await recalculer(magasin)
        assert await edition(magasin, nom) == avant

    asyncio.run(essai())
