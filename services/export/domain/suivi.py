"""What lists are narrowed by and no fact tells as it is: derived with the displayed status.

`auto` is whether what is asked or published was so by itself, `tag` whom a refusal is for, `rejet`
the code of a known refusal of the platform. An offer that nobody spoke of has none of them.
"""

from collections.abc import Mapping
from typing import Any, Final

from contracts.statuts import Statut
from services.export.domain.erreurs_reconnues import reconnue
from services.export.domain.motifs import trouver

Document = dict[str, Any]

_DEMANDEES: Final = frozenset({Statut.PRET.value, Statut.PUBLIE.value})
_REFUSEES: Final = frozenset({Statut.NON_PUBLIE.value, Statut.EN_ATTENTE.value})
_REJETEES: Final = frozenset({Statut.REJET.value, Statut.FERME.value})
_PAR_UNE_PERSONNE: Final = frozenset({"publier", "forcer"})
REJET_INCONNU: Final = "inconnu"


def suivre(document: Mapping[str, Any], plateformes: Mapping[str, Document]) -> Document:
    """Return, for the platforms that have one, what lists know of an offer beside its status."""
    decisions = document.get("decisions") or {}
    retours = document.get("retours") or {}
    if not decisions and not retours:
        return {}
    suivi = {
        nom: _une(montre["statut"], decisions.get(nom), retours.get(nom))
        for nom, montre in plateformes.items()
    }
    return {nom: faits for nom, faits in suivi.items() if faits}


def _une(statut: str, decision: Document | None, retour: Document | None) -> Document:
    if statut in _DEMANDEES:
        personne = decision is not None and decision.get("nature") in _PAR_UNE_PERSONNE
        return {"auto": not (personne and _de_la_campagne(decision, retour))}
    if statut in _REFUSEES:
        motif = trouver((decision or {}).get("motif") or "")
        return {"tag": motif.tag} if motif else {}
    if statut in _REJETEES and retour is not None:
        connue = reconnue(retour)
        return {"rejet": connue["code"] if connue else REJET_INCONNU}
    return {}


def _de_la_campagne(decision: Document | None, retour: Document | None) -> bool:
    """Tell whether the request is of the campaign in which the platform answered, if it did."""
    if decision is None or retour is None or retour["decision"] < decision["numero"]:
        return decision is not None
    return bool(decision["campagne"] == retour["campagne"])
