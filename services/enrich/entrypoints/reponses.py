"""What the API of enrich answers."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from contracts.evenements import Operation, Origine


class Reemission(BaseModel):
    """Formations whose events are to be sent again."""

    ids: list[str] = Field(min_length=1)


class Reemises(BaseModel):
    """What was sent again, and the ids that name no formation."""

    reemises: int
    inconnues: list[str]


class EntreeHistorique(BaseModel):
    """One real change: when, who, why, and field by field from what to what."""

    sequence: int
    le: datetime
    auteur: str
    cause: Operation
    origine: Origine | None
    champs: dict[str, tuple[Any, Any]]


class Historique(BaseModel):
    """Changes of a formation, oldest first. `suite` is the `apres` of the next page, if any."""

    formation: str
    changements: list[EntreeHistorique]
    suite: int | None
