"""All that happened to an offer, from the journals of what each fact was, in the order of time."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

Document = dict[str, Any]

DECISIONS: Final = "decision"
ACTES: Final = "acte"
REPONSES: Final = "reponse"
STATUTS: Final = "statut"
_INSTANTS: Final = {
    DECISIONS: ("prise_le",),
    ACTES: ("le",),
    REPONSES: ("repondu_le", "commence_le"),
    STATUTS: ("le",),
}
_RANGS: Final = {sorte: rang for rang, sorte in enumerate(_INSTANTS)}
# Payload and raw answer are not for an académie; the rest of an exchange is.
_CACHES: Final = frozenset(
    {"_id", "formation", "corps", "reponse", "ouvert", "repondu_le", "commence_le"}
)


def derouler(journaux: dict[str, list[Document]], plateformes: Iterable[str]) -> list[Document]:
    """Return the entries of the platforms named, oldest first, each with its `sorte` and `le`.

    At one instant what was done comes before what it changed.
    """
    vues = set(plateformes)
    entrees = [
        (instant, _RANGS[sorte], {"sorte": sorte, "le": instant, **_montrer(entree)})
        for sorte, lus in journaux.items()
        for entree in lus
        if entree.get("plateforme", "parcoursup") in vues
        and (instant := _instant(sorte, entree)) is not None
    ]
    return [entree for _, _, entree in sorted(entrees, key=lambda un: un[:2])]


def _instant(sorte: str, entree: Document) -> datetime | None:
    return next((entree[nom] for nom in _INSTANTS[sorte] if entree.get(nom)), None)


def _montrer(entree: Document) -> Document:
    return {champ: valeur for champ, valeur in entree.items() if champ not in _CACHES}
