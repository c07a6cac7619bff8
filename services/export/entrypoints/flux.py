"""Routes of the feeds: the state of Parcoursup's queue, the partners' changes."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from contracts.portees import Role
from contracts.statuts import Plateforme
from services.export.entrypoints.modeles import Changements
from services.export.entrypoints.serveur import Ici
from services.export.usecases.suivre import suivre
from services.kernel.auth import Identity, require
from services.kernel.problem import Conflict, Invalid

router = APIRouter(prefix="/v1", tags=["flux"])

Academie = Annotated[
    Identity, Depends(require(Role.INSTRUCTEUR, Role.PARTENAIRE, Role.ADMINISTRATEUR))
]
Lecteur = Annotated[Identity, Depends(require(Role.PARTENAIRE, Role.LECTEUR, Role.ADMINISTRATEUR))]
Administrateur = Annotated[Identity, Depends(require(Role.ADMINISTRATEUR))]

_SOURCE = "Réseau des Carif-Oref et CFA, catalogue de l'apprentissage (Licence Ouverte 2.0)"
_CACHES = {"Cache-Control": "private, no-cache"}


@router.get("/flux/parcoursup", summary="L'état de la file d'envoi à Parcoursup")
async def parcoursup(
    ici: Ici, _: Administrateur, limite: Annotated[int, Query(ge=1, le=500)] = 50
) -> dict[str, Any]:
    """Donne les comptes par statut, la tête de la file et les derniers échanges, tels quels."""
    file = await ici.envois.file(limite)
    return {
        "statuts": await ici.lectures.compter(Plateforme.PARCOURSUP),
        "arret": _sans_id(await ici.envois.arret()),
        "file": [
            {
                "id": offre["_id"],
                "cle_ministere_educatif": offre["projection"].get("cle_ministere_educatif"),
                "uai_formation": offre["projection"].get("uai_formation"),
            }
            for offre in file
        ],
        "echanges": [
            {"id": envoi.pop("_id"), **envoi} for envoi in await ici.lectures.envois(limite)
        ],
    }


@router.post("/flux/parcoursup/reprise", summary="Relancer la file arrêtée")
async def reprendre(ici: Ici, _: Administrateur) -> dict[str, bool]:
    """Relance la file après un refus de nos identifiants (401, 403)."""
    if not await ici.envois.reprendre():
        raise Conflict("La file n'est pas arrêtée.", code="file_non_arretee")
    return {"relancee": True}


@router.get(
    "/changements",
    summary="Tout ce qui change, depuis un curseur",
    response_model=Changements,
)
async def changements(
    ici: Ici,
    _: Lecteur,
    depuis: Annotated[str | None, Query(max_length=8_192)] = None,
    limite: Annotated[int | None, Query(ge=1)] = None,
    attente: Annotated[float, Query(ge=0)] = 0,
) -> Response:
    """Donne formations et publications, avec l'état complet, retraits compris.

    Sans `depuis`, depuis le début. `attente` : secondes pendant lesquelles attendre quand il n'y a
    rien. Un élément peut revenir : gardez, par type et identifiant, la plus haute `sequence`.
    """
    settings = ici.settings
    if limite is not None and limite > settings.changements_limite_max:
        raise Invalid(f"« limite » va jusqu'à {settings.changements_limite_max}.")
    page = await suivre(
        ici.journal,
        depuis,
        limite=limite or settings.changements_limite,
        octets=settings.changements_page_octets,
        attente_s=min(attente, settings.changements_attente_max_s),
    )
    corps = {"changements": page.elements, "curseur": page.curseur, "a_jour": page.a_jour}
    return Response(orjson.dumps(corps), headers=_CACHES, media_type="application/json")


def _sans_id(document: dict[str, Any] | None) -> dict[str, Any] | None:
    if document is None:
        return None
    return {champ: valeur for champ, valeur in document.items() if champ != "_id"}
