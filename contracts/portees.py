"""The vocabulary of roles and scopes carried by an API key (design.md §6).

A scope is `espece:valeur`: `siret:13002526500013`, `academie:10`, `region:84`, `departement:2A`
(the territory of a collector), or `*` alone. The kernel compares; what a role may do is said here.
"""

import re
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person or the holder of a key is; `droits` says what each may do.

    `instructeur` and `lecteur` are of both platforms, `moss` and `dgesco` national.
    """

    DEPOSANT = "deposant"
    LECTEUR = "lecteur"
    LECTEUR_PARCOURSUP = "lecteur-parcoursup"
    LECTEUR_AFFELNET = "lecteur-affelnet"
    INSTRUCTEUR = "instructeur"
    INSTRUCTEUR_PARCOURSUP = "instructeur-parcoursup"
    INSTRUCTEUR_AFFELNET = "instructeur-affelnet"
    MOSS = "moss"
    DGESCO = "dgesco"
    PARTENAIRE = "partenaire"
    ADMINISTRATEUR = "administrateur"


TOUT: Final = "*"


def siret(value: str) -> str:
    """Return the scope of one establishment."""
    return f"siret:{value}"


def departement(value: str) -> str:
    """Return the scope of one département, part of a collector's territory."""
    return f"departement:{value}"


def region(value: str) -> str:
    """Return the scope of one région, by its INSEE code."""
    return f"region:{value}"


def academie(value: str) -> str:
    """Return the scope of one académie, by its number."""
    return f"academie:{value}"


_FORMES: Final = re.compile(
    r"\*|siret:\d{14}|departement:(\d{2}|2[AB]|97\d|98\d)|region:\d{2}|academie:\d{1,2}"
)


def est_portee(texte: str) -> bool:
    """Tell whether a text has the form of a scope of this vocabulary."""
    return _FORMES.fullmatch(texte) is not None
