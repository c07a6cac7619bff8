"""The UAI that a person set goes on to the offer that replaces it: once, whatever the order."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, TypeVar

import orjson
import pytest

from contracts.topics import FORMATIONS
from services.enrich.ports import Transaction
from services.kernel.errors import Retry
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
    tete,
    uai,
)
from tests.unit.enrich.magasin import Magasin

T = TypeVar("T")
Donnees: TypeAlias = dict[str, Any]

A, B, C = (evenements()[nom] for nom in "ABC")


async def _corrigee() -> Magasin:
    """A and B are held; a person set the UAI of A."""
    magasin = Magasin()
    await appliquer(magasin, A[0], B[0])
    await corriger(magasin, "A", uai_formation=UAI)
    return magasin


async def test_an_edit_and_its_author_are_inherited_against_the_source_of_the_successor() -> None:
    magasin = await _corrigee()
    await appliquer(magasin, A[1], B[1])

    assert await uai(magasin, "B") == UAI
    assert await edition(magasin, "B") == {
        "valeur": UAI,
        "collectee": DE_LA_SOURCE["B"],
        "auteur": AUTEUR,
        "le": LE,
        "heritee_de": "A",
    }
    assert (await tete(magasin, "B")).heritage == {"de": "A"}


async def test_what_is_inherited_is_no_conflict_and_is_told_to_all() -> None:
    magasin = await _corrigee()
    await appliquer(magasin, A[1], B[1])

    codes = {constat["code"] for constat in magasin.tenues["B"].etat["constats"]}
    assert "edition_en_conflit" not in codes
    dites = [orjson.loads(e.data) for e in magasin.evenements if e.topic == FORMATIONS]
    derniere = [donnees for donnees in dites if donnees["id"] == "B"][-1]
    assert (derniere["formation"]["uai_formation"], derniere["predecesseurs"]) == (UAI, ["A"])


async def test_history_tells_from_whom_it_came() -> None:
    magasin = await _corrigee()
    await appliquer(magasin, A[1], B[1])

    nom, _, champs = magasin.historique[-1]
    cause = magasin.causes[-1]
    assert (nom, champs["uai_formation"]) == ("B", [DE_LA_SOURCE["B"], UAI])
    assert (cause.nature, cause.auteur) == ("succession", AUTEUR)
    assert cause.detail == {"champs": ["uai_formation"], "herite_de": "A"}


async def test_an_edit_of_the_successor_holds() -> None:
    magasin = await _corrigee()
    await corriger(magasin, "B", uai_formation=AUTRE_UAI, auteur="cfa-nice")
    await appliquer(magasin, A[1], B[1])

    tenue = await edition(magasin, "B")
    assert tenue is not None
    assert (tenue["valeur"], tenue["auteur"]) == (AUTRE_UAI, "cfa-nice")
    assert (await tete(magasin, "B")).heritage == {"de": "A"}


async def test_other_edits_are_not_inherited() -> None:
    magasin = Magasin()
    await appliquer(magasin, A[0], B[0])
    await corriger(magasin, "A", capacite="12")
    await appliquer(magasin, A[1], B[1])

    assert (await tete(magasin, "B")).editions is None


async def test_the_edits_of_the_successor_on_other_fields_stay() -> None:
    magasin = await _corrigee()
    await corriger(magasin, "B", capacite="12")
    await appliquer(magasin, A[1], B[1])

    assert set((await tete(magasin, "B")).editions or {}) == {"capacite", "uai_formation"}


async def test_a_later_edit_of_the_predecessor_moves_nothing() -> None:
    magasin = Magasin()
    await appliquer(magasin, A[0], B[0])
    await appliquer(magasin, A[1], B[1])
    await corriger(magasin, "A", uai_formation=UAI)
    await appliquer(magasin, *A, *B)

    assert await uai(magasin, "B") == DE_LA_SOURCE["B"]
    assert await edition(magasin, "B") is None


async def test_what_a_person_gave_up_does_not_come_back() -> None:
    magasin = await _corrigee()
    await appliquer(magasin, A[1], B[1])
    await renoncer(magasin, "B")
    await appliquer(magasin, *A, *B)
    await appliquer(magasin, B[1] | {"sequence": 9})
    await recalculer(magasin)

    assert await uai(magasin, "B") == DE_LA_SOURCE["B"]


async def test_what_a_person_gave_up_before_the_predecessor_was_known_does_not_come() -> None:
    magasin = Magasin()
    await appliquer(magasin, A[0], B[0])
    await appliquer(magasin, B[1])  # A is not told to be replaced yet
    await corriger(magasin, "A", uai_formation=UAI)
    await corriger(magasin, "B", uai_formation=AUTRE_UAI)
    await renoncer(magasin, "B")
    await appliquer(magasin, A[1])

    assert await uai(magasin, "B") == DE_LA_SOURCE["B"]


@pytest.mark.parametrize("ordre", [(A[1], B[1]), (B[1], A[1])])
async def test_either_end_may_be_known_first(ordre: tuple[Donnees, ...]) -> None:
    magasin = await _corrigee()
    for donnees in ordre:
        await appliquer(magasin, donnees)

    assert await uai(magasin, "B") == UAI


async def test_a_successor_waits_for_a_predecessor_that_waits_itself() -> None:
    magasin = Magasin()
    await appliquer(magasin, A[0])
    await corriger(magasin, "A", uai_formation=UAI)
    await appliquer(magasin, C[0], C[1])
    await appliquer(magasin, *B)
    assert (await tete(magasin, "C")).heritage is None

    await appliquer(magasin, A[1])
    tenue = await edition(magasin, "C")
    assert tenue is not None
    assert (tenue["valeur"], tenue["heritee_de"]) == (UAI, "B")


async def test_what_stopped_halfway_is_settled_when_its_events_come_again() -> None:
    magasin = await _corrigee()
    await appliquer(magasin, A[1])
    with pytest.raises(Retry):
        await appliquer(_Coupe(magasin), B[1])
    assert await uai(magasin, "B") == DE_LA_SOURCE["B"]

    await appliquer(magasin, B[1])
    assert await uai(magasin, "B") == UAI


class _Coupe:
    """A store of formations that is gone after one transaction."""

    def __init__(self, magasin: Magasin) -> None:
        self._magasin = magasin
        self._faite = False

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        if self._faite:
            raise Retry("MongoDB ne répond pas")
        self._faite = True
        return await self._magasin.transaction(travail)


async def test_what_an_offer_replaces_later_changes_nothing() -> None:
    magasin = Magasin()
    await appliquer(magasin, A[0], *B[:2])
    autre = A[0] | {"id": "Z"}
    await appliquer(magasin, autre)
    await corriger(magasin, "Z", uai_formation=UAI)
    rejointe = {"operation": "succession", "origine": None}
    await appliquer(magasin, autre | rejointe | {"sequence": 2, "remplacee_par": "B"})
    await appliquer(magasin, B[1] | {"sequence": 3, "predecesseurs": ["A", "Z"]})
    assert (await tete(magasin, "B")).heritage is None

    await appliquer(magasin, A[1])
    assert await edition(magasin, "B") is None
    assert (await tete(magasin, "B")).heritage == {"de": "A"}


async def test_a_dry_run_settles_nothing() -> None:
    magasin = await _corrigee()
    await appliquer(magasin, A[1])
    await appliquer(magasin, B[1] | {"essai": True})

    assert (await tete(magasin, "B")).heritage is None


async def test_a_batch_that_is_settled_reads_no_predecessor() -> None:
    magasin = await _corrigee()
    await appliquer(magasin, A[1], B[1])
    faites = magasin.transactions
    await appliquer(magasin, B[1] | {"sequence": 9, "empreinte": "B.9"})

    assert magasin.transactions == faites + 1
