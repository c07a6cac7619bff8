"""Routes of the notices: an académie's and an establishment's, as JSON and as CSV."""

from collections.abc import Collection
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Header, Path
from starlette.responses import Response

from contracts.droits import LECTEURS, Droit, peut
from contracts.portees import Role, siret
from contracts.statuts import Plateforme
from services.export.domain.avis import (
    Avis,
    Element,
    academie,
    compter,
    dits,
    etablissement,
    nouvelles,
)
from services.export.domain.avis_phrases import TITRES, a_faire, cause
from services.export.entrypoints.avisage import registre
from services.export.entrypoints.modeles_avis import AvisLu
from services.export.entrypoints.serveur import Ici, Serveur, couvre, formes
from services.kernel.auth import Identity, require
from services.kernel.digest import digest
from services.kernel.problem import Forbidden
from services.kernel.spreadsheet import CSV, attachment, csv_text

router = APIRouter(tags=["avis"])

Lecteur = Annotated[Identity, Depends(require(*LECTEURS))]
Deposant = Annotated[Identity, Depends(require(Role.DEPOSANT, Role.ADMINISTRATEUR))]
Administrateur = Annotated[Identity, Depends(require(Role.ADMINISTRATEUR))]
Numero = Annotated[str, Path(pattern=r"^\d{1,2}$")]
Siret = Annotated[str, Path(pattern=r"^\d{14}$")]
Connu = Annotated[str | None, Header(alias="If-None-Match", max_length=200)]

_CACHES: Final = {"Cache-Control": "private, no-cache"}
_COLONNES: Final = {
    "rubrique": "Rubrique",
    "plateforme": "Plateforme",
    "statut": "Statut",
    "depuis": "Depuis le",
    "nouvelle": "Nouvelle",
    "cle_ministere_educatif": "Clé ministère éducatif",
    "intitule": "Intitulé",
    "localite": "Localité",
    "organisme": "Organisme gestionnaire",
    "cause": "Pourquoi",
    "a_faire": "À faire",
    "id": "Identifiant",
}


@router.get("/v1/avis/academies/{num}.csv", summary="L'avis d'une académie, en CSV")
async def academie_csv(num: Numero, ici: Ici, identite: Lecteur, connu: Connu = None) -> Response:
    """Donne les mêmes offres que le JSON, pour un tableur."""
    return _csv(await _de_l_academie(num, ici, identite), f"avis-academie-{num}.csv", connu)


@router.get("/v1/avis/academies/{num}", summary="L'avis d'une académie", response_model=AvisLu)
async def academie_json(num: Numero, ici: Ici, identite: Lecteur, connu: Connu = None) -> Response:
    """Donne ce qui attend l'académie : rejets, retenues, décisions, mises à jour, disparitions.

    Établi une fois par jour ; `nouvelle` le dit de ce que l'avis précédent ne disait pas.
    """
    return _json(await _de_l_academie(num, ici, identite), connu)


@router.get("/v1/avis/etablissements/{num}.csv", summary="L'avis d'un établissement, en CSV")
async def etablissement_csv(
    num: Siret, ici: Ici, identite: Deposant, connu: Connu = None
) -> Response:
    """Donne les mêmes offres que le JSON, pour un tableur."""
    return _csv(await _de_l_etablissement(num, ici, identite), f"avis-{num}.csv", connu)


@router.get(
    "/v1/avis/etablissements/{num}", summary="L'avis d'un établissement", response_model=AvisLu
)
async def etablissement_json(
    num: Siret, ici: Ici, identite: Deposant, connu: Connu = None
) -> Response:
    """Donne ce que deviennent les offres qu'il gère ou dispense, pourquoi, et quoi corriger."""
    return _json(await _de_l_etablissement(num, ici, identite), connu)


@router.post("/interne/avis", status_code=202, summary="Établir les avis du jour maintenant")
async def demander(ici: Ici, _: Administrateur) -> dict[str, bool]:
    """Fait établir les avis du jour sans attendre l'heure ; rien n'est dit deux fois."""
    await registre(ici.base, ici.settings).demander()
    return {"demande": True}


def exiger_academie(identite: Identity, num: str) -> None:
    """Return if an académie is the holder's; raises `Forbidden`."""
    if not any(couvre(identite, forme) for forme in formes(num)):
        raise Forbidden(f"L'académie {num} n'est pas la vôtre.", code="autre_academie")


