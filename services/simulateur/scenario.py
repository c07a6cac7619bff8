"""The faults that a test or a demonstration asks for."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


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


class PanneVoulue(BaseModel):
    """`nombre` faults of a kind, in the order of arrival."""

    model_config = ConfigDict(extra="forbid")

    panne: Panne
    nombre: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class Refus(BaseModel):
    """The answer to the offers of a key or of a UAI."""

    model_config = ConfigDict(extra="forbid")

    message: Annotated[str, Field(max_length=1_000)]
    status: Annotated[int, Field(ge=200, le=599)] = 400


class Scenario(BaseModel):
    """What the simulator does besides answering well."""

    model_config = ConfigDict(extra="forbid")

    latence_s: Annotated[float, Field(ge=0, le=300)] = 0.0
    pannes: list[PanneVoulue] = []
    refus: dict[str, Refus] = {}
    statuts: dict[str, str] = {}

    def prochaine_panne(self) -> Panne | None:
        """Take the next fault, if any is left."""
        while self.pannes:
            voulue = self.pannes[0]
            voulue.nombre -= 1
            if voulue.nombre == 0:
                self.pannes.pop(0)
            return voulue.panne
        return None
