"""Routes of the académies: what is to be decided, one offer, the decisions."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from starlette.responses import Response

from contracts.portees import Role
from contracts.statuts import Plateforme, Statut
from services.export.adapters.lectures import Filtre
from services.export.domain.motifs import MOTIFS
from services.export.entrypoints.modeles import (
    DecisionDemandee,
    DecisionPrise,
    Liste,
    OffreLue,
    Refus,
    Reponse,
)
from services.export.entrypoints.presentation import affiche, detailler, resumer
from services.export.entrypoints.serveur import Ici, Serveur, academies, couvre, formes
from services.export.usecases.decider import Acteur, Demande, decider, version
from services.kernel.auth import Identity, public, require
from services.kernel.problem import Forbidden, Invalid, NotFound, Problem

router = APIRouter(prefix="/v1", tags=["académies"])

Instructeur = Annotated[Identity, Depends(require(Role.INSTRUCTEUR, Role.ADMINISTRATEUR))]
IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=80)]


@router.get("/motifs", dependencies=[Depends(public)], summary="Les motifs de refus")
async def motifs() -> list[dict[str, object]]:
    """Donne les motifs, le statut que chacun entraîne et la précision qu'il demande."""
    return [
        {
            "code": motif.code,
            "famille": motif.famille,
            "groupe": motif.groupe,
            "libelle": motif.libelle,
            "statut": motif.statut,
            "plateformes": motif.plateformes,
            "tag": motif.tag,
            "precision_obligatoire": motif.obligatoire,
            "precision_attendue": motif.precision,
        }
        for motif in MOTIFS
    ]


@router.get("/offres", summary="Les offres d'une académie, par statut")
async def lister(
    ici: Ici,
    identite: Instructeur,
    academie: Annotated[str | None, Query(pattern=r"^\d{1,2}$")] = None,
    plateforme: Plateforme | None = None,
    statut: Statut | None = None,
    apres: Annotated[str, Query(max_length=64)] = "",
    limite: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Liste:
    """Donne les offres de l'académie demandée, à défaut de toutes celles de la clé."""
    if statut is not None and plateforme is None:
        raise Invalid("Un statut se demande avec sa plateforme (« plateforme »).")
    offres = await ici.lectures.lister(
        Filtre(_demandees(identite, academie), plateforme, statut, apres, limite)
    )
    suivant = offres[-1]["_id"] if len(offres) == limite else None
    return Liste(offres=[resumer(offre) for offre in offres], suivant=suivant)


def _demandees(identite: Identity, academie: str | None) -> list[str] | None:
    if academie is None:
        return academies(identite)
    demandees = sorted(formes(academie))
    if not any(couvre(identite, forme) for forme in demandees):
        raise Forbidden(f"L'académie {academie} n'est pas la vôtre.", code="autre_academie")
    return demandees


@router.get("/offres/{id}", summary="Une offre et ses trois faits par plateforme")
async def une(id: str, ici: Ici, identite: Instructeur, reponse: Response) -> OffreLue:  # noqa: A002
    """Donne l'éligibilité, la décision, le retour, le statut affiché et son explication."""
    document = await ici.lectures.une(id)
    if document is None:
        raise NotFound(f"Aucune formation « {id} ».", code="formation_inconnue")
    if not couvre(identite, document["projection"].get("num_academie")):
        raise Forbidden("Cette offre n'est pas de votre académie.", code="autre_academie")
    reponse.headers["ETag"] = f'"{version(document)}"'
    return detailler(document, await ici.lectures.historique(id))


@router.post("/offres/{id}/{plateforme}/publication", summary="Demander la publication")
async def publier(
    id: str,  # noqa: A002 - the field's own name
    plateforme: Plateforme,
    ici: Ici,
    identite: Instructeur,
    if_match: IfMatch = None,
) -> DecisionPrise:
    """Demande la publication ; `If-Match` (la version lue) garantit que rien n'a changé depuis."""
    demande = Demande(id, plateforme, "publier", version=_version(if_match))
    return await _decider(ici, identite, demande)


@router.post("/offres/{id}/{plateforme}/refus", summary="Refuser, ou attendre une mise à jour")
async def refuser(
    id: str,  # noqa: A002 - the field's own name
    plateforme: Plateforme,
    corps: Refus,
    ici: Ici,
    identite: Instructeur,
    if_match: IfMatch = None,
) -> DecisionPrise:
    """Refuse l'offre ; le motif dit si elle est « non publié » ou « en attente »."""
    demande = Demande(
        id, plateforme, "refuser", corps.motif, corps.precision, version=_version(if_match)
    )
    return await _decider(ici, identite, demande)


@router.post("/decisions", summary="Décider d'une liste d'offres")
async def decider_liste(
    corps: list[DecisionDemandee], ici: Ici, identite: Instructeur
) -> list[Reponse]:
    """Répond à chaque décision, dans l'ordre : l'une refusée n'empêche pas les autres."""
    if len(corps) > ici.settings.decisions_max:
        raise Invalid(f"Au plus {ici.settings.decisions_max} décisions à la fois.")
    return [await _repondre(ici, identite, rang, une) for rang, une in enumerate(corps, 1)]


async def _repondre(
    ici: Serveur, identite: Identity, rang: int, demandee: DecisionDemandee
) -> Reponse:
    prise: DecisionPrise | None = None
    refus: dict[str, Any] | None = None
    try:
        prise = await _decider(ici, identite, Demande(**demandee.model_dump()))
    except Problem as probleme:
        refus = probleme.document()
    return Reponse(
        rang=rang,
        formation=demandee.formation,
        plateforme=demandee.plateforme,
        prise=prise,
        probleme=refus,
    )


async def _decider(ici: Serveur, identite: Identity, demande: Demande) -> DecisionPrise:
    acteur = Acteur(identite.titulaire, partial(couvre, identite))
    document, changee = await decider(demande, acteur, ici.base, ici.juges, ici.horloge, ici.ids)
    return DecisionPrise(
        formation=demande.formation,
        plateforme=demande.plateforme,
        version=version(document),
        statut=affiche(document, demande.plateforme).statut,
        changee=changee,
    )


def _version(if_match: str | None) -> str | None:
    if if_match is None or if_match.strip() == "*":
        return None
    return if_match.strip().removeprefix("W/").strip('"')
