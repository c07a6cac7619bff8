"""`catalogue …`: every command, one line each."""

from services.cli import (
    campagnes,
    cles,
    deposer,
    index,
    rebuts,
    recalculer,
    reconcilier,
    reconstruire,
    references,
    regles,
    repeter,
    topics,
)
from services.cli.app import app
from services.cli.controle import commandes
from services.cli.run import command

__all__ = ["app"]

app.command("run")(command.run)
app.command("deposer")(deposer.deposer)
app.command("recalculer")(recalculer.recalculer)
app.command("repeter")(repeter.repeter)
app.command("reconcilier")(reconcilier.reconcilier)
app.command("comparer")(commandes.comparer)
app.command("livraisons")(commandes.livraisons)
app.add_typer(cles.app, name="cles")
app.add_typer(topics.app, name="topics")
app.add_typer(references.app, name="references")
app.add_typer(regles.app, name="regles")
app.add_typer(campagnes.app, name="campagnes")
app.add_typer(index.app, name="index")
app.add_typer(reconstruire.app, name="reconstruire")
app.add_typer(rebuts.app, name="rebuts")

if __name__ == "__main__":
    app()
