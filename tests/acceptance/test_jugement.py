"""The judge of the cases: what passes, what fails, what is skipped and why."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.__main__ import main
from tests.acceptance.execution import Fichier, executer, rapport, voisin
from tests.acceptance.jugement import Cas, Choix, Jugement, Regard, Verdict, egal, juger


def _cas(expect: dict[str, Any], **autres: Any) -> dict[str, Any]:  # noqa: ANN401 - any member
    return {"id": "un", "group": "g", "description": "", "given": {}, "expect": expect} | autres


def _juger(cas: dict[str, Any], reponse: dict[str, Any], regard: Regard | None = None) -> Jugement:
    return juger(cas, reponse, regard or Regard())


def test_a_case_passes_when_every_key_is_equal_and_the_others_are_not_judged() -> None:
    assert _juger(_cas({"a": 1}), {"a": 1, "b": 2}).verdict is Verdict.REUSSI


def test_a_difference_is_told_with_both_values() -> None:
    jugement = _juger(_cas({"a": 1}), {"a": 2})

    assert jugement == Jugement(Verdict.ECHOUE, ("a: expected 1, got 2",))


def test_a_key_that_is_not_answered_is_a_failure_even_for_null() -> None:
    assert _juger(_cas({"a": None}), {}).verdict is Verdict.ECHOUE


def test_what_is_told_for_information_is_not_judged() -> None:
    assert _juger(_cas({"a": 1, "historic_b": 2}), {"a": 1}).verdict is Verdict.REUSSI


def test_a_bug_that_is_not_reproduced_and_is_as_desired_passes() -> None:
    cas = _cas({"a": 1, "desired_a": 2}, historic_bug=True)

    assert _juger(cas, {"a": 2}).verdict is Verdict.REUSSI


def test_a_bug_that_is_reproduced_is_skipped() -> None:
    cas = _cas({"a": 1, "desired_a": 1}, historic_bug=True)

    assert _juger(cas, {"a": 1}) == Jugement(Verdict.SAUTE, ("reproduces the historic value",))


def test_a_bug_mended_otherwise_than_desired_is_skipped() -> None:
    cas = _cas({"a": 1, "desired_a": 2}, historic_bug=True)

    assert _juger(cas, {"a": 3}).verdict is Verdict.SAUTE


def test_a_desired_dictionary_asks_for_at_least_its_members() -> None:
    cas = _cas({"a": {"x": 1}, "desired_a": {"x": 2}}, historic_bug=True)

    assert _juger(cas, {"a": {"x": 2, "y": 3}}).verdict is Verdict.REUSSI


def test_what_the_old_system_never_answered_is_judged_by_what_is_desired() -> None:
    cas = _cas({"path": [1, 1], "desired_info": "Périmé"}, historic_bug=True)

    assert _juger(cas, {"path": [1, 1], "info": "Périmé"}).verdict is Verdict.REUSSI


def test_a_desired_key_of_a_plain_case_is_judged() -> None:
    assert _juger(_cas({"desired_a": 1}), {"a": 2}).verdict is Verdict.ECHOUE


def test_a_questionable_behaviour_is_skipped_with_its_record_only() -> None:
    choix = [Choix("g", lambda given: given.get("x") == 1, "decision 12")]
    autre = _cas({"a": 1}, given={"x": 1}, note="order-dependent")

    assert juger(autre, {"a": 2}, Regard(), choix) == Jugement(Verdict.SAUTE, ("decision 12",))
    assert juger(_cas({"a": 1}, note="n"), {"a": 2}, Regard(), choix).verdict is Verdict.ECHOUE
    assert juger(_cas({"a": 1}, given={"x": 1}), {"a": 2}, Regard(), choix).verdict is (
        Verdict.ECHOUE
    )


@pytest.mark.parametrize(
    ("attendu", "recu"),
    [
        ("2022-10-01", "2022-10-01T00:00:00.000Z"),
        ("2022-10-01 (local midnight Paris)", "2022-09-30T22:00:00Z"),
        ("2026-07-31T23:59:59.999Z", "2026-07-31T23:59:59.999000+00:00"),
        ("starts with ab", "abc"),
        ({"a": ["2022-10-01"]}, {"a": ["2022-10-01T00:00:00Z"]}),
    ],
)
def test_instants_are_compared_whatever_their_form(attendu: object, recu: object) -> None:
    assert egal(attendu, recu)


@pytest.mark.parametrize(("attendu", "recu"), [(1, True), (0, False), ("1", 1), ([1, 2], [2, 1])])
def test_what_is_not_the_same_is_not_taken_for_it(attendu: object, recu: object) -> None:
    assert not egal(attendu, recu)


def test_order_does_not_count_where_the_group_says_so() -> None:
    regard = Regard(sans_ordre=frozenset({"found"}))

    assert _juger(_cas({"found": [1, 2]}), {"found": [2, 1]}, regard).verdict is Verdict.REUSSI
    assert _juger(_cas({"found": [1, 2]}), {"found": [2]}, regard).verdict is Verdict.ECHOUE


def test_a_platform_id_is_the_same_as_text_and_as_number() -> None:
    assert _juger(_cas({"parcoursup_id": "56"}), {"parcoursup_id": 56}).verdict is Verdict.REUSSI


def test_a_group_or_a_shape_that_is_not_known_is_a_failure() -> None:
    inconnu = _cas({"a": 1}, group="inconnu")
    forme = _cas({"a": 1}, group="dates", given={"autre": 1})
    verdicts = [jugement.verdict for _, jugement in executer(Fichier([inconnu, forme], {}, None))]

    assert verdicts == [Verdict.ECHOUE, Verdict.ECHOUE]


@pytest.mark.parametrize(
    ("groupe", "given"),
    [
        ("enrichment/geo", {"autre": 1}),
        ("enrichment/geo", {"case": "autre"}),
        ("quality/établissement link", {}),
        ("quality/catalogue réglementaire", {"autre": 1}),
        ("quality/établissement de référence", {"autre": None}),
        ("histories", {"autre": 1}),
        ("identifiers/geo codes", {"autre": 1}),
        ("collection/key changes", {"autre": 1}),
    ],
)
def test_a_shape_that_a_group_does_not_know_is_never_answered(
    groupe: str, given: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "geo").mkdir()
    cas = _cas({}, group=groupe, given=given)

    assert [j.verdict for _, j in executer(Fichier([cas], {}, tmp_path))] == [Verdict.ECHOUE]


def test_the_next_month_is_that_after_the_computation() -> None:
    cas = _cas({"tags": ["2027"]}, group="dates", given={"periode": ["<next month>"]})
    fichier = Fichier([cas], {"now": "2026-12-31T12:00:00.000Z"}, None)

    assert [j for _, j in executer(fichier)] == [Jugement(Verdict.REUSSI)]


def test_the_tables_are_looked_for_beside_the_cases_then_beside_the_checkout(
    tmp_path: Path,
) -> None:
    fichier, depot = tmp_path / "a" / "cases" / "un.json", tmp_path / "b" / "depot"
    assert voisin(fichier, depot) is None

    (tmp_path / "b" / "donnees" / "refdata").mkdir(parents=True)
    assert voisin(fichier, depot) == tmp_path / "b" / "donnees" / "refdata"

    (tmp_path / "a" / "refdata").mkdir(parents=True)
    assert voisin(fichier, depot) == tmp_path / "a" / "refdata"


def test_the_report_counts_each_group_then_all() -> None:
    resultats: list[tuple[Cas, Jugement]] = [
        (_cas({}), Jugement(Verdict.REUSSI)),
        (_cas({}, id="deux"), Jugement(Verdict.SAUTE, ("raison",))),
        (_cas({}, id="trois", group="h"), Jugement(Verdict.ECHOUE, ("a: expected 1, got 2",))),
    ]

    assert list(rapport(resultats)) == [
        "g: 1 passed, 0 failed, 1 skipped",
        "h: 0 passed, 1 failed, 0 skipped",
        "deux: skipped: raison",
        "trois: a: expected 1, got 2",
        "1 passed, 1 failed, 1 skipped",
    ]


def test_the_command_says_by_its_code_whether_a_case_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    juste = _cas({"code": "RNCP1"}, group="identifiers/RNCP", given={"rncp": "1"})
    faux = _cas({"code": "RNCP2"}, group="identifiers/RNCP", given={"rncp": "1"}, id="deux")
    fichier = tmp_path / "cas.json"

    fichier.write_text(json.dumps({"cases": [juste]}), encoding="utf-8")
    assert main([str(fichier)]) == 0
    fichier.write_text(json.dumps({"cases": [juste, faux]}), encoding="utf-8")
    assert main([str(fichier)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 1 failed, 0 skipped"


def test_a_command_without_its_file_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "tests.acceptance FILE" in capsys.readouterr().err
