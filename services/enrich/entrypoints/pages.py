"""The quality pages: the whole, an académie, a région; for a CFA, what it has to mend."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from contracts.constats import Gravite
from contracts.portees import Role
from services.enrich.adapters.qualite import Figures
from services.enrich.domain.qualite.bilan import TOUT, Portee
from services.enrich.domain.qualite.completude import ELEMENTS
from services.enrich.entrypoints.jetons import Lien, lire, signer
from services.enrich.entrypoints.moyens import Moyens, UsesMoyens
from services.enrich.entrypoints.propositions import (
    Acceptation,
    appliquer,
    appliquer_les_sures,
    concernees,
)
from services.enrich.entrypoints.qualite import (
    csv_des_taches,
    exiger_la_portee,
    figures_de,
    taches_de,
)
from services.enrich.entrypoints.traces import barre, courbe
from services.enrich.entrypoints.vues_qualite import (
    COLONNES,
    GRAVITES,
    NOMS_GRAVITES,
    constats,
    lacunes,
    rangee,
)
from services.kernel.auth import Identity, public
from services.kernel.clock import jour_metier
from services.kernel.problem import Forbidden, NotFound, Problem, Unauthorized
from services.kernel.spreadsheet import CSV, attachment, csv_text
from services.kernel.web import Web

router = APIRouter(
    dependencies=[Depends(public)], default_response_class=HTMLResponse, include_in_schema=False
)

_RUBRIQUE: Final = {"rubrique": "qualite"}
_OFFRES_MONTREES: Final = 10
_PRIVEE: Final = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
SIRET: Final = r"^\d{14}$"


@router.get("/qualite")
async def ensemble(request: Request, moyens: UsesMoyens) -> HTMLResponse:
    """Show the whole catalogue, then each académie and région."""
    academies = await moyens.qualite.lister("academie")
    regions = await moyens.qualite.lister("region")
    tout = await moyens.qualite.lire(TOUT)
    return await _page(
        request,
        moyens,
        "qualite.html",
        tout,
        {
            "ensembles": [
                ("Par académie", "academies", "/qualite/academies/", _lignes(academies)),
                ("Par région", "regions", "/qualite/regions/", _lignes(regions)),
            ]
        },
    )


@router.get("/qualite/academies/{num}")
async def une_academie(num: str, request: Request, moyens: UsesMoyens) -> HTMLResponse:
    """Show an académie."""
    return await _un_ensemble(request, moyens, Portee("academie", num.zfill(2)))


@router.get("/qualite/regions/{nom}")
async def une_region(nom: str, request: Request, moyens: UsesMoyens) -> HTMLResponse:
    """Show a région."""
    return await _un_ensemble(request, moyens, Portee("region", nom))


@router.get("/qualite/{espece}.csv")
async def en_csv(espece: str, moyens: UsesMoyens) -> Response:
    """Give the figures of all académies, or of all régions."""
    especes = {"academies": "academie", "regions": "region"}
    if espece not in especes:
        raise NotFound("Ce fichier n'existe pas.")
    listes = await moyens.qualite.lister(especes[espece])
    entetes = attachment(f"qualite-{espece}.csv")
    return Response(csv_text(COLONNES, map(rangee, listes)), media_type=CSV, headers=entetes)


@router.get("/qualite/mes-offres")
async def demander(request: Request) -> HTMLResponse:
    """Ask a CFA for its SIRET and key."""
    return _formulaire(request)


@router.post("/qualite/mes-offres")
async def ouvrir(
    request: Request,
    moyens: UsesMoyens,
    siret: Annotated[str, Form(max_length=32)] = "",
    cle: Annotated[str, Form(max_length=128)] = "",
) -> Response:
    """Lead to the page of an establishment that the key covers."""
    try:
        return await _admettre(moyens, "".join(siret.split()), cle)
    except Problem as probleme:
        return _formulaire(request, probleme, siret)


@router.get("/qualite/etablissements/{siret}")
async def un_etablissement(
    siret: str,
    request: Request,
    moyens: UsesMoyens,
    jeton: Annotated[str, Query(max_length=128)] = "",
    fait: Annotated[int | None, Query(ge=0)] = None,
) -> HTMLResponse:
    """Show the figures of an establishment, and what it has to mend first."""
    await reconnaitre(moyens, siret, jeton)
    figures = await figures_de(moyens, Portee("siret", siret))
    taches = await taches_de(moyens, siret)
    contexte = {
        "jeton": jeton,
        "fait": fait,
        "taches": taches,
        "sures": sum(tache.sure for tache in taches),
        "bloquantes": sum(tache.gravite is Gravite.BLOQUANT for tache in taches),
        "montrees": _OFFRES_MONTREES,
    }
    reponse = await _page(request, moyens, "etablissement.html", figures, contexte)
    reponse.headers.update(_PRIVEE)
    return reponse


@router.get("/qualite/etablissements/{siret}/a-corriger.csv")
async def a_corriger_csv(
    siret: str, moyens: UsesMoyens, jeton: Annotated[str, Query(max_length=128)] = ""
) -> Response:
    """Give the same list as CSV."""
    await reconnaitre(moyens, siret, jeton)
    texte = csv_des_taches(await taches_de(moyens, siret))
    entetes = _PRIVEE | attachment(f"a-corriger-{siret}.csv")
    return Response(texte, media_type=CSV, headers=entetes)


@router.post("/qualite/etablissements/{siret}/acceptation")
async def accepter_(
    siret: str,
    moyens: UsesMoyens,
    jeton: Annotated[str, Form(max_length=128)] = "",
    code: Annotated[str, Form(max_length=64)] = "",
    champ: Annotated[str, Form(max_length=64)] = "",
    valeur: Annotated[str, Form(max_length=4_000)] = "",
    proposition: Annotated[str, Form(max_length=4_000)] = "",
) -> Response:
    """Accept one proposal for all the offers where it stands, then show what is left."""
    identite = await _correcteur(moyens, siret, jeton)
    demande = Acceptation(
        siret=siret,
        code=code,
        champ=champ or None,
        valeur=valeur or None,
        proposition=proposition or None,
    )
    ids = await concernees(moyens, demande)
    corrigees = await appliquer(moyens, ids, demande.designation(), identite.titulaire)
    return _suite(siret, jeton, len(corrigees))


@router.post("/qualite/etablissements/{siret}/acceptation/sures")
async def accepter_les_sures(
    siret: str, moyens: UsesMoyens, jeton: Annotated[str, Form(max_length=128)] = ""
) -> Response:
    """Accept all that is sure, then show what is left."""
    identite = await _correcteur(moyens, siret, jeton)
    corrigees = await appliquer_les_sures(moyens, siret, identite.titulaire)
    return _suite(siret, jeton, len(corrigees))


async def _correcteur(moyens: Moyens, siret: str, jeton: str) -> Identity:
    """Return who opened a page, if he may correct what it shows."""
    identite = await reconnaitre(moyens, siret, jeton)
    figures = await figures_de(moyens, Portee("siret", siret))
    exiger_la_portee(identite, siret, figures.academie)
    if identite.role not in {Role.DEPOSANT, Role.ADMINISTRATEUR}:
        raise Forbidden("Cette clé permet de lire, non de corriger.")
    return identite


def _suite(siret: str, jeton: str, corrigees: int) -> Response:
    suite = f"/qualite/etablissements/{siret}?jeton={jeton}&fait={corrigees}"
    return RedirectResponse(suite, status_code=303)


async def reconnaitre(moyens: Moyens, siret: str, jeton: str) -> Identity:
    """Return who opened a page, by its link; raises `NotFound` when that is no longer valid."""
    lien = lire(siret, jeton, _poivre(moyens), moyens.clock.now())
    identite = await moyens.cles.identify(lien.cle) if lien else None
    if identite is None:
        raise NotFound(
            "Ce lien n'est plus valable : donnez de nouveau votre clé d'accès.",
            code="lien_expire",
        )
    return identite


async def _admettre(moyens: Moyens, siret: str, cle: str) -> Response:
    identite = await moyens.cles.verify(cle.strip())
    if identite is None:
        raise Unauthorized("La clé d'accès n'est pas valable : vérifiez qu'elle est entière.")
    figures = await figures_de(moyens, Portee("siret", siret))
    exiger_la_portee(identite, siret, figures.academie)
    jusqua = moyens.clock.now() + timedelta(seconds=moyens.settings.qualite_lien_s)
    jeton = signer(Lien(siret, identite.key_id, int(jusqua.timestamp())), _poivre(moyens))
    return RedirectResponse(f"/qualite/etablissements/{siret}?jeton={jeton}", status_code=303)


async def _un_ensemble(request: Request, moyens: Moyens, portee: Portee) -> HTMLResponse:
    return await _page(
        request, moyens, "qualite.html", await figures_de(moyens, portee), {"ensembles": []}
    )


async def _page(
    request: Request,
    moyens: Moyens,
    gabarit: str,
    figures: Figures | None,
    contexte: dict[str, Any],
) -> HTMLResponse:
    commun: dict[str, Any] = {**_RUBRIQUE, "figures": figures, "gravites": GRAVITES}
    if figures is not None:
        jour = jour_metier(moyens.settings, moyens.clock).isoformat()
        tendance = await moyens.qualite.tendance(figures.portee, moyens.settings.qualite_jours_max)
        commun |= {
            "barre": barre(figures.bilan),
            "courbe": courbe(tendance, jour),
            "tendance": tendance,
            "constats": constats(figures.bilan),
            "lacunes": lacunes(figures.bilan),
            "noms_gravites": NOMS_GRAVITES,
            "elements": len(ELEMENTS),
        }
    return _web(request).page(request, gabarit, commun | contexte)


def _lignes(listes: list[Figures]) -> list[tuple[Figures, Any]]:
    return [(figures, barre(figures.bilan)) for figures in listes]


def _formulaire(request: Request, probleme: Problem | None = None, siret: str = "") -> HTMLResponse:
    contexte = {**_RUBRIQUE, "probleme": probleme, "siret": siret}
    status = probleme.status if probleme else 200
    return _web(request).page(request, "mes-offres.html", contexte, status=status)


def _poivre(moyens: Moyens) -> str:
    return moyens.settings.poivre.get_secret_value()


def _web(request: Request) -> Web:
    web: Web = request.app.state.web
    return web
