"""What the routes of reference tables answer."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field


class TableReferentiel(BaseModel):
    """One reference table in use: its edition, what gave it, and whether it is out of date."""

    table: str
    libelle: str
    edition: str
    fichier: str
    source_le: date | None = Field(description="Date de la source, si elle est connue.")
    chargee_le: datetime
    age_jours: int = Field(description="Depuis la date de la source, sinon depuis le chargement.")
    age_max_jours: int
    perimee: bool
    lues: int
    gardees: int
    refusees: Mapping[str, int]
    remarques: Mapping[str, int] = Field(description="Ce qui étonne dans les lignes gardées.")


class Referentiels(BaseModel):
    """The active version of the reference tables."""

    version: str
    chargee_le: datetime
    activee_le: datetime | None
    age_jours: int
    perimee: bool = Field(description="Vrai si au moins une table est périmée.")
    tables: list[TableReferentiel]


class ComparaisonVue(BaseModel):
    """What differs in a table from the version before, with the first keys of each kind."""

    table: str
    ajoutees: int
    changees: int
    fermees: int
    retirees: int
    exemples: Mapping[str, Sequence[str]]


class MotifVu(BaseModel):
    """What speaks against a load."""

    code: str
    table: str | None
    message: str


class ForcageVu(BaseModel):
    """Why a load was accepted in spite of what speaks against it."""

    raison: str
    motifs: list[MotifVu]


class VersionVue(BaseModel):
    """One version: its tables, what it changes, and whether it can be activated again."""

    id: str
    de: str | None
    chargee_le: datetime
    par: str
    active: bool
    activee_le: datetime | None
    utilisable: bool
    tables: list[TableReferentiel]
    comparaisons: list[ComparaisonVue]
    forcage: ForcageVu | None


class RefusVu(BaseModel):
    """A load that was refused: nothing of it was kept but this."""

    id: str
    le: datetime
    par: str
    source: str
    motifs: list[MotifVu]


class ActivationVue(BaseModel):
    """One activation; `retour` when it went back to the version before."""

    version: str
    le: datetime
    par: str
    retour: bool


class Versions(BaseModel):
    """All versions, and the last refusals and activations; newest first."""

    versions: list[VersionVue]
    refus: list[RefusVu]
    activations: list[ActivationVue]


class ChargementVu(BaseModel):
    """The report of a load; `identique` when a version with this content was there already."""

    resultat: Literal["nouvelle", "identique"]
    version: VersionVue
