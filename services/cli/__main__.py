"""`catalogue …`: every command, one line each."""

from services.cli import cles, deposer, rebuts, references, topics
from services.cli.app import app

__all__ = ["app"]

app.command("deposer")(deposer.deposer)
app.add_typer(cles.app, name="cles")
app.add_typer(topics.app, name="topics")
app.add_typer(references.app, name="references")
app.add_typer(rebuts.app, name="rebuts")

if __name__ == "__main__":
    app()
