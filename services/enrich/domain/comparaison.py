"""What changes from one edition of a table to the next, key by key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from services.enrich.domain.chargement import TABLES
from services.enrich.domain.chargement.modele import Ligne
from services.enrich.domain.fermetures import Fermeture, fermeture_de, sans_fermeture

Cle: TypeAlias = tuple[Any, ...]
"""The first values of a row, as many as identify it in its table (`Table.cle`)."""

EXEMPLES_MAX: Final = 10
_CLES: Final = {table.nom: table.cle for table in TABLES}


@dataclass(frozen=True, slots=True)
class Differences:
    """The keys of a table that differ, with their rows before and after.

    The first three share no key; `fermees` are those of `changees` whose row closes.
    """

    ajoutees: Mapping[Cle, Ligne]
    changees: Mapping[Cle, tuple[Ligne, Ligne]]
    retirees: Mapping[Cle, Ligne]
    fermees: frozenset[Cle]

    def cles(self) -> frozenset[Cle]:
        """Return every key of which the table says something else than before."""
        return frozenset((*self.ajoutees, *self.changees, *self.retirees))


@dataclass(frozen=True, slots=True)
class Comparaison:
    """The differences of a table in figures, with the first keys of each kind, sorted."""

    table: str
    ajoutees: int
    changees: int
    fermees: int
    retirees: int
    exemples: Mapping[str, Sequence[str]]


def differences(
    avant: Iterable[Ligne],
    apres: Iterable[Ligne],
    cle: int,
    fermeture: Fermeture = sans_fermeture,
    jour: str = "",
) -> Differences:
    """Return what differs between two editions whose rows are identified by `cle` values.

    A row closes when it gets a closing day, or one that `jour` has reached where the former one
    was still to come.
    """
    anciennes = {tuple(ligne[:cle]): ligne for ligne in avant}
    nouvelles = {tuple(ligne[:cle]): ligne for ligne in apres}
    changees = {
        nom: (ancienne, ligne)
        for nom, ligne in nouvelles.items()
        if (ancienne := anciennes.get(nom)) is not None and ancienne != ligne
    }
    return Differences(
        ajoutees={nom: ligne for nom, ligne in nouvelles.items() if nom not in anciennes},
        changees=changees,
        retirees={nom: ligne for nom, ligne in anciennes.items() if nom not in nouvelles},
        fermees=frozenset(
            nom
            for nom, (ancienne, ligne) in changees.items()
            if _se_ferme(fermeture(ancienne), fermeture(ligne), jour)
        ),
    )


def differences_de(
    table: str, avant: Iterable[Ligne], apres: Iterable[Ligne], jour: str = ""
) -> Differences:
    """Return what differs between two editions of a table: see `differences`."""
    return differences(avant, apres, _CLES.get(table, 1), fermeture_de(table), jour)


def comparer(table: str, trouvees: Differences) -> Comparaison:
    """Return the figures and first examples of a table's differences."""
    listes = {
        "ajoutees": trouvees.ajoutees,
        "changees": trouvees.changees,
        "fermees": trouvees.fermees,
        "retirees": trouvees.retirees,
    }
    return Comparaison(
        table,
        len(trouvees.ajoutees),
        len(trouvees.changees),
        len(trouvees.fermees),
        len(trouvees.retirees),
        {nom: _premieres(cles) for nom, cles in listes.items() if cles},
    )


def _se_ferme(avant: str | None, apres: str | None, jour: str) -> bool:
    return apres is not None and (avant is None or apres <= jour < avant)


def _premieres(cles: Iterable[Cle]) -> list[str]:
    return sorted(" ".join(map(str, cle)) for cle in cles)[:EXEMPLES_MAX]
