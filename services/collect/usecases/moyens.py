"""What a deposit is received with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.collect.domain.depublications import SEUIL, Seuil
from services.collect.ports import Offres


@dataclass(frozen=True, slots=True)
class Reglages:
    """The bounds of a deposit: lines in a batch, lines in all, bytes in a line.

    `attribuee_suffit` lets an offer into the feeds under a clé that the catalogue gave it;
    `depublications` is what one deposit may unpublish without its depositor's word.
    """

    lot: int
    lignes_max: int
    ligne_max: int
    attribuee_suffit: bool = False
    depublications: Seuil = SEUIL


@dataclass(frozen=True, slots=True)
class Moyens:
    """What a deposit is received with."""

    offres: Offres
    reglages: Reglages
    maintenant: Callable[[], datetime]
    nouvel_id: Callable[[], str]
