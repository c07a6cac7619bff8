"""`catalogue references`: load reference tables and choose the version in force.

Enrich owns the tables: this only starts its own command, with the same settings.
"""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.app import group

app = group("Les référentiels : charger, lister, activer, revenir, comparer.")

Version = Annotated[str, typer.Argument(help="Identifiant donné par « lister ».")]


@app.command()
def charger(
    chemin: Annotated[
        Path,
        typer.Argument(
            envvar="CATALOGUE_REFDATA",
            exists=True,
            help="Un fichier, un ZIP, ou un dossier de tables (certifications/, geo/…).",
        ),
    ],
    table: Annotated[
        str | None, typer.Option(help="La table du fichier, si son nom ne la dit pas.")
    ] = None,
    sans_activer: Annotated[
        bool,
        typer.Option("--sans-activer", help="Enregistrer la version sans la mettre en vigueur."),
    ] = False,
    forcer: Annotated[
        str | None,
        typer.Option(
            metavar="RAISON", help="Accepter ce qui serait refusé ; la raison est gardée."
        ),
    ] = None,
    depuis: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION",
            help="Compléter cette version, ou « derniere », plutôt que celle en vigueur.",
        ),
    ] = None,
) -> None:
    """Lit des tables et en fait, avec les autres déjà en place, la version en vigueur.

    Dit ce qui a été gardé et refusé, et ce qui change. Un fichier abîmé, plus
    ancien ou qui perd trop de lignes est refusé : la version en vigueur reste.
    """
    options = {"--table": table, "--forcer": forcer, "--depuis": depuis}
    donnees = [mot for nom, valeur in options.items() if valeur for mot in (nom, valeur)]
    _enrich("charger", str(chemin), *donnees, *(["--sans-activer"] if sans_activer else []))


@app.command()
def lister() -> None:
    """Liste les versions et les chargements refusés, les plus récents d'abord."""
    _enrich("lister")


@app.command()
def activer(version: Version) -> None:
    """Met une version en vigueur ; « revenir » ramène la précédente."""
    _enrich("activer", version)


@app.command()
def revenir() -> None:
    """Remet en vigueur la version qui l'était avant celle-ci."""
    _enrich("revenir")


@app.command()
def comparer(avant: Version, apres: Version) -> None:
    """Dit, table par table, les codes ajoutés, changés, fermés, retirés d'une version à l'autre."""
    _enrich("comparer", avant, apres)


def _enrich(*arguments: str) -> None:
    fini = subprocess.run(
        [sys.executable, "-m", "services.enrich", "references", *arguments], check=False
    )
    if fini.returncode:
        raise typer.Exit(fini.returncode)
