"""SIRET, the number of an establishment (domain.md §1.1): fourteen digits, Luhn's check.

The establishments of La Poste are also right when the sum of their digits is a multiple of 5.
"""

import re
from functools import lru_cache
from typing import Final

from contracts.identifiants.textes import compact

_FORME: Final = re.compile(r"[0-9]{14}", re.ASCII)
_ZERO_PERDU: Final = re.compile(r"[0-9]{13}", re.ASCII)
_LA_POSTE: Final = "356000000"
_DOUBLE: Final = {str(n): (2 * n) // 10 + (2 * n) % 10 for n in range(10)}


def est_bien_forme(texte: object) -> bool:
    """Tell whether a text is made of fourteen digits."""
    return isinstance(texte, str) and _FORME.fullmatch(texte) is not None


def est_valide(texte: object) -> bool:
    """Tell whether a text is a SIRET whose check digit is right."""
    return isinstance(texte, str) and est_bien_forme(texte) and cle_juste(texte)


@lru_cache(maxsize=32_768)
def cle_juste(quatorze_chiffres: str) -> bool:
    """Tell whether fourteen digits satisfy Luhn, or La Poste's own rule for its SIREN.

    Cached: a delivery names the same few thousand establishments again and again.
    """
    doubles = sum(_DOUBLE[chiffre] for chiffre in quatorze_chiffres[::2])
    simples = sum(map(int, quatorze_chiffres[1::2]))
    if (doubles + simples) % 10 == 0:
        return True
    return quatorze_chiffres.startswith(_LA_POSTE) and sum(map(int, quatorze_chiffres)) % 5 == 0


def normaliser(valeur: object) -> str | None:
    """Return the fourteen digits meant, or None; the check digit is not judged.

    Thirteen digits have lost their leading zero.
    """
    lu = compact(valeur)
    if _FORME.fullmatch(lu):
        return lu
    return "0" + lu if _ZERO_PERDU.fullmatch(lu) else None


def siren(siret: str) -> str:
    """Return the number of the company that an establishment belongs to."""
    return siret[:9]
