"""What the routes of Parcoursup take and give (OpenAPI)."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.statuts import Statut


class _Demande(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReglagesDemandes(_Demande):
    """L'interrupteur, la limite du jour, le calendrier et l'heure de la relecture (Paris).

    `debut` et `fin` sont compris ; `heures` peut passer minuit. Ce qui est nul ne borne pas ; sans
    `relecture`, aucune n'est lue d'elle-même.
    """

    actif: bool
    limite: Annotated[int, Field(ge=1, le=100_000)]
    debut: date | None = None
    fin: date | None = None
    heures: tuple[time, time] | None = None
    relecture: time | None = None


class ReglagesLus(BaseModel):
    """Les réglages en vigueur, leur version, pourquoi rien ne part en ce moment."""

    version: int
    reglages: dict[str, Any]
    ferme: str | None
    historique: list[dict[str, Any]]


class ReserveLue(BaseModel):
    """Une raison de retenir une offre : la cause, quoi faire, quels refus connus elle prévient."""

    code: str
    cause: str
    action: str
    previent: list[str]
    valeur: str | None
    proposition: str | None
    raison: str | None


class OffreRetenue(BaseModel):
    """Une offre demandée que Parcoursup refuserait ; elle part d'elle-même une fois corrigée."""

    id: str
    cle_ministere_educatif: str | None
    intitule: str | None
    num_academie: str | None
    uai_formation: str | None
    depuis: datetime
    reserves: list[ReserveLue]


class Retenues(BaseModel):
    """Une page d'offres retenues ; `suivant` à donner en `apres`, nul à la fin."""

    offres: list[OffreRetenue]
    suivant: str | None


class MotifDemande(_Demande):
    """Un refus de Parcoursup à reconnaître : une expression cherchée dans « <statut> <texte> »."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    motif: Annotated[str, Field(min_length=5, max_length=500)]
    cause: Annotated[str, Field(min_length=1, max_length=500)]
    action: Annotated[str, Field(min_length=1, max_length=500)]
    statut: Literal[Statut.REJET, Statut.FERME] = Statut.REJET


class MotifAjoute(BaseModel):
    """Le motif ajouté et le nombre d'offres dont le refus se dit autrement."""

    code: str
    reclassees: int


class RelectureDemandee(_Demande):
    """`forcer` admet une relecture plus courte que la précédente au-delà du seuil."""

    forcer: bool = False
