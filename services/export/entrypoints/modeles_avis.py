"""What the routes of notices and subscriptions take and give (OpenAPI)."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.statuts import Plateforme
from services.export.domain.abonnements import Etat, Frequence, Issue, Objet
from services.export.domain.avis import Rubrique

NumeroAcademie = Annotated[str, Field(pattern=r"^\d{1,2}$")]
Siret = Annotated[str, Field(pattern=r"^\d{14}$")]


class AbonnementDemande(BaseModel):
    """Un abonnement : à l'avis d'une académie, ou à celui d'un établissement."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    academie: NumeroAcademie | None = None
    siret: Siret | None = None
    frequence: Frequence
    adresse: Annotated[str, Field(max_length=254)]

    @model_validator(mode="after")
    def _refuse_both_or_none(self) -> Self:
        if (self.academie is None) == (self.siret is None):
            raise ValueError("Donnez « academie » ou « siret », l'un des deux.")
        return self


class CourrierLu(BaseModel):
    """Le dernier courriel d'un abonnement ; « en_cours » et ancien, son issue est inconnue."""

    objet: Objet
    jour: date
    issue: Issue
    essais: int
    commence_le: datetime
    reprendre_le: datetime | None
    erreur: str | None


class AbonnementLu(BaseModel):
    """Un abonnement ; suspendu, son adresse a été refusée (voir `courrier.erreur`)."""

    id: str
    academie: str | None
    siret: str | None
    plateformes: list[Plateforme]
    frequence: Frequence
    adresse: str
    etat: Etat
    demande_le: datetime
    confirme_le: datetime | None
    courrier: CourrierLu | None


class AbonnementsLus(BaseModel):
    """Une page d'abonnements ; `suivant` à donner en `apres`, nul à la fin."""

    abonnements: list[AbonnementLu]
    suivant: str | None


class RubriqueLue(BaseModel):
    """Combien d'offres dans une rubrique, dont combien depuis l'avis précédent."""

    code: Rubrique
    titre: str
    nombre: int
    nouvelles: int


class OffreAviseeLue(BaseModel):
    """Une offre d'un avis : ce qui en est dit, pourquoi, et ce qu'il y a à faire."""

    rubrique: Rubrique
    plateforme: Plateforme | None
    statut: str | None
    depuis: date
    nouvelle: bool
    id: str
    cle_ministere_educatif: str | None
    intitule: str | None
    localite: str | None
    organisme: str | None
    raison: str | None
    cause: str
    a_faire: str


class AvisLu(BaseModel):
    """L'avis d'un lecteur ; `jour` est celui où il a pris cet état, nul avant le premier."""

    destinataire: str
    jour: date | None
    precedent: date | None
    version: int
    rubriques: list[RubriqueLue]
    offres: list[OffreAviseeLue]
