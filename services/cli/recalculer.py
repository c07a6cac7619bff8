"""`catalogue recalculer`: compute the catalogue again; the work is enrich's.

Services never import each other, nor does the command import their insides: this only starts
enrich's own command, with the same settings.
"""

import subprocess
import sys
from typing import Annotated

import typer

from services.cli.console import fail


def recalculer(
    tout: Annotated[bool, typer.Option("--tout", help="Toutes les offres.")] = False,
    depuis: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION",
            help="Celles que touche ce qui a changé depuis cette version des référentiels.",
        ),
    ] = None,
    suivre: Annotated[bool, typer.Option("--suivre", help="Attendre la fin.")] = False,
) -> None:
    """Recalcule les offres d'après les référentiels, le jour et les règles du moment.

    Seules celles qui changent sont écrites et émises ; les dépôts passent devant. Interrompue, une
    reprise continue d'elle-même où elle en était.
    """
    if tout == (depuis is not None):
        fail("dites soit --tout, soit --depuis VERSION.", code=2)
    etendue = ["--tout"] if depuis is None else ["--depuis", depuis]
    commande = [sys.executable, "-m", "services.enrich", "recalculer", *etendue]
    fini = subprocess.run([*commande, *(["--suivre"] if suivre else [])], check=False)
    if fini.returncode:
        raise typer.Exit(fini.returncode)
