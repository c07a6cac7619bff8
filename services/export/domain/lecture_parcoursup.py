"""What the body of a read-back must be for anything to follow from it (domain.md §4.2).

A read-back is applied whole or not at all: what it does not list counts as gone, so that one that
is cut, malformed or suspiciously short would undo what was published.
"""

from typing import Any, Final

from services.export.domain.relecture_parcoursup import Ligne

BAISSE_MAX: Final = 0.3
"""The share of rows that may be gone from one read-back to the next."""


class LectureRefusee(ValueError):
    """The read-back cannot be used; `code` is stable, the text is French, for an operator."""

    def __init__(self, code: str, raison: str) -> None:
        """Keep why."""
        super().__init__(raison)
        self.code = code


def lire(contenu: object) -> list[Ligne]:
    """Return the rows of a decoded body.

    Raises:
        LectureRefusee: it is not a list, or one of its rows is not one: all are left.
    """
    if not isinstance(contenu, list):
        raise LectureRefusee("relecture_illisible", "La relecture n'est pas une liste.")
    return [_ligne(rang, element) for rang, element in enumerate(contenu, 1)]


def verifier_ampleur(lues: int, attendues: int, baisse_max: float = BAISSE_MAX) -> None:
    """Return if so many rows may be the whole, when so many were there last.

    Raises:
        LectureRefusee: none are left, or fewer than the threshold admits.
    """
    if attendues and lues < attendues * (1 - baisse_max):
        raise LectureRefusee(
            "relecture_suspecte",
            f"La relecture a {lues} lignes, la précédente ou nos publications en font attendre "
            f"{attendues} : elle est tenue pour incomplète.",
        )


def _ligne(rang: int, element: Any) -> Ligne:  # noqa: ANN401 - decoded JSON
    if not isinstance(element, dict):
        raise LectureRefusee("relecture_illisible", f"La ligne {rang} n'est pas un objet.")
    identifiant, etat, cle = element.get("g_ta_cod"), element.get("status"), element.get("rco")
    if (
        isinstance(identifiant, bool)
        or not str(identifiant).isdigit()
        or not isinstance(etat, str)
        or not isinstance(cle, str | None)
    ):
        raise LectureRefusee(
            "relecture_illisible", f"La ligne {rang} n'a pas un g_ta_cod, un statut et une clé."
        )
    return Ligne(str(identifiant), etat, cle)
