"""Routes of the rules: read, create, change, delete, override, history."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from contracts.droits import Droit, peut, roles_ayant
from contracts.portees import Role
from contracts.statuts import Plateforme, Statut
from services.export.domain.droits_regles import (
    Personne,
    Refus,
    refus_d_ecriture,
    refus_de_surcharge,
)
from services.export.domain.redaction_regles import SaisieRefusee, rediger
from services.export.domain.regles_lecture import lire_fichier
from services.export.domain.vie_regles import Auteur
from services.export.entrypoints.modeles_regles import (
    RegleDemandee,
    RegleLue,
    SurchargeDemandee,
    VersionDeRegle,
)
from services.export.entrypoints.presentation_regles import presenter
from services.export.entrypoints.serveur import Ici, Serveur, academies, exiger
from services.export.usecases import regler
from services.kernel.auth import Identity, require
from services.kernel.clock import now_as_stored
from services.kernel.preconditions import IfMatch, etag, version_vue
from services.kernel.problem import Erreur, Forbidden, Invalid

router = APIRouter(prefix="/v1", tags=["règles"])

_REGLES_OCTETS_MAX = 16 * 1024 * 1024
Lecteur = Annotated[Identity, Depends(require(*roles_ayant(Droit.LIRE_REGLES)))]
Redacteur = Annotated[
    Identity, Depends(require(*roles_ayant(Droit.AJOUTER_REGLE, Droit.MODIFIER_REGLE)))
]
Surchargeur = Annotated[
    Identity, Depends(require(*roles_ayant(Droit.SURCHARGER_REGLE, Droit.MODIFIER_REGLE)))
]
Administrateur = Annotated[Identity, Depends(require(Role.ADMINISTRATEUR))]
Id = Annotated[str, Path(max_length=64)]
Academie = Annotated[int, Path(ge=1, le=99)]


@router.get("/regles", summary="Les règles de périmètre en vigueur")
async def lister(
    ici: Ici, identite: Lecteur, plateforme: Annotated[Plateforme | None, Query()] = None
) -> dict[str, Any]:
    """Donne chaque règle avec son identifiant et sa version, pour les plateformes de votre rôle."""
    if plateforme is not None:
        exiger(identite, Droit.LIRE_REGLES, plateforme)
    toutes = [
        {"id": regle["_id"], "version": regle["version"], **regle["contenu"]}
        for regle in await ici.regles.toutes()
        if peut(identite.role, Droit.LIRE_REGLES, Plateforme(regle["contenu"]["plateforme"]))
        and plateforme in (None, regle["contenu"]["plateforme"])
    ]
    return {"nombre": len(toutes), "regles": toutes}


@router.put(
    "/regles",
    summary="Remplacer les règles de périmètre",
    openapi_extra={"x-limite-octets": _REGLES_OCTETS_MAX},
)
async def charger(
    corps: list[dict[str, Any]], ici: Ici, identite: Administrateur
) -> dict[str, Any]:
    """Remplace toutes les règles ; celle qui ne peut s'appliquer entière est écartée et comptée.

    Les offres sont réévaluées aussitôt par le consommateur.
    """
    lecture = lire_fichier(corps)
    comptes = await ici.regles.remplacer(
        lecture.regles, now_as_stored(ici.horloge), identite.titulaire
    )
    return {
        "lues": len(corps),
        "gardees": len(lecture.regles),
        "marquees_supprimees": lecture.supprimees,
        "ecartees": [
            {"rang": ecartee.rang, "raison": ecartee.raison} for ecartee in lecture.ecartees
        ],
        **comptes,
    }


@router.post("/regles", summary="Créer une règle", status_code=201)
async def creer(corps: RegleDemandee, ici: Ici, identite: Redacteur, reponse: Response) -> RegleLue:
    """Crée une règle ; celle qui fut supprimée sur le même périmètre est rétablie.

    Essayez-la d'abord par `POST /v1/regles/apercu`.
    """
    interdire(refus_d_ecriture(personne(identite), Droit.AJOUTER_REGLE, corps.plateforme))
    regle = await regler.creer(ici.regles, contenu_de(corps), auteur(ici, identite))
    reponse.headers["Location"] = f"/v1/regles/{regle['_id']}"
    return _rendre(regle, identite, reponse)


@router.get("/regles/{id}", summary="Une règle")
async def lire(id: Id, ici: Ici, identite: Lecteur, reponse: Response) -> RegleLue:  # noqa: A002
    """Donne la règle, supprimée ou non, sa lecture en français et ce que vous pouvez en faire."""
    return _rendre(await lisible(ici, identite, id), identite, reponse)


@router.put("/regles/{id}", summary="Modifier une règle")
async def changer(
    id: Id,  # noqa: A002 - the field's own name
    corps: RegleDemandee,
    ici: Ici,
    identite: Redacteur,
    reponse: Response,
    if_match: IfMatch = None,
) -> RegleLue:
    """Modifie la règle lue à la version de `If-Match` ; les statuts des académies sont gardés.

    « ne doit pas intégrer » supprime une règle sans nom ; une règle nommée reste, pour être vue.
    """
    await _modifiable(ici, identite, id)
    regle = await regler.changer(
        ici.regles, id, version_vue(if_match), contenu_de(corps), auteur(ici, identite)
    )
    return _rendre(regle, identite, reponse)


@router.delete("/regles/{id}", summary="Supprimer une règle")
async def supprimer(
    id: Id,  # noqa: A002 - the field's own name
    ici: Ici,
    identite: Redacteur,
    reponse: Response,
    if_match: IfMatch = None,
) -> RegleLue:
    """Supprime la règle ; elle et son historique restent lisibles, et elle peut être rétablie."""
    await _modifiable(ici, identite, id)
    vue = version_vue(if_match)
    regle = await regler.supprimer(ici.regles, id, vue, auteur(ici, identite))
    return _rendre(regle, identite, reponse)


@router.get("/regles/{id}/historique", summary="L'historique d'une règle")
async def historique(id: Id, ici: Ici, identite: Lecteur) -> list[VersionDeRegle]:  # noqa: A002
    """Donne chaque version, de la première à la dernière : auteur, date, avant, après."""
    await lisible(ici, identite, id)
    return [VersionDeRegle(**entree) for entree in await ici.regles.historique(id)]


@router.put("/regles/{id}/academies/{academie}", summary="Donner le statut d'une académie")
async def surcharger(
    id: Id,  # noqa: A002 - the field's own name
    academie: Academie,
    corps: SurchargeDemandee,
    ici: Ici,
    identite: Surchargeur,
    reponse: Response,
    if_match: IfMatch = None,
) -> RegleLue:
    """Donne le statut de l'académie sur une règle nationale « à définir » d'Affelnet."""
    regle = await _surcharger(ici, identite, id, academie, corps.statut, if_match)
    return _rendre(regle, identite, reponse)


@router.delete("/regles/{id}/academies/{academie}", summary="Reprendre le statut national")
async def ne_plus_surcharger(
    id: Id,  # noqa: A002 - the field's own name
    academie: Academie,
    ici: Ici,
    identite: Surchargeur,
    reponse: Response,
    if_match: IfMatch = None,
) -> RegleLue:
    """Retire le statut de l'académie : celui de la règle y vaut de nouveau."""
    regle = await _surcharger(ici, identite, id, academie, None, if_match)
    return _rendre(regle, identite, reponse)


