"""MEF, the code of a year of a diploma course (domain.md §1.1).

Ten digits: 3 dispositif, 5 tail of the CFD, durée, année (`2402242711`). The forms of 8 (dispositif
and tail) and 11 characters (`MEF_STAT_11`) are statistical.
"""

import re
from typing import Final, NamedTuple

from contracts.identifiants.textes import compact

_MEF_10: Final = re.compile(r"([0-9]{3})([0-9]{5})([0-9])([0-9])", re.ASCII)
_MEF_11: Final = re.compile(r"[0-9A-Z]{11}", re.ASCII)


class Mef(NamedTuple):
    """The parts of a MEF of ten digits."""

    dispositif: str
    fin_cfd: str
    duree: str
    annee: str

    @property
    def mef8(self) -> str:
        """Return the form that names the diploma in its dispositif, whatever the year."""
        return self.dispositif + self.fin_cfd


def lire(valeur: object) -> Mef | None:
    """Return the parts of a MEF of ten digits, or None."""
    trouve = _MEF_10.fullmatch(compact(valeur))
    return Mef(*trouve.groups()) if trouve else None


def est_valide(texte: object) -> bool:
    """Tell whether a text is a MEF of ten digits."""
    return isinstance(texte, str) and _MEF_10.fullmatch(texte) is not None


def mef8(dispositif: str, cfd: str) -> str:
    """Return the MEF of eight characters of a diploma in a dispositif."""
    return dispositif + cfd[3:8]


def est_mef11(texte: object) -> bool:
    """Tell whether a text has the form of a statistical MEF."""
    return isinstance(texte, str) and _MEF_11.fullmatch(texte) is not None
