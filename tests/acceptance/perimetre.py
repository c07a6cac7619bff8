"""Answers to the cases of perimeter/… and of one bad night by export's rules (cases README)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.campagne import Campagne, Contexte, contexte
from services.export.domain.eligibilite import Eligibilite, evaluer
from services.export.domain.regles import JeuDeRegles, lire_regle
from services.export.domain.statut import Decision, Retour, statut_affiche
from tests.acceptance.outils import jour

Donnees = Mapping[str, Any]

INSTANT: Final = datetime(2025, 11, 1, tzinfo=UTC)
_DECIDES: Final = frozenset({Statut.PRET, Statut.NON_PUBLIE, Statut.EN_ATTENTE})
_REPONDUS: Final = frozenset({Statut.PUBLIE, Statut.REJET, Statut.ECHEC, Statut.FERME})
_INSCRIPTIONS: Final = {
    "3 - Inscrit de droit": "Enregistrement de droit",
    "4 - Inscrit sur demande": "Enregistrement sur demande",
}
_SIRETS_REFUSES: Final = {
    "94981602900019": date(2020, 1, 1),
    "94998347200018": date(2020, 1, 1),
}


def repondre(given: Donnees, defaults: Donnees) -> dict[str, Any]:
    """Return what one nightly run makes of the offer of a perimeter case."""
    plateforme = Plateforme(given["plateforme"])
    formation = {
        **defaults["platforms"][plateforme.value]["formation"],
        **given.get("formation", {}),
    }
    ici = contexte_de(plateforme, given, defaults)
    admises = jeu(given["rules"], defaults["rule"], plateforme, formation)
    jugee = evaluer(projection(formation), admises, ici)
    decision, retour = faits(
        formation[f"{plateforme}_statut"], formation.get(f"{plateforme}_id"), ici
    )
    statut, _ = statut_affiche(jugee, decision, retour, ici)
    return {
        "statut": statut,
        "statut_initial": jugee.statut_initial,
        "perimetre": jugee.perimetre,
        "session": jugee.session,
        "previous_session": jugee.session_precedente,
        "published_date_set": statut is Statut.PUBLIE,
    }


def nuits(given: Donnees, defaults: Donnees) -> dict[str, Any]:
    """Return the status shown after the last of three nights, of which one delivery was bad."""
    plateforme = Plateforme(given["plateforme"])
    ici = contexte_de(plateforme, given, defaults)
    formation = defaults["platforms"][plateforme.value]["formation"]
    admises = jeu([{"statut": given["rule_statut"]}], defaults["rule"], plateforme, formation)
    decision, retour = faits(given["statut_before"], given["platform_id"], ici)
    affiches = [
        statut_affiche(_nuit(formation, admises, ici, presente=presente), decision, retour, ici)[0]
        for presente in given["published_each_night"]
    ]
    return {"final": affiches[-1]}


def _nuit(
    formation: Donnees, admises: JeuDeRegles, ici: Contexte, *, presente: bool
) -> Eligibilite:
    return evaluer(projection({**formation, "published": presente}), admises, ici)


def contexte_de(plateforme: Plateforme, given: Donnees, defaults: Donnees) -> Contexte:
    """Return the context of a case: its campaign and its day, else those by default."""
    campagne = Campagne(jour(given.get("campagne_start", defaults["campagne_start"])))
    aujourd_hui = jour(given.get("now", defaults["now"]))
    return contexte(plateforme, campagne, aujourd_hui, None, _SIRETS_REFUSES)


def jeu(
    rules: list[Donnees], defaut: Donnees, plateforme: Plateforme, formation: Donnees
) -> JeuDeRegles:
    """Return the rules of a case, completed."""
    completes = [
        {
            **defaut,
            "plateforme": plateforme.value,
            "niveau": formation["niveau"],
            "diplome": formation["diplome"],
            **rule,
        }
        for rule in rules
    ]
    return JeuDeRegles(
        lire_regle(rule, id=str(rang))
        for rang, rule in enumerate(completes)
        if not rule["is_deleted"]
    )


def projection(formation: Donnees) -> dict[str, Any]:
    """Return an offer of the cases as export keeps it."""
    details = dict(formation.get("rncp_details") or {})
    inscription = formation.get("CI_inscrit_rncp")
    return {
        **formation,
        "date_debut": [_civil(debut) for debut in formation.get("date_debut") or []],
        "cfd_date_fermeture": _civil(formation.get("cfd_date_fermeture")),
        "rncp_outdated": details.pop("rncp_outdated", None),
        "rncp_details": {
            **details,
            "date_fin_validite_enregistrement": _civil(
                details.get("date_fin_validite_enregistrement")
            ),
            "type_enregistrement": _INSCRIPTIONS.get(inscription or "", inscription),
        },
    }


def faits(
    texte: str, identifiant: str | None, ici: Contexte
) -> tuple[Decision | None, Retour | None]:
    """Return the decision or the answer that shows as the status given."""
    return faits_de(Statut(texte), identifiant, ici.campagne.id)


def faits_de(
    statut: Statut, identifiant: str | None, campagne: str
) -> tuple[Decision | None, Retour | None]:
    """Return the same in a campaign."""
    decision = Decision(1, statut, campagne, "qui", INSTANT) if statut in _DECIDES else None
    repondu = statut if statut in _REPONDUS else None
    if repondu is None and not identifiant:
        return decision, None
    return decision, Retour(0, repondu, campagne, INSTANT, identifiant)


def _civil(instant: str | None) -> str | None:
    return jour(instant).isoformat() if instant else None
