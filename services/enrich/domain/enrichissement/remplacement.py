"""From a diploma code to the one that is taught today (domain.md §2, "CFD replacement")."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.enrich.domain.dates import fin_d_annee_scolaire
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
    chemin: tuple[str, ...]

    @property
    def boucle(self) -> bool:
        """Whether the successors of the code lead back to one of them."""
        return self.chemin[-1] in self.chemin[:-1]


def remplacer(code: str, cfds: Mapping[str, Cfd], jour: date) -> Remplacement:
    """Follow the successors of a diploma until one is open; ends on any table.

    Open: no closing date, or one strictly after 31 August of the year of `jour`. Of several
    successors the last is followed.
    """
    limite = fin_d_annee_scolaire(jour)
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
        if not atteint.date_fermeture or atteint.date_fermeture > limite:
            info = Info.TROUVE if len(chemin) == 1 else Info.MIS_A_JOUR
            return Remplacement(info, atteint, tuple(chemin))
        if not atteint.nouveaux:
            return Remplacement(Info.PERIME, atteint, tuple(chemin))
        code = atteint.nouveaux[-1]
