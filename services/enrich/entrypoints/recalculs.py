"""Passes over the catalogue, over HTTP: asked for, followed; how many formations are late."""

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from contracts.portees import Role
from services.enrich.domain.recalcul import Etabli, Recalcul, socle_de
from services.enrich.domain.recalcul_cles import Touchees, cles_touchees
from services.enrich.entrypoints.moyens import UsesMoyens, administrateur, lecture
from services.enrich.ports_versions import VersionInconnue
from services.enrich.usecases.recalculer import TOUT, demander
from services.kernel.auth import Identity, require
from services.kernel.ids import UlidIds
from services.kernel.problem import NotFound

router = APIRouter(prefix="/v1", tags=["recalculs"])

Administrateur = Annotated[Identity, Depends(require(Role.ADMINISTRATEUR))]


class RecalculVu(BaseModel):
    """One pass: why, over how many formations, how far."""

    id: str
    nature: str
    etat: str
    tout: bool
    total: int
    lues: int
    changees: int
    restantes: int
    version: str
    precedente: str | None
    jour: date
    demandee_par: str
    demandee_le: datetime
    commencee_le: datetime | None
    terminee_le: datetime | None

    @classmethod
    def de(cls, recalcul: Recalcul) -> Self:
        """Return what is told of a pass."""
        return cls(
            id=recalcul.id,
            nature=recalcul.nature.value,
            etat=recalcul.etat.value,
            tout=recalcul.touchees.tout,
            total=recalcul.total,
            lues=recalcul.lues,
            changees=recalcul.changees,
            restantes=recalcul.restantes,
            version=recalcul.socle.version,
            precedente=recalcul.de,
            jour=recalcul.socle.jour,
            demandee_par=recalcul.demandee_par,
            demandee_le=recalcul.demandee_le,
            commencee_le=recalcul.commencee_le,
            terminee_le=recalcul.terminee_le,
        )


class Demande(BaseModel):
    """What to compute again: everything, or what differs from an earlier version of the tables."""

    depuis: str | None = Field(default=None, max_length=64)


class Suivi(BaseModel):
    """What every formation rests on, but for `en_retard` of them; 0 when nothing is left to do."""

    en_retard: int
    version: str | None
    jour: date | None
    regles: int | None


@router.get(
    "/recalculs", dependencies=[administrateur], summary="Reprises du catalogue, récentes d'abord"
)
async def lister(
    moyens: UsesMoyens, limite: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[RecalculVu]:
    """Donne les dernières reprises : leur cause, leur étendue et leur avancement."""
    return [RecalculVu.de(une) for une in await moyens.recalculs.lister(limite)]


@router.get("/recalculs/{identifiant}", dependencies=[administrateur], summary="Une reprise")
async def trouver(
    identifiant: Annotated[str, Path(max_length=64)], moyens: UsesMoyens
) -> RecalculVu:
    """Donne l'avancement d'une reprise."""
    trouvee = await moyens.recalculs.trouver(identifiant)
    if trouvee is None:
        raise NotFound("Aucune reprise n'a cet identifiant.")
    return RecalculVu.de(trouvee)


@router.post("/recalculs", status_code=202, summary="Demander une reprise du catalogue")
async def demander_(demande: Demande, moyens: UsesMoyens, identite: Administrateur) -> RecalculVu:
    """Recalcule toutes les offres, ou celles que touche ce qui a changé depuis une version.

    Rien n'est écrit ni émis pour celles qui ne changent pas ; les dépôts passent devant.
    """
    enrichisseur = moyens.actif.enrichisseur()
    touchees: Touchees = TOUT
    if demande.depuis is not None:
        try:
            avant = await moyens.referentiels.charger(demande.depuis)
        except VersionInconnue:
            raise NotFound("Cette version est inconnue ou n'est plus disponible.") from None
        touchees = cles_touchees(avant, enrichisseur.references)
    faite = await demander(
        touchees,
        identite.titulaire,
        socle_de(enrichisseur),
        moyens.recalculs,
        UlidIds(moyens.clock).new(),
        moyens.maintenant(),
    )
    return RecalculVu.de(faite)


@router.get(
    "/referentiels/suivi",
    dependencies=[lecture],
    summary="Offres qui reposent encore sur d'anciens référentiels",
)
async def suivi(moyens: UsesMoyens) -> Suivi:
    """Dit sur quels référentiels, jour et règles reposent les offres, et combien sont en retard."""
    etabli: Etabli | None = await moyens.recalculs.etabli()
    socle = etabli.socle if etabli else None
    return Suivi(
        en_retard=await moyens.recalculs.restantes(),
        version=socle.version if socle else None,
        jour=socle.jour if socle else None,
        regles=socle.regles if socle else None,
    )
