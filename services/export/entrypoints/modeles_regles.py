"""What the routes of rules take and give (OpenAPI)."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.statuts import Plateforme, Statut
from services.export.domain.apercu_regles import Mouvement
from services.export.domain.constructeur import Ligne
from services.export.domain.explication_regles import Motif
from services.export.domain.redaction_regles import Saisie
from services.export.domain.regles import NATIONALE

Texte = Annotated[str, Field(min_length=1, max_length=200)]
Numero = Annotated[int, Field(ge=0, le=99)]
Filtre = dict[str, Any] | Annotated[str, Field(max_length=20_000)]


class _Demande(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LigneDemandee(_Demande):
    """Une ligne du constructeur ; `combinateur` la relie à la précédente."""

    champ: Annotated[str, Field(max_length=100)]
    operateur: Annotated[str, Field(max_length=10)]
    valeur: Annotated[str, Field(max_length=500)]
    combinateur: Annotated[str, Field(max_length=10)] = "AND"

    def ligne(self) -> Ligne:
        """Return the line of the domain."""
        return Ligne(self.champ, self.operateur, self.valeur, self.combinateur)


class ComplementaireDemandee(_Demande):
    """Une règle complémentaire : les lignes du constructeur, ou le filtre (objet ou texte JSON)."""

    lignes: Annotated[list[LigneDemandee], Field(max_length=50)] = []
    filtre: Filtre | None = None


class RegleDemandee(ComplementaireDemandee):
    """Une règle ; sans `statut`, elle prend le premier de sa condition."""

    plateforme: Plateforme
    niveau: Texte
    diplome: Texte
    condition_integration: Literal["doit intégrer", "peut intégrer", "ne doit pas intégrer"]
    statut: Statut | None = None
    num_academie: Annotated[Numero, Field(description="0 : nationale.")] = NATIONALE
    nom: Annotated[str, Field(max_length=200)] | None = None
    duree: Annotated[str, Field(max_length=10)] | None = None
    annee: Annotated[str, Field(max_length=10)] | None = None

    def saisie(self) -> Saisie:
        """Return what is written, for the domain."""
        champs = self.model_dump(exclude={"lignes"})
        return Saisie(**champs, lignes=tuple(ligne.ligne() for ligne in self.lignes))


class SurchargeDemandee(_Demande):
    """Le statut d'une académie sur une règle « à définir » d'Affelnet."""

    statut: Statut


class SurchargeEssayee(_Demande):
    """Le statut d'une académie à essayer ; nul pour reprendre celui de la règle."""

    academie: Annotated[Numero, Field(ge=1)]
    statut: Statut | None


class ApercuDemande(_Demande):
    """Un seul changement : une règle nouvelle (sans `id`) ou changée, supprimée, surchargée."""

    id: Annotated[str, Field(max_length=64)] | None = None
    regle: RegleDemandee | None = None
    suppression: bool = False
    surcharge: SurchargeEssayee | None = None

    @model_validator(mode="after")
    def _un_seul(self) -> Self:
        demandes = [self.regle is not None, self.suppression, self.surcharge is not None]
        if sum(demandes) != 1:
            raise ValueError("demandez un changement et un seul : regle, suppression ou surcharge")
        if self.regle is None and self.id is None:
            raise ValueError("dites par « id » quelle règle est concernée")
        return self


class RegleLue(BaseModel):
    """Une règle, ce que dit sa règle complémentaire en français, et ce que vous pouvez en faire."""

    id: str
    version: int
    supprimee: bool
    modifiee_le: datetime
    contenu: dict[str, Any]
    en_clair: str
    actions: dict[str, "Action"]


class Action(BaseModel):
    """Une action possible ou non ; sinon pourquoi et ce qu'il faudrait."""

    permise: bool
    raison: str | None = None
    que_faire: str | None = None


class VersionDeRegle(BaseModel):
    """Une version : qui l'a faite, quand, et la règle avant et après (nulle : absente)."""

    version: int
    nature: str
    auteur: str
    le: datetime
    academie: int | None = None
    avant: dict[str, Any] | None
    apres: dict[str, Any] | None


class ComplementaireCompilee(BaseModel):
    """Ce que devient une règle complémentaire : le filtre gardé et sa lecture en français."""

    filtre: dict[str, Any]
    en_clair: str


class EffetLu(BaseModel):
    """Une offre que le changement touche."""

    id: str
    mouvement: Mouvement
    statut_avant: Statut
    statut_apres: Statut
    regle_avant: str | None
    regle_apres: str | None
    cle_ministere_educatif: str | None
    intitule_long: str | None
    localite: str | None
    num_academie: str | None


class Comptes(BaseModel):
    """Combien d'offres entrent dans le périmètre, en sortent, ou changent seulement de statut."""

    entrent: int
    sortent: int
    changent: int


class Passage(BaseModel):
    """Combien d'offres passent d'un statut affiché à un autre."""

    avant: Statut
    apres: Statut
    nombre: int


class ApercuLu(BaseModel):
    """Ce que ferait le changement ; rien n'est écrit. Les échantillons sont bornés."""

    plateforme: Plateforme
    offres_examinees: int
    decidees_par_la_regle: dict[Literal["avant", "apres"], int]
    total: Comptes
    par_academie: dict[str, Comptes]
    statuts: list[Passage]
    echantillons: dict[Literal["entrent", "sortent", "changent"], list[EffetLu]]


class RaisonLue(BaseModel):
    """Pourquoi une règle ne décide pas."""

    motif: Motif
    phrase: str
    attendu: Any
    vu: Any


class RegleExpliqueeLue(BaseModel):
    """Une règle du diplôme, telle que l'académie de l'offre la voit."""

    id: str
    version: int
    nom: str | None
    num_academie: int
    statut: Statut
    surchargee: bool
    en_clair: str
    gagnante: bool
    raisons: list[RaisonLue]


class ClauseLue(BaseModel):
    """Une condition, tenue ou non, et les faits qu'elle regarde."""

    clause: str
    tenue: bool
    phrase: str
    faits: dict[str, Any]


class ExplicationLue(BaseModel):
    """Pourquoi les règles disent ce qu'elles disent d'une offre."""

    plateforme: Plateforme
    perimetre: bool
    statut: Statut
    statut_initial: Statut
    regle: str | None
    version: int | None
    clauses: list[ClauseLue]
    regles: list[RegleExpliqueeLue]
