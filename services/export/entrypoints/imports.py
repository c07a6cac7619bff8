"""Routes of the Affelnet imports: deposit, preview, report, application."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import StreamingResponse

from contracts.droits import Droit, roles_ayant
from contracts.statuts import Plateforme
from services.export.adapters.imports import DIFFERENCES, RAPPORT, ImportsMongo
from services.export.domain.academies import numero
from services.export.domain.lignes_affelnet import LigneLue, lire_lignes
from services.export.domain.rapport_import import MESSAGES
from services.export.entrypoints.modeles_imports import (
    DifferenceLue,
    ImportLu,
    ImportResume,
    LigneJugee,
    Rapport,
)
from services.export.entrypoints.serveur import Ici, Serveur
from services.export.entrypoints.televersements import lire_corps
from services.export.usecases.importer_affelnet import (
    Depot,
    Moyens,
    apercevoir,
    appliquer_import,
    deposer,
)
from services.kernel.auth import Identity, require
from services.kernel.preconditions import IfMatch, etag, version_vue
from services.kernel.problem import Conflict, Invalid, NotFound
from services.kernel.spreadsheet import CSV, attachment, csv_stream

router = APIRouter(prefix="/v1/affelnet/imports", tags=["affelnet"])

Deposant = Annotated[
    Identity, Depends(require(*roles_ayant(Droit.DEPOSER_FICHIERS, plateforme=Plateforme.AFFELNET)))
]
_EXEMPLES: Final = 20
Rangees = Iterable[tuple[int, Sequence[str]]]
_TABLEAU_DIFFERENCES: Final = tuple(DifferenceLue.model_fields)
_TABLEAU_RAPPORT: Final = tuple(LigneJugee.model_fields)


@router.post("", summary="Déposer un fichier d'Affelnet")
async def deposer_fichier(
    request: Request,
    ici: Ici,
    identite: Deposant,
    reponse: Response,
    nom: Annotated[str, Query(max_length=200)] = "affelnet-import.xlsx",
    academie: Annotated[str | None, Query(pattern=r"^\d{1,2}$")] = None,
) -> ImportLu:
    """Lit le fichier (XLSX ou CSV, en corps de la requête) et montre ce qu'il changerait.

    Rien n'est appliqué. `academie` : le fichier est celui d'une seule académie, tout entière ;
    sans elle, une académie que le fichier ne nomme pas reste telle quelle. Le même fichier déposé
    de nouveau est le même import.
    """
    num = _academie(academie)
    recu, lignes = await lire_corps(request, ici.settings, partial(_lire, academie=num))
    identifiant = f"{recu.empreinte[:32]}-{num}" if num else recu.empreinte[:32]
    depot = Depot(identifiant, nom, recu.octets, recu.empreinte, num, identite.titulaire)
    entete, nouveau = await deposer(depot, lignes, _moyens(ici))
    reponse.status_code = 201 if nouveau else 200
    return await _lu(entete, ici, reponse)


@router.get("", summary="Les fichiers d'Affelnet déposés")
async def lister(
    ici: Ici, _: Deposant, limite: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[ImportResume]:
    """Donne les imports, les plus récents d'abord."""
    return [_resume(entete) for entete in await ImportsMongo(ici.base).derniers(limite)]


@router.get("/{id}", summary="Un import et son dernier aperçu")
async def un(id: str, ici: Ici, _: Deposant, reponse: Response) -> ImportLu:  # noqa: A002
    """Donne l'aperçu tel qu'il a été calculé ; `ETag` porte sa version."""
    return await _lu(await _trouver(id, ici), ici, reponse)


@router.post("/{id}/apercu", summary="Recalculer l'aperçu")
async def recalculer(id: str, ici: Ici, _: Deposant, reponse: Response) -> ImportLu:  # noqa: A002
    """Compare de nouveau le fichier aux offres telles qu'elles sont."""
    return await _lu(await apercevoir(id, _moyens(ici)), ici, reponse)


@router.post("/{id}/application", summary="Appliquer un import")
async def appliquer(
    id: str,  # noqa: A002 - the field's own name
    ici: Ici,
    identite: Deposant,
    reponse: Response,
    if_match: IfMatch = None,
) -> ImportLu:
    """Applique, en entier ou pas du tout, la différence de l'aperçu nommé par `If-Match`.

    412 si les offres ont changé depuis : un nouvel aperçu est alors prêt.
    """
    version = version_vue(if_match)
    entete = await appliquer_import(id, version, identite.titulaire, _moyens(ici))
    return await _lu(entete, ici, reponse)


