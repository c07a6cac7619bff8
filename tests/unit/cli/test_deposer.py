"""`catalogue deposer`: streams, follows, reports; fails only when the deposit did."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services.cli.__main__ import app
from services.cli.collecte import Refused, media_type
from tests.unit.cli.faux_collect import FakeCollect, listening, view

CONTENT = b'{"cfd":"50022137"}\n' * 3


@pytest.fixture
def offers(tmp_path: Path) -> Path:
    path = tmp_path / "offres.jsonl"
    path.write_bytes(CONTENT)
    return path


def deposit(fake: FakeCollect, file: Path, *options: str) -> Result:
    with listening(fake) as address:
        return CliRunner().invoke(
            app,
            ["deposer", str(file), "--adresse", address, *options],
            env={"CATALOGUE_CLE": "cat_secret", "COLUMNS": "200"},
        )


def test_a_deposit_is_followed_to_its_end_and_reported(offers: Path) -> None:
    constat = {"code": "x", "gravite": "refus", "message": "Le SIRET manque.", "nombre": 1}
    fake = FakeCollect((202, view(0)), (200, view(2)), (200, view(3, constats=[constat])))

    result = deposit(fake, offers)

    assert result.exit_code == 0, result.output
    assert fake.body == CONTENT
    assert "Le SIRET manque." in result.output
    assert "/v1/depots/01D/lignes" in result.output


def test_refused_lines_are_no_failure_but_a_failed_deposit_is(offers: Path) -> None:
    failed = view(0, etat="echoue", echec={"code": "coupe", "detail": "Le fichier est coupé."})

    result = deposit(FakeCollect((202, view(0)), (200, failed)), offers)

    assert result.exit_code == 1
    assert "Le fichier est coupé." in result.output


def test_a_refusal_says_why_and_shows_no_key(offers: Path) -> None:
    problem = {"title": "Accès refusé", "detail": "Ce rôle ne dépose pas."}

    result = deposit(FakeCollect((403, problem)), offers)

    assert result.exit_code == 1
    assert "Ce rôle ne dépose pas." in result.output
    assert "cat_secret" not in result.output


def test_without_waiting_the_deposit_is_left_to_itself(offers: Path) -> None:
    result = deposit(FakeCollect((202, view(0)), (500, {})), offers, "--sans-attendre")

    assert result.exit_code == 0, result.output


def test_a_deposit_that_stands_still_ends_the_wait_with_a_code_of_its_own(offers: Path) -> None:
    result = deposit(FakeCollect((202, view(1))), offers, "--patience", "1")

    assert result.exit_code == 3
    assert "rien n'est perdu" in result.output


def test_a_server_that_is_not_there_is_said_in_a_line(offers: Path) -> None:
    with listening(FakeCollect((200, {}))) as address:
        pass
    result = CliRunner().invoke(
        app, ["deposer", str(offers), "--cle", "k", "--adresse", address], env={"COLUMNS": "200"}
    )

    assert result.exit_code == 1
    assert "ne répond pas" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("name", "packed", "expected"),
    [
        ("a.csv", False, {"content-type": "text/csv"}),
        ("a.json", False, {"content-type": "application/json"}),
        ("a.CSV.gz", True, {"content-type": "text/csv", "content-encoding": "gzip"}),
    ],
)
def test_the_name_tells_the_format(
    tmp_path: Path, name: str, packed: bool, expected: dict[str, Any]
) -> None:
    file = tmp_path / name
    file.write_bytes(gzip.compress(CONTENT) if packed else CONTENT)
    fake = FakeCollect((202, view(3)))

    deposit(fake, file)

    assert expected.items() <= fake.received.items()
    assert fake.received["authorization"] == "Bearer cat_secret"
    assert fake.received["content-length"] == str(file.stat().st_size)


def test_each_deposit_has_an_idempotency_key_of_its_own(offers: Path) -> None:
    first, second = FakeCollect((202, view(3))), FakeCollect((202, view(3)))
    deposit(first, offers)
    deposit(second, offers)

    assert first.received["idempotency-key"] != second.received["idempotency-key"]


def test_an_unknown_format_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(Refused, match=r"\.csv"):
        media_type(Path("offres.xlsx"))
