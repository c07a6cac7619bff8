"""For the reconciler: what the index holds, in short, and the repair of single documents."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from contracts.portees import Role
from services.kernel.auth import require
from services.search.entrypoints.reindex import reindexer_sur
from services.search.entrypoints.serveur import Serveur, serveur

NDJSON: Final = "application/x-ndjson"

router = APIRouter(
    prefix="/interne",
    tags=["interne"],
    dependencies=[Depends(require(Role.ADMINISTRATEUR))],
)


class Reindexation(BaseModel):
    """Ids whose documents are to be brought to what the topics say."""

    ids: list[Annotated[str, Field(min_length=1, max_length=64)]] = Field(
        min_length=1, max_length=1_000
    )


class Reindexees(BaseModel):
    """How many documents had to be written."""

    ecrits: int


@router.get(
    "/empreintes", response_class=StreamingResponse, summary="Empreintes de ce que tient l'index"
)
async def empreintes(request: Request) -> StreamingResponse:
    """Donne, en JSON Lines par ordre d'identifiant, les séquences et empreintes de l'index."""
    return StreamingResponse(_lignes(serveur(request)), media_type=NDJSON)


@router.post("/reindexer", summary="Relire des formations et réparer l'index")
async def reindexer(request: Request, demande: Reindexation) -> Reindexees:
    """Relit ces formations dans les topics et réécrit ce qui diffère dans l'index."""
    outils = serveur(request)
    ecrits = await reindexer_sur(outils.client, outils.settings, demande.ids)
    return Reindexees(ecrits=ecrits)


async def _lignes(outils: Serveur) -> AsyncIterator[bytes]:
    async for page in outils.moteur.empreintes():
        yield b"".join(orjson.dumps(asdict(une)) + b"\n" for une in page)
