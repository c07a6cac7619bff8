"""The snapshot of a season that ends: what each platform showed of each offer, and on what facts.

An offer of which a platform had nothing to say has none: silence means out of the perimeter, « non
publiable en l'état » (decision 9).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts.statuts import Plateforme, Statut

Document = dict[str, Any]


def photographier(
    document: Document, plateforme: Plateforme, campagne: str, instant: datetime
) -> Document | None:
    """Return the snapshot of an offer on a platform, from what is stored; None when all is silent.

    Its id follows from the campaign, the platform and the offer: taken again, it replaces itself.
    """
    nom = plateforme.value
    return composer(
        document,
        plateforme,
        campagne,
        instant,
        document["publication"]["plateformes"][nom]["statut"],
        document["eligibilites"][nom],
    )


def composer(
    document: Document,
    plateforme: Plateforme,
    campagne: str,
    instant: datetime,
    statut: str,
    eligibilite: Mapping[str, Any],
) -> Document | None:
    """Return the snapshot under a status and an eligibility given."""
    nom = plateforme.value
    decision, retour = fait(document, "decisions", nom), fait(document, "retours", nom)
    perimetre = eligibilite["perimetre"]
    if not (perimetre or decision or retour) and statut == Statut.NON_PUBLIABLE:
        return None
    projection = document["projection"]
    return {
        "_id": identifiant(campagne, plateforme, document["_id"]),
        "campagne": campagne,
        "plateforme": nom,
        "formation": document["_id"],
        "statut": statut,
        "perimetre": perimetre,
        "session": eligibilite["session"],
        "identifiant": (retour or {}).get("identifiant"),
        "decision": (decision or {}).get("numero", 0),
        "reponse_le": (retour or {}).get("recu_le"),
        "couverture": fait(document, "couverture", nom),
        "cle": projection.get("cle_ministere_educatif"),
        "intitule": projection.get("intitule_long"),
        "academie": projection.get("num_academie"),
        "uai": projection.get("uai_formation"),
        "prise_le": instant,
    }


def depassee(saison: Mapping[str, Any] | None, document: Document, plateforme: Plateforme) -> bool:
    """Tell whether an offer was decided or answered since its snapshot."""
    nom = plateforme.value
    decision, retour = fait(document, "decisions", nom), fait(document, "retours", nom)
    vus = (saison["decision"], saison["reponse_le"]) if saison else (0, None)
    return vus != ((decision or {}).get("numero", 0), (retour or {}).get("recu_le"))


def identifiant(campagne: str, plateforme: Plateforme, formation: str) -> str:
    """Return the id of a snapshot."""
    return f"{campagne}.{plateforme.value}.{formation}"


def fait(document: Mapping[str, Any], nom: str, plateforme: str) -> Any:  # noqa: ANN401 - as stored
    """Return a fact of an offer on a platform, None when there is none."""
    return (document.get(nom) or {}).get(plateforme)
