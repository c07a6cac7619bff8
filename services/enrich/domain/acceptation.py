"""Accepting what a finding proposes: the correction becomes an edit, as long as it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.evenements import Confiance
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


def acceptables(
    constats: Iterable[Mapping[str, Any]], permis: frozenset[str]
) -> list[Mapping[str, Any]]:
    """Return the findings whose proposals may be accepted together, within the fields allowed.

    A weak one is only one of several readings, and two that dispute a field are for a person to
    choose between: these are left.
    """
    proposees = [
        constat
        for constat in constats
        if (correction := constat.get("correction"))
        and constat.get("confiance") != Confiance.FAIBLE
        and permis.issuperset(correction)
    ]
    valeurs: dict[str, Any] = {}
    disputes = {
        champ
        for constat in proposees
        for champ, valeur in constat["correction"].items()
        if valeurs.setdefault(champ, valeur) != valeur
    }
    return [constat for constat in proposees if disputes.isdisjoint(constat["correction"])]
