"""Routes of the académies' tables: the historic columns, for a spreadsheet or for a machine."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response, StreamingResponse

from contracts.droits import LECTEURS
from contracts.portees import Role
from contracts.statuts import Plateforme
from services.export.adapters.classeur import XLSX, classeur
from services.export.domain.cellules import Cellule, Colonne, jour_francais
from services.export.domain.colonnes import colonnes, liees
from services.export.domain.derivees import reperes_de
from services.export.domain.mefs_affelnet import mefs_affelnet
from services.export.domain.recherche import Recherche
from services.export.entrypoints.filtres import Filtres, plateformes_vues, rechercher
from services.export.entrypoints.serveur import Ici, Serveur
from services.kernel.auth import Identity, require
from services.kernel.batches import in_batches
from services.kernel.problem import Invalid
from services.kernel.spreadsheet import CSV, attachment, csv_stream

router = APIRouter(prefix="/v1", tags=["académies"])

Lecteur = Annotated[Identity, Depends(require(*LECTEURS))]
_LUS: Final = {"marque": 0, "publication": 0, "projection.constats": 0, "projection.romes": 0}
_LOT: Final = 1_000


class CsvDemande(Filtres):
    """Une sélection, et sa forme : pour un tableur français ou pour un programme."""

    forme: Literal["tableur", "machine"] = "tableur"


@router.get(
    "/offres/export.csv", summary="Les offres d'une sélection, en CSV", response_class=Response
)
async def en_csv(ici: Ici, identite: Lecteur, demande: Annotated[CsvDemande, Query()]) -> Response:
    """Donne les colonnes historiques de chaque offre.

    `forme=tableur` s'ouvre d'un double clic dans un Excel français (point-virgule, JJ/MM/AAAA) ;
    `forme=machine` est le CSV ordinaire (virgule, AAAA-MM-JJ), chaque valeur telle quelle.
    """
    machine = demande.forme == "machine"
    voulues = _colonnes(identite)
    rangees = _rangees(ici, rechercher(demande, identite), voulues)
    textes = _en_textes(rangees, machine=machine)
    return StreamingResponse(
        csv_stream([une.titre for une in voulues], textes, machine=machine),
        media_type=CSV,
        headers=attachment("offres.csv"),
    )


@router.get(
    "/offres/export.xlsx", summary="Les offres d'une sélection, en XLSX", response_class=Response
)
async def en_xlsx(ici: Ici, identite: Lecteur, demande: Annotated[Filtres, Query()]) -> Response:
    """Donne les colonnes historiques ; les codes y sont des textes et les dates des dates."""
    recherche = rechercher(demande, identite)
    maximum = ici.settings.classeur_max
    if await ici.recherches.compter(recherche) > maximum:
        raise Invalid(
            f"Un classeur a au plus {maximum} offres : resserrez la sélection, ou prenez le CSV.",
            code="selection_trop_grande",
        )
    voulues = _colonnes(identite)
    return StreamingResponse(
        classeur([une.titre for une in voulues], _rangees(ici, recherche, voulues)),
        media_type=XLSX,
        headers=attachment("offres.xlsx"),
    )


def _colonnes(identite: Identity) -> list[Colonne]:
    return colonnes(admin=identite.role == Role.ADMINISTRATEUR, vues=plateformes_vues(identite))


async def _rangees(
    ici: Serveur, recherche: Recherche, voulues: list[Colonne]
) -> AsyncIterator[list[Cellule]]:
    juge = await ici.juges.courant()
    ajouts = {
        "_seuil": juge.contextes[Plateforme.PARCOURSUP].seuil,
        "_reperes": reperes_de(juge, None),
        "_fiches": str(ici.settings.avis_adresse_fiches).rstrip("/"),
        "_fiches_publiques": str(ici.settings.fiches_publiques).rstrip("/"),
    }
    async for offres in in_batches(ici.recherches.parcourir(recherche, _LUS), _LOT):
        cles = await ici.lectures.cles([autre for offre in offres for autre in liees(offre)])
        for offre in offres:
            mefs = mefs_affelnet(offre, juge.jeu)
            offre.update(ajouts, _cles=cles, _mefs_affelnet=mefs)
            yield [une.lire(offre) for une in voulues]


async def _en_textes(
    rangees: AsyncIterator[list[Cellule]], *, machine: bool
) -> AsyncIterator[list[Any]]:
    async for rangee in rangees:
        yield [_en_texte(cellule, machine=machine) for cellule in rangee]


def _en_texte(cellule: Cellule, *, machine: bool) -> str | None:
    if isinstance(cellule, date):
        return cellule.isoformat() if machine else jour_francais(cellule)
    return cellule
