"""`catalogue comparer` and `catalogue livraisons`: two catalogues, or nights in a row."""

import gzip
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from services.cli.console import fail, sortie, table
from services.cli.controle.comparaison import CLE, controler
from services.cli.controle.historiques import difference
from services.cli.controle.lecture import Document, lire
from services.cli.controle.livraisons import LivraisonVide, Magasin, livrer
from services.kernel.french import nombre

Fichier = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]


def comparer(
    gauche: Fichier,
    droite: Fichier,
    cle: Annotated[str, typer.Option(help="Champ qui nomme une formation.")] = CLE,
) -> None:
    """Compare deux calculs du même catalogue, champ par champ (JSON ou JSON Lines, gzip ou non).

    Se termine par 0 quand tout concorde, par 1 sinon.
    """
    controle = controler(_documents(gauche), _documents(droite), cle)
    sortie.print(
        f"{nombre(controle.total_gauche)} formations publiées à gauche, "
        f"{nombre(controle.total_droite)} à droite, "
        f"dont {nombre(len(controle.introuvables))} introuvables à gauche."
    )
    ecarts = table("Champs qui diffèrent", "champ", "formations", "exemple", "gauche", "droite")
    for champ, fois in controle.champs.most_common():
        exemple, ancienne, nouvelle = controle.exemples[champ][0]
        ecarts.add_row(champ, nombre(fois), exemple, *_montrer(ancienne, nouvelle))
    if controle.champs:
        sortie.print(ecarts)
    if controle.champs or controle.introuvables:
        fail("les deux catalogues diffèrent.")


def livraisons(
    fichiers: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
) -> None:
    """Dit ce que change chaque livraison entière après celles qui la précèdent."""
    magasin: Magasin = {}
    for fichier in fichiers:
        try:
            magasin, bilan = livrer(magasin, _documents(fichier))
        except LivraisonVide:
            fail(f"{fichier.name} ne contient aucune formation publiée ; rien n'est changé.")
        sortie.print(
            f"{fichier.name} : {nombre(len(bilan.ajoutees))} ajoutée(s), "
            f"{nombre(len(bilan.modifiees))} modifiée(s), "
            f"{nombre(len(bilan.supprimees))} absente(s)."
        )
        for clef, champs in bilan.modifiees.items():
            sortie.print(f"  {clef} : {', '.join(champs)}")


def _documents(fichier: Path) -> list[Document]:
    contenu = fichier.read_bytes()
    if fichier.suffix == ".gz":
        contenu = gzip.decompress(contenu)
    try:
        lus: Any = (
            orjson.loads(contenu)
            if contenu.lstrip().startswith(b"[")
            else [orjson.loads(ligne) for ligne in contenu.splitlines() if ligne.strip()]
        )
    except orjson.JSONDecodeError as erreur:
        fail(f"{fichier.name} n'est pas lisible : {erreur}.")
    return [lire(document) for document in lus]


def _montrer(ancienne: object, nouvelle: object) -> tuple[str, str]:
    """Return both values; of documents, only what differs."""
    if isinstance(ancienne, dict) and isinstance(nouvelle, dict):
        return _court(difference(nouvelle, ancienne)), _court(difference(ancienne, nouvelle))
    return _court(ancienne), _court(nouvelle)


def _court(valeur: object) -> str:
    return orjson.dumps(valeur).decode()[:80]
