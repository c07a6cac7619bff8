"""The rebuild: gate, swap, and what is left after a failure."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from contracts.topics import FORMATIONS
from services.kernel.events import Record
from services.search.domain.fusion import Partie
from services.search.ports import Empreintes, Index
from services.search.usecases.reconstruire import EcartsPersistants, Outils, reconstruire
from tests.support.formations import formation_v1, octets
from tests.unit.search.index_de_test import IndexDeTest

ENTETES = {"ce_id": b"x", "ce_type": b"x", "ce_sequence": b"%020d" % 1}


Evenements = Sequence[dict[str, Any]]


class Serveur:
    """Versions of an index, and topics, in memory."""

    def __init__(
        self, journal: Sequence[dict[str, Any]], en_service: Sequence[dict[str, Any]]
    ) -> None:
        """Hold these events in the topic, and these in the index that is read."""
        self.journal = journal
        self.index = {"v1": IndexDeTest()}
        self.lecture = "v1"
        self.retires: list[str] = []
        self.apercus = 0
        for evenement in en_service:
            self.index["v1"].documents[evenement["id"]] = evenement

    async def lus(self) -> Sequence[str]:
        return [self.lecture]

    async def versions(self) -> Sequence[str]:
        return sorted(self.index)

    async def creer_la_suivante(self) -> str:
        self.index["v2"] = IndexDeTest()
        return "v2"

    async def permuter(self, nouvelle: str) -> None:
        self.lecture = nouvelle

    async def retirer(self, index: str) -> None:
        self.retires.append(index)
        del self.index[index]

    async def ouvrir(self) -> dict[tuple[str, int], int]:
        return {(FORMATIONS.name, 0): len(self.journal)}

    async def lots(self) -> AsyncIterator[list[Record]]:
        for rang, evenement in enumerate(self.journal):
            valeur = octets(evenement)
            yield [Record(FORMATIONS.name, 0, rang, 0, b"k", ENTETES, valeur)]

    async def empreintes(self, index: str) -> AsyncIterator[list[Empreintes]]:
        yield [
            Empreintes(
                id_,
                "active",
                document.get(Partie.FORMATION.sequence, document.get("sequence")),
                document.get(Partie.FORMATION.empreinte, document.get("empreinte")),
                None,
                None,
            )
            for id_, document in sorted(self.index[index].documents.items())
        ]

    async def regarder_encore(self) -> bool:
        self.apercus += 1
        return self.apercus < 3


class Aiguillage:
    """Writes go to the index named."""

    def __init__(self, serveur: Serveur) -> None:
        """Route within this server."""
        self.serveur = serveur

    async def cibles(self) -> Sequence[str]:
        return list(self.serveur.index)

    async def lire(self, cible: str, ids: Sequence[str]) -> Any:  # noqa: ANN401
        return await self.serveur.index[cible].lire(cible, ids)

    async def ecrire(self, cible: str, ecritures: Any) -> Any:  # noqa: ANN401
        return await self.serveur.index[cible].ecrire(cible, ecritures)


async def _sans_attendre(_: int) -> None:
    return


def _outils(serveur: Serveur, index: Index | None = None) -> Outils:
    return Outils(
        versions=serveur,
        sujets=serveur,
        index=index or Aiguillage(serveur),
        empreintes=serveur.empreintes,
        tentatives=2,
        pause=_sans_attendre,
        avant_la_porte=serveur.regarder_encore,
    )


TROIS = [formation_v1("a"), formation_v1("b"), formation_v1("c", 4)]


async def test_the_new_index_is_read_once_it_holds_all_and_the_old_one_is_removed() -> None:
    serveur = Serveur(TROIS, TROIS)
    fait = await reconstruire(_outils(serveur))
    assert (serveur.lecture, serveur.retires) == ("v2", ["v1"])
    assert (fait.documents, fait.lus, fait.ecartes) == (3, 3, 0)


async def test_what_the_topics_lost_keeps_the_gate_shut() -> None:
    serveur = Serveur(TROIS[:2], TROIS)
    with pytest.raises(EcartsPersistants) as ferme:
        await reconstruire(_outils(serveur))
    assert ferme.value.ids == ["c"]
    assert (serveur.lecture, serveur.retires) == ("v1", ["v2"])


async def test_an_older_part_keeps_the_gate_shut() -> None:
    serveur = Serveur([*TROIS[:2], formation_v1("c", 3)], TROIS)
    with pytest.raises(EcartsPersistants):
        await reconstruire(_outils(serveur))


async def test_a_newer_state_passes_the_gate() -> None:
    serveur = Serveur([*TROIS[:2], formation_v1("c", 5)], TROIS)
    await reconstruire(_outils(serveur))
    assert serveur.lecture == "v2"


async def test_a_failed_build_is_removed_and_can_be_run_again() -> None:
    serveur = Serveur(TROIS, TROIS)

    async def casse(_: str) -> AsyncIterator[list[Empreintes]]:
        raise RuntimeError("panne")
        yield []

    outils = _outils(serveur)
    with pytest.raises(RuntimeError):
        await reconstruire(
            Outils(
                versions=outils.versions,
                sujets=outils.sujets,
                index=outils.index,
                empreintes=casse,
                tentatives=2,
                pause=_sans_attendre,
                avant_la_porte=serveur.regarder_encore,
            )
        )
    assert (serveur.lecture, list(serveur.index)) == ("v1", ["v1"])
    await reconstruire(_outils(serveur))
    assert serveur.lecture == "v2"


async def test_what_a_killed_run_left_is_removed_first() -> None:
    serveur = Serveur(TROIS, TROIS)
    serveur.index["v0"] = IndexDeTest()
    await reconstruire(_outils(serveur))
    assert serveur.retires == ["v0", "v1"]


async def test_an_unreadable_record_is_counted_and_stops_nothing() -> None:
    mauvais = formation_v1("d")
    del mauvais["etat"]
    serveur = Serveur([*TROIS, mauvais], TROIS)
    fait = await reconstruire(_outils(serveur))
    assert fait.ecartes == 1
