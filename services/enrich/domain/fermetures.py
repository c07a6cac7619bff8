"""From which day a row of a table is closed: what the comparison of two editions looks for."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final, TypeAlias

from services.enrich.domain.chargement.modele import Ligne
from services.enrich.domain.references.tables import Cfd, Etablissement, Fiche, Mef

Fermeture: TypeAlias = Callable[[Ligne], str | None]
"""Returns the day, `AAAA-MM-JJ`, from which a row is closed; None when it is open."""


def sans_fermeture(_: Ligne) -> str | None:
    """Return None: rows of most tables are there or not, and never close."""
    return None


def fermeture_de(table: str) -> Fermeture:
    """Return how rows of a table tell their closing."""
    return _FERMETURES.get(table, sans_fermeture)


def _a_la_date(modele: type, champ: str) -> Fermeture:
    rang = _rang(modele, champ)

    def fermeture(ligne: Ligne) -> str | None:
        jour: str | None = ligne[rang]
        return jour

    return fermeture


def _a_la_source(modele: type, champ: str, valeur: object) -> Fermeture:
    """Closed when a field has a value; known from the day of the source that says so."""
    rang, rang_source = _rang(modele, champ), _rang(modele, "source_le")

    def fermeture(ligne: Ligne) -> str | None:
        return ligne[rang_source] if ligne[rang] == valeur else None

    return fermeture


def _au_plus_tot(*toutes: Fermeture) -> Fermeture:
    def fermeture(ligne: Ligne) -> str | None:
        return min((jour for une in toutes if (jour := une(ligne)) is not None), default=None)

    return fermeture


def _rang(modele: Any, champ: str) -> int:  # noqa: ANN401 - a dataclass
    return [declare.name for declare in fields(modele)].index(champ)


_FERMETURES: Final[Mapping[str, Fermeture]] = {
    "cfd": _a_la_date(Cfd, "date_fermeture"),
    "mef": _a_la_date(Mef, "date_fermeture"),
    "rncp": _au_plus_tot(
        _a_la_date(Fiche, "date_fin_validite"), _a_la_source(Fiche, "statut", "INACTIVE")
    ),
    "etablissements": _a_la_source(Etablissement, "ferme", valeur=True),
}
