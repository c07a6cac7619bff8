"""`catalogue campagnes`: what would change is shown; nothing is asked for without --appliquer."""

from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner, Result

from services.cli.__main__ import app
from tests.unit.cli.faux_export import Answer, FauxExport, listening

APERCU: Final = {
    "vues": 39510,
    "changees": 2,
    "passages": [
        {"avant": "publié", "apres": "à publier", "nombre": 2, "exemples": []},
    ],
    "sortes": {"identifiants_effaces": 1},
    "par_academie": [],
}
COMPARAISON: Final = {
    "saison": "2020",
    "perimetre": 12,
    "presentes": 9,
    "causes": {"closed": 1, "qualiopi_lost": 2, "not_updated": 0, "other": 0},
    "par_academie": [
        {
            "academie": "Nantes",
            "perimetre": 12,
            "presentes": 9,
            "causes": {"closed": 1, "qualiopi_lost": 2, "not_updated": 0, "other": 0},
        }
    ],
}
DEMARRAGE: Final = "/v1/campagnes/parcoursup/demarrage"
SEPTEMBRE: Final = "/v1/campagnes/affelnet/septembre"


def operation(etape: str) -> dict[str, Any]:
    return {"id": "septembre-affelnet-2020", "etape": etape, "comptes": {"echues": 3}}


def run(fake: FauxExport, *arguments: str) -> Result:
    with listening(fake) as address:
        return CliRunner().invoke(
            app,
            ["campagnes", *arguments],
            env={
                "CATALOGUE_CLE_ADMIN": "cat_secret",
                "CATALOGUE_ADRESSE_EXPORT": address,
                "COLUMNS": "200",
            },
        )


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (["demarrer", "parcoursup", "2021-09-15"], f"GET {DEMARRAGE}/apercu?debut=2021-09-15"),
        (["septembre"], f"GET {SEPTEMBRE}/apercu"),
    ],
)
def test_a_preview_is_all_that_is_asked_for(arguments: list[str], asked: str) -> None:
    answers: dict[str, list[Answer]] = {asked.partition("?")[0]: [(200, APERCU)]}
    fake = FauxExport(answers)

    shown = run(fake, *arguments)

    assert shown.exit_code == 0, shown.output
    assert fake.asked == [asked]
    assert fake.keys == {"Bearer cat_secret"}
    assert "à publier" in shown.output
    assert "Rien n'est écrit" in shown.output


def test_the_list_of_a_preview_is_written_with_the_same_question(tmp_path: Path) -> None:
    fake = FauxExport(
        {
            f"GET {DEMARRAGE}/apercu": [(200, APERCU)],
            f"GET {DEMARRAGE}/apercu.csv": [(200, b"id;avant;apres\n")],
        }
    )
    fichier = tmp_path / "offres.csv"

    shown = run(fake, "demarrer", "parcoursup", "2021-09-15", "--csv", str(fichier))

    assert shown.exit_code == 0, shown.output
    assert fake.asked[1] == f"GET {DEMARRAGE}/apercu.csv?debut=2021-09-15"
    assert fichier.read_bytes() == b"id;avant;apres\n"


def test_a_list_that_cannot_be_had_leaves_the_former_as_it_was(tmp_path: Path) -> None:
    fake = FauxExport(
        {f"GET {SEPTEMBRE}/apercu": [(200, APERCU)], f"GET {SEPTEMBRE}/apercu.csv": [(503, {})]}
    )
    fichier = tmp_path / "offres.csv"
    fichier.write_text("ancienne")

    shown = run(fake, "septembre", "--csv", str(fichier))

    assert shown.exit_code == 1
    assert [un.name for un in tmp_path.iterdir()] == ["offres.csv"]
    assert fichier.read_text() == "ancienne"


def test_a_start_is_asked_for_with_its_day() -> None:
    fake = FauxExport({f"POST {DEMARRAGE}": [(202, operation("photographie"))]})

    shown = run(fake, "demarrer", "parcoursup", "2021-09-15", "--appliquer")

    assert shown.exit_code == 0, shown.output
    assert fake.asked == [f"POST {DEMARRAGE}"]
    assert fake.bodies == [{"debut": "2021-09-15"}]


def test_an_operation_is_followed_to_its_end() -> None:
    fake = FauxExport(
        {
            f"POST {SEPTEMBRE}": [(202, operation("echeances"))],
            "GET /v1/operations/septembre-affelnet-2020": [(200, operation("terminee"))],
        }
    )

    shown = run(fake, "septembre", "--appliquer", "--suivre")

    assert shown.exit_code == 0, shown.output
    assert "étape terminee" in shown.output
    assert "echues" in shown.output


def test_a_refusal_is_told_and_ends_the_command() -> None:
    fake = FauxExport({f"POST {SEPTEMBRE}": [(409, {"detail": "Pas avant le 1er septembre."})]})

    shown = run(fake, "septembre", "--appliquer")

    assert shown.exit_code == 1
    assert "Pas avant le 1er septembre." in shown.output


def test_what_vanished_is_counted_by_cause_and_academie() -> None:
    adresse = "/v1/campagnes/affelnet/comparaison"
    fake = FauxExport({f"GET {adresse}": [(200, COMPARAISON)]})

    shown = run(fake, "comparer", "affelnet", "--academie", "17")

    assert shown.exit_code == 0, shown.output
    assert fake.asked == [f"GET {adresse}?academie=17&limite=0"]
    # A narrow console wraps the heads of columns.
    assert {"certification", "perdue"} <= set(shown.output.replace("┃", " ").split())
    assert "Nantes" in shown.output
