"""From stored documents to what the API gives."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from contracts.evenements import Etat
from contracts.statuts import Plateforme, Statut
from services.export.domain.acces import Acteur
from services.export.domain.actions import actions
from services.export.domain.avertissements import avertir
from services.export.domain.champs import SIMPLES
from services.export.domain.chronologie import derouler
from services.export.domain.commandes import tenant
from services.export.domain.decisions import choix_affiche
from services.export.domain.erreurs_reconnues import reconnue
from services.export.domain.explications import clauses, en_clair
from services.export.domain.faits import version
from services.export.domain.recherche import REJETEES
from services.export.entrypoints.modeles_offres import (
    Lien,
    OffreLue,
    OffreResumee,
    Rejet,
    StatutAffiche,
)

Document = Mapping[str, Any]
Journaux = dict[str, list[dict[str, Any]]]

RESUME: Final = {
    "publication": 1,
    "decisions": 1,
    "retours.parcoursup.statut": 1,
    "retours.parcoursup.erreur": 1,
    "retours.parcoursup.reconnue": 1,
    "textes.affelnet.numero": 1,
    "rejets.parcoursup.numero": 1,
    "projection.etat": 1,
    "projection.cle_ministere_educatif": 1,
    "projection.intitule_long": 1,
    "projection.diplome": 1,
    "projection.niveau": 1,
    "projection.localite": 1,
    "projection.num_academie": 1,
    "projection.uai_formation": 1,
    "projection.etablissement_lieu_formation_siret": 1,
}
"""What `resumer` reads of a stored offer."""
_INCONNUS: Final = dict.fromkeys(SIMPLES)  # stored documents leave out what is not known


def resumer(document: Document, plateformes: Iterable[Plateforme]) -> OffreResumee:
    """Return an offer as lists show it, on the platforms given."""
    projection = document["projection"]
    montrees = dict.fromkeys(map(str, Plateforme)) | {
        plateforme.value: affiche(document, plateforme) for plateforme in plateformes
    }
    return OffreResumee(
        id=document["_id"],
        etat=Etat(projection.get("etat", Etat.ACTIVE)),
        version=version(document),
        cle_ministere_educatif=projection.get("cle_ministere_educatif"),
        intitule=projection.get("intitule_long"),
        diplome=projection.get("diplome"),
        niveau=projection.get("niveau"),
        localite=projection.get("localite"),
        num_academie=projection.get("num_academie"),
        uai_formation=projection.get("uai_formation"),
        etablissement_lieu_formation_siret=projection.get("etablissement_lieu_formation_siret"),
        parcoursup=montrees["parcoursup"],
        affelnet=montrees["affelnet"],
    )


def detailler(
    document: Document,
    journaux: Journaux,
    acteur: Acteur,
    plateformes: Iterable[Plateforme],
    propres: Mapping[Plateforme, Document] | None = None,
) -> OffreLue:
    """Return an offer with its facts on the platforms given, and what the person may do.

    `propres` is what is found on reading beside what is stored, by platform.
    """
    vues = tuple(plateformes)
    identifiant = document["_id"]
    faits = dict.fromkeys(map(str, Plateforme)) | {
        plateforme.value: _faits(document, plateforme, acteur)
        | dict((propres or {}).get(plateforme, {}))
        for plateforme in vues
    }
    return OffreLue.model_validate(
        {
            "id": identifiant,
            "version": version(document),
            "offre": {**_INCONNUS, **document["projection"]},
            **faits,
            "avertissements": [asdict(un) for un in avertir(document, vues)],
            "historique": derouler(journaux, vues),
            "liens": {
                "corriger_uai": Lien(
                    service="enrichissement",
                    methode="PUT",
                    chemin=f"/v1/formations/{identifiant}/editions",
                )
            },
        }
    )


def affiche(document: Document, plateforme: Plateforme) -> StatutAffiche:
    """Return what a platform shows, explained."""
    publication = document["publication"]
    montre = publication["plateformes"][plateforme.value]
    return StatutAffiche(
        **montre,
        en_clair=en_clair(montre["explication"]),
        depuis=(publication.get("depuis") or {}).get(plateforme.value),
        rejet=_rejet(document, plateforme, montre["statut"]),
    )


def _faits(document: Document, plateforme: Plateforme, acteur: Acteur) -> dict[str, Any]:
    nom = plateforme.value
    montre = affiche(document, plateforme)
    eligibilite = dict(document["eligibilites"][nom])
    retour = _fait(document, "retours", nom)
    return {
        "affiche": montre.model_dump(),
        "eligibilite": {**eligibilite, "clauses": clauses(eligibilite.pop("obstacles"))},
        "decision": _fait(document, "decisions", nom),
        "retour": {**retour, **(reconnue(retour) or {})} if retour else None,
        "choix": choix_affiche(Statut(montre.statut)),
        "actions": [asdict(action) for action in actions(document, plateforme, acteur)],
        "precedent": _fait(document, "precedents", nom),
        "rejet_pris_par": tenant(document) if plateforme is Plateforme.PARCOURSUP else None,
        **{
            fait: _fait(document, fait, nom)
            for fait in ("retenue", "relecture", "textes", "couverture")
        },
    }


def _fait(document: Document, fait: str, nom: str) -> Any:  # noqa: ANN401 - as stored
    return (document.get(fait) or {}).get(nom)


def _rejet(document: Document, plateforme: Plateforme, statut: str) -> Rejet | None:
    connue = None
    if statut in REJETEES:
        connue = reconnue(_fait(document, "retours", plateforme.value) or {})
    return Rejet(**connue) if connue else None
