"""Quality of the descriptions over HTTP: figures, their trend, what a CFA has to mend."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from contracts import portees
from contracts.constats import CATALOGUE, Gravite
from contracts.droits import LECTEURS
from contracts.portees import Role
from services.enrich.adapters.qualite import Figures
from services.enrich.domain.doublons import doublons
from services.enrich.domain.qualite.bilan import TOUT, Portee
from services.enrich.domain.qualite.priorites import Tache, taches
from services.enrich.entrypoints.moyens import Moyens, UsesMoyens
from services.enrich.entrypoints.vues_qualite import (
    COLONNES,
    NOMS_GRAVITES,
    DoublonVu,
    Qualite,
    QualiteSuivie,
    TacheVue,
    doublon_vu,
    qualite,
    rangee,
    suivie,
    tache_vue,
)
from services.kernel.auth import Identity, public, require
from services.kernel.problem import Forbidden, Invalid, NotFound
from services.kernel.spreadsheet import CSV, attachment, csv_text

router = APIRouter(prefix="/v1", tags=["qualité"])

Siret = Annotated[str, Path(pattern=r"^\d{14}$")]
Lecteur = Annotated[
    Identity,
    Depends(require(Role.DEPOSANT, *LECTEURS)),
]
Forme = Annotated[Literal["json", "csv"], Query(alias="format")]
_COLONNES_TACHE: Final = (
    "offre",
    "intitule",
    "gravite",
    "code",
    "message",
    "que_faire",
    "proposition",
    "raison",
    "confiance",
)
ESPECES: Final = {"academies": "academie", "regions": "region", "etablissements": "siret"}


@router.get("/constats", dependencies=[Depends(public)], summary="Tous les constats possibles")
async def catalogue_des_constats() -> list[dict[str, str]]:
    """Donne chaque code de constat, sa gravité, son message et ce qu'il demande."""
    return [
        {
            "code": definition.code,
            "gravite": definition.gravite.value,
            "message": definition.message,
            "que_faire": definition.que_faire,
        }
        for definition in CATALOGUE.values()
    ]


@router.get("/qualite", dependencies=[Depends(public)], summary="Qualité d'un ensemble d'offres")
async def mesurer(
    moyens: UsesMoyens,
    academie: Annotated[str | None, Query(pattern=r"^\d{1,2}$")] = None,
    region: Annotated[str | None, Query(max_length=64)] = None,
) -> QualiteSuivie:
    """Donne la complétude, les constats et leur tendance ; sans filtre, de tout le catalogue."""
    return await _suivie(moyens, ensemble(academie, region))


@router.get("/qualite/etablissements/{siret}", summary="Qualité des offres d'un établissement")
async def mesurer_un_etablissement(
    siret: Siret, moyens: UsesMoyens, identite: Lecteur
) -> QualiteSuivie:
    """Donne les mêmes chiffres pour les offres dont ce SIRET est gestionnaire ou formateur."""
    figures = await figures_de(moyens, Portee("siret", siret))
    exiger_la_portee(identite, siret, figures.academie)
    return await _suivie(moyens, figures.portee)


@router.get(
    "/qualite/{espece}",
    summary="Qualité par académie, région ou établissement",
    response_model=list[Qualite],
)
async def comparer(
    espece: Literal["academies", "regions", "etablissements"],
    moyens: UsesMoyens,
    identite: Lecteur,
    academie: Annotated[str | None, Query(pattern=r"^\d{1,2}$")] = None,
    forme: Forme = "json",
) -> list[Qualite] | Response:
    """Donne une ligne par ensemble, en JSON ou en CSV ; les établissements, par académie."""
    if espece == "etablissements":
        if academie is None:
            raise Invalid("Les établissements se demandent par académie (« academie »).")
        if not couvre_academie(identite, academie):
            raise Forbidden(f"L'académie {academie} n'est pas la vôtre.", code="autre_academie")
    listes = await moyens.qualite.lister(ESPECES[espece], academie=academie)
    if forme == "csv":
        texte = csv_text(COLONNES, map(rangee, listes))
        return Response(texte, media_type=CSV, headers=attachment(f"qualite-{espece}.csv"))
    return [qualite(figures) for figures in listes]


