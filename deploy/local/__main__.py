"""`python -m deploy.local`: the servers by themselves, for whoever develops a service."""

import dataclasses
import shutil
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from deploy.local.config import StackConfig
from deploy.local.errors import StackError
from deploy.local.lock import FolderLock
from deploy.local.stack import SERVER_NAMES, Stack, end, leftovers

app = typer.Typer(
    help="Kafka, MongoDB et Elasticsearch sur cette machine, sans conteneur.",
    no_args_is_help=True,
)
out = Console(highlight=False, soft_wrap=True)

Folder = Annotated[
    Path | None,
    typer.Option("--dossier", help="Dossier des données [CATALOGUE_DOSSIER ou .local]."),
]
Detach = Annotated[bool, typer.Option("--detach", help="Rend la main ; `down` arrête.")]


@app.command()
def up(dossier: Folder = None, *, detach: Detach = False) -> None:
    """Démarre les trois serveurs et les garde jusqu'à Ctrl-C."""
    stack = Stack(_config(dossier))
    signal.signal(signal.SIGTERM, lambda *_: _interrupt())
    stack.start(detached=detach)
    for setting, address in stack.addresses.as_environment().items():
        out.print(f"{setting}={address}")
    if detach:
        return
    out.print("Ctrl-C arrête tout.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        out.print("Arrêt…")
    finally:
        stack.stop()


@app.command()
def down(dossier: Folder = None) -> None:
    """Arrête ce qu'une exécution interrompue, ou `up --detach`, a laissé."""
    config = _config(dossier)
    lock = FolderLock(config.folder)
    lock.acquire()
    left = leftovers(config)
    end(config, left)
    lock.release()
    out.print(f"Arrêtés : {', '.join(left)}." if left else "Rien ne tournait.")


@app.command()
def status(dossier: Folder = None) -> None:
    """Dit ce qui tourne dans le dossier."""
    running = leftovers(_config(dossier))
    for name in SERVER_NAMES:
        process = running.get(name)
        said = f"processus {process.pid}, {process.peak_memory_mb()} Mo au plus" if process else "-"
        out.print(f"{name:14} {said}")


@app.command()
def reset(dossier: Folder = None) -> None:
    """Oublie tout ce qui a été enregistré dans le dossier."""
    config = _config(dossier)
    down(dossier)
    # Only a folder of ours is removed: a mistyped --dossier must not cost someone's files.
    if all((config.folder / name).exists() for name in ("verrou", "journaux")):
        shutil.rmtree(config.folder)
        out.print(f"{config.folder} est effacé.")


def _config(dossier: Path | None) -> StackConfig:
    config = StackConfig.from_environment()
    return config if dossier is None else dataclasses.replace(config, folder=dossier)


def _interrupt() -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        app()
    except StackError as error:
        sys.exit(str(error))
