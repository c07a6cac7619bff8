"""From a request's body to a received deposit: its form, its limits, its Idempotency-Key."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from datetime import timedelta
from hashlib import blake2b
from typing import Final

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from services.collect.domain.depot import Depot
from services.collect.domain.readers.opening import Format
from services.collect.entrypoints.serveur import Serveur
from services.collect.ports import Reservation
from services.collect.usecases.deposer import Interrompu
from services.collect.usecases.une_fois import Corps, Reponse, une_fois
from services.kernel.auth import Identity
from services.kernel.bodies import decoded
from services.kernel.problem import BadRequest, Invalid, UnsupportedMedia

FORMES: Final[dict[str, Format]] = {
    "application/x-ndjson": Format.JSON,
    "application/jsonl": Format.JSON,
    "application/json-lines": Format.JSON,
    "application/json": Format.JSON,
    "text/csv": Format.CSV,
    "application/csv": Format.CSV,
    "application/gzip": Format.AUTO,
    "application/x-gzip": Format.AUTO,
    "application/octet-stream": Format.AUTO,
    "": Format.AUTO,
}
_CLE_MAX: Final = 255


def forme(request: Request) -> Format:
    """Return the form that the body claims to have; raises `UnsupportedMedia` for others."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in FORMES:
        raise UnsupportedMedia(
            f"Le type « {media} » n'est pas lu ici. Types lus : application/x-ndjson, "
            "application/json, text/csv, compressés ou non en gzip.",
        )
    return FORMES[media]


def nouveau_depot(
    ici: Serveur,
    identite: Identity,
    *,
    essai: bool,
    fichier: str | None,
    depublication: bool = False,
) -> Depot:
    """Return a deposit that begins now."""
    maintenant = ici.horloge.now()
    return Depot(
        ici.ids.new(),
        identite.titulaire,
        identite.key_id,
        maintenant,
        maintenant,
        essai=essai,
        fichier=fichier,
        depublication=depublication,
    )


async def corps(request: Request, ici: Serveur) -> AsyncIterator[bytes]:
    """Yield the body, inflated, within the limits of the settings; raises `Interrompu`."""
    try:
        async for chunk in decoded(request, ici.settings):
            yield chunk
    except ClientDisconnect as parti:
        raise Interrompu from parti


async def repondre_une_fois(
    request: Request,
    ici: Serveur,
    identite: Identity,
    depot: Depot,
    travail: Callable[[AsyncIterable[bytes]], Awaitable[Reponse]],
) -> Reponse:
    """Do the work of a request, once for its `Idempotency-Key` when it bears one.

    The key belongs to its holder and to this method, path and query.
    """
    try:
        return await _une_fois(request, ici, identite, depot, travail)
    except Interrompu as parti:  # no one is there to read the answer
        raise BadRequest("La connexion s'est interrompue.", code="depot_interrompu") from parti


async def _une_fois(
    request: Request,
    ici: Serveur,
    identite: Identity,
    depot: Depot,
    travail: Callable[[AsyncIterable[bytes]], Awaitable[Reponse]],
) -> Reponse:
    cle = request.headers.get("idempotency-key")
    contenu = corps(request, ici)
    if cle is None:
        return await travail(contenu)
    if not 0 < len(cle) <= _CLE_MAX:
        raise Invalid(f"Une Idempotency-Key a de 1 à {_CLE_MAX} caractères.")
    suivi = Corps(contenu)
    demande = f"{request.method} {request.url.path}?{request.url.query} {cle}"
    marque = blake2b(demande.encode(), digest_size=16).hexdigest()
    reservation = Reservation(f"{identite.titulaire}:{marque}", depot.id, ici.horloge.now())
    patience = timedelta(seconds=ici.settings.idempotence_attente_s)
    return await une_fois(reservation, suivi, lambda: travail(suivi), ici.reservations, patience)


def en_json(reponse: Reponse, adresse: str) -> Response:
    """Return an answer that may have been kept, with where to follow the deposit."""
    return Response(
        reponse.corps, reponse.statut, {"Location": adresse}, media_type="application/json"
    )