@router.get(
    "/qualite/etablissements/{siret}/a-corriger",
    summary="Ce qu'un CFA a à corriger",
    response_model=list[TacheVue],
)
async def a_corriger(
    siret: Siret,
    moyens: UsesMoyens,
    identite: Lecteur,
    forme: Forme = "json",
) -> list[TacheVue] | Response:
    """Donne les constats à corriger, du plus utile au moins utile, chacun avec sa proposition."""
    figures = await figures_de(moyens, Portee("siret", siret))
    exiger_la_portee(identite, siret, figures.academie)
    liste = await taches_de(moyens, siret)
    if forme == "csv":
        return Response(csv_des_taches(liste), media_type=CSV, headers=attachment("a-corriger.csv"))
    return [tache_vue(tache) for tache in liste]


@router.get("/doublons", summary="Offres qui n'en sont probablement qu'une")
async def doublons_(
    moyens: UsesMoyens,
    identite: Lecteur,
    siret: Annotated[str | None, Query(pattern=r"^\d{14}$")] = None,
    academie: Annotated[str | None, Query(pattern=r"^\d{1,2}$")] = None,
) -> list[DoublonVu]:
    """Donne chaque groupe, ce que ses offres partagent, et celle qu'il est proposé de garder."""
    if siret is not None:
        figures = await figures_de(moyens, Portee("siret", siret))
        exiger_la_portee(identite, siret, figures.academie)
    elif academie is None:
        raise Invalid("Demandez les doublons d'un établissement (« siret ») ou d'une académie.")
    if academie is not None and not couvre_academie(identite, academie):
        raise Forbidden(f"L'académie {academie} n'est pas la vôtre.", code="autre_academie")
    numero = None if academie is None else academie.zfill(2)
    offres = [offre async for offre in moyens.qualite.comparables(siret, numero)]
    return [doublon_vu(doublon) for doublon in doublons(offres)]


def ensemble(academie: str | None, region: str | None) -> Portee:
    """Return the set that a request names; raises `Invalid` when it names two."""
    if academie and region:
        raise Invalid("Demandez une académie ou une région, non les deux.")
    if academie:
        return Portee("academie", academie.zfill(2))
    return Portee("region", region) if region else TOUT


async def figures_de(moyens: Moyens, portee: Portee) -> Figures:
    """Return the present figures of a set; raises `NotFound` when it has none."""
    figures = await moyens.qualite.lire(portee)
    if figures is None:
        raise NotFound(
            "Aucune offre n'y est mesurée ; les chiffres suivent les dépôts à une minute près.",
            code="qualite_inconnue",
        )
    return figures


async def taches_de(moyens: Moyens, siret: str) -> list[Tache]:
    """Return what an establishment has to mend, most useful first."""
    return taches([offre async for offre in moyens.qualite.a_corriger(siret)])


def exiger_la_portee(identite: Identity, siret: str, academie: str | None) -> None:
    """Raise `Forbidden` unless a key may see what an establishment has to mend."""
    if identite.role in {Role.LECTEUR, Role.ADMINISTRATEUR}:
        return
    if identite.covers(portees.siret(siret)) or (academie and couvre_academie(identite, academie)):
        return
    raise Forbidden("Votre clé ne couvre pas cet établissement.", code="hors_portee")


def couvre_academie(identite: Identity, academie: str) -> bool:
    """Tell whether an académie is within the scopes of a key, or open to its role."""
    if identite.role in {Role.LECTEUR, Role.ADMINISTRATEUR}:
        return True
    formes = {academie, academie.lstrip("0"), academie.zfill(2)}
    return identite.covers_any(portees.academie(forme) for forme in sorted(formes))


def csv_des_taches(liste: list[Tache]) -> str:
    """Return what is to be mended as CSV: a row per offer and finding."""
    return csv_text(_COLONNES_TACHE, (rangee for tache in liste for rangee in _rangees(tache)))


def _rangees(tache: Tache) -> list[list[object]]:
    vue = tache_vue(tache)
    constat = [
        NOMS_GRAVITES[Gravite(vue.gravite)],
        vue.code,
        vue.message,
        vue.que_faire,
        vue.proposition,
        vue.raison,
        vue.confiance,
    ]
    return [[identifiant, intitule, *constat] for identifiant, intitule, _ in tache.offres]


async def _suivie(moyens: Moyens, portee: Portee) -> QualiteSuivie:
    figures = await figures_de(moyens, portee)
    tendance = await moyens.qualite.tendance(portee, moyens.settings.qualite_jours_max)
    return suivie(figures, tendance)
