"""Level of a certification, and the diploma of a common first year (domain.md §1.1)."""

from typing import Final

NIVEAUX: Final = {
    "3": "3 (CAP...)",
    "4": "4 (BAC...)",
    "5": "5 (BTS, DEUST...)",
    "6": "6 (Licence, BUT...)",
    "7": "7 (Master, titre ingénieur...)",
    "8": "8 (Doctorat...)",
}
_PAR_PREMIER_CARACTERE: Final = {"5": "3", "4": "4", "3": "5", "2": "6", "1": "7", "8": "8"}
_PAR_DEBUT: Final = {"0102": "3", "0103": "4"}
_MENTIONS_DE_NIVEAU_4: Final = frozenset(
    (
        "01022001",
        "01022703",
        "01022704",
        "01022705",
        "01023304",
        "01023306",
        "01025002",
        "01025122",
        "01025123",
        "01025308",
        "01025309",
        "01025310",
        "01025312",
        "01025406",
        "01025407",
        "01025408",
        "01025409",
        "01025508",
    )
)

_PREMIERES_ANNEES_COMMUNES: Final = {
    "32033422": ("32033423", "32033424", "32033425"),
    "32022316": ("32022317", "32022318"),
    "32032209": ("32032210", "32032211"),
    "32032612": ("32032613", "32032614"),
    "32022310": ("32022311", "32022312"),
    "32033608": ("32033609", "32033610", "32033611"),
}
_ENTREES: Final = {
    cfd: entree for entree, suites in _PREMIERES_ANNEES_COMMUNES.items() for cfd in suites
}


def niveau(cfd: str) -> str | None:
    """Return the label of the level of a diploma; None for what has none (classes, brevets…)."""
    if cfd in _MENTIONS_DE_NIVEAU_4:
        return NIVEAUX["4"]
    chiffre = _PAR_DEBUT.get(cfd[:4]) or _PAR_PREMIER_CARACTERE.get(cfd[:1])
    return NIVEAUX[chiffre] if chiffre else None


def cfd_entree(cfd: str) -> str:
    """Return the diploma under which a BTS with a common first year is entered; else itself."""
    return _ENTREES.get(cfd, cfd)
