"""Decisions recorded for behaviours that the cases call questionable (cases README, 3)."""

from typing import Final

from tests.acceptance.jugement import Choix

CHOIX: Final[tuple[Choix, ...]] = ()
