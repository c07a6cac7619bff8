"""From stored documents to what the API gives."""

from collections.abc import Mapping
from typing import Any, Final

from contracts.evenements import Etat
from contracts.statuts import Plateforme, Statut
from services.export.domain.champs import SIMPLES
from services.export.domain.decisions import PUBLIABLES, REFUSABLES, choix_affiche
from services.export.domain.erreurs_parcoursup import reconnaitre
from services.export.domain.explications import clauses, en_clair
from services.export.entrypoints.modeles import OffreLue, OffreResumee, StatutAffiche
from services.export.usecases.decider import version

Document = Mapping[str, Any]

_INCONNUS: Final = dict.fromkeys(SIMPLES)  # stored documents leave out what is not known


def resumer(document: Document) -> OffreResumee:
    """Return an offer as lists show it."""
    projection = document["projection"]
    return OffreResumee(
        id=document["_id"],
        etat=Etat(projection.get("etat", Etat.ACTIVE)),
        version=version(dict(document)),
        cle_ministere_educatif=projection.get("cle_ministere_educatif"),
        intitule=projection.get("intitule_long"),
        diplome=projection.get("diplome"),
        niveau=projection.get("niveau"),
        localite=projection.get("localite"),
        num_academie=projection.get("num_academie"),
        uai_formation=projection.get("uai_formation"),
        etablissement_lieu_formation_siret=projection.get("etablissement_lieu_formation_siret"),
        parcoursup=affiche(document, Plateforme.PARCOURSUP),
        affelnet=affiche(document, Plateforme.AFFELNET),
    )


def detailler(document: Document, historique: list[dict[str, Any]]) -> OffreLue:
    """Return an offer with its three facts on each platform."""
    return OffreLue.model_validate(
        {
            "id": document["_id"],
            "version": version(dict(document)),
            "offre": {**_INCONNUS, **document["projection"]},
            **{plateforme.value: _faits(document, plateforme) for plateforme in Plateforme},
            "historique": [_sans_id(decision) for decision in historique],
        }
    )


def affiche(document: Document, plateforme: Plateforme) -> StatutAffiche:
    """Return what a platform shows, explained."""
    montre = document["publication"]["plateformes"][plateforme.value]
    return StatutAffiche(**montre, en_clair=en_clair(montre["explication"]))


def _faits(document: Document, plateforme: Plateforme) -> dict[str, Any]:
    nom = plateforme.value
    montre = affiche(document, plateforme)
    eligibilite = dict(document["eligibilites"][nom])
    retour = (document.get("retours") or {}).get(nom)
    return {
        "affiche": montre.model_dump(),
        "eligibilite": {**eligibilite, "clauses": clauses(eligibilite.pop("obstacles"))},
        "decision": (document.get("decisions") or {}).get(nom),
        "retour": {**retour, **_conseil(retour)} if retour else None,
        "choix": choix_affiche(Statut(montre.statut)),
        "publication_possible": Statut(montre.statut) in PUBLIABLES[plateforme],
        "refus_possible": Statut(montre.statut) in REFUSABLES[plateforme],
    }


def _conseil(retour: Document) -> dict[str, str]:
    connue = reconnaitre(retour["erreur"]) if retour.get("erreur") else None
    return {"cause": connue.cause, "action": connue.action} if connue else {}


def _sans_id(decision: Document) -> dict[str, Any]:
    return {champ: valeur for champ, valeur in decision.items() if champ != "_id"}
