"""Routes of the daily counters: by académie and région, as JSON or for a spreadsheet."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from contracts.droits import Droit, roles_ayant
from contracts.portees import Role
from contracts.statuts import STATUTS, Plateforme
from services.export.domain.compteurs import COMPTEURS
from services.export.entrypoints.filtres import Numero, Valeurs, academies_demandees
from services.export.entrypoints.serveur import Ici, Serveur, exiger
from services.export.usecases.compter import compter_le_jour
from services.kernel.auth import Identity, require
from services.kernel.clock import jour_metier
from services.kernel.problem import Forbidden
from services.kernel.spreadsheet import CSV, attachment, csv_text

router = APIRouter(prefix="/v1", tags=["consoles"])

Lecteur = Annotated[Identity, Depends(require(*roles_ayant(Droit.CONSULTER_CONSOLE)))]
Administrateur = Annotated[Identity, Depends(require(Role.ADMINISTRATEUR))]


class ComptesDemandes(BaseModel):
    """Quels comptes : une plateforme, des académies ou des régions, une période."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    plateforme: Plateforme
    academie: Annotated[list[Numero], Field(max_length=50)] = []
    region: Valeurs = []
    du: date | None = None
    au: date | None = None
    format: Literal["json", "csv"] = "json"


class Compte(BaseModel):
    """Les comptes d'un jour. `academie` et `region` nulles : tout le pays."""

    jour: date
    plateforme: Plateforme
    academie: str | None
    region: str | None
    compteurs: dict[str, int]
    statuts: dict[str, int]
    calcules_le: datetime


class Comptes(BaseModel):
    """Les comptes demandés, du plus ancien au plus récent."""

    comptes: list[Compte]


@router.get(
    "/compteurs", summary="Les compteurs par académie, région et jour", response_model=Comptes
)
async def lire(
    ici: Ici, identite: Lecteur, demande: Annotated[ComptesDemandes, Query()]
) -> Comptes | Response:
    """Donne treize compteurs et le nombre d'offres par statut ; `format=csv` pour un tableur."""
    exiger(identite, Droit.CONSULTER_CONSOLE, demande.plateforme)
    siennes = academies_demandees(demande.academie, identite)
    if demande.region and siennes is not None:
        raise Forbidden(
            "Les comptes d'une région se lisent au niveau national.", code="autre_academie"
        )
    lus = await ici.compteurs.lire(
        [demande.plateforme], siennes, demande.region, du=demande.du, au=demande.au
    )
    comptes = Comptes(comptes=[Compte(**un) for un in lus])
    return comptes if demande.format == "json" else _csv(comptes, demande.plateforme)


@router.post("/compteurs", summary="Compter maintenant")
async def compter(ici: Ici, _: Administrateur) -> dict[str, int]:
    """Compte le catalogue et remplace les comptes de ce jour."""
    return {"comptes": await _compter(ici)}


async def _compter(ici: Serveur) -> int:
    jour = jour_metier(ici.settings, ici.horloge)
    return await compter_le_jour(jour, ici.compteurs, ici.horloge)


def _csv(comptes: Comptes, plateforme: Plateforme) -> Response:
    statuts = [statut.value for statut in STATUTS[plateforme]]
    rangees = [
        [
            compte.jour.isoformat(),
            compte.plateforme.value,
            compte.academie,
            compte.region,
            *(compte.compteurs[nom] for nom in COMPTEURS),
            *(compte.statuts.get(statut, 0) for statut in statuts),
        ]
        for compte in comptes.comptes
    ]
    titres = ["jour", "plateforme", "academie", "region", *COMPTEURS, *statuts]
    nom = f"compteurs-{plateforme}.csv"
    return Response(csv_text(titres, rangees), media_type=CSV, headers=attachment(nom))
