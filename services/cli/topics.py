"""`catalogue topics`: what `contracts.topics` declares, made on the broker."""

from typing import Annotated

import typer

from services.cli.app import group
from services.cli.console import run, sortie, table
from services.kernel.settings import KernelSettings
from services.kernel.topics_admin import create_topics, describe_topics

app = group("Les topics Kafka : créer, lister.")


@app.command()
def creer(
    partitions: Annotated[
        int | None, typer.Option(min=1, help="Au lieu du nombre déclaré, hors topics de rebut.")
    ] = None,
    replication: Annotated[int, typer.Option(min=1, help="Copies de chaque partition.")] = 1,
) -> None:
    """Crée les topics qui manquent ; ceux qui existent restent comme ils sont."""
    created = run(create_topics(KernelSettings(), partitions=partitions, replication=replication))
    for name in created:
        sortie.print(f"créé : {name}", highlight=False)
    if not created:
        sortie.print("Tous les topics existent déjà.")


@app.command()
def lister() -> None:
    """Compare les topics déclarés avec ceux du serveur."""
    states = run(describe_topics(KernelSettings()))
    shown = table("Topics", "Nom", "Partitions", "Déclarées")
    for state in states:
        shown.add_row(state.name, str(state.partitions or "absent"), str(state.declared))
    sortie.print(shown)
