"""`catalogue rebuts`: the records that consumers set aside."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from contracts.topics import TOPICS
from services.cli.app import group
from services.cli.console import fail, run, sortie, table
from services.kernel.french import instant, pluriel
from services.kernel.mongo import connect
from services.kernel.rebuts import ParkedEntry, list_parked, redrive, resume
from services.kernel.settings import KernelSettings

app = group("Les enregistrements mis à l'écart : lister, relancer, reprendre.")

_NAMES: Final = {topic.name: topic for topic in TOPICS}


class Service(StrEnum):
    """The services that consume."""

    COLLECT = "collect"
    ENRICH = "enrich"
    SEARCH = "search"
    EXPORT = "export"


@app.command()
def lister(
    topic: Annotated[str | None, typer.Option(help="D'un topic d'origine seulement.")] = None,
) -> None:
    """Liste ce qui attend d'être relancé, avec la raison."""
    entries = run(_list(topic))
    shown = table("Rebuts", "Origine", "Code", "Raison", "Groupe", "Depuis")
    for entry in entries:
        shown.add_row(entry.id, entry.code, entry.reason, entry.group, instant(entry.parked_at))
    sortie.print(shown if entries else "Aucun rebut.")


@app.command()
def relancer(
    origines: Annotated[
        list[str] | None, typer.Argument(help="Origines, telles que `lister` les montre.")
    ] = None,
    tous: Annotated[bool, typer.Option("--tous", help="Tous les rebuts.")] = False,
) -> None:
    """Renvoie des rebuts à leur topic d'origine, une fois la cause corrigée."""
    if bool(origines) == tous:
        fail("donnez des origines, ou --tous.", code=2)
    ids = [entry.id for entry in run(_list(None))] if tous else list(origines or ())
    sent = run(redrive(KernelSettings(), ids))
    sortie.print(f"{pluriel(len(sent), 'enregistrement relancé', 'enregistrements relancés')}.")
    missing = [identifier for identifier in ids if identifier not in sent]
    if missing:
        fail(f"inconnus : {', '.join(missing)}")


@app.command()
def reprendre(
    service: Annotated[Service, typer.Argument(help="Celui dont la chaîne est arrêtée.")],
) -> None:
    """Relance la chaîne d'un service arrêtée parce que presque tout y était invalide.

    Ce qui est déjà dans les topics et reste invalide sera mis à l'écart.
    """
    run(_resume(service))
    sortie.print(f"Chaîne de « {service} » relancée.")


async def _list(topic: str | None) -> list[ParkedEntry]:
    if topic is not None and topic not in _NAMES:
        fail(f"topic inconnu : {topic}. Connus : {', '.join(_NAMES)}", code=2)
    return await list_parked(KernelSettings(), [_NAMES[topic]] if topic else TOPICS)


async def _resume(service: str) -> None:
    settings = KernelSettings()
    client = connect(settings)
    try:
        await resume(client, settings, service)
    finally:
        await client.close()
