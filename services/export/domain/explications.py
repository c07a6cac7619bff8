"""Codes of explanation, said in French for the person who reads why a status is what it is."""

from collections.abc import Iterable
from typing import Final

from services.export.domain.eligibilite import Clause

_PHRASES: Final[dict[str, str]] = {
    Clause.RETIREE: "L'offre a été retirée par son déposant.",
    Clause.REMPLACEE: "L'offre a été remplacée par une autre.",
    Clause.CONSTAT_BLOQUANT: "Un constat bloquant interdit de la transmettre ; voir le dépôt.",
    Clause.HORS_FLUX: "L'offre est déclarée non publiée par sa source.",
    Clause.HORS_CATALOGUE: "L'offre n'est pas au catalogue réglementaire.",
    Clause.A_DISTANCE: "Affelnet n'accepte pas les offres entièrement à distance.",
    Clause.ANNEE: "L'année d'entrée n'est pas admise sur cette plateforme.",
    Clause.CERTIFICATION_PERIMEE: "La certification est périmée.",
    Clause.CERTIFICATION_EXPIRE: "La certification se ferme avant la fin de l'année scolaire.",
    Clause.FICHE_INACTIVE: "La fiche RNCP n'est pas active.",
    Clause.AUCUNE_REGLE: "Aucune règle de périmètre n'admet ce diplôme tel qu'il est proposé.",
    Clause.EXCLUE_PAR_REGLE: "Une règle de périmètre exclut cette offre.",
    Clause.EXCLUE_PAR_ACADEMIE: "L'académie a exclu cette offre.",
    Clause.SANS_SESSION: "Aucune session ne commence dans la période de la campagne.",
    Clause.SIRET_REFUSE: "L'organisme n'est pas autorisé sur cette plateforme.",
    "publication_demandee": "La publication a été demandée.",
    "publication_refusee": "La publication a été refusée.",
    "mise_a_jour_attendue": "Une mise à jour est attendue avant publication.",
    "acceptee_par_la_plateforme": "La plateforme a publié l'offre.",
    "rejetee_par_la_plateforme": "La plateforme a rejeté l'offre.",
    "envoi_en_echec": "L'envoi à la plateforme a échoué.",
    "fermee_par_la_plateforme": "La plateforme a déclaré la formation fermée.",
    "renouvellement_automatique": "Déjà publiée : la demande est renouvelée d'elle-même.",
    "decision_conservee": "Une décision est conservée ; elle reparaîtra avec l'éligibilité.",
}


_TENUES: Final[dict[Clause, str]] = {
    Clause.RETIREE: "L'offre n'a pas été retirée.",
    Clause.REMPLACEE: "L'offre n'a pas été remplacée.",
    Clause.CONSTAT_BLOQUANT: "Aucun constat bloquant.",
    Clause.HORS_FLUX: "L'offre est publiée par sa source.",
    Clause.HORS_CATALOGUE: "L'offre est au catalogue réglementaire.",
    Clause.A_DISTANCE: "L'offre n'est pas écartée pour la distance.",
    Clause.ANNEE: "L'année d'entrée est admise sur cette plateforme.",
    Clause.CERTIFICATION_PERIMEE: "La certification n'est pas périmée.",
    Clause.CERTIFICATION_EXPIRE: "La certification reste ouverte toute l'année scolaire.",
    Clause.FICHE_INACTIVE: "La fiche RNCP n'est pas inactive.",
    Clause.AUCUNE_REGLE: "Une règle de périmètre vise cette offre.",
    Clause.EXCLUE_PAR_REGLE: "Aucune règle de périmètre n'exclut cette offre.",
    Clause.EXCLUE_PAR_ACADEMIE: "L'académie n'exclut pas cette offre.",
    Clause.SANS_SESSION: "Une session commence dans la période de la campagne.",
    Clause.SIRET_REFUSE: "Les organismes ne sont pas refusés sur cette plateforme.",
}


def phrase(clause: Clause) -> str:
    """Return the sentence of a clause that failed."""
    return _PHRASES[clause]


def phrase_tenue(clause: Clause) -> str:
    """Return the sentence of a clause that held."""
    return _TENUES[clause]


def en_clair(codes: Iterable[str]) -> list[str]:
    """Return the sentence of each code; a rule is named by its id."""
    return [
        f"Statut donné par la règle {code.removeprefix('regle:')}."
        if code.startswith("regle:")
        else _PHRASES.get(code, code)
        for code in codes
    ]


def clauses(obstacles: Iterable[str]) -> list[dict[str, str | bool]]:
    """Return every clause with whether it held, in their order, for a program or a page."""
    manquees = set(obstacles)
    return [
        {"clause": clause.value, "tenue": clause.value not in manquees, "phrase": _PHRASES[clause]}
        for clause in Clause
    ]
