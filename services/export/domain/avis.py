"""The notices: what of an académie's or of an establishment's offers waits for whom, day by day.

A notice is the whole of a day, its elements; what it has to tell is what the one before, of the
same reader, did not. Nothing new, nothing told. An element bears no author, precision, comment or
raw answer: codes and public facts only.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

Element = dict[str, Any]
"""`rubrique`, `plateforme` (None: of neither), `id`, `depuis` (AAAA-MM-JJ), and where known `cle`,
`intitule`, `localite`, `organisme`, `statut`, `raison`, and of a rejection its `cause` and the
`action` that mends it."""

OFFRES_PAR_EVENEMENT: Final = 500
_PARTIES: Final = 100  # of one notice; more new offers than they hold are counted, not listed
_PUBLICS: Final = (
    ("id", "id"),
    ("cle", "cle_ministere_educatif"),
    ("plateforme", "plateforme"),
    ("statut", "statut"),
    ("raison", "raison"),
    ("depuis", "depuis"),
)


class Rubrique(StrEnum):
    """What is said of an offer, in the order in which a notice says it."""

    REJETEES = "rejetees"
    RETENUES = "retenues"
    A_DECIDER = "a_decider"
    REFUSEES = "refusees"
    EN_ATTENTE = "en_attente"
    CERTIFICATION_FERMEE = "certification_fermee"
    DISPARUES = "disparues"
    PUBLIEES = "publiees"


DE_L_ACADEMIE: Final = frozenset(
    {
        Rubrique.REJETEES,
        Rubrique.RETENUES,
        Rubrique.A_DECIDER,
        Rubrique.EN_ATTENTE,
        Rubrique.DISPARUES,
    }
)
DE_L_ETABLISSEMENT: Final = frozenset(Rubrique) - {Rubrique.A_DECIDER}
# Their facts bear no date: they have stood since the notice that named them first.
_SANS_DATE: Final = frozenset({Rubrique.CERTIFICATION_FERMEE, Rubrique.DISPARUES})


@dataclass(frozen=True, slots=True)
class Avis:
    """A notice as it was established; `version` counts those of one reader from 1."""

    destinataire: str
    version: int
    jour: date
    elements: Sequence[Element]


@dataclass(frozen=True, slots=True)
class Suite:
    """A notice that follows another, with what it has to tell, maybe nothing."""

    avis: Avis
    precedent: date | None
    nouvelles: Sequence[Element]


def academie(numero: str) -> str:
    """Return the reader that an académie is."""
    return f"academie:{numero.zfill(2)}"


def etablissement(siret: str) -> str:
    """Return the reader that an establishment is."""
    return f"siret:{siret}"


def suivre(
    precedent: Avis | None,
    destinataire: str,
    elements: Iterable[Element],
    jour: date,
    delai: int,
) -> Suite | None:
    """Return the notice of a day after the one before, None when it would be the same.

    `delai` is for how many days an offer waits for a decision before that is told.
    """
    presents = _dater(elements, precedent)
    avis = Avis(destinataire, precedent.version + 1 if precedent else 1, jour, presents)
    news = nouvelles(precedent, avis, delai)
    if not news and presents == (list(precedent.elements) if precedent else []):
        return None
    return Suite(avis, precedent.jour if precedent else None, news)


def nouvelles(precedent: Avis | None, avis: Avis, delai: int) -> list[Element]:
    """Return what a notice tells that the one before did not."""
    dites = set(map(_cle, dits(precedent, delai))) if precedent else set()
    return [element for element in dits(avis, delai) if _cle(element) not in dites]


def dits(avis: Avis, delai: int) -> list[Element]:
    """Return the elements of a notice whose time to be told has come, in its order."""
    return [
        element
        for element in avis.elements
        if element["rubrique"] != Rubrique.A_DECIDER
        or (avis.jour - date.fromisoformat(element["depuis"])).days >= delai
    ]


def compter(elements: Iterable[Element]) -> dict[Rubrique, int]:
    """Return how many elements there are under each heading, in its order."""
    comptes = Counter(element["rubrique"] for element in elements)
    return {rubrique: comptes[rubrique] for rubrique in Rubrique if comptes[rubrique]}


def evenements(suite: Suite, delai: int, instant: datetime) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (sequence, data) of the events that tell a notice; none when it has nothing new."""
    presents = compter(dits(suite.avis, delai))
    nouveaux = compter(suite.nouvelles)
    for partie, offres in enumerate(_parties(suite.nouvelles)):
        sequence = suite.avis.version * _PARTIES + partie
        yield (
            sequence,
            {
                "destinataire": suite.avis.destinataire,
                "sequence": sequence,
                "jour": suite.avis.jour.isoformat(),
                "precedent": suite.precedent.isoformat() if suite.precedent else None,
                "etabli_le": instant.isoformat(),
                "rubriques": [
                    {
                        "code": rubrique.value,
                        "nombre": nombre,
                        "nouvelles": nouveaux.get(rubrique, 0),
                        "offres": [
                            {public: element.get(membre) for membre, public in _PUBLICS}
                            for element in offres
                            if element["rubrique"] == rubrique
                        ],
                    }
                    for rubrique, nombre in presents.items()
                ],
            },
        )


def _parties(nouvelles: Sequence[Element]) -> Iterator[Sequence[Element]]:
    for debut in range(0, len(nouvelles), OFFRES_PAR_EVENEMENT)[:_PARTIES]:
        yield nouvelles[debut : debut + OFFRES_PAR_EVENEMENT]


def _dater(elements: Iterable[Element], precedent: Avis | None) -> list[Element]:
    """Put the elements in their order, those that bear no date under the one they had."""
    depuis = {_identite(un): un["depuis"] for un in precedent.elements} if precedent else {}
    datees = [
        {**element, "depuis": depuis.get(_identite(element), element["depuis"])}
        if element["rubrique"] in _SANS_DATE
        else element
        for element in elements
    ]
    return sorted(datees, key=_rang)


def _identite(element: Element) -> tuple[Any, ...]:
    return tuple(element.get(membre) for membre in ("rubrique", "plateforme", "id", "raison"))


def _cle(element: Element) -> tuple[Any, ...]:
    return (*_identite(element), element["depuis"])


_ORDRE: Final = {rubrique.value: rang for rang, rubrique in enumerate(Rubrique)}


def _rang(element: Element) -> tuple[Any, ...]:
    # What has waited for longest comes first.
    return (
        _ORDRE[element["rubrique"]],
        element["depuis"],
        element["id"],
        element.get("plateforme") or "",
    )
