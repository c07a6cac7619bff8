"""Computing the catalogue again when what it rests on moves: what is asked, and how far it is."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from services.enrich.domain.causes import SYSTEME, Cause, Nature
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.recalcul_cles import Touchees

REGLES: Final = 1
"""The version of the rules. Raise it when they answer otherwise: all is then computed again."""


@dataclass(frozen=True, slots=True)
class Socle:
    """What the answer to an offer rests on: the tables, the business day, the rules."""

    version: str
    jour: date
    regles: int = REGLES


def socle_de(enrichisseur: Enrichisseur) -> Socle:
    """Return what the answers of these rules rest on."""
    return Socle(enrichisseur.references.version, enrichisseur.jour)


@dataclass(frozen=True, slots=True)
class Barriere:
    """What formations may no more be computed from, once everything is computed again.

    `depassees` are the versions of the tables that another took the place of.
    """

    depassees: frozenset[str] = frozenset()
    jour: str = ""
    regles: int = 0

    def admet(self, socle: Socle) -> bool:
        """Tell whether what is computed from `socle` may still be written."""
        return (
            socle.version not in self.depassees
            and socle.jour.isoformat() >= self.jour
            and socle.regles >= self.regles
        )


@dataclass(frozen=True, slots=True)
class Etabli:
    """What every formation rests on once the passes that were asked for are done.

    `activation` counts the activations of reference tables that were taken into account.
    """

    activation: int
    socle: Socle


class Etat(StrEnum):
    """How far a pass is."""

    EN_ATTENTE = "en_attente"
    EN_COURS = "en_cours"
    TERMINE = "termine"


@dataclass(frozen=True, slots=True)
class Recalcul:
    """A pass over the formations that something touches, in the order of their ids.

    `curseur` is the last id dealt with; `total` how many formations there were when it was asked
    for. `de` is the version of the tables before, when these are the cause.
    """

    id: str
    nature: Nature
    demandee_par: str
    demandee_le: datetime
    touchees: Touchees
    total: int
    socle: Socle
    de: str | None = None
    etat: Etat = Etat.EN_ATTENTE
    curseur: str = ""
    lues: int = 0
    changees: int = 0
    commencee_le: datetime | None = None
    terminee_le: datetime | None = None

    @property
    def restantes(self) -> int:
        """How many formations it has still to look at, at most."""
        return 0 if self.etat is Etat.TERMINE else max(self.total - self.lues, 0)


@dataclass(frozen=True, slots=True)
class Avancee:
    """A step of a pass, to be noted with what it writes: from one id to the next."""

    recalcul: str
    de: str
    vers: str
    lues: int
    changees: int = 0


def cause_de_recalcul(recalcul: Recalcul, socle: Socle) -> Cause:
    """Return what the history of a formation tells of a pass that changed it."""
    details: dict[Nature, dict[str, Any]] = {
        Nature.REFERENCES: {"de": recalcul.de, "version": socle.version},
        Nature.JOUR: {"jour": socle.jour.isoformat()},
        Nature.REGLES: {"regles": socle.regles},
    }
    par = recalcul.demandee_par if recalcul.nature is Nature.DEMANDE else SYSTEME
    detail = {"recalcul": recalcul.id, **details.get(recalcul.nature, {})}
    return Cause(recalcul.nature.value, par, detail=detail)
