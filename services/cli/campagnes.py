"""`catalogue campagnes`: start, Affelnet's 1 September, what vanished; through export's API.

What changes offers is shown first: nothing is asked for without `--appliquer`.
"""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from contracts.statuts import Plateforme
from services.cli.app import group
from services.cli.console import sortie, table
from services.cli.exportation import Cle, Parametres, demander, telecharger
from services.kernel.french import nombre

app = group("Les campagnes : démarrer, 1er septembre d'Affelnet, comparer à la saison passée.")

_PAUSE_S: Final = 0.5
_TERMINEE: Final = "terminee"
_CAUSES: Final = {
    "closed": "plus au catalogue",
    "qualiopi_lost": "certification perdue",
    "not_updated": "plus de session",
    "other": "autre",
}

Appliquer = Annotated[
    bool, typer.Option("--appliquer", help="Le faire ; sans cela, rien n'est écrit.")
]
Suivre = Annotated[bool, typer.Option("--suivre", help="Attendre la fin.")]
Tableau = Annotated[
    Path | None,
    typer.Option("--csv", dir_okay=False, help="Où écrire la liste des offres, en CSV."),
]


@app.command()
def demarrer(
    plateforme: Plateforme,
    debut: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="AAAA-MM-JJ.")],
    cle: Cle,
    appliquer: Appliquer = False,
    suivre: Suivre = False,
    tableau: Tableau = None,
) -> None:
    """Montre ce que changerait un début de campagne ; le démarre avec --appliquer.

    Démarrée, l'opération avance d'elle-même ; la redemander rend la même.
    """
    jour = {"debut": debut.date().isoformat()}
    adresse = f"/v1/campagnes/{plateforme}/demarrage"
    if appliquer:
        _faire(adresse, cle, jour, suivre)
    else:
        _apercevoir(adresse, cle, jour, tableau)


@app.command()
def septembre(
    cle: Cle, appliquer: Appliquer = False, suivre: Suivre = False, tableau: Tableau = None
) -> None:
    """Montre les demandes Affelnet non refaites ; les fait tomber avec --appliquer.

    Une fois par campagne, à partir de son 1er septembre.
    """
    adresse = "/v1/campagnes/affelnet/septembre"
    if appliquer:
        _faire(adresse, cle, None, suivre)
    else:
        _apercevoir(adresse, cle, {}, tableau)


@app.command()
def comparer(
    plateforme: Plateforme,
    cle: Cle,
    academie: Annotated[str | None, typer.Option(help="Numéro d'une académie.")] = None,
    tableau: Tableau = None,
) -> None:
    """Compare à la saison passée : les offres du périmètre qui ont disparu, et pourquoi."""
    parametres = {} if academie is None else {"academie": academie}
    adresse = f"/v1/campagnes/{plateforme}/comparaison"
    comparaison = demander("GET", adresse, cle, parametres={**parametres, "limite": "0"})
    _montrer_les_disparues(comparaison)
    if tableau is not None:
        telecharger(f"{adresse}.csv", cle, tableau, parametres)
        sortie.print(f"Liste écrite dans {tableau}.")


def _apercevoir(adresse: str, cle: str, parametres: Parametres, tableau: Path | None) -> None:
    apercu = demander("GET", f"{adresse}/apercu", cle, parametres=parametres)
    sortie.print(
        f"{nombre(apercu['vues'])} offres examinées, {nombre(apercu['changees'])} changeraient."
    )
    passages = table("Passages", "De", "À", "Offres")
    for un in apercu["passages"]:
        passages.add_row(un["avant"], un["apres"], nombre(un["nombre"]))
    sortie.print(passages)
    _montrer_les_comptes("Ce qui change à côté du statut", apercu["sortes"])
    if tableau is not None:
        telecharger(f"{adresse}/apercu.csv", cle, tableau, parametres)
        sortie.print(f"Liste écrite dans {tableau}.")
    sortie.print("Rien n'est écrit : --appliquer le fait.")


def _faire(adresse: str, cle: str, corps: object, suivre: bool) -> None:
    operation = demander("POST", adresse, cle, corps)
    while suivre and operation["etape"] != _TERMINEE:
        time.sleep(_PAUSE_S)
        operation = demander("GET", f"/v1/operations/{operation['id']}", cle)
    sortie.print(f"{operation['id']} : étape {operation['etape']}.")
    _montrer_les_comptes("Offres par étape, puis ce qui a changé", operation["comptes"])


def _montrer_les_comptes(titre: str, comptes: Mapping[str, int]) -> None:
    if comptes:
        dits = table(titre, "Quoi", "Offres")
        for quoi, combien in comptes.items():
            dits.add_row(quoi.replace("_", " "), nombre(combien))
        sortie.print(dits)


def _montrer_les_disparues(comparaison: Mapping[str, Any]) -> None:
    sortie.print(
        f"Saison {comparaison['saison']} : {nombre(comparaison['perimetre'])} offres au périmètre, "
        f"{nombre(comparaison['presentes'])} y sont encore."
    )
    disparues = table("Disparues", "Académie", *_CAUSES.values())
    for une in comparaison["par_academie"]:
        disparues.add_row(une["academie"] or "inconnue", *_par_cause(une["causes"]))
    disparues.add_row("toutes", *_par_cause(comparaison["causes"]))
    sortie.print(disparues)


def _par_cause(causes: Mapping[str, int]) -> Iterable[str]:
    return (nombre(causes[cause]) for cause in _CAUSES)
