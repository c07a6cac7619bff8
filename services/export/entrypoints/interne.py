"""Routes between services, for administrators: digests, re-emission, re-evaluation."""

from collections.abc import AsyncIterator
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query
from starlette.responses import StreamingResponse

from contracts.portees import Role
from services.export.adapters.reevaluations import ReevaluationsMongo
from services.export.entrypoints.modeles import Ids
from services.export.entrypoints.serveur import Ici
from services.export.usecases.reemettre import reemettre
from services.export.usecases.reevaluer import reevaluer_tout
from services.kernel.auth import require

router = APIRouter(
    prefix="/interne", tags=["interne"], dependencies=[Depends(require(Role.ADMINISTRATEUR))]
)

_LIGNES_PAR_MORCEAU = 1_000


@router.get(
    "/empreintes", summary="L'empreinte de chaque formation", response_class=StreamingResponse
)
async def empreintes(
    ici: Ici, apres: Annotated[str, Query(max_length=64)] = ""
) -> StreamingResponse:
    """Donne une ligne JSON par formation, dans l'ordre des identifiants, au fil de l'eau."""

    async def lignes() -> AsyncIterator[bytes]:
        morceau: list[bytes] = []
        async for tenue in ici.lectures.empreintes(apres):
            morceau.append(orjson.dumps(tenue, option=orjson.OPT_APPEND_NEWLINE))
            if len(morceau) == _LIGNES_PAR_MORCEAU:
                yield b"".join(morceau)
                morceau.clear()
        yield b"".join(morceau)

    return StreamingResponse(lignes(), media_type="application/x-ndjson")


@router.post("/reemettre", summary="Émettre de nouveau des publications")
async def reemettre_publications(corps: Ids, ici: Ici) -> dict[str, int]:
    """Émet de nouveau, telle quelle, la publication présente de chaque formation connue."""
    return {"reemises": await reemettre(corps.ids, ici.base, ici.horloge)}


@router.post("/reevaluer", summary="Réévaluer toutes les offres")
async def reevaluer(ici: Ici) -> dict[str, int]:
    """Réévalue tout depuis ce qui est gardé ; seuls les changements sont émis."""
    bilan = await reevaluer_tout(
        ReevaluationsMongo(ici.base),
        ici.base,
        ici.juges,
        ici.horloge,
        lot=ici.settings.reevaluation_lot,
    )
    return {"vues": bilan.vues, "changees": bilan.changees}
