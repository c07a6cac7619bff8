"""Routes of the commands on offers: one at a time, under the version read; or a list at once."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from contracts.droits import LECTEURS
from contracts.statuts import Plateforme, Statut
from services.export.domain.acces import Acteur
from services.export.domain.commandes import DROITS, Commande, Saisie
from services.export.domain.faits import version
from services.export.entrypoints.modeles_decisions import (
    DecisionDemandee,
    DecisionPrise,
    Refus,
    Reinitialisation,
    Reponse,
    TextesAffelnet,
)
from services.export.entrypoints.serveur import Ici, Serveur, couvre, exiger_un
from services.export.usecases.decider import (
    Demande,
    Moyens,
    Prise,
    decider,
    decider_ensemble,
)
from services.kernel.auth import Identity, require
from services.kernel.preconditions import IfMatch, etag, version_vue
from services.kernel.problem import Invalid, PreconditionRequired, Problem

router = APIRouter(prefix="/v1", tags=["décisions"])
offre = APIRouter(prefix="/offres/{id}")

# Every role of the State comes in: the right is judged with the platform, and the refusal says the
# same as the list of actions of the offer.
Agent = Annotated[Identity, Depends(require(*LECTEURS))]


def acteur(identite: Identity) -> Acteur:
    """Return who acts, as the domain knows him."""
    return Acteur(identite.titulaire, partial(couvre, identite), identite.role)


def moyens(ici: Serveur) -> Moyens:
    """Return what commands are carried out with."""
    return Moyens(ici.base, ici.juges, ici.horloge, ici.ids)


@dataclass(frozen=True, slots=True)
class Appel:
    """A command being given on one offer, by whom and under which version."""

    ici: Serveur
    identite: Identity
    formation: str
    if_match: str | None
    reponse: Response

    async def commander(
        self, plateforme: Plateforme, commande: Commande, saisie: Saisie | None = None
    ) -> DecisionPrise:
        """Carry the command out; a missing right is told of before a missing version."""
        exiger_un(self.identite, DROITS[commande], plateforme)
        demande = Demande(
            self.formation, plateforme, commande, saisie or Saisie(), version_vue(self.if_match)
        )
        issue = await decider(demande, acteur(self.identite), moyens(self.ici))
        rendue = prise(issue, self.formation, plateforme)
        self.reponse.headers["ETag"] = etag(rendue.version)
        return rendue


async def _appel(
    id: str,  # noqa: A002 - the field's own name
    ici: Ici,
    identite: Agent,
    reponse: Response,
    if_match: IfMatch = None,
) -> Appel:
    return Appel(ici, identite, id, if_match, reponse)


Appele = Annotated[Appel, Depends(_appel)]


@offre.post("/{plateforme}/publication", summary="Demander la publication")
async def publier(
    plateforme: Plateforme, appel: Appele, textes: TextesAffelnet | None = None
) -> DecisionPrise:
    """Demande la publication. Pour Affelnet, le corps peut donner les textes et les adresses."""
    saisie = Saisie(textes=textes.model_dump() if textes else None)
    return await appel.commander(plateforme, Commande.PUBLIER, saisie)


@offre.post("/{plateforme}/refus", summary="Refuser, ou attendre une mise à jour")
async def refuser(plateforme: Plateforme, corps: Refus, appel: Appele) -> DecisionPrise:
    """Refuse l'offre ; le motif dit si elle est « non publié » ou « en attente »."""
    saisie = Saisie(motif=corps.motif, precision=corps.precision)
    return await appel.commander(plateforme, Commande.REFUSER, saisie)


@offre.put("/affelnet/textes", summary="Écrire les textes montrés sur Affelnet")
async def ecrire_textes(corps: TextesAffelnet, appel: Appele) -> DecisionPrise:
    """Remplace les quatre textes et adresses d'une offre demandée ou publiée ; rien d'autre."""
    saisie = Saisie(textes=corps.model_dump())
    return await appel.commander(Plateforme.AFFELNET, Commande.ECRIRE_TEXTES, saisie)


@offre.post("/parcoursup/envoi", summary="Forcer l'envoi à Parcoursup")
async def forcer(appel: Appele) -> DecisionPrise:
    """Remet l'offre dans la file d'envoi, d'un échec ou d'une fermeture compris."""
    return await appel.commander(Plateforme.PARCOURSUP, Commande.FORCER)


@offre.post("/parcoursup/reinitialisation", summary="Rendre la parole aux règles")
async def reinitialiser(corps: Reinitialisation, appel: Appele) -> DecisionPrise:
    """Revient au statut des règles et oublie l'identifiant de Parcoursup ; dit pourquoi."""
    saisie = Saisie(commentaire=corps.commentaire)
    return await appel.commander(Plateforme.PARCOURSUP, Commande.REINITIALISER, saisie)


@offre.put("/parcoursup/rejet", summary="Prendre un rejet en charge")
async def prendre_rejet(appel: Appele) -> DecisionPrise:
    """Dit que vous vous occupez de ce rejet ; l'administrateur et la Moss peuvent le reprendre."""
    return await appel.commander(Plateforme.PARCOURSUP, Commande.PRENDRE_REJET)


@offre.delete("/parcoursup/rejet", summary="Rendre un rejet")
async def rendre_rejet(appel: Appele) -> DecisionPrise:
    """Rend un rejet que vous aviez pris : une autre personne peut s'en charger."""
    return await appel.commander(Plateforme.PARCOURSUP, Commande.RENDRE_REJET)


@router.post("/decisions", summary="Décider d'une liste d'offres")
async def decider_liste(corps: list[DecisionDemandee], ici: Ici, identite: Agent) -> list[Reponse]:
    """Répond à chaque décision, dans l'ordre : l'une refusée n'empêche pas les autres.

    Chacune dit la version lue ; sans elle, elle n'est pas prise (428).
    """
    if len(corps) > ici.settings.decisions_max:
        raise Invalid(f"Au plus {ici.settings.decisions_max} décisions à la fois.")
    prises = await decider_ensemble(
        [
            Demande(une.formation, une.plateforme, une.commande(), une.saisie(), une.version)
            for une in corps
            if une.version
        ],
        acteur(identite),
        moyens(ici),
    )
    suivantes = iter(prises)
    return [
        _repondre(rang, une, next(suivantes) if une.version else _sans_version())
        for rang, une in enumerate(corps, 1)
    ]


def _sans_version() -> Problem:
    return PreconditionRequired("Dites la « version » lue de cette offre.")


def _repondre(rang: int, demandee: DecisionDemandee, issue: Prise | Problem) -> Reponse:
    plateforme, formation = demandee.plateforme, demandee.formation
    return Reponse(
        rang=rang,
        formation=formation,
        plateforme=plateforme,
        prise=prise(issue, formation, plateforme) if isinstance(issue, Prise) else None,
        probleme=issue.document() if isinstance(issue, Problem) else None,
    )


def prise(issue: Prise, formation: str, plateforme: Plateforme) -> DecisionPrise:
    """Return a command that was obeyed, as it is answered."""
    montre = issue.document["publication"]["plateformes"][plateforme.value]
    return DecisionPrise(
        formation=formation,
        plateforme=plateforme,
        version=version(issue.document),
        statut=Statut(montre["statut"]),
        changee=issue.changee,
    )


router.include_router(offre)
