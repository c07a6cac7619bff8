"""The typer application; `__main__` registers each command's module in one line."""

import typer

app = typer.Typer(
    name="catalogue",
    help="Le catalogue des formations en apprentissage, en ligne de commande.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # a local may be a key
    rich_markup_mode="rich",
)


def group(help_text: str) -> typer.Typer:
    """Return an application for a family of sub-commands."""
    return typer.Typer(help=help_text, no_args_is_help=True)
