"""The pages: search, one formation, one that left. They work without script."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from starlette.responses import HTMLResponse

from services.kernel.auth import public
from services.kernel.problem import Invalid, NotFound, Problem
from services.kernel.validation import validation_problem
from services.search.domain import carte as cartes
from services.search.domain import libelles
from services.search.domain.criteres import Mode
from services.search.domain.filtres import FACETTES, FILTRES, PAR_NOM
from services.search.domain.reponses import detail_public
from services.search.entrypoints.parametres import Parametres, ParametresCommuns
from services.search.entrypoints.serveur import Serveur, serveur
from services.search.usecases.consulter import consulter, est_active, proches
from services.search.usecases.rechercher import Page, rechercher

_GEOHASH_FRANCE: Final = 4
_GEOHASH_PROCHE: Final = 5
_PROCHE_KM: Final = 60
_OUVERTES: Final = frozenset({"region", "niveau", "diplome"})
_LISTES: Final = frozenset(filtre.nom for filtre in FILTRES) | {"facettes"}
_CONNUS: Final = frozenset(Parametres.model_fields)

router = APIRouter(
    dependencies=[Depends(public)], default_response_class=HTMLResponse, include_in_schema=False
)

Saisie = list[tuple[str, str]]


@router.get("/")
async def accueil(request: Request) -> HTMLResponse:
    """Search page: the form, and its results."""
    outils = serveur(request)
    saisie = [(nom, v.strip()) for nom, v in request.query_params.multi_items() if v.strip()]
    try:
        parametres = Parametres.model_validate(_regrouper(saisie))
        demande = parametres.demande(carte=_geohash(parametres))
        page = await rechercher(demande, outils.moteur, outils.geographie)
    except ValidationError as refus:
        probleme = validation_problem(refus.errors())
        return _formulaire_fautif(request, outils, saisie, probleme)
    except Invalid as refus:
        return _formulaire_fautif(request, outils, saisie, refus)
    contexte = {
        **_formulaire(saisie),
        "page": page,
        "rayon_km": parametres.rayon_km,
        "facettes": _facettes(page),
        "choisis": _choisis(saisie, page),
        "carte": _carte(parametres, page),
        "suivante": _adresse(saisie, curseur=page.suivant) if page.suivant else None,
        "debut": _adresse(saisie) if parametres.curseur else None,
        "avec_non_publiees": _adresse(saisie, publiees="toutes"),
        "elargie": _adresse(saisie, rayon_km=""),
        "approche": page.mode is not Mode.EXACT,
    }
    return outils.web.page(request, "recherche.html", contexte)


@router.get("/formations/{reference}")
async def fiche(request: Request, reference: str) -> HTMLResponse:
    """One formation, or why it is no longer there."""
    outils = serveur(request)
    document = await consulter(reference, outils.moteur)
    if not est_active(document):
        return await _page_de_depart(request, outils, document)
    detail = detail_public(document)
    contexte = {
        "rubrique": "recherche",
        "detail": detail,
        "f": detail["formation"],
        "avertissements": libelles.avertissements(detail["formation"]),
        "plateformes": libelles.plateformes(document.get("publications")),
        "niveau": libelles.NIVEAUX.get((detail["formation"]["niveau"] or "")[:1]),
        "mois": [libelles.mois(mois) for mois in document.get("entrees", [])],
        "modifiee_le": _instant(detail["modifiee_le"]),
    }
    return outils.web.page(request, "formation.html", contexte)


async def _page_de_depart(
    request: Request, outils: Serveur, document: Mapping[str, Any]
) -> HTMLResponse:
    evenement = document["formation"]
    contexte = {
        "rubrique": "recherche",
        "f": evenement["formation"],
        "depuis": _instant(evenement.get("retiree_le") or evenement.get("modifiee_le")),
        "successeur": await _successeur(outils, evenement.get("remplacee_par")),
        "proches": await proches(document, outils.moteur),
    }
    return outils.web.page(request, "retiree.html", contexte, status=410)


async def _successeur(outils: Serveur, identifiant: str | None) -> Mapping[str, Any] | None:
    if identifiant is None:
        return None
    try:
        return detail_public(await consulter(identifiant, outils.moteur))
    except NotFound:
        return None


def _formulaire_fautif(
    request: Request, outils: Serveur, saisie: Saisie, refus: Problem
) -> HTMLResponse:
    erreurs = getattr(refus, "erreurs", ())
    messages = [f"{e.message} {e.que_faire or ''}".strip() for e in erreurs] or [refus.detail]
    contexte = {**_formulaire(saisie), "page": None, "messages": messages}
    return outils.web.page(request, "recherche.html", contexte, status=refus.status)


def _formulaire(saisie: Saisie) -> dict[str, Any]:
    valeurs = dict(saisie)
    centre = bool(valeurs.get("autour_de") or valeurs.get("lat"))
    return {
        "rubrique": "recherche",
        "valeurs": valeurs,
        "centre": centre,
        "tris": [(t.value, nom) for t, nom in libelles.TRIS.items() if centre or t != "distance"],
        "rayons": libelles.RAYONS_KM,
        "caches": [(nom, v) for nom, v in saisie if nom in _LISTES and not _a_facette(nom)],
        "messages": [],
    }


def _regrouper(saisie: Saisie) -> dict[str, Any]:
    """Return the parameters as the model reads them.

    What it does not know is left out: links to pages are passed on with parameters of others.
    """
    groupes: dict[str, Any] = {}
    for nom, valeur in saisie:
        if nom in _LISTES:
            groupes.setdefault(nom, []).append(valeur)
        elif nom in _CONNUS:
            groupes[nom] = valeur
    return _sans_orphelins(groupes)


def _sans_orphelins(groupes: dict[str, Any]) -> dict[str, Any]:
    """A form sends its radius and sort even when the place was emptied: they then mean nothing."""
    if "autour_de" in groupes or "lat" in groupes or "lon" in groupes:
        return groupes
    orphelins = {"rayon_km"} | ({"tri"} if groupes.get("tri") == "distance" else set())
    return {nom: valeur for nom, valeur in groupes.items() if nom not in orphelins}


def _adresse(saisie: Saisie, **changes: str | None) -> str:
    """Return the address of the same search with some parameters changed, from its first page."""
    garde = [(nom, v) for nom, v in saisie if nom not in changes and nom != "curseur"]
    return "/?" + urlencode([*garde, *((nom, v) for nom, v in changes.items() if v)])


def _sans(saisie: Saisie, retire: tuple[str, str]) -> str:
    return "/?" + urlencode(
        [paire for paire in saisie if paire != retire and paire[0] != "curseur"]
    )


def _facettes(page: Page) -> list[dict[str, Any]]:
    facettes = []
    for filtre in FACETTES:
        valeurs = page.facettes.get(filtre.nom, ())
        if not valeurs:
            continue
        lignes = [{**valeur, "libelle": libelles.facette(filtre.nom, valeur)} for valeur in valeurs]
        ouverte = filtre.nom in _OUVERTES or any(valeur["choisie"] for valeur in valeurs)
        lignes.sort(key=lambda ligne: not ligne["choisie"])
        facettes.append(
            {"nom": filtre.nom, "libelle": filtre.libelle, "valeurs": lignes, "ouverte": ouverte}
        )
    return facettes


def _choisis(saisie: Saisie, page: Page) -> list[dict[str, str]]:
    """Return the filters that are on, each with the address of the search without it."""
    dits = {
        (nom, valeur["valeur"]): libelles.facette(nom, valeur)
        for nom, valeurs in page.facettes.items()
        for valeur in valeurs
    }
    return [
        {
            "libelle": f"{PAR_NOM[nom].libelle} : {dits.get((nom, valeur), valeur)}",
            "adresse": _sans(saisie, (nom, valeur)),
        }
        for nom, valeur in saisie
        if nom in PAR_NOM
    ]


def _geohash(parametres: ParametresCommuns) -> int:
    proche = parametres.rayon_km is not None and parametres.rayon_km <= _PROCHE_KM
    return _GEOHASH_PROCHE if proche else _GEOHASH_FRANCE


def _carte(parametres: ParametresCommuns, page: Page) -> cartes.Carte | None:
    if not page.points:
        return None
    point = page.lieu.point if page.lieu else parametres.demande().criteres.point
    if point is not None and parametres.rayon_km is not None:
        return cartes.autour(point, parametres.rayon_km, page.points)
    return cartes.de_la_france(page.points)


def _instant(texte: str | None) -> datetime | None:
    return datetime.fromisoformat(texte) if texte else None


def _a_facette(nom: str) -> bool:
    return nom in PAR_NOM and PAR_NOM[nom].facette is not None
