"""Reference tables over HTTP: those in use for all, their versions for administrators."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request

from contracts.portees import Role
from services.enrich.domain.admission import ChargementRefuse
from services.enrich.domain.versions import Version
from services.enrich.entrypoints.chargements import alarmes, charger_un_chemin, regles
from services.enrich.entrypoints.moyens import Moyens, UsesMoyens, administrateur
from services.enrich.entrypoints.reponses_referentiels import (
    ChargementVu,
    Referentiels,
    Versions,
    VersionVue,
)
from services.enrich.entrypoints.vues_referentiels import (
    activation_vue,
    referentiels_vus,
    refus_vu,
    version_vue,
)
from services.enrich.ports_versions import VersionInconnue
from services.enrich.usecases.charger_references import Demande
from services.kernel.auth import Identity, public, require
from services.kernel.bodies import received
from services.kernel.problem import Erreur, Invalid, NotFound, Unavailable

router = APIRouter(prefix="/v1/referentiels", tags=["référentiels"])

Administrateur = Annotated[Identity, Depends(require(Role.ADMINISTRATEUR))]

_HORS_NOM: Final = re.compile(r"[^\w.-]", re.ASCII)
_CORPS: Final = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get(
    "",
    dependencies=[Depends(public)],
    summary="Tables de référence en vigueur, leur source et leur âge",
)
async def referentiels(moyens: UsesMoyens) -> Referentiels:
    """Donne la version en vigueur : ses tables, d'où elles viennent, et si l'une est périmée."""
    active = await moyens.referentiels.active()
    if active is None:
        raise Unavailable("Aucun référentiel n'est encore en vigueur.", retry_after=30)
    return referentiels_vus(active, alarmes(moyens.settings), moyens.clock.now())


@router.get(
    "/versions",
    dependencies=[administrateur],
    summary="Versions, comparaisons, refus et activations",
)
async def versions(moyens: UsesMoyens) -> Versions:
    """Donne toutes les versions, puis les derniers refus et activations ; le plus récent d'abord.

    Une version qui n'est plus `utilisable` a perdu ses lignes ; ce qui la composait reste dit.
    """
    return Versions(
        versions=[_vue(version, moyens) for version in await moyens.referentiels.lister()],
        refus=[refus_vu(refus) for refus in await moyens.referentiels.refusees()],
        activations=[activation_vue(une) for une in await moyens.referentiels.activations()],
    )


@router.post(
    "",
    status_code=201,
    summary="Charger un fichier de référence",
    openapi_extra=_CORPS,
)
async def charger(  # noqa: PLR0913, PLR0917 - the options of the command
    request: Request,
    moyens: UsesMoyens,
    identite: Administrateur,
    fichier: Annotated[str, Query(max_length=200, description="Nom du fichier envoyé.")],
    table: Annotated[
        str | None, Query(max_length=64, description="Sa table, si son nom ne la dit pas.")
    ] = None,
    sans_activer: Annotated[bool, Query(description="Sans mettre en vigueur.")] = False,
    forcer: Annotated[
        str | None,
        Query(min_length=3, max_length=500, description="Raison d'accepter ce qui est refusé."),
    ] = None,
    depuis: Annotated[
        str | None, Query(max_length=64, description="Version de départ, ou « derniere ».")
    ] = None,
) -> ChargementVu:
    """Fait une version de ce fichier et des autres tables en vigueur, et la met en vigueur.

    Elle est refusée (422, noté) quand le fichier est abîmé, perd trop de lignes ou est plus ancien.
    """
    demande = Demande(
        identite.titulaire, fichier, activer=not sans_activer, forcer=forcer, depuis=depuis
    )
    avec = regles(moyens.settings, moyens.clock)
    async with _recu(request, fichier, moyens) as chemin:
        try:
            chargement = await charger_un_chemin(chemin, table, demande, moyens.referentiels, avec)
        except ChargementRefuse as erreur:
            raise _refuse(erreur) from erreur
        except VersionInconnue as erreur:
            raise _inconnue() from erreur
    version = await moyens.referentiels.trouver(chargement.version.id)
    return ChargementVu(
        resultat="nouvelle" if chargement.nouvelle else "identique", version=_vue(version, moyens)
    )


@router.post(
    "/versions/{identifiant}/activation",
    summary="Mettre une version en vigueur",
)
async def activer(identifiant: str, moyens: UsesMoyens, identite: Administrateur) -> VersionVue:
    """Met une version en vigueur, en une fois ; sans effet si elle l'est déjà."""
    try:
        await moyens.referentiels.activer(identifiant, moyens.clock.now(), identite.titulaire)
    except VersionInconnue as erreur:
        raise _inconnue() from erreur
    return _vue(await moyens.referentiels.trouver(identifiant), moyens)


def _vue(version: Version, moyens: Moyens) -> VersionVue:
    return version_vue(version, alarmes(moyens.settings), moyens.clock.now())


@asynccontextmanager
async def _recu(request: Request, fichier: str, moyens: Moyens) -> AsyncIterator[Path]:
    """Write the body, bounded, to a temporary file of that name, made harmless."""
    nom = _HORS_NOM.sub("_", fichier.replace("\\", "/").rpartition("/")[2]).lstrip(".")[-100:]
    if not nom:
        raise Invalid("Le paramètre « fichier » doit nommer le fichier envoyé.")
    with TemporaryDirectory() as dossier:
        chemin = Path(dossier) / nom
        with chemin.open("wb") as ecrit:
            async for morceau in received(request, moyens.settings):
                await asyncio.to_thread(ecrit.write, morceau)
        yield chemin


def _refuse(erreur: ChargementRefuse) -> Invalid:
    return Invalid(
        "Ce chargement est refusé ; la version en vigueur n'a pas changé.",
        [
            Erreur(
                motif.table,
                motif.code,
                motif.message,
                "Corrigez le fichier, ou redemandez avec « forcer » et une raison.",
            )
            for motif in erreur.refus.motifs
        ],
        code="chargement_refuse",
        title="Chargement refusé",
    )


def _inconnue() -> NotFound:
    return NotFound("Aucune version n'a cet identifiant, ou ses lignes ne sont plus là.")
