"""Keeping the catalogue true: passes asked for when tables, day or rules move, and carried out."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeAlias

from services.enrich.domain.application import Plan
from services.enrich.domain.causes import SYSTEME, Nature
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.recalcul import (
    Avancee,
    Barriere,
    Etabli,
    Recalcul,
    Socle,
    cause_de_recalcul,
    socle_de,
)
from services.enrich.domain.recalcul_cles import Touchees, cles_touchees
from services.enrich.domain.references.tables import References
from services.enrich.ports import Formations, ReferencesStore
from services.enrich.ports_recalcul import Recalculs
from services.enrich.ports_versions import VersionInconnue
from services.enrich.usecases.reprendre import reprendre
from services.kernel.events import Event
from services.kernel.ids import Ids

TOUT: Final = Touchees(tout=True)

Annoncer: TypeAlias = Callable[
    [Mapping[str, References | None], Enrichisseur, int, datetime], Awaitable[Sequence[Event]]
]
"""Returns the events that tell of a move from some tables to those of the moment, and of its number
among the activations."""


@dataclass(slots=True)
class Etablir:
    """Asks for the passes that bring every formation to the tables, day and rules of the moment.

    `annoncer` is asked before anything changed. Tables whose rows are gone are None.
    """

    recalculs: Recalculs
    referentiels: ReferencesStore
    ids: Ids
    annoncer: Annoncer
    _connues: References | None = None

    async def avancer(self, enrichisseur: Enrichisseur, maintenant: datetime) -> bool:
        """Ask for what is to be computed again, if anything; return whether something moved.

        To be called by one process at a time; two at once are safe, and one of them does nothing.
        """
        etabli = await self.recalculs.etabli()
        activations = await self.recalculs.activations(etabli.activation if etabli else 0)
        socle = socle_de(enrichisseur)
        numero, version = (
            activations[-1] if activations else (etabli.activation if etabli else 0, socle.version)
        )
        if version != socle.version:
            return False  # not loaded here yet
        apres = Etabli(numero, socle)
        if etabli == apres:
            self._connues = enrichisseur.references
            return False
        anciennes = _anciennes(etabli, activations, version)
        await self.recalculs.barrer(
            Barriere(frozenset(anciennes), socle.jour.isoformat(), socle.regles)
        )
        avant = await self._charger(anciennes)
        demandes = await self._demandes(etabli, apres, avant, enrichisseur, maintenant)
        annonces = await self.annoncer(avant, enrichisseur, numero, maintenant)
        fait = await self.recalculs.etablir(etabli, apres, demandes, annonces)
        self._connues = enrichisseur.references
        return fait

    async def _charger(self, versions: Sequence[str]) -> Mapping[str, References | None]:
        """Return the tables of versions; None for those whose rows are gone."""
        chargees: dict[str, References | None] = {}
        for version in versions:
            if self._connues is not None and self._connues.version == version:
                chargees[version] = self._connues
                continue
            try:
                chargees[version] = await self.referentiels.charger(version)
            except VersionInconnue:
                chargees[version] = None
        return chargees

    async def _demandes(
        self,
        etabli: Etabli | None,
        apres: Etabli,
        avant: Mapping[str, References | None],
        enrichisseur: Enrichisseur,
        maintenant: datetime,
    ) -> list[Recalcul]:
        causes: list[tuple[Nature, Touchees]] = []
        if etabli is None:
            causes.append((Nature.REGLES, TOUT))
        else:
            if avant:
                causes.append((Nature.REFERENCES, _touchees(avant, enrichisseur.references)))
            if etabli.socle.regles != apres.socle.regles:
                causes.append((Nature.REGLES, TOUT))
            elif etabli.socle.jour != apres.socle.jour:
                causes.append((Nature.JOUR, TOUT))
        de = etabli.socle.version if etabli and avant else None
        demandes = []
        for nature, touchees in causes:
            total = 0 if touchees.vide else await self.recalculs.compter(touchees)
            demande = Recalcul(
                self.ids.new(), nature, SYSTEME, maintenant, touchees, total, apres.socle, de
            )
            if total:
                demandes.append(demande)
        return demandes


async def demander(
    touchees: Touchees,
    par: str,
    socle: Socle,
    recalculs: Recalculs,
    identifiant: str,
    maintenant: datetime,
) -> Recalcul:
    """Ask for a pass that somebody wants; return it."""
    total = await recalculs.compter(touchees)
    demande = Recalcul(identifiant, Nature.DEMANDE, par, maintenant, touchees, total, socle)
    await recalculs.demander(demande)
    return demande


async def avancer(
    recalcul: Recalcul,
    ids: Sequence[str],
    enrichisseur: Enrichisseur,
    formations: Formations,
    maintenant: datetime,
) -> tuple[Recalcul, Plan]:
    """Carry a pass over its next formations, in one transaction; return where it is then.

    Raises `kernel.errors.Contention` when another process has carried it further.
    """
    avancee = Avancee(recalcul.id, recalcul.curseur, ids[-1], len(ids))
    cause = cause_de_recalcul(recalcul, socle_de(enrichisseur))
    plan = await reprendre(ids, enrichisseur, formations, cause, maintenant, avancee)
    suite = replace(
        recalcul,
        curseur=ids[-1],
        lues=recalcul.lues + len(ids),
        changees=recalcul.changees + len(plan.changements),
    )
    return suite, plan


def _anciennes(
    etabli: Etabli | None, activations: Sequence[tuple[int, str]], version: str
) -> list[str]:
    """Return the versions that formations may rest on and that another took the place of."""
    if etabli is None:
        return []
    passees = dict.fromkeys((etabli.socle.version, *(nom for _, nom in activations)))
    return [nom for nom in passees if nom != version]


def _touchees(avant: Mapping[str, References | None], apres: References) -> Touchees:
    touchees = Touchees()
    for tables in avant.values():
        touchees = touchees.avec(TOUT if tables is None else cles_touchees(tables, apres))
    return touchees
