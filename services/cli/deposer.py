"""`catalogue deposer FICHIER`: stream a file of offers and follow it to the end."""

import time
from pathlib import Path
from typing import Annotated, Final

import httpx
import typer
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)

from contracts.depot import EtatDepot, VueDepot
from services.cli.collecte import Collecte, Refused
from services.cli.console import erreurs, fail, sortie, table
from services.kernel.french import nombre
from services.kernel.settings import KernelSettings

_POLL_S: Final = 0.3
_STAGES: Final = ("deposees", "enrichies", "indexees", "evaluees")
_LABELS: Final = ("déposées", "enrichies", "indexées", "évaluées")
_UPLOAD_TIMEOUT: Final = httpx.Timeout(30.0, read=None)  # the answer comes after the last line


def deposer(
    fichier: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            readable=True,
            help="CSV, JSON ou JSON Lines ; .gz accepté.",
        ),
    ],
    cle: Annotated[str, typer.Option(envvar="CATALOGUE_CLE", help="Clé d'API du déposant.")],
    adresse: Annotated[
        str | None, typer.Option(help="De l'API de dépôt ; sinon CATALOGUE_ADRESSE_COLLECT.")
    ] = None,
    attendre: Annotated[
        bool,
        typer.Option("--attendre/--sans-attendre", help="Suivre jusqu'à la dernière étape."),
    ] = True,
    patience: Annotated[
        float, typer.Option(min=1, help="Secondes sans aucun progrès avant d'abandonner.")
    ] = 120.0,
    depublication: Annotated[
        bool, typer.Option("--depublication", help="Admettre une dépublication en masse.")
    ] = False,
) -> None:
    """Dépose un fichier d'offres et suit son avancement.

    Se termine par 0 dès lors que le dépôt est allé au bout, même avec des lignes refusées : le
    rapport les dit.
    """
    base = adresse or str(KernelSettings().adresse_collect)
    headers = {"Authorization": f"Bearer {cle}"}
    with httpx.Client(base_url=base, headers=headers, timeout=_UPLOAD_TIMEOUT) as client:
        collecte = Collecte(client)
        try:
            depot = _upload(collecte, fichier, depublication)
            if attendre:
                depot = follow(collecte, depot, patience)
        except Refused as refused:
            fail(str(refused))
    _report(depot, base)
    if depot.etat is EtatDepot.ECHOUE:
        fail(depot.echec.detail if depot.echec else "le dépôt a échoué.")
    if attendre and not depot.termine:
        fail(f"plus aucun progrès depuis {patience:g} s ; rien n'est perdu, le dépôt continue.", 3)


def follow(collecte: Collecte, depot: VueDepot, patience: float) -> VueDepot:
    """Show a bar per stage until the deposit is done, or nothing moved for `patience` seconds."""
    moved = time.monotonic()
    with _bars(
        TextColumn("{task.description:>10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:>14}"),
    ) as progress:
        tasks = [progress.add_task(label, total=None, rate="") for label in _LABELS]
        while True:
            _show(progress, tasks, depot)
            if depot.termine or time.monotonic() - moved > patience:
                return depot
            time.sleep(_POLL_S)
            before, depot = depot, collecte.depot(depot.id)
            if depot != before:
                moved = time.monotonic()


def _show(progress: Progress, tasks: list[TaskID], depot: VueDepot) -> None:
    total = depot.lignes.recues if depot.etat is EtatDepot.RECU else None
    for task, stage in zip(tasks, _STAGES, strict=True):
        done = getattr(depot.avancement, stage)
        speed = progress.tasks[task].speed
        rate = f"{nombre(speed)} lignes/s" if speed else ""
        progress.update(task, completed=done, total=total, rate=rate)


def _upload(collecte: Collecte, file: Path, depublication: bool) -> VueDepot:
    with _bars(
        TextColumn("{task.description:>10}"),
        BarColumn(),
        DownloadColumn(binary_units=True),
        TransferSpeedColumn(),
    ) as progress:
        task = progress.add_task("envoi", total=file.stat().st_size)
        return collecte.deposer(
            file, lambda size: progress.advance(task, size), depublication=depublication
        )


def _bars(*columns: ProgressColumn) -> Progress:
    return Progress(*columns, TimeElapsedColumn(), console=erreurs)


def _report(depot: VueDepot, base: str) -> None:
    counts = depot.lignes
    shown = table(f"Dépôt {depot.id}", "Lignes", "Nombre")
    for label, count in (
        ("reçues", counts.recues),
        ("acceptées", counts.acceptees),
        ("à corriger", counts.a_corriger),
        ("refusées", counts.refusees),
        ("identiques", counts.identiques),
        ("ignorées", counts.ignorees),
    ):
        shown.add_row(label, nombre(count))
    sortie.print(shown)
    if depot.constats:
        found = table("Constats", "Nombre", "Gravité", "Message")
        for constat in depot.constats:
            found.add_row(nombre(constat.nombre), constat.gravite.value, constat.message)
        sortie.print(found)
    sortie.print(f"Détail : {base.rstrip('/')}/v1/depots/{depot.id}/lignes", soft_wrap=True)
