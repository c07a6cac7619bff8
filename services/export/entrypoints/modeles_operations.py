"""Models of the operations on all offers and of the comparison of seasons (OpenAPI)."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from contracts.statuts import Plateforme
from services.export.domain.operations import Etape, NatureOperation
from services.export.domain.saison_precedente import Cause


class Operation(BaseModel):
    """Une opération sur toutes les offres d'une plateforme, et où elle en est.

    `comptes` donne, par étape, les offres vues (sur `total`), puis ce qui a changé.
    """

    id: str
    nature: NatureOperation
    plateforme: Plateforme
    campagne: str
    parametres: dict[str, str]
    demandee_par: str
    demandee_le: datetime
    etape: Etape
    comptes: dict[str, int]
    total: int
    terminee_le: datetime | None


class Operations(BaseModel):
    """Les opérations, la dernière demandée d'abord."""

    operations: list[Operation]


class Passage(BaseModel):
    """Combien d'offres passeraient d'un statut à un autre, ou garderaient le leur."""

    avant: str
    apres: str
    nombre: int
    exemples: list[dict[str, Any]] = []


class ApercuDAcademie(BaseModel):
    """Les passages d'une académie ; `academie` est vide quand elle est inconnue."""

    academie: str
    passages: list[Passage]


class ApercuDOperation(BaseModel):
    """Ce qu'une opération changerait ; rien n'est écrit.

    `sortes` compte ce qui change à côté du statut (identifiants effacés, couvertures vidées…).
    """

    plateforme: Plateforme
    vues: int
    changees: int
    passages: list[Passage]
    sortes: dict[str, int]
    par_academie: list[ApercuDAcademie]


class OffreDisparue(BaseModel):
    """Une offre du périmètre de la saison précédente qui n'est plus là."""

    id: str
    cle_ministere_educatif: str | None
    intitule: str | None
    academie: str | None
    statut_precedent: str
    cause: Cause
    remplacee_par: str | None


class ComparaisonDAcademie(BaseModel):
    """Une académie ; `academie` est vide quand elle est inconnue."""

    academie: str
    perimetre: int
    presentes: int
    causes: dict[Cause, int]


class Comparaison(BaseModel):
    """Ce que sont devenues les offres du périmètre de la saison précédente.

    `presentes` : encore dans le périmètre avec une session. `causes` dit pourquoi les autres non.
    """

    plateforme: Plateforme
    saison: str
    perimetre: int
    presentes: int
    causes: dict[Cause, int]
    par_academie: list[ComparaisonDAcademie]
    disparues: list[OffreDisparue]
    suivant: str | None
