"""What `catalogue run` says: its steps, then what was done and what can be tried."""

import time
from collections.abc import Mapping
from typing import Final

from contracts.portees import Role
from deploy.local import Stack
from services.cli.console import sortie, table
from services.cli.preparation import MENTION
from services.cli.run.fleet import Fleet
from services.cli.run.installation import Installation
from services.cli.run.season import Done
from services.cli.run.settings import RunSettings
from services.kernel.french import nombre

_ADDRESSES: Final = (
    ("search-api", "Recherche (page et API)", "/"),
    ("collect-api", "Dépôt (page et API)", "/"),
    ("export-api", "Académies, flux, partenaires (API)", "/docs"),
    ("acces-api", "Comptes et connexion des personnes (API)", "/docs"),
    ("enrich-api", "Qualité (page), référentiels, historique (API)", "/qualite"),
)


def step(done: str, started: float) -> None:
    """Say that a step is done, and after how long."""
    sortie.print(f"[green]✓[/] {done} ({nombre(time.monotonic() - started, 1)} s)")


def show(installation: Installation, stack: Stack, done: Done) -> None:
    """Print what was done, where things are, the keys, and three commands to try."""
    settings, fleet, keys = installation.settings, installation.fleet, installation.keys
    _what_was_done(settings, done)
    _memory(stack, fleet)
    where = table("Adresses", "Quoi", "Où")
    for process, label, path in _ADDRESSES:
        where.add_row(label, f"{fleet.url(process)}{path}")
    sortie.print(where)
    _keys(keys)
    _commands(fleet, keys)


def _what_was_done(settings: RunSettings, done: Done) -> None:
    lines = done.depot.lignes
    told = table(f"Jour métier {settings.jour_metier:%d/%m/%Y}", "Fait", "Nombre")
    if not done.new_deposit:
        told.add_row("dépôt d'un départ précédent, retrouvé", done.depot.id)
    told.add_row("lignes reçues", nombre(lines.recues))
    for label, count in (
        ("acceptées", lines.acceptees),
        ("à corriger", lines.a_corriger),
        ("refusées", lines.refusees),
        ("identiques", lines.identiques),
        ("ignorées (clé livrée deux fois…)", lines.ignorees),
    ):
        told.add_row(f"  {label}", nombre(count))
    for store, count in done.counts.items():
        told.add_row(f"formations dans {store}", nombre(count))
    for platform, count in done.decided.items():
        told.add_row(f"publications demandées, {platform}", nombre(count))
    for status, count in sorted(done.statuses["statuts"].items()):
        told.add_row(f"Parcoursup, « {status} »", nombre(count))
    if done.new_deposit:
        rate = lines.recues / done.seconds
        told.add_row("dépôt → tout évalué", f"{nombre(done.seconds, 1)} s, {nombre(rate)} lignes/s")
    sortie.print(told)
    if not settings.is_sample:
        sortie.print(f"Offres réelles de novembre 2020 ; {MENTION}.")


def _keys(keys: Mapping[Role, str]) -> None:
    """Each on a line of its own, never cut: keys are copied."""
    sortie.print("Clés d'API (développement seulement, renouvelées à chaque départ)")
    width = max(map(len, keys)) + 2
    for role, key in keys.items():
        sortie.print(f"  {role:<{width}}{key}", soft_wrap=True, highlight=False)


def _memory(stack: Stack, fleet: Fleet) -> None:
    peaks = {str(name): size for name, size in stack.peak_memory_mb().items()}
    peaks.update(fleet.peak_memory_mb())
    shown = ", ".join(f"{name} {nombre(size)}" for name, size in peaks.items())
    sortie.print(f"Mémoire au plus haut, en Mio : {shown} ; en tout {nombre(sum(peaks.values()))}.")


def _commands(fleet: Fleet, keys: Mapping[Role, str]) -> None:
    sortie.print("\n[bold]À essayer[/]")
    for command in (
        f"curl '{fleet.url('search-api')}/v1/formations?q=boulanger&limite=3'",
        (
            f"curl -H 'Authorization: Bearer {keys[Role.PARTENAIRE]}' "
            f"'{fleet.url('export-api')}/v1/changements?limite=2'"
        ),
        f"CATALOGUE_CLE_ADMIN={keys[Role.ADMINISTRATEUR]} .venv/bin/catalogue reconcilier",
    ):
        sortie.print(f"  {command}", soft_wrap=True, highlight=False)
