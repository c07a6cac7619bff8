"""Accepting what a finding proposes: the correction becomes an edit, as long as it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.enrich.domain.editions import EDITABLES


@dataclass(frozen=True, slots=True)
class Proposition:
    """The finding whose proposal is accepted; a member that is None may be anything."""

    code: str
    champ: str | None = None
    valeur: str | None = None
    proposition: str | None = None

    def designe(self, constat: Mapping[str, Any]) -> bool:
        """Tell whether a finding is the one that was accepted."""
        return all(
            voulu is None or constat.get(nom) == voulu
            for nom, voulu in (
                ("code", self.code),
                ("champ", self.champ),
                ("valeur", self.valeur),
                ("proposition", self.proposition),
            )
        )


def corrections(constats: Iterable[Mapping[str, Any]], acceptee: Proposition) -> dict[str, Any]:
    """Return the fields to correct, with their values; none when the proposal stands no more.

    Two findings that it designates and that would give one field two values accept nothing: a
    person has to say which.
    """
    valeurs: dict[str, Any] = {}
    for constat in constats:
        if not acceptee.designe(constat):
            continue
        for champ, valeur in (constat.get("correction") or {}).items():
            if champ not in EDITABLES or valeurs.setdefault(champ, valeur) != valeur:
                return {}
    return valeurs
