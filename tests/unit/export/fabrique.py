"""Offers, rules and contexts of a plain case, to be changed where a test needs it."""

from datetime import UTC, date, datetime
from typing import Any

from contracts.statuts import Plateforme
from services.export.domain.campagne import Campagne, Contexte, Politiques, contexte
from services.export.domain.projections import Juge
from services.export.domain.regles import JeuDeRegles, Regle, lire_regle

JOUR = date(2020, 11, 16)
CAMPAGNE = Campagne(date(2020, 9, 15))
INSTANT = datetime(2020, 11, 16, 8, tzinfo=UTC)
CLE = "064390P012X1906079370007419840110100011-84007#L01"

_NIVEAUX = {
    Plateforme.PARCOURSUP: ("5 (BTS, DEUST...)", "BREVET DE TECHNICIEN SUPERIEUR"),
    Plateforme.AFFELNET: ("3 (CAP...)", "CERTIFICAT D'APTITUDE PROFESSIONNELLE"),
}


def offre(plateforme: Plateforme = Plateforme.PARCOURSUP, **faits: object) -> dict[str, Any]:
    """Return the projection of an offer that the plain rule of its platform admits."""
    niveau, diplome = _NIVEAUX[plateforme]
    return {
        "cle_ministere_educatif": CLE,
        "published": True,
        "niveau": niveau,
        "diplome": diplome,
        "annee": "1",
        "duree": "2",
        "num_academie": "12",
        "cfd": "32033422",
        "cfd_outdated": False,
        "date_debut": ["2021-09-01"],
        "uai_formation": "0840001X",
    } | faits


def regle(
    plateforme: Plateforme = Plateforme.PARCOURSUP,
    id: str = "r",  # noqa: A002
    **parties: object,
) -> Regle:
    """Return the plain rule of a platform: « à publier », national."""
    return lire_regle(document_de_regle(plateforme, **parties), id=id)


def document_de_regle(
    plateforme: Plateforme = Plateforme.PARCOURSUP, **parties: object
) -> dict[str, Any]:
    """Return a rule as files hold it."""
    niveau, diplome = _NIVEAUX[plateforme]
    return {
        "plateforme": plateforme.value,
        "niveau": niveau,
        "diplome": diplome,
        "statut": "à publier",
        "condition_integration": "doit intégrer",
    } | parties


def le_contexte(
    plateforme: Plateforme = Plateforme.PARCOURSUP, politiques: Politiques | None = None
) -> Contexte:
    """Return the context of the demonstration's business day."""
    return contexte(plateforme, CAMPAGNE, JOUR, politiques)


def juge(*regles: Regle) -> Juge:
    """Return a judge of both platforms by these rules."""
    jeu = JeuDeRegles(regles, revision=1)
    return Juge.de(jeu, {plateforme: le_contexte(plateforme) for plateforme in Plateforme})


def evenement(
    id: str = "A" * 26,  # noqa: A002
    sequence: int = 1,
    formation: dict[str, Any] | None = None,
    **parties: object,
) -> dict[str, Any]:
    """Return the data of a formation event about an offer that both the rules may admit."""
    return {
        "id": id,
        "sequence": sequence,
        "empreinte": f"e{sequence}",
        "etat": "active",
        "modifiee_le": INSTANT.isoformat(),
        "origine": {"depot": "D" * 26, "ligne": sequence},
        "constats": [],
        "formation": offre() | (formation or {}),
    } | parties
