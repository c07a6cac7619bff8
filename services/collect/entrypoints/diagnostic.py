"""One offer, as a depositor writes it: everything that would be said of it, nothing stored."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request

from contracts.constats import gravite, rendre
from contracts.droits import LECTEURS
from contracts.evenements import StatutLigne
from contracts.portees import TOUT, Role
from services.collect.domain.preparation import Preparation
from services.collect.domain.readers.row import Bounds, Row, read_json
from services.collect.entrypoints.serveur import Ici
from services.kernel.auth import Identity, require
from services.kernel.bodies import received

router = APIRouter(prefix="/v1", tags=["dépôts"])

Demandeur = Annotated[
    Identity,
    Depends(require(Role.DEPOSANT, *LECTEURS)),
]
_CLES: Final = ("authorization", "x-api-key")


@router.post(
    "/diagnostic",
    summary="Tout ce que l'on dirait d'une offre, sans rien garder",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    },
)
async def diagnostiquer(request: Request, ici: Ici, _: Demandeur) -> dict[str, Any]:
    """Lit une offre comme au dépôt (un objet JSON), l'enrichit, et donne constats et propositions.

    Une offre refusée à la lecture n'est pas enrichie : `formation` est alors nulle.
    """
    ligne = Preparation("", frozenset({TOUT})).preparer(await _lire(request, ici))
    if ligne.offre is None:
        return {
            "statut": StatutLigne.REFUSEE.value,
            "formation": None,
            "constats": [_rendu(constat) for constat in ligne.constats],
        }
    entetes = {nom: valeur for nom in _CLES if (valeur := request.headers.get(nom))}
    return await ici.diagnostiqueur.demander(ligne.offre, ligne.constats, entetes)


async def _lire(request: Request, ici: Ici) -> Row:
    corps = b"".join([morceau async for morceau in received(request, ici.settings)])
    valeur, faute = read_json(corps, Bounds(ici.settings.ligne_max))
    return Row(1, 1, valeur, faute)


def _rendu(constat: dict[str, Any]) -> dict[str, Any]:
    rendu = rendre(constat)
    return {
        **constat,
        "gravite": gravite(constat["code"]).value,
        "message": rendu.message,
        "que_faire": rendu.que_faire,
    }
