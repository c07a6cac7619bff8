"""What the lists and the reading of offers give (OpenAPI)."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from contracts.evenements import Etat
from contracts.statuts import Plateforme, Statut
from services.export.domain.commandes import Commande
from services.export.domain.place import LONGUEUR_MAX
from services.export.domain.recherche import Tri
from services.export.entrypoints.filtres import Filtres


class PageDemandee(Filtres):
    """Une page d'une sélection : `suivant` d'une page se redonne en `apres`, sous le même `tri`."""

    tri: Tri = Tri.DEFAUT
    apres: Annotated[str, Field(max_length=LONGUEUR_MAX)] = ""
    limite: Annotated[int, Field(ge=1, le=500)] = 50


class FacettesDemandees(Filtres):
    """Une sélection et les facettes à compter ; à défaut, celles qui ont un sens pour elle."""

    facette: Annotated[list[str], Field(max_length=40)] = Field(default_factory=list)


class Rejet(BaseModel):
    """Le refus reconnu dans la réponse de la plateforme : sa cause, et quoi faire."""

    code: str
    cause: str
    action: str


class StatutAffiche(BaseModel):
    """Ce qu'une plateforme montre d'une offre, pourquoi, et depuis quand.

    `rejet` dit pourquoi elle l'a refusée ; nul si elle ne l'a pas fait ou si sa réponse n'est pas
    un refus connu.
    """

    perimetre: bool
    statut: Statut
    explication: list[str]
    en_clair: list[str]
    identifiant: str | None
    publiee_le: datetime | None
    motif: str | None
    depuis: datetime | None = None
    rejet: Rejet | None = None


class OffreResumee(BaseModel):
    """Une offre d'une liste. Une plateforme que votre rôle ne voit pas est nulle.

    Retirée, une offre garde le statut que Parcoursup lui a donné.
    """

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
    parcoursup: StatutAffiche | None
    affelnet: StatutAffiche | None


class Liste(BaseModel):
    """Une page d'offres ; `suivant` à donner en `apres` pour la suivante, nul à la fin."""

    offres: list[OffreResumee]
    suivant: str | None


class ValeurComptee(BaseModel):
    """Une valeur d'une facette, et combien d'offres l'ont ; nulle : l'offre n'en a pas."""

    valeur: str | bool | None
    offres: int


class FacetteComptee(BaseModel):
    """Une facette et ses valeurs, les plus fréquentes d'abord."""

    titre: str
    valeurs: list[ValeurComptee]


class Facettes(BaseModel):
    """Les comptes d'une sélection ; chaque facette est comptée sans son propre critère."""

    total: int
    facettes: dict[str, FacetteComptee]


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
    reclasse_le: datetime | None = None
    code: str | None = None
    cause: str | None = None
    action: str | None = None


class ActionLue(BaseModel):
    """Une commande : possible, ou refusée avec la raison qu'elle donnerait et ce qu'il faut."""

    commande: Commande
    possible: bool
    vers: Statut | None
    code: str | None
    raison: str | None
    que_faire: str | None


class Faits(BaseModel):
    """Les trois faits d'une offre sur une plateforme, le statut qui en découle, ce qui se peut.

    `precedent` est ce qu'elle montrait au début de la campagne, `rejet_pris_par` qui s'occupe du
    rejet, `retenue` pourquoi elle n'est pas envoyée, `textes` ce qu'Affelnet montrera, `mefs` les
    MEF sous lesquels Affelnet la connaît, `candidatures` où en sont celles de ses organismes.
    """

    affiche: StatutAffiche
    eligibilite: EligibiliteLue
    decision: DecisionLue | None
    retour: RetourLu | None
    choix: bool | None
    actions: list[ActionLue]
    precedent: dict[str, Any] | None = None
    rejet_pris_par: str | None = None
    retenue: Any = None
    relecture: dict[str, Any] | None = None
    textes: dict[str, Any] | None = None
    couverture: dict[str, Any] | None = None
    mefs: list[dict[str, Any]] | None = None
    candidatures: str | None = None


class AvertissementLu(BaseModel):
    """Ce qu'il faut voir avant de décider."""

    code: str
    phrase: str
    que_faire: str
    plateforme: Plateforme | None
    bloquant: bool


class Lien(BaseModel):
    """Une commande d'un autre service sur cette offre."""

    service: str
    methode: str
    chemin: str


class OffreLue(BaseModel):
    """Une offre : ce qu'elle est, ses faits par plateforme, ses avertissements, son histoire.

    `historique` réunit les décisions, les textes et rejets, les réponses de Parcoursup et les
    changements de statut, du plus ancien au plus récent ; `sorte` dit lequel.
    """

    id: str
    version: str
    offre: dict[str, Any]
    parcoursup: Faits | None
    affelnet: Faits | None
    avertissements: list[AvertissementLu]
    historique: list[dict[str, Any]]
    liens: dict[str, Lien]
