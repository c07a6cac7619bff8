"""Keeping the catalogue true: passes asked for when tables, day or rules move, and carried out."""

import asyncio
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
from services.enrich.domain.recalcul_cles import Ecart, Touchees, ecart, touchees
from services.enrich.domain.references.tables import References
from services.enrich.ports import Formations, ReferencesStore
from services.enrich.ports_recalcul import Recalculs
from services.enrich.ports_versions import VersionInconnue
from services.enrich.usecases.reprendre import reprendre
from services.kernel.events import Event
from services.kernel.ids import Ids

TOUT: Final = Touchees(tout=True)

Annoncer: TypeAlias = Callable[
    [Mapping[str, Ecart | None], Enrichisseur, int, datetime], Awaitable[Sequence[Event]]
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
        ecarts = await self._ecarts(anciennes, enrichisseur.references)
        demandes = await self._demandes(etabli, apres, ecarts, enrichisseur, maintenant)
        annonces = await self.annoncer(ecarts, enrichisseur, numero, maintenant)
        fait = await self.recalculs.etablir(etabli, apres, demandes, annonces)
        self._connues = enrichisseur.references
        return fait

    async def _ecarts(
        self, versions: Sequence[str], apres: References
    ) -> Mapping[str, Ecart | None]:
        """Return how the tables differ from each version; None for those whose rows are gone."""
        trouves: dict[str, Ecart | None] = {}
        for version in versions:
            avant = await self._charger(version)
            trouves[version] = await asyncio.to_thread(ecart, avant, apres) if avant else None
        return trouves

    async def _charger(self, version: str) -> References | None:
        if self._connues is not None and self._connues.version == version:
            return self._connues
        try:
            return await self.referentiels.charger(version)
        except VersionInconnue:
            return None

    async def _demandes(
        self,
        etabli: Etabli | None,
        apres: Etabli,
        ecarts: Mapping[str, Ecart | None],
        enrichisseur: Enrichisseur,
        maintenant: datetime,
    ) -> list[Recalcul]:
        causes: list[tuple[Nature, Touchees]] = []
        if etabli is None:
            causes.append((Nature.REGLES, TOUT))
        else:
            if ecarts:
                causes.append((Nature.REFERENCES, _touchees(ecarts, enrichisseur.references)))
            if etabli.socle.regles != apres.socle.regles:
                causes.append((Nature.REGLES, TOUT))
            elif etabli.socle.jour != apres.socle.jour:
                causes.append((Nature.JOUR, TOUT))
        de = etabli.socle.version if etabli and ecarts else None
        demandes = []
        for nature, atteintes in causes:
            total = 0 if atteintes.vide else await self.recalculs.compter(atteintes)
            demande = Recalcul(
                self.ids.new(), nature, SYSTEME, maintenant, atteintes, total, apres.socle, de
            )
            if total:
                demandes.append(demande)
        return demandes


async def demander(
    etendue: Touchees,
    par: str,
    socle: Socle,
    recalculs: Recalculs,
    identifiant: str,
    maintenant: datetime,
) -> Recalcul:
    """Ask for a pass that somebody wants; return it."""
    total = await recalculs.compter(etendue)
    demande = Recalcul(identifiant, Nature.DEMANDE, par, maintenant, etendue, total, socle)
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


def _touchees(ecarts: Mapping[str, Ecart | None], apres: References) -> Touchees:
    atteintes = Touchees()
    for un in ecarts.values():
        atteintes = atteintes.avec(TOUT if un is None else touchees(un.changees, un.avant, apres))
    return atteintes
