"""From the three facts to what partners may know: the state behind `catalogue.publications.v1`.

Never an author, a precision, a comment or a raw answer (design.md §3): these stay in export.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from contracts.statuts import Plateforme, Statut
from services.export.domain.campagne import Contexte
from services.export.domain.eligibilite import Eligibilite, evaluer
from services.export.domain.regles import JeuDeRegles
from services.export.domain.statut import lire_decision, lire_retour, statut_affiche

Contextes = Mapping[Plateforme, Contexte]
Document = dict[str, Any]

JAMAIS_DITE: Final = 0
"""The sequence of a publication that was never emitted (decision 9)."""

_REFUS: Final = frozenset({Statut.NON_PUBLIE, Statut.EN_ATTENTE})
_AUCUN: Final[Document] = {}


class Jugement(NamedTuple):
    """What an evaluation found for each platform: the eligibility and what is shown of it."""

    eligibilites: dict[str, Eligibilite]
    plateformes: dict[str, Document]


def juger(
    projection: Document,
    decisions: Document | None,
    retours: Document | None,
    jeu: JeuDeRegles,
    contextes: Contextes,
) -> Jugement:
    """Evaluate an offer and derive what is displayed; the facts are read, never changed."""
    eligibilites: dict[str, Eligibilite] = {}
    plateformes: dict[str, Document] = {}
    for plateforme, contexte in contextes.items():
        nom = plateforme.value
        eligibilite = eligibilites[nom] = evaluer(projection, jeu, contexte)
        plateformes[nom] = _montrer(
            eligibilite,
            (decisions or _AUCUN).get(nom),
            (retours or _AUCUN).get(nom),
            contexte,
        )
    return Jugement(eligibilites, plateformes)


def _montrer(
    eligibilite: Eligibilite,
    decision: Document | None,
    retour: Document | None,
    contexte: Contexte,
) -> Document:
    statut, explication = statut_affiche(
        eligibilite, lire_decision(decision), lire_retour(retour), contexte
    )
    montre: Document = {
        "perimetre": eligibilite.perimetre,
        "statut": statut.value,
        "explication": [str(code) for code in explication],
        "identifiant": None,
        "publiee_le": None,
        "motif": None,
    }
    if retour is not None:
        montre["identifiant"] = retour.get("identifiant")
        if statut is Statut.PUBLIE:
            montre["publiee_le"] = _instant(retour.get("publiee_le"))
    if decision is not None and statut in _REFUS:
        montre["motif"] = decision.get("motif")
    return montre


def sans_objet(plateformes: Mapping[str, Document]) -> bool:
    """Tell whether no rule, person or platform has anything to say of an offer, on any platform."""
    return not any(
        montre["perimetre"] or montre["identifiant"] or montre["statut"] != Statut.NON_PUBLIABLE
        for montre in plateformes.values()
    )


def _instant(valeur: datetime | None) -> str | None:
    return valeur.isoformat() if valeur is not None else None


def etat(identifiant: str, projection: Document, plateformes: Mapping[str, Document]) -> Document:
    """Return the state that the digest covers: all but sequences, origin and time."""
    lire = projection.get
    return {
        "id": identifiant,
        "etat": lire("etat", "active"),
        "cle_ministere_educatif": lire("cle_ministere_educatif"),
        "etablissement_lieu_formation_siret": lire("etablissement_lieu_formation_siret"),
        "uai_formation": lire("uai_formation"),
        "num_academie": lire("num_academie"),
        **plateformes,
    }


def evenement(document: Document) -> Document:
    """Return the data of the publication event for a stored document."""
    publication = document["publication"]
    return {
        **etat(document["_id"], document["projection"], publication["plateformes"]),
        "sequence": publication["sequence"],
        "empreinte": publication["empreinte"],
        "formation_sequence": publication["formation_sequence"],
        "modifiee_le": publication["modifiee_le"].isoformat(),
        "origine": publication.get("origine"),
    }
