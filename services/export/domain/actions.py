"""What a person may do with an offer now, and why not the rest (domain.md §3.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.statuts import Plateforme, Statut
from services.export.domain.acces import Acteur
from services.export.domain.commandes import COMMANDES, Commande, Situation, juger, situer
from services.export.domain.decisions import DecisionRefusee
from services.export.domain.statut import se_montre


@dataclass(frozen=True, slots=True)
class Action:
    """A command on one platform: possible, with the status that then shows, or refused with why.

    What is decided of an offer that the rules do not admit is kept and does not show. `vers` of a
    refusal is the status of most motifs: the motif chosen decides. `code`, `raison` and `que_faire`
    are those that the command itself would answer.
    """

    commande: Commande
    possible: bool
    vers: Statut | None = None
    code: str | None = None
    raison: str | None = None
    que_faire: str | None = None


def actions(
    document: Mapping[str, Any], plateforme: Plateforme, acteur: Acteur
) -> tuple[Action, ...]:
    """Return every command of a platform, in the order in which pages show them."""
    situation = situer(document, plateforme)
    return tuple(_action(commande, situation, acteur) for commande in COMMANDES[plateforme])


def _action(commande: Commande, situation: Situation, acteur: Acteur) -> Action:
    try:
        dit = juger(commande, situation, acteur, None).statut
    except DecisionRefusee as refus:
        return Action(
            commande,
            possible=False,
            code=refus.code,
            raison=refus.raison,
            que_faire=refus.que_faire,
        )
    montre = se_montre(dit, situation.selon_regles, situation.plateforme)
    return Action(commande, possible=True, vers=dit if montre else situation.selon_regles)
