"""The deposit page: choose a file, give the key, follow, read the report. Works without script."""

import hmac
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from contracts.constats import Gravite
from contracts.evenements import StatutLigne
from contracts.portees import Role
from services.collect.domain.readers.opening import Format
from services.collect.entrypoints.depots import page_de_lignes
from services.collect.entrypoints.formulaire import Formulaire, lire_formulaire
from services.collect.entrypoints.rapport_csv import en_csv
from services.collect.entrypoints.reception import nouveau_depot
from services.collect.entrypoints.serveur import Ici, Serveur
from services.collect.entrypoints.vues import depot_vu
from services.collect.usecases.consulter import Filtre, bilan, lignes
from services.collect.usecases.deposer import Interrompu, deposer
from services.kernel.auth import Identity, KeyVerifier, public
from services.kernel.bodies import inflated, received
from services.kernel.problem import BadRequest, Forbidden, NotFound, Problem, Unauthorized
from services.kernel.spreadsheet import CSV, attachment
from services.kernel.web import Web

router = APIRouter(
    dependencies=[Depends(public)], default_response_class=HTMLResponse, include_in_schema=False
)

_PAGE: Final = 50
_RUBRIQUE: Final = {"rubrique": "depot"}
STATUTS: Final = (
    (StatutLigne.ACCEPTEE, "acceptées", "succes"),
    (StatutLigne.A_CORRIGER, "à corriger", "attention"),
    (StatutLigne.REFUSEE, "refusées", "erreur"),
    (StatutLigne.IDENTIQUE, "identiques", ""),
    (StatutLigne.IGNOREE, "ignorées", ""),
)
GRAVITES: Final = (
    (Gravite.REFUS, "refus"),
    (Gravite.BLOQUANT, "bloquant"),
    (Gravite.A_CORRIGER, "à corriger"),
    (Gravite.INFORMATION, "information"),
)


@router.get("/")
@router.get("/deposer")
async def formulaire(request: Request) -> HTMLResponse:
    """Show the form."""
    return _formulaire(request)


@router.post("/deposer")
async def envoyer(request: Request, ici: Ici) -> Response:
    """Receive the form's file, then lead to the page that follows its deposit."""
    try:
        id_ = await _recevoir(request, ici)
    except Problem as probleme:
        if suite := probleme.extra.get("depot"):
            return _vers(suite, ici)
        return _formulaire(request, probleme)
    return _vers(id_, ici)


@router.get("/depots/{identifiant}")
async def suivre(  # noqa: PLR0913, PLR0917 - the filters of a report
    identifiant: str,
    request: Request,
    ici: Ici,
    jeton: Annotated[str, Query()] = "",
    statut: Annotated[str, Query()] = "",
    gravite: Annotated[str, Query()] = "",
    code: Annotated[str, Query(max_length=64)] = "",
    apres: Annotated[int, Query(ge=0)] = 0,
) -> HTMLResponse:
    """Show how far a deposit has come, and its lines."""
    await _admettre(identifiant, jeton, ici)
    depot = await ici.depot(identifiant, None)
    filtre = Filtre(
        StatutLigne(statut) if statut in set(StatutLigne) else None,
        gravite if gravite in set(Gravite) else None,
        code or None,
    )
    page = await page_de_lignes(identifiant, filtre, apres, _PAGE, ici)
    contexte = {
        **_RUBRIQUE,
        "depot": depot_vu(await bilan(depot, ici.depots)),
        "page": page,
        "jeton": jeton,
        "choix": {"statut": statut, "gravite": gravite, "code": code},
        "statuts": STATUTS,
        "gravites": GRAVITES,
    }
    return _web(request).page(
        request, "depot.html", contexte, headers={"Referrer-Policy": "no-referrer"}
    )


@router.get("/depots/{identifiant}/rapport.csv", response_class=Response)
async def rapport(identifiant: str, ici: Ici, jeton: Annotated[str, Query()] = "") -> Response:
    """Give the whole report as CSV."""
    await _admettre(identifiant, jeton, ici)
    nom = f"rapport-{identifiant}.csv"
    toutes = lignes(identifiant, Filtre(), 0, ici.depots)
    return StreamingResponse(en_csv(toutes), media_type=CSV, headers=attachment(nom))


def jeton_de(depot: str, poivre: str) -> str:
    """Return what lets a page show one deposit: known to whoever made it, and to no one else."""
    return hmac.new(poivre.encode(), f"page-depot:{depot}".encode(), sha256).hexdigest()[:32]


async def _recevoir(request: Request, ici: Serveur) -> str:
    recu = await lire_formulaire(_corps(request, ici), request.headers.get("content-type", ""))
    identite = await _identifier(request, recu)
    essai = recu.champs.get("essai") == "oui"
    depot = nouveau_depot(
        ici,
        identite,
        essai=essai,
        fichier=recu.fichier or None,
        depublication=recu.champs.get("depublication") == "oui",
    )
    contenu = inflated(recu.contenu, ici.settings)
    try:
        await deposer(contenu, depot, identite.scopes, Format.AUTO, ici.moyens)
    except Interrompu as parti:  # no one is there to read the answer
        raise BadRequest("La connexion s'est interrompue.", code="depot_interrompu") from parti
    return depot.id


async def _corps(request: Request, ici: Serveur) -> AsyncIterator[bytes]:
    try:
        async for chunk in received(request, ici.settings):
            yield chunk
    except ClientDisconnect as parti:
        raise Interrompu from parti


async def _identifier(request: Request, recu: Formulaire) -> Identity:
    verifier: KeyVerifier = request.app.state.key_verifier
    identite = await verifier.verify(recu.champs.get("cle", ""))
    if identite is None:
        raise Unauthorized("La clé d'accès n'est pas valable : vérifiez qu'elle est entière.")
    if identite.role not in (Role.DEPOSANT, Role.ADMINISTRATEUR):
        raise Forbidden("Cette clé ne permet pas de déposer des offres.")
    return identite


async def _admettre(depot: str, jeton: str, ici: Serveur) -> None:
    attendu = jeton_de(depot, ici.settings.poivre.get_secret_value())
    if not hmac.compare_digest(attendu.encode(), jeton.encode()):
        raise NotFound("Ce lien n'est pas celui d'un dépôt.", code="depot_inconnu")


def _vers(depot: str, ici: Serveur) -> Response:
    jeton = jeton_de(depot, ici.settings.poivre.get_secret_value())
    return RedirectResponse(f"/depots/{depot}?jeton={jeton}", status_code=303)


def _formulaire(request: Request, probleme: Problem | None = None) -> HTMLResponse:
    contexte = {**_RUBRIQUE, "probleme": probleme}
    status = probleme.status if probleme else 200
    return _web(request).page(request, "deposer.html", contexte, status=status)


def _web(request: Request) -> Web:
    web: Web = request.app.state.web
    return web
