"""What must be there before the services start: topics, index, references, rules, keys."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from contracts.portees import Role
from services.cli.console import run as run_async
from services.cli.preparation_regles import regles_synthetiques
from services.cli.run.deposit import fingerprint
from services.cli.run.fleet import Fleet
from services.cli.run.keys import issue_keys
from services.cli.run.settings import ROOT, RunSettings
from services.kernel.settings import KernelSettings
from services.kernel.topics_admin import create_topics


class NotPrepared(RuntimeError):
    """A step before the start failed; the message is its own output."""


def prepare(settings: RunSettings, fleet: Fleet, kernel: KernelSettings) -> Mapping[Role, str]:
    """Bring everything in place and return a key of each role.

    What was loaded by an earlier run from the same files is not loaded again.

    Raises:
        NotPrepared: a command failed.
    """
    settings.dossier.mkdir(parents=True, exist_ok=True)
    run_async(create_topics(kernel))
    _command(fleet, "services.search", "creer")
    loaded = settings.dossier / "charge"
    wanted = fingerprint(settings.source) + fingerprint(ROOT / "services" / "enrich", "*.py")
    if not loaded.exists() or loaded.read_text() != wanted:
        # Another source than the last run's is asked for on purpose, however much smaller it is.
        why = ("--forcer", "catalogue run : jeu de données choisi")
        _command(fleet, "services.enrich", "references", "charger", str(settings.source), *why)
        loaded.write_text(wanted)
    return run_async(issue_keys(kernel))


def rules(settings: RunSettings) -> list[Any]:
    """Return the rules; those written for measurements are joined by the kinds that they lack."""
    (file,) = (settings.source / "regles").glob("*.json")
    given: list[Any] = json.loads(file.read_text())
    return given if settings.is_sample else [*given, *regles_synthetiques()]


def _command(fleet: Fleet, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        env={**os.environ, **fleet.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    log = fleet.logs / "preparation.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as kept:
        kept.write(f"$ {' '.join(arguments)}\n{done.stdout}{done.stderr}")
    if done.returncode:
        raise NotPrepared(
            f"« {' '.join(arguments)} » a échoué.\n{(done.stderr or done.stdout)[-2000:]}"
        )
