"""The two numbers that a text of coordinates holds, however it was typed (domain.md §2, "Geo").

No text raises: what holds no pair gives none.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

LONGUEUR_MAX: Final = 200


class Ecriture(StrEnum):
    """How the pair was written."""

    DECIMALE = "décimale"
    VIRGULE = "virgule"
    SEXAGESIMALE = "sexagésimale"
    LIBRE = "libre"


class Paire(NamedTuple):
    """Two numbers in the order of the text; `ordonnee` when letters said which is the latitude.

    `entiers` tells that neither had a decimal sign.
    """

    a: float
    b: float
    ecriture: Ecriture
    ordonnee: bool
    entiers: bool


_STRICTE: Final = re.compile(
    r"\s*([+-]?\d{1,3}(?:\.\d+)?)\s*,\s*([+-]?\d{1,3}(?:\.\d+)?)\s*", re.ASCII
)
_A_POINT: Final = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_A_VIRGULE: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
_GROUPES: Final = re.compile(
    r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?!\d)|[+-]?\d+(?:[.,]\d+)?", re.ASCII
)
_ANGLE: Final = re.compile(
    r"""(?P<avant>[NSEWO])?\s*(?P<signe>[+-])?\s*
    (?P<degres>\d{1,3}(?:[.,]\d+)?)\s*°\s*
    (?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*'?\s*)?
    (?:(?P<secondes>\d{1,2}(?:[.,]\d+)?)\s*(?:"|'')?\s*)?
    (?P<apres>[NSEWO](?![A-Z]))?""",
    re.ASCII | re.VERBOSE,
)
_LETTRES: Final = re.compile(
    r"(?P<avant>\b[NSEWO])?\s*(?P<nombre>[+-]?\d+(?:[.,]\d+)?)\s*°?\s*(?P<apres>[NSEWO]\b)?",
    re.ASCII,
)
_SIGNES: Final = str.maketrans(
    {
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": "-",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{PRIME}": "'",
        "\N{ACUTE ACCENT}": "'",
        "\N{DOUBLE PRIME}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{MASCULINE ORDINAL INDICATOR}": "°",
        "\N{RING ABOVE}": "°",
        "\N{NO-BREAK SPACE}": " ",
        "\N{NARROW NO-BREAK SPACE}": " ",
    }
)
_SUD_OUEST: Final = frozenset("SWO")
_LATITUDES: Final = frozenset("NS")


def paires(texte: str) -> Iterator[Paire]:
    """Yield the pairs that a text may mean, the most literal reading first."""
    if len(texte) > LONGUEUR_MAX:
        return
    propre = unicodedata.normalize("NFC", texte.translate(_SIGNES)).upper()
    if stricte := _STRICTE.fullmatch(propre):
        yield _paire([stricte[1], stricte[2]], Ecriture.DECIMALE)
    if "°" in propre:
        yield from _angles(propre)
    yield from _lettres(propre)
    for forme in (_A_POINT, _A_VIRGULE, _GROUPES):
        nombres = forme.findall(propre)
        if len(nombres) == 2:
            yield _paire(nombres, _ecriture(nombres))


def _ecriture(nombres: list[str]) -> Ecriture:
    return Ecriture.VIRGULE if any("," in nombre for nombre in nombres) else Ecriture.LIBRE


def _paire(nombres: list[str], ecriture: Ecriture) -> Paire:
    a, b = map(_nombre, nombres)
    entiers = not any(signe in nombre for nombre in nombres for signe in ".,")
    return Paire(a, b, ecriture, ordonnee=False, entiers=entiers)


def _nombre(texte: str) -> float:
    return float(texte.replace(" ", "").replace(",", "."))


def _angles(texte: str) -> Iterator[Paire]:
    trouves = list(_ANGLE.finditer(texte))
    if len(trouves) != 2:
        return
    ecriture = Ecriture.SEXAGESIMALE
    if not any(trouve["minutes"] for trouve in trouves):
        ecriture = Ecriture.LIBRE
    yield _ordonner(
        [_degres(trouve) for trouve in trouves],
        [trouve["apres"] or trouve["avant"] for trouve in trouves],
        ecriture,
    )


def _degres(angle: re.Match[str]) -> float:
    parties = (angle["degres"], angle["minutes"], angle["secondes"])
    degres, minutes, secondes = (_nombre(partie or "0") for partie in parties)
    valeur = degres + minutes / 60 + secondes / 3600
    return -valeur if angle["signe"] == "-" else valeur


def _lettres(texte: str) -> Iterator[Paire]:
    """Yield a decimal pair whose numbers carry the letter of their side."""
    trouves = [trouve for trouve in _LETTRES.finditer(texte) if trouve["avant"] or trouve["apres"]]
    if len(trouves) == 2 and "°" not in texte:
        nombres = [trouve["nombre"] for trouve in trouves]
        yield _ordonner(
            [_nombre(nombre) for nombre in nombres],
            [trouve["apres"] or trouve["avant"] for trouve in trouves],
            _ecriture(nombres),
        )


def _ordonner(valeurs: list[float], lettres: list[str | None], ecriture: Ecriture) -> Paire:
    """Return the pair with the signs, and in the order, that the letters of its sides say."""
    a, b = (
        -abs(valeur) if lettre and lettre in _SUD_OUEST else valeur
        for valeur, lettre in zip(valeurs, lettres, strict=True)
    )
    premiere, seconde = (lettre and lettre in _LATITUDES for lettre in lettres)
    if premiere is False and seconde is True:
        return Paire(b, a, ecriture, ordonnee=True, entiers=False)
    ordonnee = premiere is True and seconde is False
    return Paire(a, b, ecriture, ordonnee=ordonnee, entiers=False)
