"""`catalogue repeter`: a whole campaign on a copy; the work is that of `services.repetition`.

The command imports no service: it writes the plan and starts the process that plays it.
"""

import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from services.cli.console import fail

_JOUR = ["%Y-%m-%d"]
Jour = Annotated[datetime | None, typer.Option(formats=_JOUR, help="AAAA-MM-JJ.")]
Part = Annotated[float | None, typer.Option(min=0, max=1)]
Fichier = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, readable=True)]


def repeter(  # noqa: PLR0913, PLR0917 - each is an option of the command
    plan: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Tout le plan, en JSON."),
    ] = None,
    debut: Annotated[
        datetime | None,
        typer.Option(formats=_JOUR, help="Premier jour, où la campagne commence (AAAA-MM-JJ)."),
    ] = None,
    jours: Annotated[int | None, typer.Option(min=1, help="Jours d'envoi à Parcoursup.")] = None,
    septembre: Annotated[
        bool, typer.Option("--septembre", help="Jouer aussi le 1er septembre d'Affelnet.")
    ] = False,
    suivante: Jour = None,
    nuit: Jour = None,
    regles: Fichier = None,
    regles_en_plus: Fichier = None,
    decisions_parcoursup: Annotated[int | None, typer.Option(min=0)] = None,
    decisions_affelnet: Annotated[int | None, typer.Option(min=0)] = None,
    refus: Part = None,
    perdues: Part = None,
    limite: Annotated[int | None, typer.Option(min=1, help="Envois par jour.")] = None,
    graine: Annotated[str | None, typer.Option(help="Même graine, même répétition.")] = None,
    rapport: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Où écrire le rapport entier, en JSON.")
    ] = None,
    nettoyer: Annotated[
        bool, typer.Option("--nettoyer", help="Seulement effacer les répétitions interrompues.")
    ] = False,
) -> None:
    """Joue une campagne sur une copie : ce qui partirait, serait refusé, disparaîtrait.

    Rien n'est écrit dans l'état réel, aucun événement ni courriel ne part ; la copie est effacée à
    la fin. `--regles` remplace les règles en vigueur, `--regles-en-plus` les complète ; `--nuit`
    est celle d'un flux amputé ; `--refus` et `--perdues` sont des parts de Parcoursup simulé.
    """
    if nettoyer:
        _lancer("--nettoyer")
        return
    if (plan is None) == (debut is None):
        fail("dites soit --plan FICHIER, soit --debut AAAA-MM-JJ.", code=2)
    simulation = _dits(refus=refus, perdues=perdues)
    options = _dits(
        jour=_jour(debut),
        jours=jours,
        septembre=septembre or None,
        suivante=_jour(suivante),
        nuit=_jour(nuit),
        regles=_chemin(regles),
        regles_en_plus=_chemin(regles_en_plus),
        decisions_parcoursup=decisions_parcoursup,
        decisions_affelnet=decisions_affelnet,
        limite=limite,
        graine=graine,
        simulation=simulation or None,
    )
    with tempfile.TemporaryDirectory() as dossier:
        ecrit = plan or Path(dossier) / "plan.json"
        if plan is None:
            ecrit.write_bytes(orjson.dumps(options))
        _lancer(str(ecrit), *([str(rapport)] if rapport else []))


def _dits(**options: object) -> dict[str, Any]:
    return {nom: valeur for nom, valeur in options.items() if valeur is not None}


def _jour(jour: datetime | None) -> str | None:
    return jour.date().isoformat() if jour else None


def _chemin(fichier: Path | None) -> str | None:
    return str(fichier.absolute()) if fichier else None


def _lancer(*arguments: str) -> None:
    fini = subprocess.run([sys.executable, "-m", "services.repetition", *arguments], check=False)
    if fini.returncode:
        raise typer.Exit(fini.returncode)
