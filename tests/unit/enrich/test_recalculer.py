"""What is computed again, and why, when tables, day or rules move."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest

from services.enrich.domain.causes import Nature
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.recalcul import (
    REGLES,
    Barriere,
    Etabli,
    Etat,
    Recalcul,
    Socle,
    cause_de_recalcul,
)
from services.enrich.domain.recalcul_cles import Touchees
from services.enrich.domain.references.tables import References
from services.enrich.ports_versions import VersionInconnue
from services.enrich.usecases.recalculer import TOUT, Etablir
from services.kernel.events import Event
from services.kernel.ids import SequentialIds
from tests.unit.enrich.fabrique import CAP_SUIVANT, JOUR, references

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)


@dataclass
class Passes:
    """`ports_recalcul.Recalculs` in memory."""

    note: Etabli | None = None
    journal: list[tuple[int, str]] = field(default_factory=list)
    demandes: list[Recalcul] = field(default_factory=list)
    barrieres: list[Barriere] = field(default_factory=list)
    touchees: int = 3

    async def etabli(self) -> Etabli | None:
        return self.note

    async def activations(self, apres: int) -> list[tuple[int, str]]:
        return [une for une in self.journal if une[0] > apres]

    async def barrer(self, barriere: Barriere) -> None:
        self.barrieres.append(barriere)

    async def compter(self, touchees: Touchees) -> int:
        return 0 if touchees.vide else self.touchees

    async def etablir(
        self,
        avant: Etabli | None,
        apres: Etabli,
        recalculs: Sequence[Recalcul],
        annonces: Sequence[Event],
    ) -> bool:
        assert avant == self.note
        assert not annonces
        self.note = apres
        self.demandes += recalculs
        return True

    async def demander(self, recalcul: Recalcul) -> None:
        self.demandes.append(recalcul)

    async def prochain(self) -> Recalcul | None:
        return next((un for un in self.demandes if un.etat is not Etat.TERMINE), None)

    async def ids(self, recalcul: Recalcul, nombre: int) -> list[str]:
        del recalcul, nombre
        return []

    async def terminer(self, recalcul: Recalcul) -> None:
        self.demandes.remove(recalcul)


@dataclass
class Tables:
    """`ports.ReferencesStore` over a few versions."""

    versions: dict[str, References] = field(default_factory=dict)

    async def version_active(self) -> str | None:
        raise AssertionError

    async def charger(self, version: str) -> References:
        if version not in self.versions:
            raise VersionInconnue(version)
        return self.versions[version]


async def _sans_annonce(*_: object) -> list[Event]:
    return []


def _etablir(passes: Passes, tables: Tables) -> Etablir:
    return Etablir(passes, tables, SequentialIds(), _sans_annonce)


def _fermee() -> References:
    avant = references("v2")
    ferme = replace(avant.cfds[CAP_SUIVANT], date_fermeture="2021-08-31")
    return replace(avant, cfds={**avant.cfds, CAP_SUIVANT: ferme})


@pytest.fixture
def tables() -> Tables:
    return Tables({"v1": references("v1"), "v2": _fermee()})


def _regles(tables: Tables, version: str, jour: date = JOUR) -> Enrichisseur:
    return Enrichisseur(tables.versions[version], jour)


def _sur(version: str, activation: int, jour: date = JOUR, regles: int = REGLES) -> Etabli:
    return Etabli(activation, Socle(version, jour, regles))


async def test_an_empty_catalogue_has_nothing_to_compute_again(tables: Tables) -> None:
    passes = Passes(journal=[(1, "v1")], touchees=0)
    assert await _etablir(passes, tables).avancer(_regles(tables, "v1"), NOW)

    assert passes.note == _sur("v1", 1)
    assert passes.demandes == []


async def test_what_was_computed_before_passes_were_kept_is_computed_again(tables: Tables) -> None:
    passes = Passes(journal=[(1, "v1")])
    await _etablir(passes, tables).avancer(_regles(tables, "v1"), NOW)
    assert [(un.nature, un.touchees) for un in passes.demandes] == [(Nature.REGLES, TOUT)]


async def test_nothing_is_asked_for_while_nothing_moves(tables: Tables) -> None:
    passes = Passes(_sur("v1", 1), [(1, "v1")])
    assert not await _etablir(passes, tables).avancer(_regles(tables, "v1"), NOW)
    assert (passes.demandes, passes.barrieres) == ([], [])


async def test_new_tables_touch_what_rests_on_the_rows_that_differ(tables: Tables) -> None:
    passes = Passes(_sur("v1", 1), [(1, "v1"), (2, "v2")])
    await _etablir(passes, tables).avancer(_regles(tables, "v2"), NOW)

    (demande,) = passes.demandes
    assert (demande.nature, demande.de, demande.total) == (Nature.REFERENCES, "v1", 3)
    assert f"cfd:{CAP_SUIVANT}" in demande.touchees.cles
    assert not demande.touchees.tout
    assert passes.note == _sur("v2", 2)


async def test_older_tables_are_barred_before_anything_is_looked_for(tables: Tables) -> None:
    passes = Passes(_sur("v1", 1), [(1, "v1"), (2, "v2")])
    await _etablir(passes, tables).avancer(_regles(tables, "v2"), NOW)

    (barriere,) = passes.barrieres
    assert not barriere.admet(Socle("v1", JOUR))
    assert barriere.admet(Socle("v2", JOUR))
    assert barriere.admet(Socle("v3", JOUR))


async def test_tables_active_for_a_moment_only_are_not_forgotten(tables: Tables) -> None:
    passes = Passes(_sur("v1", 1), [(1, "v1"), (2, "v2"), (3, "v1")])
    await _etablir(passes, tables).avancer(_regles(tables, "v1"), NOW)

    (demande,) = passes.demandes
    assert f"cfd:{CAP_SUIVANT}" in demande.touchees.cles
    assert not passes.barrieres[0].admet(Socle("v2", JOUR))
    assert passes.barrieres[0].admet(Socle("v1", JOUR))


async def test_tables_that_are_not_loaded_yet_are_waited_for(tables: Tables) -> None:
    passes = Passes(_sur("v1", 1), [(1, "v1"), (2, "v2")])
    assert not await _etablir(passes, tables).avancer(_regles(tables, "v1"), NOW)
    assert passes.note == _sur("v1", 1)


async def test_tables_whose_rows_are_gone_touch_everything(tables: Tables) -> None:
    passes = Passes(_sur("v0", 1), [(1, "v0"), (2, "v2")])
    await _etablir(passes, tables).avancer(_regles(tables, "v2"), NOW)
    assert [un.touchees for un in passes.demandes] == [TOUT]


async def test_a_new_day_moves_every_threshold(tables: Tables) -> None:
    passes = Passes(_sur("v1", 1), [(1, "v1")])
    lendemain = date(2020, 11, 17)
    await _etablir(passes, tables).avancer(_regles(tables, "v1", lendemain), NOW)

    (demande,) = passes.demandes
    assert (demande.nature, demande.touchees) == (Nature.JOUR, TOUT)
    assert not passes.barrieres[0].admet(Socle("v1", JOUR))
    assert cause_de_recalcul(demande, demande.socle).detail == {
        "recalcul": demande.id,
        "jour": "2020-11-17",
    }


async def test_new_rules_answer_everything_again(tables: Tables) -> None:
    passes = Passes(_sur("v1", 1, regles=REGLES - 1), [(1, "v1")])
    await _etablir(passes, tables).avancer(_regles(tables, "v1"), NOW)
    assert [(un.nature, un.touchees) for un in passes.demandes] == [(Nature.REGLES, TOUT)]
