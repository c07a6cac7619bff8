"""The route of bulk decisions: the filters of the list, one action, tried then applied."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from contracts.statuts import Plateforme, Statut
from services.export.domain.commandes import DROITS, Commande
from services.export.domain.lots import compter
from services.export.entrypoints.decisions import Agent, acteur, moyens
from services.export.entrypoints.filtres import Filtres, rechercher
from services.export.entrypoints.modeles_decisions import (
    ActionDeListe,
    Libelle,
    Precision,
    Texte,
)
from services.export.entrypoints.serveur import Ici, exiger_un
from services.export.usecases.lots import appliquer_lot, essayer_lot
from services.kernel.problem import Invalid, PreconditionRequired

router = APIRouter(prefix="/v1", tags=["décisions"])


class LotDemande(BaseModel):
    """Une action sur une sélection. L'essai rend un `jeton` ; la même demande l'applique."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    essai: bool = True
    jeton: Annotated[str, Field(max_length=64)] | None = None
    plateforme: Plateforme
    action: ActionDeListe
    motif: Libelle | None = None
    precision: Precision | None = None
    commentaire: Texte | None = None
    filtre: Filtres


class ResultatDeLot(BaseModel):
    """Ce que l'action donne, ou donnerait, d'une offre ; `probleme` dit pourquoi elle n'en a pas.

    `version` est celle de l'essai, `statut` celui qui est affiché après.
    """

    formation: str
    version: str
    statut: Statut | None
    changee: bool
    probleme: dict[str, Any] | None


class Lot(BaseModel):
    """Le résultat, offre par offre ; `comptes` par sorte : changées, inchangées, codes de refus."""

    jeton: str
    applique: bool
    total: int
    comptes: dict[str, int]
    resultats: list[ResultatDeLot]


@router.post("/decisions/lot", summary="Décider d'une sélection, à l'essai puis pour de bon")
async def decider_lot(corps: LotDemande, ici: Ici, identite: Agent) -> Lot:
    """À l'essai, rien n'est écrit. Avec le `jeton` de l'essai, l'action est appliquée.

    Une offre qui a changé depuis l'essai est laissée et signalée (412) ; redemander le même jeton
    ne change rien de plus.
    """
    commande = Commande(corps.action)
    exiger_un(identite, DROITS[commande], corps.plateforme)
    recherche = rechercher(_filtre(corps), identite)
    demande = corps.model_dump(mode="json", exclude={"essai", "jeton"})
    qui, avec = acteur(identite), moyens(ici)
    if corps.essai:
        maximum = ici.settings.decisions_en_lot_max
        offres = await ici.recherches.selection(recherche, maximum)
        if len(offres) > maximum:
            raise Invalid(
                f"La sélection dépasse {maximum} offres ; resserrez-la.",
                code="selection_trop_grande",
            )
        fait = await essayer_lot(demande, offres, qui, avec, ici.lots)
    else:
        if corps.jeton is None:
            raise PreconditionRequired("Faites d'abord l'essai, et redonnez son « jeton ».")
        fait = await appliquer_lot(
            corps.jeton, demande, qui, avec, ici.lots, taille=ici.settings.decisions_max
        )
    resultats = fait["resultats"]
    return Lot(
        jeton=fait["jeton"],
        applique=not corps.essai,
        total=len(resultats),
        comptes=compter(resultats),
        resultats=[ResultatDeLot(**un) for un in resultats],
    )


def _filtre(corps: LotDemande) -> Filtres:
    autre = corps.filtre.plateforme
    if autre is not None and autre is not corps.plateforme:
        raise Invalid("La plateforme du filtre n'est pas celle de l'action.")
    return corps.filtre.model_copy(update={"plateforme": corps.plateforme})
