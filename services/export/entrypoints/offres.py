"""Routes of the académies' reading: what is to be done, counts, one offer."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from contracts.droits import LECTEURS
from contracts.statuts import Plateforme
from services.export.adapters.recherche import CHAMPS_DE_TRI, cle_de_tri
from services.export.adapters.relations import RelationsMongo
from services.export.domain.acces import AccesRefuse, exiger_academie
from services.export.domain.facettes import FACETTES
from services.export.domain.mefs_affelnet import mefs_affelnet
from services.export.domain.motifs import MOTIFS
from services.export.domain.place import PlaceInvalide, ecrire, lire
from services.export.domain.recherche import Recherche
from services.export.domain.relations import statut_candidatures
from services.export.entrypoints.decisions import acteur
from services.export.entrypoints.filtres import plateformes_vues, rechercher
from services.export.entrypoints.modeles_offres import (
    FacetteComptee,
    Facettes,
    FacettesDemandees,
    Liste,
    OffreLue,
    PageDemandee,
    ValeurComptee,
)
from services.export.entrypoints.presentation import RESUME, detailler, resumer
from services.export.entrypoints.serveur import Ici, Serveur, interdire
from services.kernel.auth import Identity, public, require
from services.kernel.preconditions import etag
from services.kernel.problem import Invalid, NotFound

router = APIRouter(prefix="/v1", tags=["académies"])

Lecteur = Annotated[Identity, Depends(require(*LECTEURS))]
_LUS: Final = RESUME | CHAMPS_DE_TRI


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


@router.get("/offres", summary="Les listes de travail d'une académie")
async def lister(ici: Ici, identite: Lecteur, demande: Annotated[PageDemandee, Query()]) -> Liste:
    """Donne une page d'une sélection, à défaut de toutes les offres de vos académies.

    `vue` choisit une liste de travail : `a_decider`, `a_corriger`, `rejetees`, `en_attente`.
    """
    recherche = rechercher(demande, identite)
    offres = await ici.recherches.page(
        recherche, _LUS, tri=demande.tri, apres=_place(demande), limite=demande.limite
    )
    suivant = None
    if len(offres) == demande.limite:
        derniere = offres[-1]
        suivant = ecrire(demande.tri, cle_de_tri(demande.tri, derniere), derniere["_id"])
    vues = recherche.plateformes_vues
    return Liste(offres=[resumer(offre, vues) for offre in offres], suivant=suivant)


@router.get("/offres/facettes", summary="Les comptes d'une sélection")
async def facettes(
    ici: Ici, identite: Lecteur, demande: Annotated[FacettesDemandees, Query()]
) -> Facettes:
    """Compte les offres par valeur de chaque facette, dans vos académies."""
    recherche = rechercher(demande, identite)
    noms = _facettes(demande.facette, recherche)
    comptes = await ici.recherches.facettes(recherche, noms)
    return Facettes(
        total=comptes.total,
        facettes={
            nom: FacetteComptee(
                titre=FACETTES[nom].titre,
                valeurs=[
                    ValeurComptee(valeur=valeur, offres=nombre)
                    for valeur, nombre in sorted(
                        comptes.facettes[nom].items(), key=lambda un: (-un[1], str(un[0]))
                    )
                ],
            )
            for nom in noms
        },
    )


@router.get("/offres/{id}", summary="Une offre, ses faits par plateforme et ce qui se peut")
async def une(id: str, ici: Ici, identite: Lecteur, reponse: Response) -> OffreLue:  # noqa: A002
    """Donne les trois faits, le statut et sa raison, les avertissements, les actions, l'histoire.

    `actions` dit de chaque commande si elle est possible, et sinon la raison qu'elle donnerait.
    L'en-tête `ETag` est la version à redonner en `If-Match`.
    """
    document = await ici.lectures.une(id)
    if document is None:
        raise NotFound(f"Aucune formation « {id} ».", code="formation_inconnue")
    lecteur = acteur(identite)
    try:
        exiger_academie(lecteur, document["projection"].get("num_academie"))
    except AccesRefuse as refus:
        raise interdire(refus) from refus
    journaux = await ici.lectures.journaux(id)
    propres = {Plateforme.AFFELNET: await _propres_a_affelnet(ici, document)}
    lue = detailler(document, journaux, lecteur, plateformes_vues(identite), propres)
    reponse.headers["ETag"] = etag(lue.version)
    return lue


async def _propres_a_affelnet(ici: Serveur, document: dict[str, Any]) -> dict[str, Any]:
    jeu = (await ici.juges.courant()).jeu
    relations = await RelationsMongo(ici.base).par_offre([document])
    perimetre = document["publication"]["plateformes"][Plateforme.AFFELNET.value]["perimetre"]
    return {
        "mefs": mefs_affelnet(document, jeu),
        "candidatures": statut_candidatures(relations.get(document["_id"]), perimetre=perimetre),
    }


def _place(demande: PageDemandee) -> tuple[str | None, str] | None:
    if not demande.apres:
        return None
    try:
        return lire(demande.tri, demande.apres)
    except PlaceInvalide as erreur:
        raise Invalid("« apres » n'est pas la suite d'une liste sous ce « tri ».") from erreur


def _facettes(demandees: list[str], recherche: Recherche) -> list[str]:
    connues = [nom for nom, facette in FACETTES.items() if facette.existe(recherche.plateforme)]
    inconnues = [nom for nom in demandees if nom not in connues]
    if inconnues:
        raise Invalid(
            f"La facette « {inconnues[0]} » n'existe pas ici ; facettes : {', '.join(connues)}."
        )
    return list(dict.fromkeys(demandees)) or connues
