"""`catalogue reconcilier`: compare deposits, catalogue, index and publications, and repair."""

import time
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from typing import Annotated, Final

import typer

from services.cli.collecte import Refused
from services.cli.console import fail, sortie, table
from services.cli.ecarts import Comparaison, Ecart, Magasin, Nature, comparer
from services.cli.interne import Services
from services.kernel.french import nombre
from services.kernel.settings import KernelSettings

_MONTRES: Final = 20
_PAUSE_S: Final = 0.5


def reconcilier(
    cle: Annotated[
        str, typer.Option(envvar="CATALOGUE_CLE_ADMIN", help="Clé d'API d'un administrateur.")
    ],
    reparer: Annotated[
        bool,
        typer.Option("--reparer/--sans-reparer", help="Réémettre ce qui manque ou diffère."),
    ] = True,
    delai: Annotated[
        float, typer.Option(min=1, help="Secondes laissées aux réparations pour arriver.")
    ] = 120.0,
) -> None:
    """Compare les quatre magasins par nombre et par empreinte, et répare les écarts.

    Se termine par 0 quand tout concorde (au besoin après réparation), par 1 sinon.
    """
    services = Services(KernelSettings(), cle)
    try:
        comparison, found = compare(services)
        _show(comparison, found)
        if found and reparer:
            found = repair(services, found, delai)
            sortie.print(f"Après réparation : {nombre(len(found))} écart(s).")
    except Refused as refused:
        fail(str(refused))
    finally:
        services.close()
    if found:
        fail(f"{nombre(len(found))} écart(s) entre les magasins.")


def compare(services: Services) -> tuple[Comparaison, list[Ecart]]:
    """Return the counts and the differences; raises `Refused` when a service does not answer."""
    comparison = Comparaison()
    with services.empreintes() as streams:
        return comparison, list(comparer(streams, comparison))


def repair(services: Services, found: Iterable[Ecart], patience: float) -> list[Ecart]:
    """Have each source send again what its follower lacks; return what still differs at the end.

    What is in excess is never erased: a source that lost something is for a person to judge.
    """
    until = time.monotonic() + patience
    remaining = list(found)
    _resend(services, remaining)
    while time.monotonic() < until:
        time.sleep(_PAUSE_S)
        before, (_, remaining) = len(remaining), compare(services)
        if not remaining or all(ecart.nature is Nature.EN_TROP for ecart in remaining):
            break
        if len(remaining) > before:  # a repaired source made its own follower late
            _resend(services, remaining)
    return remaining


def _resend(services: Services, found: Iterable[Ecart]) -> None:
    by_source: dict[Magasin, dict[str, None]] = defaultdict(dict)
    for ecart in found:
        if ecart.nature is not Nature.EN_TROP:
            by_source[ecart.lien.source][ecart.id] = None
    for source, ids in by_source.items():
        services.reemettre(source, list(ids))


def _show(comparison: Comparaison, found: list[Ecart]) -> None:
    counts = table("Magasins", "Magasin", "Formations")
    for store, count in comparison.nombres.items():
        counts.add_row(store, nombre(count))
    sortie.print(counts)
    if not found:
        sortie.print("Aucun écart.")
        return
    listed = table(f"{nombre(len(found))} écart(s)", "Formation", "De", "Vers", "Quoi", "Écart")
    for ecart in islice(found, _MONTRES):
        lien = ecart.lien
        listed.add_row(ecart.id, lien.source, lien.suivant, lien.quoi, ecart.nature)
    sortie.print(listed)
