"""What a test or a demonstration asks of the simulator."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.simulateur.hasard import tirage
from services.simulateur.plateforme import Etat

Part = Annotated[float, Field(ge=0, le=1)]


class Panne(StrEnum):
    """A fault of the platform or of the network."""

    INDISPONIBLE = "503"
    ERREUR = "500"
    TROP = "429"
    NON_AUTORISE = "401"
    INTERDIT = "403"
    MAINTENANCE = "maintenance"  # a 200 that is an HTML page
    PERDUE = "perdue"  # the offer is created, the answer never arrives
    COUPEE = "coupee"  # the connection ends before anything was done
    TRONQUEE = "tronquee"  # of a read-back: the JSON is cut
    PARTIELLE = "partielle"  # of a read-back: only the first half of the rows
    VIDE = "vide"  # of a read-back: no row


class _Voulu(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PanneVoulue(_Voulu):
    """`nombre` faults of a kind, in the order of arrival."""

    panne: Panne
    nombre: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class Refus(_Voulu):
    """The answer to the offers of a key or of a UAI: a text, or one of the known refusals."""

    message: Annotated[str, Field(max_length=1_000)] = ""
    code: Annotated[str, Field(max_length=60)] | None = None
    status: Annotated[int, Field(ge=200, le=599)] = 400


class Hasard(_Voulu):
    """Seeded shares: of offers refused, whose answer is lost, of sendings met by a fault.

    Refusals and lost answers are drawn by key: however often it is sent, an offer meets the same.
    Transient faults are drawn by sending. `jour` is what becomes, each day, of an offer without
    news.
    """

    graine: str = "0"
    refus: Part = 0
    perdues: Part = 0
    indisponible: Part = 0
    jour: dict[Etat, Part] = {Etat.VISIBLE: 1.0}


class Scenario(_Voulu):
    """What the simulator does besides answering well."""

    latence_s: Annotated[float, Field(ge=0, le=300)] = 0.0
    latence_max_s: Annotated[float, Field(ge=0, le=300)] = 0.0
    pannes: list[PanneVoulue] = []
    pannes_relecture: list[PanneVoulue] = []
    refus: dict[str, Refus] = {}
    statuts: dict[str, str] = {}
    uais_inconnus: set[str] = set()
    uais_sans_utilisateur: set[str] = set()
    utilisateurs: set[str] | None = None
    hasard: Hasard = Hasard()

    def prochaine_panne(self) -> Panne | None:
        """Take the next fault of a sending, if any is left."""
        return _prendre(self.pannes)

    def prochaine_panne_de_relecture(self) -> Panne | None:
        """Take the next fault of a read-back, if any is left."""
        return _prendre(self.pannes_relecture)

    def latence(self, rang: int) -> float:
        """Return how long the answer to the n-th sending takes."""
        etendue = max(0.0, self.latence_max_s - self.latence_s)
        return self.latence_s + etendue * tirage(self.hasard.graine, "latence", rang)


def _prendre(voulues: list[PanneVoulue]) -> Panne | None:
    if not voulues:
        return None
    voulue = voulues[0]
    voulue.nombre -= 1
    if voulue.nombre == 0:
        voulues.pop(0)
    return voulue.panne
