"""What each académie's Affelnet instance pulls: its files and their manifest (domain.md §4.3)."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Depends, Header, Path, Query
from starlette.responses import Response

from contracts.droits import Droit, roles_ayant
from contracts.portees import Role
from contracts.statuts import Plateforme
from services.export.adapters.classeur import XLSX
from services.export.adapters.classeur_stable import classeur_stable
from services.export.domain.affelnet import COLONNES, fichier_csv, lignes_classeur, offre
from services.export.entrypoints.serveur import Ici, Serveur, couvre, formes
from services.kernel.auth import Identity, require
from services.kernel.digest import digest
from services.kernel.preconditions import etag
from services.kernel.problem import Forbidden
from services.kernel.spreadsheet import CSV, attachment

router = APIRouter(prefix="/v1/flux/affelnet", tags=["flux"])

Numero = Annotated[str, Path(pattern=r"^\d{1,2}$")]
Vue = Annotated[str | None, Header(alias="If-None-Match", max_length=200)]
Lecteur = Annotated[
    Identity,
    Depends(
        require(*roles_ayant(Droit.VOIR_STATUT, plateforme=Plateforme.AFFELNET), Role.PARTENAIRE)
    ),
]
_SOURCE: Final = "Réseau des Carif-Oref et CFA, catalogue de l'apprentissage (Licence Ouverte 2.0)"
_CACHES: Final = {"Cache-Control": "private, no-cache"}


@dataclass(frozen=True, slots=True)
class _Etat:
    """The offers of an académie at one instant, and what names their content."""

    academie: str
    offres: list[dict[str, Any]]
    modifiee_le: str | None
    empreinte: str

    @property
    def entetes(self) -> dict[str, str]:
        return {
            **_CACHES,
            "ETag": etag(self.empreinte),
            "X-Nombre-Offres": str(len(self.offres)),
        }


@router.get(
    "/{academie}.{format}",
    summary="Les offres à transmettre à Affelnet pour une académie",
    response_class=Response,
)
async def telecharger(
    academie: Numero,
    format: Literal["csv", "json", "xlsx"],  # noqa: A002 - the name that addresses show
    ici: Ici,
    identite: Lecteur,
    if_none_match: Vue = None,
    forme: Annotated[Literal["machine", "excel"], Query()] = "machine",
) -> Response:
    """Donne l'état présent, entier, d'un seul instant ; `ETag` change avec le contenu.

    `forme=excel` : un CSV que le tableur français ouvre d'un double clic.
    """
    etat = await _etat(academie, ici, identite)
    if if_none_match is not None and etat.empreinte in if_none_match:
        return Response(status_code=304, headers=etat.entetes)
    fichier = f"affelnet-{academie}.{format}"
    entetes = etat.entetes | attachment(fichier)
    nom = "excel.csv" if (format, forme) == ("csv", "excel") else format
    return Response(await _contenu(nom, etat), headers=entetes, media_type=_FICHIERS[nom])


@router.get("/{academie}/manifeste", summary="Les fichiers d'une académie et leurs empreintes")
async def manifeste(
    academie: Numero, ici: Ici, identite: Lecteur, if_none_match: Vue = None
) -> Response:
    """Donne, d'un seul instant, chaque fichier avec ses octets et son SHA-256.

    `empreinte` est l'`ETag` commun des fichiers : s'ils ne portent pas celle-ci, le contenu a
    changé entre deux lectures.
    """
    etat = await _etat(academie, ici, identite)
    if if_none_match is not None and etat.empreinte in if_none_match:
        return Response(status_code=304, headers=etat.entetes)
    corps = {
        "academie": academie,
        "empreinte": etat.empreinte,
        "nombre": len(etat.offres),
        "modifiee_le": etat.modifiee_le,
        "lue_le": ici.horloge.now().isoformat(),
        "source": _SOURCE,
        "fichiers": [await _decrire(nom, etat) for nom in _FICHIERS],
    }
    return Response(orjson.dumps(corps), headers=etat.entetes, media_type="application/json")


async def _etat(academie: str, ici: Serveur, identite: Identity) -> _Etat:
    demandees = sorted(formes(academie))
    if not any(couvre(identite, forme) for forme in demandees):
        raise Forbidden(f"L'académie {academie} n'est pas la vôtre.", code="autre_academie")
    documents = await ici.lectures.affelnet(demandees)
    jeu = (await ici.juges.courant()).jeu
    offres = [offre(document, jeu) for document in documents]
    instants = [document["publication"]["modifiee_le"] for document in documents]
    return _Etat(
        academie,
        offres,
        max(instants).isoformat() if instants else None,
        digest({"offres": offres}),
    )


def _json(etat: _Etat) -> bytes:
    return orjson.dumps(
        {
            "academie": etat.academie,
            "nombre": len(etat.offres),
            "empreinte": etat.empreinte,
            "source": _SOURCE,
            "offres": etat.offres,
        }
    )


_FICHIERS: Final = {"csv": CSV, "excel.csv": CSV, "json": "application/json", "xlsx": XLSX}


async def _contenu(nom: str, etat: _Etat) -> bytes:
    match nom:
        case "json":
            return _json(etat)
        case "xlsx":
            return await classeur_stable(COLONNES, lignes_classeur(etat.offres))
        case _:
            return fichier_csv(etat.offres, excel=nom == "excel.csv")


async def _decrire(nom: str, etat: _Etat) -> dict[str, Any]:
    octets = await _contenu(nom, etat)
    suffixe = "csv?forme=excel" if nom == "excel.csv" else nom
    return {
        "adresse": f"/v1/flux/affelnet/{etat.academie}.{suffixe}",
        "type": _FICHIERS[nom],
        "nombre": len(etat.offres),
        "octets": len(octets),
        "sha256": hashlib.sha256(octets).hexdigest(),
    }
