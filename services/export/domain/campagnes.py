"""The start of a campaign on one platform: what is kept of each offer, what it then shows (§3.7).

Decisions are never touched. An answer of the platform loses its identifier when the UAI of the
place cannot be trusted; everything else that changes does so because the campaign did.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from contracts.identifiants import uai as uai_
from contracts.statuts import Plateforme, Statut
from services.export.domain.campagne import Campagne
from services.export.domain.statut import Decision, Retour

_GARDES: Final[dict[Plateforme, frozenset[Statut]]] = {
    Plateforme.PARCOURSUP: frozenset({Statut.NON_PUBLIE, Statut.EN_ATTENTE}),
    Plateforme.AFFELNET: frozenset({Statut.NON_PUBLIE, Statut.EN_ATTENTE, Statut.PRET}),
}


@dataclass(frozen=True, slots=True)
class Veille:
    """An offer on one platform the day before: `statut` shown, and the facts that stay.

    `remplacee` tells that its replacement by a newer offer was treated on this platform: such an
    offer is left out of the reset.
    """

    statut: Statut
    perimetre: bool
    decision: Decision | None
    retour: Retour | None
    remplacee: bool = False


@dataclass(frozen=True, slots=True)
class Depart:
    """The same offer just after: what it showed, what it shows until rules are run, its facts."""

    statut_precedent: Statut
    statut: Statut
    decision: Decision | None
    retour: Retour | None


def demarrer(
    formation: Mapping[str, Any], veille: Veille, plateforme: Plateforme, campagne: Campagne
) -> Depart:
    """Start a campaign for one offer, given as its projection; again, it changes no fact more.

    What was decided or answered in this campaign already is left as it is.
    """
    retour = veille.retour
    if retour is not None and retour.campagne != campagne.id and not uai_fiable(formation):
        retour = replace(retour, identifiant=None)
    if veille.remplacee:
        decision, retour = _reconduire(veille.decision, retour, campagne.id)
        return Depart(veille.statut, veille.statut, decision, retour)
    statut = _remis_a_zero(formation, veille, retour, plateforme, campagne)
    return Depart(veille.statut, statut, veille.decision, retour)


def uai_fiable(formation: Mapping[str, Any]) -> bool:
    """Tell whether the UAI of the place is valid and not the formateur's of another commune."""
    uai = formation.get("uai_formation")
    if not uai_.est_valide(uai):
        return False
    ailleurs = formation.get("code_commune_insee") != formation.get(
        "etablissement_formateur_code_commune_insee"
    )
    return not (uai == formation.get("etablissement_formateur_uai") and ailleurs)


def _remis_a_zero(
    formation: Mapping[str, Any],
    veille: Veille,
    retour: Retour | None,
    plateforme: Plateforme,
    campagne: Campagne,
) -> Statut:
    if veille.statut in _GARDES[plateforme]:
        return veille.statut
    renouvelee = (
        plateforme is Plateforme.PARCOURSUP
        and veille.statut is Statut.PUBLIE
        and veille.perimetre
        and retour is not None
        and bool(retour.identifiant)
        and _en_session(formation, campagne)
    )
    return Statut.PRET if renouvelee else Statut.NON_PUBLIABLE


def _en_session(formation: Mapping[str, Any], campagne: Campagne) -> bool:
    premier, dernier = campagne.session
    return any(premier <= debut <= dernier for debut in formation.get("date_debut") or ())


def _reconduire(
    decision: Decision | None, retour: Retour | None, campagne: str
) -> tuple[Decision | None, Retour | None]:
    """Carry the last word into the campaign: an answer bears it, a decision is taken again."""
    if retour is not None and (decision is None or retour.decision >= decision.numero):
        return decision, replace(retour, campagne=campagne)
    if decision is None or decision.campagne == campagne:
        return decision, retour
    return replace(decision, numero=decision.numero + 1, campagne=campagne), retour
