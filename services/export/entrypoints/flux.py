"""Route of the partners' changes."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from contracts.portees import Role
from services.export.entrypoints.modeles import Changements
from services.export.entrypoints.serveur import Ici
from services.export.usecases.suivre import suivre
from services.kernel.auth import Identity, require
from services.kernel.problem import Invalid

router = APIRouter(prefix="/v1", tags=["flux"])

Lecteur = Annotated[Identity, Depends(require(Role.PARTENAIRE, Role.LECTEUR, Role.ADMINISTRATEUR))]

_CACHES = {"Cache-Control": "private, no-cache"}


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
