"""`catalogue regles`: the rules of perimeter and the campaigns, through export's API."""

from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer

from contracts.statuts import Plateforme
from services.cli.app import group
from services.cli.console import fail, sortie, table
from services.cli.exportation import Cle, demander

app = group("Les règles de périmètre et les campagnes.")

_MONTREES: Final = 20


@app.command()
def charger(
    fichier: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, readable=True, help="Liste JSON de règles."),
    ],
    cle: Cle,
) -> None:
    """Remplace les règles en vigueur par celles d'un fichier, et dit lesquelles sont écartées."""
    try:
        regles = orjson.loads(fichier.read_bytes())
    except orjson.JSONDecodeError as erreur:
        fail(f"{fichier} n'est pas du JSON : {erreur}.")
    compte = demander("PUT", "/v1/regles", cle, regles)
    sortie.print(
        f"{compte['lues']} règles lues, {compte['gardees']} en vigueur, "
        f"{len(compte['ecartees'])} écartées ; {compte['ajoutees']} ajoutées, "
        f"{compte['modifiees']} modifiées, {compte['supprimees']} retirées, "
        f"{compte['inchangees']} inchangées."
    )
    if compte["ecartees"]:
        ecartees = table("Règles écartées : elles ne s'appliquent pas", "Rang", "Raison")
        for une in islice(compte["ecartees"], _MONTREES):
            ecartees.add_row(str(une["rang"]), une["raison"])
        sortie.print(ecartees)


@app.command()
def campagne(
    plateforme: Plateforme,
    debut: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="AAAA-MM-JJ.")],
    cle: Cle,
) -> None:
    """Note le début de la campagne d'une plateforme ; les offres sont réévaluées aussitôt."""
    jour = debut.date().isoformat()
    demander("PUT", f"/v1/campagnes/{plateforme}", cle, {"debut": jour})
    sortie.print(f"Campagne {plateforme} : début le {jour}.")