@router.get("/{id}/lignes", summary="Le rapport par ligne")
async def rapport(
    id: str,  # noqa: A002 - the field's own name
    ici: Ici,
    _: Deposant,
    code: Annotated[str | None, Query(max_length=40)] = None,
    apres: Annotated[int, Query(ge=0)] = 0,
    limite: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> Rapport:
    """Donne, dans l'ordre du fichier, ce qui est dit de chaque ligne."""
    if code is not None and code not in MESSAGES:
        raise Invalid(f"« code » : {', '.join(sorted(MESSAGES))}.")
    entete = await _trouver(id, ici)
    lignes: list[LigneJugee] = []
    async for element in ImportsMongo(ici.base).elements(id, RAPPORT, _version(entete)):
        if element["ligne"] > apres and code in (None, element["code"]):
            lignes.append(LigneJugee.model_validate(element))
            if len(lignes) == limite:
                break
    return Rapport(lignes=lignes, suivant=lignes[-1].ligne if len(lignes) == limite else None)


@router.get(
    "/{id}/{tableau}.csv",
    summary="Toutes les différences, ou tout le rapport, en CSV",
    response_class=StreamingResponse,
)
async def telecharger(
    id: str,  # noqa: A002 - the field's own name
    tableau: Literal["differences", "rapport"],
    ici: Ici,
    _: Deposant,
) -> StreamingResponse:
    """Donne un CSV que le tableur ouvre d'un double clic."""
    genre, colonnes = {
        "differences": (DIFFERENCES, _TABLEAU_DIFFERENCES),
        "rapport": (RAPPORT, _TABLEAU_RAPPORT),
    }[tableau]
    entete = await _trouver(id, ici)
    elements = ImportsMongo(ici.base).elements(id, genre, _version(entete))
    rangs = ([_cellule(element.get(colonne)) for colonne in colonnes] async for element in elements)
    return StreamingResponse(
        csv_stream(colonnes, rangs),
        media_type=CSV,
        headers=attachment(f"affelnet-{tableau}.csv"),
    )


def _cellule(valeur: object) -> object:
    return "|".join(map(str, valeur)) if isinstance(valeur, list) else valeur


def _academie(texte: str | None) -> str | None:
    if texte is None:
        return None
    num = numero(texte)
    if num is None:
        raise Invalid(f"Aucune académie n'a le numéro {texte}.", code="academie_inconnue")
    return num


def _lire(rangees: Rangees, academie: str | None) -> list[LigneLue]:
    lignes = list(lire_lignes(rangees, academie))
    if not any(lue.refus is None for lue in lignes):
        raise Invalid(
            "Aucune ligne du fichier ne nomme une offre d'Affelnet ; rien n'est gardé.",
            code="fichier_sans_offre",
            title="Fichier refusé",
        )
    return lignes


def _moyens(ici: Serveur) -> Moyens:
    changements_max = ici.settings.affelnet_changements_max
    return Moyens(ImportsMongo(ici.base), ici.juges, ici.horloge, changements_max)


async def _trouver(identifiant: str, ici: Serveur) -> dict[str, Any]:
    entete = await ImportsMongo(ici.base).un(identifiant)
    if entete is None:
        raise NotFound(f"Aucun import « {identifiant} ».", code="import_inconnu")
    return entete


def _version(entete: dict[str, Any]) -> str:
    if "apercu" not in entete:
        raise Conflict(
            "L'aperçu de cet import n'a pas été calculé jusqu'au bout.",
            code="apercu_absent",
            extra={"que_faire": "Demandez-le par POST …/apercu."},
        )
    version: str = entete["apercu"]["version"]
    return version


def _resume(entete: dict[str, Any]) -> ImportResume:
    return ImportResume.model_validate({"id": entete["_id"], **entete})


async def _lu(entete: dict[str, Any], ici: Serveur, reponse: Response) -> ImportLu:
    exemples: list[dict[str, Any]] = []
    if "apercu" in entete:
        version = _version(entete)
        reponse.headers["ETag"] = etag(version)
        async for element in ImportsMongo(ici.base).elements(entete["_id"], DIFFERENCES, version):
            exemples.append(element)
            if len(exemples) == _EXEMPLES:
                break
    return ImportLu.model_validate({"id": entete["_id"], **entete, "exemples": exemples})
