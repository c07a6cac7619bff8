"""How commands speak: results on standard output, the rest on standard error, errors in a line."""

import asyncio
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

import typer
from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError
from rich.console import Console
from rich.table import Table

from services.kernel.errors import Retry
from services.kernel.problem import Problem
from services.kernel.transient import is_transient

T = TypeVar("T")

sortie = Console()
erreurs = Console(stderr=True)


def fail(message: str, code: int = 1) -> NoReturn:
    """End the command with a message and an exit code that is not zero."""
    erreurs.print(f"[bold red]Échec :[/] {message}", soft_wrap=True)
    raise typer.Exit(code)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end; a problem, or a server that is not there, ends the command with a line."""
    try:
        return asyncio.run(work)
    except Problem as problem:
        fail(problem.detail)
    except (Retry, PyMongoError, KafkaError, OSError) as error:
        if is_transient(error):
            fail(f"un serveur ne répond pas ({error}). Les serveurs sont-ils démarrés ?")
        raise


def table(title: str, *columns: str) -> Table:
    """Return an empty table in the command's style."""
    made = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made
