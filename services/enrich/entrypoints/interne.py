"""What reconciliation needs of enrich: digests, and states sent again."""

from collections.abc import AsyncIterator
from typing import Final

import orjson
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.enrich.adapters.lecture import Lecture
from services.enrich.entrypoints.moyens import UsesMoyens, administrateur
from services.enrich.entrypoints.reponses import Reemises, Reemission
from services.enrich.usecases.reemettre import reemettre
from services.kernel.batches import slices
from services.kernel.problem import Invalid

NDJSON: Final = "application/x-ndjson"
_LIGNES_PAR_ENVOI: Final = 1_000

router = APIRouter(prefix="/interne", tags=["interne"], dependencies=[administrateur])


@router.get(
    "/empreintes",
    summary="Empreinte de chaque formation, une par ligne",
    response_class=StreamingResponse,
)
async def empreintes(moyens: UsesMoyens) -> StreamingResponse:
    """Stream one JSON object a line: id, sequence, empreinte, etat, and those of the last offer."""
    return StreamingResponse(_lignes(moyens.lecture), media_type=NDJSON)


@router.post(
    "/reemettre",
    summary="Publier de nouveau l'état présent de formations",
)
async def reemettre_(demande: Reemission, moyens: UsesMoyens) -> Reemises:
    """Send states again at their sequences, through the outbox."""
    ids = list(dict.fromkeys(demande.ids))
    if len(ids) > moyens.settings.reemission_max:
        maximum = moyens.settings.reemission_max
        raise Invalid(f"Demandez au plus {maximum} formations à la fois.")
    trouvees: set[str] = set()
    for part in slices(ids, moyens.settings.reemission_lot):
        trouvees.update(await reemettre(part, moyens.formations, moyens.clock.now()))
    return Reemises(reemises=len(trouvees), inconnues=[nom for nom in ids if nom not in trouvees])


async def _lignes(lecture: Lecture) -> AsyncIterator[bytes]:
    lignes: list[bytes] = []
    async for empreinte in lecture.empreintes():
        lignes.append(orjson.dumps(empreinte, option=orjson.OPT_APPEND_NEWLINE))
        if len(lignes) == _LIGNES_PAR_ENVOI:
            yield b"".join(lignes)
            lignes.clear()
    yield b"".join(lignes)
