"""What a batch of events changes, given what is held: older never overwrites newer.

The outcome for each formation (its states, sequences and history) is the same however its events
are cut into batches, and whether they come once or several times.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson

from contracts.evenements import Etat
from services.enrich.domain.calcul import Calcul
from services.enrich.domain.causes import Cause, cause_de
from services.enrich.domain.editions import Editions
from services.enrich.domain.evenement import Evenement
from services.kernel.newer import Verdict, newer_only


@dataclass(slots=True)
class Tete:
    """What decides whether an event still counts: the last one applied, and the state it left.

    `offre_sequence` and `offre_empreinte` are those of the last event; `sequence` and `empreinte`
    those of the formation; `editions` the corrections that people made to it; `creation` who made
    it exist, and from which line; `heritage` from whom its succession was settled, `{"de": id}`.
    """

    offre_sequence: int
    offre_empreinte: str
    sequence: int
    empreinte: str
    creee_le: datetime
    retiree_le: str | None
    editions: Editions | None = None
    creation: Mapping[str, Any] | None = None
    heritage: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Reprise:
    """A formation as the last event that it rests on, ready to be computed again."""

    evenement: Evenement
    tete: Tete


@dataclass(slots=True)
class Changement:
    """A new state of a formation.

    `nouvelle` when nothing is held of it yet; `precedent` is what it was earlier in the batch.
    """

    calcul: Calcul
    tete: Tete
    nouvelle: bool
    precedent: Calcul | None
    cause: Cause


@dataclass(slots=True)
class Plan:
    """What a batch does: states to write, events that changed nothing, and those not newer.

    `essais` leave no trace. `reparations` counts the changes that rewrote the same sequence. `muet`
    when no depositor is to be told; the unchanged are then not written, unless `garde_la_suite`:
    their corrections or keys are to be.
    """

    changements: list[Changement] = field(default_factory=list)
    inchanges: list[tuple[Calcul, Tete]] = field(default_factory=list)
    depasses: list[Calcul] = field(default_factory=list)
    essais: list[Calcul] = field(default_factory=list)
    reparations: int = 0
    muet: bool = False
    garde_la_suite: bool = False

    def a_ecrire(self) -> list[Changement]:
        """Return the last change of each formation."""
        return list({c.calcul.evenement.id: c for c in self.changements}.values())

    def a_marquer(self) -> list[tuple[Calcul, Tete]]:
        """Return the last unchanged event of each formation, unless a change came after it."""
        if self.muet and not self.garde_la_suite:
            return []
        changees = {c.calcul.evenement.id: c.tete.offre_sequence for c in self.changements}
        derniers = {calcul.evenement.id: (calcul, tete) for calcul, tete in self.inchanges}
        return [
            (calcul, tete)
            for nom, (calcul, tete) in derniers.items()
            if tete.offre_sequence >= changees.get(nom, 0)
        ]


def planifier(calculs: Iterable[Calcul], tetes: Mapping[str, Tete], maintenant: datetime) -> Plan:
    """Return what the events, applied in order to what is held, do."""
    plan = Plan()
    courantes = dict(tetes)
    derniers: dict[str, Calcul] = {}
    for calcul in calculs:
        evenement = calcul.evenement
        if evenement.essai:
            plan.essais.append(calcul)
            continue
        tete = courantes.get(evenement.id)
        verdict = _juger(calcul, tete)
        if not verdict.writes:
            plan.depasses.append(calcul)
            continue
        plan.reparations += verdict is Verdict.REPAIR
        suivante = _avancer(calcul, tete, maintenant)
        courantes[evenement.id] = suivante
        if tete is not None and tete.empreinte == calcul.empreinte:
            plan.inchanges.append((calcul, suivante))
        else:
            nouvelle = evenement.id not in tetes
            precedent = derniers.get(evenement.id)
            plan.changements.append(
                Changement(calcul, suivante, nouvelle, precedent, cause_de(evenement))
            )
        derniers[evenement.id] = calcul
    return plan


def _juger(calcul: Calcul, tete: Tete | None) -> Verdict:
    evenement = calcul.evenement
    if tete is None:
        return Verdict.APPLY
    return newer_only(
        tete.offre_sequence, tete.offre_empreinte, evenement.sequence, evenement.empreinte
    )


def _avancer(calcul: Calcul, tete: Tete | None, maintenant: datetime) -> Tete:
    evenement = calcul.evenement
    inchangee = tete is not None and tete.empreinte == calcul.empreinte
    retiree_le = evenement.recue_le if calcul.etat["etat"] == Etat.RETIREE else None
    return Tete(
        evenement.sequence,
        evenement.empreinte,
        (tete.sequence if tete else 0) + (not inchangee),
        calcul.empreinte,
        tete.creee_le if tete else maintenant,
        tete.retiree_le if tete and inchangee else retiree_le,
        tete.editions if tete else None,
        tete.creation if tete else _creation(evenement),
        tete.heritage if tete else None,
    )


def _creation(evenement: Evenement) -> dict[str, Any]:
    return {
        "cause": evenement.operation,
        "auteur": evenement.deposant,
        "origine": evenement.origine,
    }


def replanifier(calculs: Iterable[tuple[Calcul, Tete]], cause: Cause) -> Plan:
    """Return what computing formations again does, each from the offer that it rests on.

    Each calcul comes with the head to keep. Depositors, who asked for nothing, are told nothing.
    """
    plan = Plan(muet=True)
    for calcul, tete in calculs:
        if tete.empreinte == calcul.empreinte:
            plan.inchanges.append((calcul, tete))
        else:
            suivante = replace(tete, sequence=tete.sequence + 1, empreinte=calcul.empreinte)
            plan.changements.append(
                Changement(calcul, suivante, nouvelle=False, precedent=None, cause=cause)
            )
    return plan


def message(
    identifiant: str,
    tete: Tete,
    modifiee_le: datetime,
    origine: Mapping[str, Any] | None,
    texte: bytes,
) -> bytes:
    """Return the JSON of `contracts.evenements.FormationV1` around a state already serialised."""
    entete = orjson.dumps(
        {
            "id": identifiant,
            "sequence": tete.sequence,
            "empreinte": tete.empreinte,
            "modifiee_le": modifiee_le,
            "retiree_le": tete.retiree_le,
            "origine": origine,
        }
    )
    return entete[:-1] + b"," + texte[1:]
