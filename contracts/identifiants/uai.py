"""UAI, the number of a school or CFA (domain.md §1.1): seven digits and a check letter."""

import re
from typing import Final

from contracts.identifiants.textes import compact, texte

_ALPHABET: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
_FORME: Final = re.compile(r"[0-9]{7}[A-Z]", re.ASCII)
_ZERO_PERDU: Final = re.compile(r"[0-9]{6}[A-Z]", re.ASCII)
_DANS_UN_TEXTE: Final = re.compile(r"(?<![0-9])[0-9]{7}[A-Z]", re.ASCII)
_CORSE: Final = {"620": "2A", "720": "2B"}


def lettre(sept_chiffres: str) -> str:
    """Return the check letter of seven digits: 23 letters, without I, O, Q, by the remainder."""
    return _ALPHABET[int(sept_chiffres) % 23]


def est_bien_forme(code: object) -> bool:
    """Tell whether a text has the form of a UAI, in either case; its letter is not judged."""
    return isinstance(code, str) and _FORME.fullmatch(code.upper()) is not None


def est_valide(code: object) -> bool:
    """Tell whether a text is a UAI, in either case, with the letter that its digits call for."""
    return isinstance(code, str) and est_bien_forme(code) and lettre(code[:7]) == code[7:].upper()


def normaliser(valeur: object) -> str | None:
    """Return the eight characters meant, or None; the letter is not judged.

    Six digits and a letter have lost their leading zero. A sentence that holds exactly one UAI
    means that one.
    """
    lu = compact(valeur)
    if _FORME.fullmatch(lu):
        return lu
    if _ZERO_PERDU.fullmatch(lu):
        return "0" + lu
    trouves = _DANS_UN_TEXTE.findall(lu)
    return trouves[0] if len(trouves) == 1 else None


def extraire(valeur: object) -> str:
    """Return the UAI that a free text holds; the text unchanged when it holds none or several."""
    trouves = _DANS_UN_TEXTE.findall(compact(valeur))
    if len(trouves) == 1:
        return str(trouves[0])
    return valeur if isinstance(valeur, str) else texte(valeur)


def departement(code: object) -> str | None:
    """Return the département that a UAI was numbered in; None for what is not a UAI.

    `0NN` is the département NN, Corse has 620 and 720, overseas keeps its three digits.
    """
    if not isinstance(code, str) or not est_bien_forme(code):
        return None
    tete = code[:3]
    if tete in _CORSE:
        return _CORSE[tete]
    if tete[0] == "0":
        return tete[1:]
    return tete if tete[:2] in {"97", "98"} else None
