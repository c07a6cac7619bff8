"""Routes of the operations on all offers: start of a campaign, Affelnet's 1 September."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import StreamingResponse

from contracts.droits import Droit, roles_ayant
from contracts.statuts import Plateforme
from services.export.adapters.operations import OperationsMongo
from services.export.domain.apercu_operations import COLONNES, Apercu, Effet
from services.export.entrypoints.modeles import CampagneDemandee
from services.export.entrypoints.modeles_operations import (
    ApercuDAcademie,
    ApercuDOperation,
    Operation,
    Operations,
    Passage,
)
from services.export.entrypoints.serveur import Ici, Serveur, exiger
from services.export.ports import Document
from services.export.usecases.demander_operation import (
    apercevoir_demarrage,
    apercevoir_septembre,
    demander_demarrage,
    demander_septembre,
)
from services.kernel.auth import Identity, require
from services.kernel.clock import jour_metier
from services.kernel.problem import NotFound
from services.kernel.spreadsheet import CSV, attachment, csv_stream

router = APIRouter(prefix="/v1", tags=["campagnes"])

Conducteur = Annotated[Identity, Depends(require(*roles_ayant(Droit.CONDUIRE_CAMPAGNE)))]

_AF = Plateforme.AFFELNET


@router.get(
    "/campagnes/{plateforme}/demarrage/apercu", summary="Ce que changerait un début de campagne"
)
async def apercu_du_demarrage(
    plateforme: Plateforme, debut: date, ici: Ici, identite: Conducteur
) -> ApercuDOperation:
    """Compte par académie les passages d'un statut à l'autre, avec des exemples."""
    exiger(identite, Droit.CONDUIRE_CAMPAGNE, plateforme)
    return await _apercu(plateforme, await _depart(ici, plateforme, debut))


@router.get(
    "/campagnes/{plateforme}/demarrage/apercu.csv",
    summary="Les offres que changerait un début de campagne",
    response_class=StreamingResponse,
)
async def tableau_du_demarrage(
    plateforme: Plateforme, debut: date, ici: Ici, identite: Conducteur
) -> StreamingResponse:
    """Donne une ligne par offre changée, au fil de l'eau."""
    exiger(identite, Droit.CONDUIRE_CAMPAGNE, plateforme)
    effets = await _depart(ici, plateforme, debut)
    return _tableau(effets, f"demarrage-{plateforme}-{debut.year}")


@router.post("/campagnes/{plateforme}/demarrage", summary="Démarrer une campagne", status_code=202)
async def demarrer(
    plateforme: Plateforme, corps: CampagneDemandee, ici: Ici, identite: Conducteur
) -> Operation:
    """Demande le début, une fois par campagne : saison photographiée, campagne ouverte, reprise.

    L'opération avance d'elle-même, lot par lot ; la redemander rend la même.
    """
    exiger(identite, Droit.CONDUIRE_CAMPAGNE, plateforme)
    operations = OperationsMongo(ici.base)
    demandee = await demander_demarrage(
        plateforme, corps.debut, identite.titulaire, operations, ici.juges, ici.horloge
    )
    return await _montrer(demandee, ici)


@router.get(
    "/campagnes/affelnet/septembre/apercu",
    summary="Les demandes que ferait tomber le 1er septembre",
)
async def apercu_de_septembre(ici: Ici, identite: Conducteur) -> ApercuDOperation:
    """Compte, parmi les offres décidées, les demandes Affelnet qui n'ont pas été refaites."""
    exiger(identite, Droit.CONDUIRE_CAMPAGNE, _AF)
    return await _apercu(_AF, _echeances(ici))


@router.get(
    "/campagnes/affelnet/septembre/apercu.csv",
    summary="Les offres dont la demande tomberait le 1er septembre",
    response_class=StreamingResponse,
)
async def tableau_de_septembre(ici: Ici, identite: Conducteur) -> StreamingResponse:
    """Donne une ligne par demande qui tomberait."""
    exiger(identite, Droit.CONDUIRE_CAMPAGNE, _AF)
    return _tableau(_echeances(ici), "affelnet-1er-septembre")


@router.post(
    "/campagnes/affelnet/septembre",
    summary="Faire tomber les demandes Affelnet non refaites",
    status_code=202,
)
async def septembre(ici: Ici, identite: Conducteur) -> Operation:
    """Demande le 1er septembre d'Affelnet, une fois par campagne."""
    exiger(identite, Droit.CONDUIRE_CAMPAGNE, _AF)
    demandee = await demander_septembre(
        identite.titulaire,
        jour_metier(ici.settings, ici.horloge),
        OperationsMongo(ici.base),
        ici.juges,
        ici.horloge,
    )
    return await _montrer(demandee, ici)


@router.get("/operations", summary="Les opérations sur toutes les offres")
async def operations(ici: Ici, _: Conducteur) -> Operations:
    """Donne chaque opération avec son avancement."""
    toutes = await OperationsMongo(ici.base).toutes()
    return Operations(operations=[await _montrer(un, ici) for un in toutes])


@router.get("/operations/{id}", summary="Une opération")
async def operation(
    id: str,  # noqa: A002 - the field's own name
    ici: Ici,
    _: Conducteur,
) -> Operation:
    """Donne où elle en est."""
    trouvee = await OperationsMongo(ici.base).une(id)
    if trouvee is None:
        raise NotFound(f"Aucune opération « {id} ».", code="operation_inconnue")
    return await _montrer(trouvee, ici)


async def _depart(ici: Serveur, plateforme: Plateforme, debut: date) -> AsyncIterator[Effet]:
    return await apercevoir_demarrage(
        plateforme, debut, OperationsMongo(ici.base), ici.juges, ici.horloge
    )


def _echeances(ici: Serveur) -> AsyncIterator[Effet]:
    jour = jour_metier(ici.settings, ici.horloge)
    return apercevoir_septembre(jour, OperationsMongo(ici.base), ici.juges, ici.horloge)


async def _apercu(plateforme: Plateforme, effets: AsyncIterator[Effet]) -> ApercuDOperation:
    apercu = Apercu()
    async for effet in effets:
        apercu.noter(effet)
    return ApercuDOperation(
        plateforme=plateforme,
        vues=apercu.vues,
        changees=apercu.changees,
        passages=[
            Passage(
                avant=avant,
                apres=apres,
                nombre=nombre,
                exemples=apercu.exemples.get((avant, apres), []),
            )
            for (avant, apres), nombre in sorted(apercu.passages().items())
        ],
        sortes=dict(apercu.sortes),
        par_academie=[
            ApercuDAcademie(
                academie=academie,
                passages=[
                    Passage(avant=avant, apres=apres, nombre=nombre)
                    for (avant, apres), nombre in sorted(passages.items())
                ],
            )
            for academie, passages in sorted(apercu.par_academie.items())
        ],
    )


def _tableau(effets: AsyncIterator[Effet], nom: str) -> StreamingResponse:
    lignes = (effet.ligne() async for effet in effets if not effet.nul)
    return StreamingResponse(
        csv_stream(COLONNES, lignes),
        media_type=CSV,
        headers=attachment(f"{nom}.csv"),
    )


async def _montrer(operation: Document, ici: Serveur) -> Operation:
    total = await ici.base.formations.estimated_document_count()
    return Operation.model_validate({**operation, "id": operation["_id"], "total": total})
