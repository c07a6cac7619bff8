"""What the API takes and gives (OpenAPI)."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.evenements import Etat
from contracts.statuts import Plateforme, Statut

Identifiant = Annotated[str, Field(min_length=1, max_length=64)]
Precision = Annotated[str, Field(max_length=1_000)]


class _Demande(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Refus(_Demande):
    """Un refus : le motif (code ou libellé de `/v1/motifs`) et, selon lui, une précision."""

    motif: Annotated[str, Field(max_length=200)]
    precision: Precision | None = None


class DecisionDemandee(_Demande):
    """Une décision d'une liste. `version` : celle lue, pour ne décider que si rien n'a changé."""

    formation: Identifiant
    plateforme: Plateforme
    action: Literal["publier", "refuser"]
    motif: Annotated[str, Field(max_length=200)] | None = None
    precision: Precision | None = None
    version: Annotated[str, Field(max_length=64)] | None = None


class CampagneDemandee(_Demande):
    """Le début d'une campagne."""

    debut: date


class Ids(_Demande):
    """Des identifiants de formations."""

    ids: Annotated[list[Identifiant], Field(max_length=1_000)]


class StatutAffiche(BaseModel):
    """Ce qu'une plateforme montre d'une offre, et pourquoi."""

    perimetre: bool
    statut: Statut
    explication: list[str]
    en_clair: list[str]
    identifiant: str | None
    publiee_le: datetime | None
    motif: str | None


class OffreResumee(BaseModel):
    """Une offre d'une liste. Retirée, elle garde le statut que Parcoursup lui a donné."""

    id: str
    etat: Etat
    version: str
    cle_ministere_educatif: str | None
    intitule: str | None
    diplome: str | None
    niveau: str | None
    localite: str | None
    num_academie: str | None
    uai_formation: str | None
    etablissement_lieu_formation_siret: str | None
    parcoursup: StatutAffiche
    affelnet: StatutAffiche


class Liste(BaseModel):
    """Une page d'offres ; `suivant` à donner en `apres` pour la suivante, nul à la fin."""

    offres: list[OffreResumee]
    suivant: str | None


class Clause(BaseModel):
    """Une condition des règles, tenue ou non."""

    clause: str
    tenue: bool
    phrase: str


class EligibiliteLue(BaseModel):
    """Ce que disent les règles."""

    perimetre: bool
    session: bool
    session_precedente: bool
    statut_initial: Statut
    statut: Statut
    regle: str | None
    version: int | None
    clauses: list[Clause]


class DecisionLue(BaseModel):
    """Ce qui a été décidé ; un `statut` nul rend la parole aux règles."""

    numero: int
    nature: str = "publier"
    statut: Statut | None
    campagne: str
    auteur: str
    prise_le: datetime
    motif: str | None
    precision: str | None


class RetourLu(BaseModel):
    """Ce que la plateforme a répondu."""

    decision: int
    statut: Statut | None
    campagne: str
    recu_le: datetime
    identifiant: str | None
    erreur: str | None
    publiee_le: datetime | None
    cause: str | None = None
    action: str | None = None


class Faits(BaseModel):
    """Les trois faits d'une offre, le statut qui en découle et le choix qu'il montre."""

    affiche: StatutAffiche
    eligibilite: EligibiliteLue
    decision: DecisionLue | None
    retour: RetourLu | None
    choix: bool | None
    publication_possible: bool
    refus_possible: bool


class OffreLue(BaseModel):
    """Une offre, ses faits sur chaque plateforme, et toutes les décisions prises."""

    id: str
    version: str
    offre: dict[str, Any]
    parcoursup: Faits
    affelnet: Faits
    historique: list[dict[str, Any]]


class DecisionPrise(BaseModel):
    """Le résultat d'une décision ; `changee` est faux quand elle était déjà en vigueur."""

    formation: str
    plateforme: Plateforme
    version: str
    statut: Statut
    changee: bool


class Reponse(BaseModel):
    """La réponse à une décision d'une liste : prise, ou refusée avec le problème."""

    rang: int
    formation: str
    plateforme: Plateforme
    prise: DecisionPrise | None
    probleme: dict[str, Any] | None


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
