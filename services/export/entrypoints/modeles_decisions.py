"""What the commands of the académies take and give (OpenAPI)."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.statuts import Plateforme, Statut
from services.export.domain.commandes import Commande, Saisie

Identifiant = Annotated[str, Field(min_length=1, max_length=64)]
Libelle = Annotated[str, Field(max_length=200)]
Precision = Annotated[str, Field(max_length=1_000)]
# Longer than any text or link that is admitted: the domain says which is too long, and by what.
Texte = Annotated[str, Field(max_length=10_000)]


class _Demande(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TextesAffelnet(_Demande):
    """Les textes (1 000 caractères) et les adresses (250) montrés sur Affelnet ; vides, ôtés."""

    infos_offre: Texte | None = None
    modalites_offre: Texte | None = None
    url_infos_offre: Texte | None = None
    url_modalites_offre: Texte | None = None


class Refus(_Demande):
    """Un refus : le motif (code ou libellé de `/v1/motifs`) et, selon lui, une précision."""

    motif: Libelle
    precision: Precision | None = None


class Reinitialisation(_Demande):
    """Pourquoi l'offre est réinitialisée ; gardé à l'historique."""

    commentaire: Texte


ActionDeListe = Literal["publier", "refuser", "forcer", "reinitialiser"]


class DecisionDemandee(_Demande):
    """Une décision d'une liste ; `version` est celle lue (champ `version` de l'offre)."""

    formation: Identifiant
    plateforme: Plateforme
    action: ActionDeListe
    motif: Libelle | None = None
    precision: Precision | None = None
    commentaire: Texte | None = None
    version: Annotated[str, Field(max_length=64)] | None = None

    def commande(self) -> Commande:
        """Return the command asked for."""
        return Commande(self.action)

    def saisie(self) -> Saisie:
        """Return what is given with it."""
        return Saisie(self.motif, self.precision, self.commentaire)


class DecisionPrise(BaseModel):
    """Le résultat d'une commande ; `changee` est faux quand elle était déjà suivie d'effet."""

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
