"""From a diploma code to the one that is taught today (domain.md §2, "CFD replacement")."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.enrich.domain.dates import fin_d_annee_scolaire
from services.enrich.domain.enrichissement.chaines import Chaine, chaines_ouvertes
from services.enrich.domain.references.tables import Cfd


class Info(StrEnum):
    """What the walk found."""

    TROUVE = "Trouvé"
    MIS_A_JOUR = "Mis à jour"
    PERIME = "Périmé"
    NON_TROUVE = "Non trouvé"


@dataclass(frozen=True, slots=True)
class Remplacement:
    """The outcome, the last diploma reached, and the codes seen in order.

    `atteint` is None when a code of the chain is unknown; `chemin` then ends with that code, or
    with the repeated one when the chain is a loop.
    """

    info: Info
    atteint: Cfd | None
    chemin: Chaine

    @property
    def boucle(self) -> bool:
        """Whether the successors of the code lead back to one of them."""
        return self.chemin[-1] in self.chemin[:-1]


def ouvert(diplome: Cfd | None, jour: date) -> bool:
    """Tell whether a diploma is known and has no closing date by 31 August of the year of a day."""
    if diplome is None:
        return False
    return not diplome.date_fermeture or diplome.date_fermeture > fin_d_annee_scolaire(jour)


def remplacer(code: str, cfds: Mapping[str, Cfd], jour: date) -> Remplacement:
    """Follow the successors of a diploma until one is open; ends on any table.

    Of several successors the last is followed.
    """
    atteint: Cfd | None = None
    chemin: list[str] = []
    while True:
        if code in chemin:
            return Remplacement(Info.PERIME, atteint, (*chemin, code))
        chemin.append(code)
        suivant = cfds.get(code)
        if suivant is None:
            return Remplacement(Info.NON_TROUVE, None, tuple(chemin))
        atteint = suivant
        if ouvert(atteint, jour):
            info = Info.TROUVE if len(chemin) == 1 else Info.MIS_A_JOUR
            return Remplacement(info, atteint, tuple(chemin))
        if not atteint.nouveaux:
            return Remplacement(Info.PERIME, atteint, tuple(chemin))
        code = atteint.nouveaux[-1]


def successeurs_ouverts(code: str, cfds: Mapping[str, Cfd], jour: date) -> tuple[Chaine, ...]:
    """Return the chains to all open diplomas that replace this one, whichever way is followed."""

    def suivants(code: str) -> tuple[str, ...]:
        diplome = cfds.get(code)
        return tuple(diplome.nouveaux) if diplome else ()

    return chaines_ouvertes(code, suivants, lambda code: ouvert(cfds.get(code), jour))
