"""Decisions recorded for behaviours that the cases call questionable (cases README, 3)."""

from typing import Final

from tests.acceptance.jugement import Choix, Donnees
from tests.acceptance.outils import IDENTIFIANT


def _oubli_d_un_inconnu(given: Donnees) -> bool:
    """Tell whether somebody who has no account has forgotten the password."""
    inconnu = given.get("username", IDENTIFIANT) != IDENTIFIANT
    return inconnu and given.keys() <= {"username", "type"}


CHOIX: Final[tuple[Choix, ...]] = (
    Choix(
        "HTTP",
        _oubli_d_un_inconnu,
        "a forgotten password has one answer, whether the account exists or not (decision 21)",
    ),
)
