"""What a CFA should mend first: findings that say the same of several offers, together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.constats import Gravite, gravite, rendre
from contracts.evenements import Confiance

_RANG_GRAVITE: Final = {Gravite.BLOQUANT: 0, Gravite.A_CORRIGER: 1}
_RANG_CONFIANCE: Final = {Confiance.HAUTE.value: 0, Confiance.MOYENNE.value: 1}
_SANS_PROPOSITION: Final = 3


@dataclass(slots=True)
class Tache:
    """One thing to mend, and the offers where it stands: (id, intitulé, sequence)."""

    constat: Mapping[str, Any]
    offres: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def gravite(self) -> Gravite:
        """How bad it is."""
        return gravite(self.constat["code"])

    @property
    def message(self) -> str:
        """What a person reads."""
        return rendre(self.constat).message

    @property
    def que_faire(self) -> str:
        """What should be done."""
        return rendre(self.constat).que_faire

    @property
    def acceptable(self) -> bool:
        """Whether accepting the proposal is enough."""
        return bool(self.constat.get("correction"))

    @property
    def sure(self) -> bool:
        """Whether it may be accepted without looking: a table alone says what is right."""
        return self.acceptable and self.constat.get("confiance") == Confiance.HAUTE.value


def taches(
    formations: Iterable[tuple[str, str, int, Iterable[Mapping[str, Any]]]],
) -> list[Tache]:
    """Return what is to be mended, most useful first.

    Each formation comes as id, intitulé, sequence and findings. First what keeps offers out of the
    feeds, then what a proposal mends at once, then what concerns the most offers.
    """
    groupes: dict[tuple[object, ...], Tache] = {}
    for identifiant, intitule, sequence, constats in formations:
        for constat in constats:
            if gravite(constat["code"]) in _RANG_GRAVITE:
                tache = groupes.setdefault(_identite(constat), Tache(constat))
                tache.offres.append((identifiant, intitule, sequence))
    return sorted(groupes.values(), key=_utilite)


def _identite(constat: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple(constat.get(nom) for nom in ("code", "champ", "valeur", "proposition"))


def _utilite(tache: Tache) -> tuple[object, ...]:
    sure = _SANS_PROPOSITION
    if tache.acceptable:
        sure = _RANG_CONFIANCE.get(str(tache.constat.get("confiance")), 2)
    rang = _RANG_GRAVITE[tache.gravite]
    return rang, sure, -len(tache.offres), tache.constat["code"], tache.message
