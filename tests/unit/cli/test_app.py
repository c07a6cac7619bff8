"""The command as a whole: named without accents, helped in French, errors in a line."""

import unicodedata

import pytest
import typer
from typer.testing import CliRunner

from contracts.portees import est_portee
from services.cli.__main__ import app
from services.cli.console import run
from services.kernel.errors import Retry
from services.kernel.problem import NotFound


def names(group: typer.Typer) -> list[str]:
    found = [
        command.name or command.callback.__name__  # type: ignore[union-attr]
        for command in group.registered_commands
    ]
    for child in group.registered_groups:
        assert child.name is not None
        assert child.typer_instance is not None
        found += [child.name, *names(child.typer_instance)]
    return found


def test_names_have_no_accent() -> None:
    assert all(unicodedata.normalize("NFKD", name).isascii() for name in names(app))
    assert {"deposer", "cles", "emettre", "topics", "creer", "rebuts", "reprendre"} <= {*names(app)}


@pytest.mark.parametrize("command", [[], ["cles"], ["topics"], ["rebuts"], ["deposer"]])
def test_every_command_explains_itself(command: list[str]) -> None:
    result = CliRunner().invoke(app, [*command, "--help"])

    assert result.exit_code == 0
    assert "Usage" in result.output


async def raising(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotFound("Aucune clé ne porte cet identifiant."), "Aucune clé"),
        (ConnectionRefusedError("127.0.0.1:9092"), "un serveur ne répond pas"),
    ],
)
def test_expected_errors_are_said_in_a_line(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        run(raising(error))

    assert ended.value.exit_code == 1
    assert said in capsys.readouterr().err


def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(KeyError):
        run(raising(KeyError("x")))


def test_a_transient_error_of_the_kernel_is_expected_too() -> None:
    with pytest.raises(typer.Exit):
        run(raising(Retry("MongoDB ne répond pas")))


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("*", True),
        ("siret:13002526500013", True),
        ("departement:2A", True),
        ("departement:974", True),
        ("region:84", True),
        ("academie:10", True),
        ("siret:123", False),
        ("departement:2C", False),
        ("pays:FR", False),
        ("", False),
    ],
)
def test_scopes_have_a_form(text: str, valid: bool) -> None:
    assert est_portee(text) is valid
