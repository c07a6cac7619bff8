"""`catalogue references`: load the reference tables and choose the version in force.

Enrich owns the tables: this only starts its own command, with the same settings.
"""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.app import group

app = group("Les référentiels : charger, lister, activer.")


@app.command()
def charger(
    dossier: Annotated[
        Path,
        typer.Argument(
            envvar="CATALOGUE_REFDATA",
            exists=True,
            file_okay=False,
            help="Dossier des tables (certifications/, geo/, organismes/).",
        ),
    ],
    sans_activer: Annotated[
        bool,
        typer.Option("--sans-activer", help="Enregistrer la version sans la mettre en vigueur."),
    ] = False,
) -> None:
    """Lit les tables, en fait une version, dit ce qui a été refusé, et la met en vigueur."""
    _enrich("charger", str(dossier), *(["--sans-activer"] if sans_activer else []))


@app.command()
def lister() -> None:
    """Liste les versions, la plus récente d'abord."""
    _enrich("lister")


@app.command()
def activer(
    version: Annotated[str, typer.Argument(help="Identifiant donné par « lister ».")],
) -> None:
    """Met une version en vigueur ; la précédente reste là, pour y revenir de même."""
    _enrich("activer", version)


def _enrich(*arguments: str) -> None:
    fini = subprocess.run(
        [sys.executable, "-m", "services.enrich", "references", *arguments], check=False
    )
    if fini.returncode:
        raise typer.Exit(fini.returncode)
