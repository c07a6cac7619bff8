"""An offer in, everything that the tables say of it out; nothing is stored."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from contracts.constats import Gravite, gravite, rendre, statut_ligne
from contracts.droits import LECTEURS
from contracts.evenements import Constat, Operation, StatutLigne
from contracts.formation import Formation
from contracts.offre import Offre
from contracts.portees import Role
from services.enrich.domain.calcul import calculer
from services.enrich.domain.evenement import Evenement
from services.enrich.domain.qualite.completude import ELEMENTS, est_complete, manquants
from services.enrich.entrypoints.moyens import UsesMoyens
from services.kernel.auth import Identity, require

router = APIRouter(prefix="/v1", tags=["formations"])

Demandeur = Annotated[
    Identity,
    Depends(require(Role.DEPOSANT, *LECTEURS)),
]


class DiagnosticDemande(BaseModel):
    """An offer under the names of the contract, and what was already found in reading it."""

    offre: Offre
    constats: list[Constat] = Field(default=[], max_length=500)


class ConstatRendu(Constat):
    """A finding with its severity and what a person reads."""

    gravite: Gravite
    message: str
    que_faire: str


class Completude(BaseModel):
    """How much of the expected facts is told: a share from 0 to 1, and what lacks."""

    taux: float
    complete: bool
    manque: list[str]


class Diagnostic(BaseModel):
    """What the offer would become, what is said of it, and how complete it is on both sides."""

    statut: StatutLigne
    formation: Formation
    constats: list[ConstatRendu]
    completude_deposee: Completude
    completude: Completude
    version: str
    jour: str


@router.post("/diagnostic", summary="Tout ce que l'on dirait d'une offre, sans rien garder")
async def diagnostiquer(demande: DiagnosticDemande, moyens: UsesMoyens, _: Demandeur) -> Diagnostic:
    """Enrichit l'offre comme si elle était déposée, et donne constats et propositions."""
    enrichisseur = moyens.actif.enrichisseur()
    offre = demande.offre.model_dump(exclude_defaults=True)
    deja = [constat.model_dump(exclude_none=True) for constat in demande.constats]
    calcul = calculer(_evenement(offre, deja, moyens.maintenant().isoformat()), enrichisseur)
    formation, constats = calcul.etat["formation"], calcul.etat["constats"]
    return Diagnostic(
        statut=statut_ligne(constat["code"] for constat in constats),
        formation=Formation.model_validate(formation),
        constats=[_rendre(constat) for constat in constats],
        completude_deposee=_completude(offre),
        completude=_completude(formation),
        version=enrichisseur.references.version,
        jour=enrichisseur.jour.isoformat(),
    )


def _evenement(offre: dict[str, Any], constats: list[dict[str, Any]], recue_le: str) -> Evenement:
    return Evenement(
        id="diagnostic",
        sequence=1,
        operation=Operation.DEPOT.value,
        depot=None,
        ligne=None,
        essai=True,
        deposant="",
        recue_le=recue_le,
        empreinte="",
        motif=None,
        remplacee_par=None,
        predecesseurs=[],
        anciennes_cles=[],
        offre=offre,
        constats=constats,
    )


def _rendre(constat: Mapping[str, Any]) -> ConstatRendu:
    rendu = rendre(constat)
    return ConstatRendu(
        **constat,
        gravite=gravite(constat["code"]),
        message=rendu.message,
        que_faire=rendu.que_faire,
    )


def _completude(etat: Mapping[str, Any]) -> Completude:
    lacunes = manquants(etat)
    return Completude(
        taux=round(1 - len(lacunes) / len(ELEMENTS), 4),
        complete=est_complete(lacunes),
        manque=[element.code for element in lacunes],
    )
