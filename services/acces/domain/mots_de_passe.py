"""What a password must be (domain.md §5), and the stored forms that are taken over."""

import re
from typing import Final

LONGUEUR_MIN: Final = 8
LONGUEUR_MAX: Final = 128
_HISTORIQUE: Final = re.compile(
    r"\$6\$(?:rounds=(?P<cout>[1-9]\d{3,8})\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86}"
)
_COUT_TU: Final = 5_000  # of a stored form that does not tell it


def manques(mot_de_passe: str) -> list[str]:
    """Return, in French, what a password lacks; nothing when it may be used.

    Its length has a limit because the work of hashing grows with it. A special character is
    neither a letter, nor a digit, nor a blank; accented letters are letters.
    """
    exigences = {
        f"au moins {LONGUEUR_MIN} caractères": len(mot_de_passe) >= LONGUEUR_MIN,
        f"au plus {LONGUEUR_MAX} caractères": len(mot_de_passe) <= LONGUEUR_MAX,
        "une lettre majuscule": any(signe.isupper() for signe in mot_de_passe),
        "une lettre minuscule": any(signe.islower() for signe in mot_de_passe),
        "un chiffre": any(signe.isdecimal() for signe in mot_de_passe),
        "un caractère spécial": any(map(_special, mot_de_passe)),
        "aucun caractère de contrôle": mot_de_passe.isprintable(),
    }
    return [exigence for exigence, tenue in exigences.items() if not tenue]


def cout(empreinte: str) -> int | None:
    """Return the rounds of a SHA-512 crypt hash; None when the text is none."""
    forme = _HISTORIQUE.fullmatch(empreinte)
    if forme is None:
        return None
    return int(forme["cout"] or _COUT_TU)


def _special(signe: str) -> bool:
    return signe.isprintable() and not signe.isalnum() and not signe.isspace()
