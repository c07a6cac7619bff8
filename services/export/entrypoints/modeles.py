"""What the API takes and gives (OpenAPI)."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Identifiant = Annotated[str, Field(min_length=1, max_length=64)]


class _Demande(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CampagneDemandee(_Demande):
    """Le début d'une campagne."""

    debut: date


class Ids(_Demande):
    """Des identifiants de formations."""

    ids: Annotated[list[Identifiant], Field(max_length=1_000)]


class Changement(BaseModel):
    """Un changement, avec l'état complet dans `data`."""

    type: Literal["formation", "publication"]
    id: str
    sequence: int
    etat: str
    data: dict[str, Any]


class Changements(BaseModel):
    """Une page de changements ; `curseur` à donner en `depuis` pour la suite."""

    changements: list[Changement]
    curseur: str
    a_jour: bool
