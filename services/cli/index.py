"""`catalogue index creer`, `catalogue reconstruire index`: the commands of search, from here."""

import os
import subprocess
import sys
from typing import Final

import typer

from services.cli.app import group

app = group("L'index de recherche : le créer.")

_MODULE: Final = "services.search"


@app.command()
def creer() -> None:
    """Crée le modèle et le premier index ; ne fait rien s'ils existent."""
    _search("creer")


def reconstruire() -> None:
    """Reconstruit l'index depuis les topics, les services restant en marche, puis bascule."""
    _search("reconstruire")


def _search(command: str) -> None:
    """Run a command of search in a process of its own, as services are not imported here."""
    done = subprocess.run([sys.executable, "-m", _MODULE, command], env=os.environ, check=False)
    raise typer.Exit(done.returncode)
