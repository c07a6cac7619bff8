"""The UAI of the place that a person set is inherited across a succession, once (domain.md §3.6).

A succession is settled as soon as both ends are known and tell of it, in whatever order they came:
the successor then takes the edit of what it replaces, unless it has its own, and is marked. What is
marked never inherits again: no later edit of the predecessor moves it, and what a person gave up
does not come back. As for the decisions of publication, what an offer replaced first counts; an
offer held from before the marks is settled at its next event.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from services.enrich.domain.application import Plan, Reprise, Tete
from services.enrich.domain.editions import Editions
from services.enrich.domain.evenement import Evenement

HERITE: Final = "uai_formation"
"""The one field whose edit is inherited."""


@dataclass(frozen=True, slots=True)
class Succession:
    """A succession to be settled: the successor with the head that it is to have, and from whom.

    `herite` tells whether there was an edit to take over.
    """

    successeur: Reprise
    predecesseur: str
    herite: bool


def successeurs(plan: Plan) -> set[str]:
    """Return the formations whose succession these events may settle; most often none."""
    lus = [
        *((changement.calcul.evenement, changement.tete) for changement in plan.changements),
        *((calcul.evenement, tete) for calcul, tete in plan.inchanges),
        *((calcul.evenement, None) for calcul in plan.depasses),
    ]
    siennes = {
        evenement.id
        for evenement, tete in lus
        if evenement.predecesseurs and (tete is None or tete.heritage is None)
    }
    return siennes | {evenement.remplacee_par for evenement, _ in lus if evenement.remplacee_par}


def a_lire(reprise: Reprise) -> set[str]:
    """Return the formations that decide with this one: none once its succession is settled."""
    evenement = reprise.evenement
    if _reglee(reprise):
        return set()
    suivante = {evenement.remplacee_par} if evenement.remplacee_par else set()
    return {evenement.predecesseurs[0], *suivante}


def successions(connues: Mapping[str, Reprise]) -> list[Succession]:
    """Return the successions that can be settled among these formations, the oldest first.

    One waits while its predecessor is unknown, tells of no successor, or waits for an edit itself.
    """
    trouvees: dict[str, Succession] = {}
    pretes = [reprise for reprise in connues.values() if _peut_transmettre(reprise)]
    for ancienne in pretes:
        nom = ancienne.evenement.remplacee_par
        successeur = connues.get(nom) if nom else None
        if successeur is None or nom in trouvees or _reglee(successeur):
            continue
        if successeur.evenement.predecesseurs[0] != ancienne.evenement.id:
            continue
        trouvees[successeur.evenement.id] = succession = _regler(successeur, ancienne)
        if not _peut_transmettre(successeur):
            pretes.append(succession.successeur)
    return list(trouvees.values())


def prise(
    transmises: Editions, siennes: Editions, offre: Mapping[str, Any], predecesseur: str
) -> Mapping[str, Any] | None:
    """Return the edit that an offer takes over from those of the one it replaces, if any.

    It stands against what the source of the successor says.
    """
    if HERITE in siennes or HERITE not in transmises:
        return None
    return {**transmises[HERITE], "collectee": offre.get(HERITE), "heritee_de": predecesseur}


def marque(evenement: Evenement, tete: Tete, champs: Collection[str]) -> Mapping[str, Any] | None:
    """Return the mark of a formation of which a person decided these fields.

    What he says of the inherited one settles the succession: nothing is to come over it afterwards.
    """
    if tete.heritage is None and evenement.predecesseurs and HERITE in champs:
        return _marque(evenement.predecesseurs[0])
    return tete.heritage


def _regler(successeur: Reprise, ancienne: Reprise) -> Succession:
    siennes, transmises = successeur.tete.editions or {}, ancienne.tete.editions or {}
    predecesseur = ancienne.evenement.id
    tete = replace(successeur.tete, heritage=_marque(predecesseur))
    edition = prise(transmises, siennes, successeur.evenement.offre, predecesseur)
    if edition is not None:
        tete.editions = {**siennes, HERITE: edition}
    return Succession(replace(successeur, tete=tete), predecesseur, herite=edition is not None)


def _marque(predecesseur: str) -> Mapping[str, Any]:
    return {"de": predecesseur}


def _reglee(reprise: Reprise) -> bool:
    return not reprise.evenement.predecesseurs or reprise.tete.heritage is not None


def _peut_transmettre(reprise: Reprise) -> bool:
    return _reglee(reprise) or HERITE in (reprise.tete.editions or {})
