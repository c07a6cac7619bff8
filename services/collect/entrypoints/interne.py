"""Routes between services, for administrators: digests to compare, offers to send again."""

from collections.abc import AsyncIterator
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from contracts.portees import Role
from services.collect.entrypoints.serveur import Ici
from services.collect.usecases.reemettre import reemettre
from services.kernel.auth import require
from services.kernel.batches import slices
from services.kernel.problem import Invalid

router = APIRouter(
    prefix="/interne", tags=["interne"], dependencies=[Depends(require(Role.ADMINISTRATEUR))]
)

_PAR_ENVOI = 1_000


class Reemission(BaseModel):
    """The offers to send again."""

    ids: list[str]


class Reemises(BaseModel):
    """How many were sent again, and which ids are not held."""

    reemises: int
    inconnues: list[str]


@router.get("/empreintes", summary="Empreinte de chaque offre", response_class=StreamingResponse)
async def empreintes(
    ici: Ici,
    apres: Annotated[str, Query(max_length=64)] = "",
    jusqua: Annotated[str | None, Query(max_length=64)] = None,
) -> StreamingResponse:
    """Donne une ligne JSON par offre, dans l'ordre des identifiants, au fil de l'eau."""

    async def lignes() -> AsyncIterator[bytes]:
        morceau: list[bytes] = []
        async for empreinte in ici.depots.empreintes(apres, jusqua):
            morceau.append(orjson.dumps(empreinte, option=orjson.OPT_APPEND_NEWLINE))
            if len(morceau) == _PAR_ENVOI:
                yield b"".join(morceau)
                morceau.clear()
        yield b"".join(morceau)

    return StreamingResponse(lignes(), media_type="application/x-ndjson")


@router.post("/reemettre", summary="Émettre de nouveau des offres")
async def reemettre_des_offres(demande: Reemission, ici: Ici) -> Reemises:
    """Émet de nouveau l'état présent d'offres, à leur séquence, par l'outbox."""
    ids = list(dict.fromkeys(demande.ids))
    if len(ids) > ici.settings.reemission_max:
        raise Invalid(f"Demandez au plus {ici.settings.reemission_max} offres à la fois.")
    trouvees: set[str] = set()
    for part in slices(ids, ici.settings.reemission_lot):
        trouvees.update(await reemettre(part, ici.offres, ici.horloge.now()))
    return Reemises(reemises=len(trouvees), inconnues=[i for i in ids if i not in trouvees])