async def _surcharger(
    ici: Serveur,
    identite: Identity,
    identifiant: str,
    academie: int,
    statut: Statut | None,
    if_match: str | None,
) -> dict[str, Any]:
    tenue = await regler.trouver(ici.regles, identifiant)
    interdire(refus_de_surcharge(personne(identite), tenue["contenu"], academie))
    vue = version_vue(if_match)
    qui = auteur(ici, identite)
    return await regler.surcharger(ici.regles, identifiant, vue, academie, statut, qui)


async def lisible(ici: Serveur, identite: Identity, identifiant: str) -> dict[str, Any]:
    """Return a rule of a platform whose rules this person reads; raises NotFound, Forbidden."""
    tenue = await regler.trouver(ici.regles, identifiant)
    exiger(identite, Droit.LIRE_REGLES, Plateforme(tenue["contenu"]["plateforme"]))
    return tenue


async def _modifiable(ici: Serveur, identite: Identity, identifiant: str) -> None:
    tenue = await regler.trouver(ici.regles, identifiant)
    plateforme = Plateforme(tenue["contenu"]["plateforme"])
    interdire(refus_d_ecriture(personne(identite), Droit.MODIFIER_REGLE, plateforme))


def contenu_de(corps: RegleDemandee) -> dict[str, Any]:
    """Return the document of what is written; raises `Invalid` with each place at fault."""
    try:
        return rediger(corps.saisie())
    except SaisieRefusee as refus:
        raise refusee(refus) from refus


def refusee(refus: SaisieRefusee) -> Invalid:
    """Return the problem of a rule that cannot be stored as written, with the places."""
    return Invalid(
        "Cette règle ne peut pas s'appliquer telle qu'elle est écrite.",
        [
            Erreur(faute.lieu, "regle_non_compilable", faute.message, faute.que_faire)
            for faute in refus.fautes
        ],
        code="regle_non_compilable",
        title="Règle refusée",
    )


def interdire(refus: Refus | None) -> None:
    """Return if nothing is refused; raises `Forbidden` with the reason and what is needed."""
    if refus is not None:
        raise Forbidden(refus.raison, code=refus.code, extra={"que_faire": refus.que_faire})


def personne(identite: Identity) -> Personne:
    """Return who asks, as the rules of permission see him."""
    siennes = academies(identite)
    return Personne(
        identite.role, None if siennes is None else frozenset(int(un) for un in siennes)
    )


def auteur(ici: Serveur, identite: Identity) -> Auteur:
    """Return who acts, now."""
    return Auteur(identite.titulaire, now_as_stored(ici.horloge))


def _rendre(regle: dict[str, Any], identite: Identity, reponse: Response) -> RegleLue:
    reponse.headers["ETag"] = etag(str(regle["version"]))
    return presenter(regle, personne(identite))
