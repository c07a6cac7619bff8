"""Accounts, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from contracts.droits import Droit, roles_ayant
from contracts.portees import Role
from services.acces.domain.comptes import FONCTIONS, NATIONAUX, TAGS_1, TAGS_2, forme
from services.acces.entrypoints.modeles import (
    CompteDemande,
    CompteOuvert,
    CompteVue,
    EtapeVue,
    Invitation,
    ListeDeComptes,
    ProfilDemande,
    RoleVu,
    Vocabulaire,
    droits_de,
)
from services.acces.entrypoints.serveur import PERSONNEL, Ici, Serveur
from services.acces.settings import COUT_MAX
from services.acces.usecases import gerer
from services.kernel.auth import Identity, require
from services.kernel.errors import Retry
from services.kernel.logs import logger
from services.kernel.mail import Undeliverable
from services.kernel.preconditions import IfMatch, etag, version_vue
from services.kernel.problem import Invalid

router = APIRouter(prefix="/v1/comptes", tags=["comptes"], dependencies=PERSONNEL)

Administrateur = Annotated[Identity, Depends(require(*roles_ayant(Droit.GERER_COMPTES)))]
Identifiant = Annotated[str, Path(max_length=40, description="L'`id` du compte.")]


@router.get("", summary="Les comptes")
async def lister(
    ici: Ici,
    _: Administrateur,
    debut: Annotated[
        str, Query(max_length=254, description="Début de l'identifiant ou du courriel.")
    ] = "",
    actif: Annotated[bool | None, Query(description="Ouverts ou fermés seulement.")] = None,
) -> ListeDeComptes:
    """Donne les comptes, par nom ; `tronquee` dit qu'il y en a d'autres : précisez la demande."""
    limite = ici.settings.comptes_max
    comptes = await ici.moyens.comptes.lister(debut=forme(debut), actifs=actif, limite=limite + 1)
    return ListeDeComptes(
        nombre=min(len(comptes), limite),
        tronquee=len(comptes) > limite,
        comptes=[CompteVue.de(un) for un in comptes[:limite]],
    )


@router.post("", status_code=201, summary="Ouvrir un compte")
async def creer(
    corps: CompteDemande, response: Response, ici: Ici, auteur: Administrateur
) -> CompteOuvert:
    """Ouvre un compte et envoie à la personne un lien à usage unique, pour son mot de passe.

    Si le courriel n'a pu partir, le compte est ouvert et `invitation` dit `a_renvoyer`.
    """
    compte = await gerer.creer(
        ici.moyens, auteur.titulaire, corps.identifiant, corps.profil(), corps.empreinte, COUT_MAX
    )
    response.headers["Location"] = f"{router.prefix}/{compte.id}"
    response.headers["ETag"] = etag(str(compte.version))
    invitation = Invitation.SANS_OBJET
    if compte.empreinte is None and compte.profil.actif:
        invitation = await _inviter(ici, compte.id)
    return CompteOuvert(compte=CompteVue.de(compte), invitation=invitation)


@router.get("/vocabulaire", summary="Rôles, fonctions et tags")
async def vocabulaire(_: Administrateur) -> Vocabulaire:
    """Donne ce qui peut être dit d'une personne, pour le formulaire d'un compte."""
    return Vocabulaire(
        roles=[
            RoleVu(role=role, national=role in NATIONAUX, droits=droits_de(role)) for role in Role
        ],
        fonctions=list(FONCTIONS),
        tags_1=list(TAGS_1),
        tags_2=list(TAGS_2),
    )


@router.get("/{identifiant}", summary="Lire un compte")
async def lire(
    identifiant: Identifiant, response: Response, ici: Ici, _: Administrateur
) -> CompteVue:
    """Donne un compte ; `ETag` est la version à rendre par `If-Match`."""
    compte = await gerer.lire(ici.moyens, identifiant)
    response.headers["ETag"] = etag(str(compte.version))
    return CompteVue.de(compte)


@router.get("/{identifiant}/historique", summary="Ce qu'un compte a été")
async def historique(identifiant: Identifiant, ici: Ici, _: Administrateur) -> list[EtapeVue]:
    """Donne chaque version d'un compte, la dernière d'abord, avec son auteur."""
    await gerer.lire(ici.moyens, identifiant)
    return [EtapeVue.de(une) for une in await ici.moyens.comptes.historique(identifiant)]


@router.put("/{identifiant}", summary="Changer ou fermer un compte")
async def modifier(
    identifiant: Identifiant,
    corps: ProfilDemande,
    response: Response,
    ici: Ici,
    auteur: Administrateur,
    if_match: IfMatch = None,
) -> CompteVue:
    """Remplace ce qui est dit de la personne ; `actif` faux ferme le compte et ses sessions.

    Nul ne change son propre rôle ni ses propres portées ; il reste toujours un administrateur.
    """
    vue = version_vue(if_match)
    if not vue.isdecimal():
        raise Invalid(f"« If-Match » ne nomme aucune version d'un compte : « {vue} ».")
    compte = await gerer.modifier(
        ici.moyens, auteur.titulaire, identifiant, int(vue), corps.profil()
    )
    response.headers["ETag"] = etag(str(compte.version))
    return CompteVue.de(compte)


@router.post("/{identifiant}/invitation", summary="Inviter de nouveau")
async def inviter(identifiant: Identifiant, ici: Ici, _: Administrateur) -> CompteOuvert:
    """Envoie un nouveau lien pour choisir un mot de passe ; les précédents restent valables."""
    compte = await gerer.lire(ici.moyens, identifiant)
    return CompteOuvert(compte=CompteVue.de(compte), invitation=await _inviter(ici, identifiant))


async def _inviter(ici: Serveur, identifiant: str) -> Invitation:
    try:
        await gerer.inviter(ici.moyens, identifiant)
    except (Retry, Undeliverable) as echec:
        logger.warning("courriel.echec", compte=identifiant, erreur=str(echec))
        return Invitation.A_RENVOYER
    return Invitation.ENVOYEE
