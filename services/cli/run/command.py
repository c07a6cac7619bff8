"""`catalogue run`: servers, services, references, offers, decisions, until Ctrl-C."""

import time
from typing import Annotated

import typer

from deploy.local import Stack, StackConfig, StackError
from services.cli.collecte import Refused
from services.cli.console import erreurs, fail, sortie
from services.cli.run import preparation, season, summary
from services.cli.run.fleet import Fleet, ProcessFailed
from services.cli.run.installation import Installation
from services.cli.run.settings import RunSettings

_WATCH_S = 1.0


def run(
    une_fois: Annotated[
        bool, typer.Option("--une-fois", help="S'arrêter une fois que tout est allé au bout.")
    ] = False,
) -> None:
    """Démarre tout sur cette machine, dépose des offres et montre leur chemin.

    Reste en place jusqu'à Ctrl-C, qui arrête ce qui a été démarré ici et rien d'autre. Avec
    --une-fois, se termine par 0, ou dit ce qui manque dans quel magasin et se termine par 1.
    """
    settings = RunSettings()
    started = time.monotonic()
    try:
        config = StackConfig.from_environment()
        installation = Installation(settings, config.addresses)
        installation.fleet.require_ports()
        with Stack(config) as stack:
            summary.step("serveurs démarrés", started)
            try:
                _flow(installation, stack, started)
                if not une_fois:
                    _stay(installation.fleet)
            finally:
                erreurs.print("Arrêt de ce qui a été démarré ici…")
                installation.fleet.stop()
    except (StackError, ProcessFailed, Refused, preparation.NotPrepared) as error:
        fail(str(error))
    except KeyboardInterrupt:
        sortie.print("Arrêté.")


def _flow(installation: Installation, stack: Stack, started: float) -> None:
    installation.prepare()
    summary.step("topics, index, référentiels et règles en place", started)
    installation.start()
    summary.step("services prêts", started)
    done = season.play(installation)
    summary.show(installation, stack, done)
    if done.missing:
        fail(f"{done.missing} écart(s) entre les magasins : « catalogue reconcilier » les dit.")


def _stay(fleet: Fleet) -> None:
    sortie.print("\nTout est en place ; [bold]Ctrl-C[/] pour arrêter.")
    while not (ended := fleet.ended()):
        time.sleep(_WATCH_S)
    raise ProcessFailed(f"{ended[0]} s'est arrêté de lui-même.\n{fleet.tail(ended[0])}")
