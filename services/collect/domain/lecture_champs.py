"""How the value of each field is read (domain.md §1.1, §1.3, §1.5).

A reading writes what it understood into the offer and appends what it has to say. A value that
cannot be read is left out: it is quoted in a finding, and never travels further.
"""

import re
import unicodedata
from collections.abc import Callable, Sized
from functools import lru_cache
from typing import Any, Final, TypeVar

from contracts.evenements import Confiance
from contracts.identifiants import periode
from contracts.identifiants.textes import compact, texte
from services.collect.domain.constat import Constat, constat

Offre = dict[str, Any]
"""A normalised offer under the names of `contracts.offre.Offre`; what is absent is the default."""

Lecture = Callable[[str, object, Offre, list[Constat]], None]
"""Reads a value, not empty, of a field into the offer, with what is to be said of it."""

T = TypeVar("T")

_TEXTE_MAX: Final = 2_000
_CODE_MAX: Final = 100
_ELEMENTS_MAX: Final = 500
_MEMOIRE: Final = 32_768
_TABLEUR: Final = "Un tableur efface les zéros en tête d'un nombre."
_SANS_BLANCS: Final = "Les blancs et les signes entre les caractères ne font pas partie du code."
_SEUL_CODE: Final = "C'est le seul code que contient ce texte."
_VRAI: Final = frozenset({"TRUE", "1", "OUI", "VRAI", "O"})
_FAUX: Final = frozenset({"FALSE", "0", "NON", "FAUX", "N"})
_COURRIEL: Final = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")


def memoire(normaliser: Callable[[object], T]) -> Callable[[object], T]:
    """Return the same function, remembering short texts: deliveries repeat their codes."""
    connus = lru_cache(maxsize=_MEMOIRE)(normaliser)

    def lire(valeur: object) -> T:
        court = type(valeur) is str and len(valeur) <= _CODE_MAX
        return connus(valeur) if court else normaliser(valeur)

    return lire


def lire_texte(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep a text, trimmed and in composed form (NFC)."""
    lu = valeur.strip() if type(valeur) is str else texte(valeur)
    if not lu.isascii():
        lu = unicodedata.normalize("NFC", lu)
    if len(lu) > _TEXTE_MAX or not (lu or isinstance(valeur, str)):
        constats.append(constat("valeur_illisible", champ, valeur))
    elif lu:
        offre[champ] = lu


def lire_liste(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep the elements of a list, or of a text with `##` or `|`, distinct and ascending."""
    morceaux = sorted(set(periode.morceaux(valeur)))
    courts = len(morceaux) <= _ELEMENTS_MAX and all(len(m) <= _CODE_MAX for m in morceaux)
    if morceaux and courts:
        offre[champ] = morceaux
    elif morceaux or not isinstance(valeur, str):
        constats.append(constat("valeur_illisible", champ, valeur))


def lire_code(normaliser: Callable[[object], str | None], code_illisible: str) -> Lecture:
    """Return the reading of a code by its normal form, None when it has none."""
    codes = memoire(normaliser)

    def lire(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
        lu = codes(valeur)
        if lu is not None:
            offre[champ] = lu
            if lu != valeur:
                dire_le_zero(champ, valeur, lu, constats)
        elif texte(valeur) or not isinstance(valeur, str):
            constats.append(constat(code_illisible, champ, valeur))

    return lire


def courriel(valeur: object) -> str | None:
    """Return what has the form of an address."""
    lu = texte(valeur)
    return lu if _COURRIEL.fullmatch(lu) else None


def booleen(valeur: object) -> bool | None:
    """Return true or false, however it was said."""
    if isinstance(valeur, bool):
        return valeur
    lu = texte(valeur).upper()
    if lu in _VRAI:
        return True
    return False if lu in _FAUX else None


def lire_booleen(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep true or false."""
    lu = booleen(valeur)
    if lu is not None:
        offre[champ] = lu
    elif texte(valeur) or not isinstance(valeur, str):
        constats.append(constat("booleen_illisible", champ, valeur))


def trop(elements: Sized, champ: str, constats: list[Constat]) -> bool:
    """Tell whether a list is longer than any real one: an event must stay within its bounds."""
    if len(elements) <= _ELEMENTS_MAX:
        return False
    constats.append(constat("valeur_illisible", champ, f"{len(elements)} valeurs"))
    return True


def dire_ce_qui_est_lu(champ: str, valeur: object, lu: str, constats: list[Constat]) -> None:
    """Tell what was understood of a code that stands between other characters, or lost its zeros.

    Case and blanks around say nothing about the code, and are not worth a finding.
    """
    brut = compact(valeur)
    if brut == lu:
        if isinstance(valeur, str) and valeur.strip().upper() != lu:
            constats.append(_retenu("valeur_normalisee", champ, valeur, lu, _SANS_BLANCS))
    elif not _zeros_perdus(brut, lu):
        constats.append(_retenu("code_dans_un_texte", champ, valeur, lu, _SEUL_CODE))
    dire_le_zero(champ, valeur, lu, constats)


def dire_le_zero(champ: str, valeur: object, lu: str, constats: list[Constat]) -> None:
    """Tell that zeros were put back at the head of a code."""
    if lu[0] == "0" and _zeros_perdus(compact(valeur), lu):
        constats.append(_retenu("zero_restaure", champ, valeur, lu, _TABLEUR))


def _zeros_perdus(brut: str, lu: str) -> bool:
    perdus = len(lu) - len(brut)
    return perdus > 0 and lu == "0" * perdus + brut


def _retenu(code: str, champ: str, valeur: object, lu: str, raison: str) -> Constat:
    return constat(code, champ, valeur, lu, raison=raison, confiance=Confiance.HAUTE)