def exiger_etablissement(identite: Identity, num: str) -> None:
    """Return if an establishment is the holder's; raises `Forbidden`."""
    if identite.role != Role.ADMINISTRATEUR and not identite.covers(siret(num)):
        raise Forbidden(f"L'établissement {num} n'est pas le vôtre.", code="autre_etablissement")


def plateformes_lues(identite: Identity) -> list[str]:
    """Return the platforms whose statuses the holder's role may read."""
    return [une.value for une in Plateforme if peut(identite.role, Droit.VOIR_STATUT, une)]


async def _de_l_academie(num: str, ici: Serveur, identite: Identity) -> dict[str, Any]:
    exiger_academie(identite, num)
    return await _lire(ici, academie(num), plateformes_lues(identite))


async def _de_l_etablissement(num: str, ici: Serveur, identite: Identity) -> dict[str, Any]:
    exiger_etablissement(identite, num)
    return await _lire(ici, etablissement(num), list(Plateforme))


async def _lire(ici: Serveur, destinataire: str, plateformes: Collection[str]) -> dict[str, Any]:
    avis = registre(ici.base, ici.settings)
    dernier = (await avis.derniers([destinataire])).get(destinataire)
    precedent = await avis.avant(destinataire, dernier.version) if dernier else None
    delai = ici.settings.avis_delai_jours

    def siens(tous: list[Element]) -> list[Element]:
        return [un for un in tous if un["plateforme"] is None or un["plateforme"] in plateformes]

    presents = siens(dits(dernier, delai)) if dernier else []
    news = siens(nouvelles(precedent, dernier, delai)) if dernier else []
    return _montrer(destinataire, dernier, precedent, presents, news)


def _montrer(
    destinataire: str,
    dernier: Avis | None,
    precedent: Avis | None,
    presents: list[Element],
    news: list[Element],
) -> dict[str, Any]:
    nouveaux, comptes_nouveaux = set(map(id, news)), compter(news)
    return {
        "destinataire": destinataire,
        "jour": dernier.jour if dernier else None,
        "precedent": precedent.jour if precedent else None,
        "version": dernier.version if dernier else 0,
        "rubriques": [
            {
                "code": rubrique,
                "titre": TITRES[rubrique],
                "nombre": nombre,
                "nouvelles": comptes_nouveaux.get(rubrique, 0),
            }
            for rubrique, nombre in compter(presents).items()
        ],
        "offres": [
            {
                "rubrique": un["rubrique"],
                "plateforme": un["plateforme"],
                "statut": un.get("statut"),
                "depuis": un["depuis"],
                "nouvelle": id(un) in nouveaux,
                "id": un["id"],
                "cle_ministere_educatif": un.get("cle"),
                "intitule": un.get("intitule"),
                "localite": un.get("localite"),
                "organisme": un.get("organisme"),
                "raison": un.get("raison"),
                "cause": cause(un),
                "a_faire": a_faire(un),
            }
            for un in presents
        ],
    }


def _json(avis: dict[str, Any], connu: str | None) -> Response:
    return _repondre(avis, connu, orjson.dumps(avis), "application/json")


def _csv(avis: dict[str, Any], nom: str, connu: str | None) -> Response:
    titres = {un["code"]: un["titre"] for un in avis["rubriques"]}
    lignes = (
        [titres[offre["rubrique"]], *(_cellule(offre[champ]) for champ in list(_COLONNES)[1:])]
        for offre in avis["offres"]
    )
    reponse = _repondre(avis, connu, csv_text(list(_COLONNES.values()), lignes), CSV)
    reponse.headers.update(attachment(nom))
    return reponse


def _repondre(avis: dict[str, Any], connu: str | None, corps: bytes | str, forme: str) -> Response:
    entetes = {**_CACHES, "ETag": f'"{digest(avis)}"'}
    if connu is not None and entetes["ETag"] in connu:
        return Response(status_code=304, headers=entetes)
    return Response(corps, media_type=forme, headers=entetes)


def _cellule(valeur: object) -> object:
    return {True: "oui", False: "non"}[valeur] if isinstance(valeur, bool) else valeur
