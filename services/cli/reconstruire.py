"""`catalogue reconstruire`: what is derived, made again from what is kept."""

from typing import Annotated

import typer

from services.cli import index
from services.cli.app import group
from services.cli.collecte import Refused
from services.cli.console import fail, sortie
from services.cli.ecarts import Magasin
from services.cli.interne import Services
from services.kernel.settings import KernelSettings

app = group("Reconstruire ce qui est dérivé : l'index, les publications.")

app.command("index")(index.reconstruire)


@app.command()
def publications(
    cle: Annotated[
        str, typer.Option(envvar="CATALOGUE_CLE_ADMIN", help="Clé d'API d'un administrateur.")
    ],
) -> None:
    """Réévalue toutes les offres sur les deux plateformes ; seuls les changements sont émis."""
    services = Services(KernelSettings(), cle)
    try:
        compte = services.post(Magasin.EXPORT, "/interne/reevaluer")
    except Refused as refus:
        fail(str(refus))
    finally:
        services.close()
    sortie.print(f"{compte['vues']} offres réévaluées, {compte['changees']} changées.")
