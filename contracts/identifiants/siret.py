"""SIRET, the number of an establishment (domain.md §1.1): fourteen digits, Luhn's check.

The first nine, the SIREN of the company, satisfy Luhn by themselves. The establishments of La Poste
are also right when the sum of their digits is a multiple of 5.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from contracts.identifiants.textes import compact, texte

_FORME: Final = re.compile(r"[0-9]{14}", re.ASCII)
_ZERO_PERDU: Final = re.compile(r"[0-9]{13}", re.ASCII)
_ZEROS_PERDUS: Final = re.compile(r"[0-9]{11,12}", re.ASCII)
_SIREN: Final = re.compile(r"[0-9]{9}", re.ASCII)
_DANS_UN_TEXTE: Final = re.compile(r"(?<![0-9])[0-9]{14}(?![0-9])", re.ASCII)
_FICTIF: Final = re.compile(r"([0-9])\1{8}[0-9]{5}|123456789[0-9]{5}", re.ASCII)
_LA_POSTE: Final = "356000000"
_SANS_NIC: Final = "00000"
_DOUBLE: Final = {str(n): (2 * n) // 10 + (2 * n) % 10 for n in range(10)}
_LETTRES_PRISES_POUR_DES_CHIFFRES: Final = str.maketrans("OIL", "011")


class Defaut(StrEnum):
    """What is wrong with a number that stands where a SIRET is asked for."""

    MAL_FORME = "mal_forme"
    SIREN_SEUL = "siren_seul"
    FICTIF = "fictif"
    SIREN_COMPLETE = "siren_complete"
    SIREN_FAUX = "siren_faux"
    CLE_FAUSSE = "cle_fausse"


class Lecture(NamedTuple):
    """What a value says: the fourteen digits meant if any, what is wrong, a number to propose."""

    siret: str | None
    defaut: Defaut | None = None
    propose: str | None = None


def est_bien_forme(texte: object) -> bool:
    """Tell whether a text is made of fourteen digits."""
    return isinstance(texte, str) and _FORME.fullmatch(texte) is not None


def est_valide(texte: object) -> bool:
    """Tell whether a text is a SIRET whose keys are right, that of its SIREN included.

    Fillers are none: all zeros satisfy Luhn, and no establishment has the NIC 00000.
    """
    return isinstance(texte, str) and est_bien_forme(texte) and defaut(texte) is None


@lru_cache(maxsize=32_768)
def defaut(quatorze_chiffres: str) -> Defaut | None:
    """Return what is wrong with fourteen digits, the most telling first; None when nothing is.

    Cached: a delivery names the same few thousand establishments again and again.
    """
    siren_, nic = quatorze_chiffres[:9], quatorze_chiffres[9:]
    if _FICTIF.fullmatch(quatorze_chiffres):
        return Defaut.FICTIF
    if nic == _SANS_NIC:
        return Defaut.SIREN_COMPLETE
    if not _luhn(siren_):
        return Defaut.SIREN_FAUX
    return None if cle_juste(quatorze_chiffres) else Defaut.CLE_FAUSSE


def cle_juste(quatorze_chiffres: str) -> bool:
    """Tell whether fourteen digits satisfy Luhn, or La Poste's own rule for its SIREN."""
    if _luhn(quatorze_chiffres):
        return True
    return quatorze_chiffres.startswith(_LA_POSTE) and sum(map(int, quatorze_chiffres)) % 5 == 0


def lire(valeur: object) -> Lecture:
    """Return what any value says, with its fault.

    Read beside fourteen digits: lost leading zeros (two or three only when the keys are then
    right), and a sentence that holds exactly one right SIRET. Letters typed for digits (O, I, L)
    only make a proposal.
    """
    lu = normaliser(valeur)
    if lu is not None:
        return Lecture(lu, defaut(lu))
    brut = compact(valeur)
    if _SIREN.fullmatch(brut):
        return Lecture(None, Defaut.SIREN_SEUL)
    corrige = brut.translate(_LETTRES_PRISES_POUR_DES_CHIFFRES)
    return Lecture(None, Defaut.MAL_FORME, corrige if est_valide(corrige) else None)


def normaliser(valeur: object) -> str | None:
    """Return the fourteen digits meant, or None; the keys of fourteen or thirteen are not judged.

    Thirteen digits have lost their leading zero; fewer, or a sentence, are believed only when the
    keys are right.
    """
    lu = compact(valeur)
    if _FORME.fullmatch(lu):
        return lu
    if _ZERO_PERDU.fullmatch(lu):
        return "0" + lu
    if _ZEROS_PERDUS.fullmatch(lu):
        candidats = [lu.zfill(14)]
    else:
        candidats = _DANS_UN_TEXTE.findall(lu) or _DANS_UN_TEXTE.findall(texte(valeur))
    return candidats[0] if len(candidats) == 1 and est_valide(candidats[0]) else None


def siren(siret: str) -> str:
    """Return the number of the company that an establishment belongs to."""
    return siret[:9]


def _luhn(chiffres: str) -> bool:
    """Tell whether digits satisfy Luhn's check, every second one doubled from the right."""
    doubles = sum(_DOUBLE[chiffre] for chiffre in chiffres[-2::-2])
    return (doubles + sum(map(int, chiffres[-1::-2]))) % 10 == 0
