"""A deposit as `POST /v1/depots` and `GET /v1/depots/{id}` show it.

At any moment `recues` is the sum of the five other counts of `lignes` (issue of the flow, faults
of others). A line that has nothing to do at a stage (refused, identical, ignored) counts there as
soon as it is read, so that each stage of a finished deposit reaches `recues`.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from contracts.constats import Gravite


class _Vue(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class EtatDepot(StrEnum):
    """How far the reception of the file has come."""

    EN_COURS = "en_cours"
    RECU = "recu"
    ECHOUE = "echoue"


class ComptesLignes(_Vue):
    """What became of the lines received so far."""

    recues: int = 0
    acceptees: int = 0
    a_corriger: int = 0
    refusees: int = 0
    identiques: int = 0
    ignorees: int = 0


class Avancement(_Vue):
    """How many of the received lines are done at each stage."""

    deposees: int = 0
    enrichies: int = 0
    indexees: int = 0
    evaluees: int = 0


class CompteConstat(_Vue):
    """How often a finding was made in this deposit."""

    code: str
    gravite: Gravite
    message: str
    nombre: int


class Echec(_Vue):
    """Why a deposit failed: the code and detail of the problem that its caller was answered."""

    code: str
    detail: str


class VueDepot(_Vue):
    """A deposit and its progress."""

    id: str
    etat: EtatDepot
    essai: bool = False
    recu_le: datetime
    lignes: ComptesLignes = ComptesLignes()
    avancement: Avancement = Avancement()
    constats: list[CompteConstat] = []
    echec: Echec | None = None

    @property
    def termine(self) -> bool:
        """Tell whether nothing more will happen: failed, or all lines done at every stage."""
        if self.etat is not EtatDepot.RECU:
            return self.etat is EtatDepot.ECHOUE
        stages = self.avancement
        return (
            min(stages.deposees, stages.enrichies, stages.indexees, stages.evaluees)
            >= self.lignes.recues
        )
