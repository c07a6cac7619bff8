"""Which formations a change of the tables touches, by the codes that their offers declare.

`touchees` walks the tables the other way, from the rows that differ to every declared code whose
answer may read one of them. It promises to miss none (a property test records what the rules really
read); it may name a few too many. A table that this module does not know touches everything: who
adds one to `References` adds its way back here, or pays with whole passes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, TypeAlias

from services.enrich.domain.recalcul_marche import Marche
from services.enrich.domain.references.tables import References

ENTIERE: Final = ""
"""Stands for all keys of a table."""

CLES_MAX: Final = 5_000
"""Beyond, looking for the keys costs more than computing everything again."""

Differences: TypeAlias = Mapping[str, frozenset[str]]
"""By field of `References`: the keys of which the two say different things."""


@dataclass(frozen=True, slots=True)
class Touchees:
    """Declared codes (`dependances.cles`): all, or these and those that start so."""

    tout: bool = False
    cles: frozenset[str] = frozenset()
    debuts: frozenset[str] = frozenset()

    @property
    def vide(self) -> bool:
        """Whether nothing is touched."""
        return not (self.tout or self.cles or self.debuts)

    def touche(self, cles: Iterable[str]) -> bool:
        """Tell whether a formation with these keys is touched."""
        debuts = tuple(self.debuts)
        return self.tout or any(cle in self.cles or cle.startswith(debuts) for cle in cles)

    def avec(self, autres: "Touchees") -> "Touchees":
        """Return what either touches."""
        return Touchees(
            self.tout or autres.tout, self.cles | autres.cles, self.debuts | autres.debuts
        )


@dataclass(frozen=True, slots=True, eq=False)
class Ecart:
    """Former tables, and how the present ones differ from them."""

    avant: References
    changees: Differences


def ecart(avant: References, apres: References) -> Ecart:
    """Return how tables differ from former ones."""
    return Ecart(avant, differences(avant, apres))


def cles_touchees(avant: References, apres: References) -> Touchees:
    """Return the declared codes whose answers may change from one version of the tables to another.

    Declared codes have no end (a post code that no table knows…): the few changes that reach those
    give beginnings.
    """
    return touchees(differences(avant, apres), avant, apres)


def differences(avant: References, apres: References) -> Differences:
    """Return the keys that differ, by field of `References`; equal fields are left out."""
    trouvees = {
        champ.name: _differentes(getattr(avant, champ.name), getattr(apres, champ.name))
        for champ in fields(References)
        if champ.name != "version"
    }
    return {nom: cles for nom, cles in trouvees.items() if cles}


def touchees(changees: Differences, *tables: References) -> Touchees:
    """Return the declared codes that may read a changed row, by any of these versions."""
    if not changees.keys() <= _RETOURS.keys() or any(ENTIERE in cles for cles in changees.values()):
        return Touchees(tout=True)
    marche = Marche(tables)
    for nom, codes in changees.items():
        _RETOURS[nom](marche, codes)
    if len(marche.cles) > CLES_MAX:
        return Touchees(tout=True)
    return Touchees(cles=frozenset(marche.cles), debuts=frozenset(marche.debuts))


def _differentes(avant: object, apres: object) -> frozenset[str]:
    """Return the keys of two tables that differ; what comes or goes differs as a whole."""
    if avant is apres:
        return frozenset()
    if isinstance(avant, frozenset) and isinstance(apres, frozenset):
        return avant ^ apres
    if isinstance(avant, Mapping) and isinstance(apres, Mapping):
        return frozenset(
            cle for cle, valeur in apres.items() if cle not in avant or avant[cle] != valeur
        ) | (avant.keys() - apres.keys())
    return frozenset() if avant == apres else frozenset((ENTIERE,))


# `lettres` has none: a handful of rows that never move. Nor has `uais`: nothing finds an offer by
# the UAI of its place, and the register comes whole, some times a year.
_RETOURS: Final[Mapping[str, Callable[[Marche, Iterable[Any]], None]]] = {
    "cfds": Marche.diplomes,
    "mefs": Marche.diplomes,
    "fiches_par_cfd": Marche.diplomes,
    "mefs_par_fin_stat": Marche.fins_de_mef,
    "mefs_partages": Marche.mefs,
    "mefs_parcoursup": Marche.mefs,
    "onisep": Marche.liens,
    "diplomes": Marche.niveaux,
    "fiches": Marche.fiches,
    "cfds_par_fiche": Marche.fiches,
    "fiches_suivantes": Marche.fiches,
    "certificateurs": Marche.fiches,
    "partenaires": Marche.fiches,
    "romes": Marche.metiers,
    "communes": Marche.communes,
    "anciennes_communes": Marche.codes_de_lieu,
    "noms_anciens": Marche.codes_de_lieu,
    "communes_par_code_postal": Marche.codes_de_lieu,
    "departements": Marche.departements,
    "etablissements": Marche.sirets,
    "uai_par_siret": Marche.sirets,
    "sirets_par_siren": Marche.sirens,
}
