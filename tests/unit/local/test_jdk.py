from pathlib import Path

import pytest

from deploy.local.errors import StackError
from deploy.local.jdk import REQUIRED_MODULES, candidate_homes, choose, inspect


def jdk(folder: Path, version: str, modules: str | None = None, *, compiler: bool = True) -> Path:
    home = folder / f"jdk-{version}"
    (home / "bin").mkdir(parents=True)
    for tool in ("java", "javac") if compiler else ("java",):
        (home / "bin" / tool).touch(mode=0o755)
    listed = " ".join(REQUIRED_MODULES) if modules is None else modules
    (home / "release").write_text(f'JAVA_VERSION="{version}"\nMODULES="{listed}"\n')
    return home


def no_engine() -> str | None:
    return None


def test_the_newest_fitting_jdk_wins_whatever_its_place(tmp_path: Path) -> None:
    homes = [jdk(tmp_path, version) for version in ("17.0.15", "21.0.9", "25.0.3", "25.0.1")]
    assert choose(homes, no_engine).label == "25.0.3"


def test_versions_compare_as_numbers(tmp_path: Path) -> None:
    homes = [jdk(tmp_path, "21.0.9"), jdk(tmp_path, "21.0.10")]
    assert choose(homes, no_engine).label == "21.0.10"


def test_a_first_release_without_a_minor_number_fits(tmp_path: Path) -> None:
    assert choose([jdk(tmp_path, "21")], no_engine).label == "21"


def test_a_newer_runtime_without_tools_does_not_win(tmp_path: Path) -> None:
    complete = jdk(tmp_path, "21.0.9")
    homes = [jdk(tmp_path, "25.0.3", compiler=False), jdk(tmp_path, "24", "java.base"), complete]
    assert choose(homes, no_engine).home == complete


def test_a_too_old_jdk_is_named_in_one_line_with_what_to_install(tmp_path: Path) -> None:
    old = jdk(tmp_path, "17.0.15")
    with pytest.raises(StackError) as refusal:
        choose([old], no_engine)
    message = str(refusal.value)
    assert f"trouvé : 17.0.15 dans {old}" in message
    assert "apt-get install openjdk-21-jdk" in message
    assert "\n" not in message
    assert "compose" not in message


def test_without_a_jdk_a_working_engine_is_proposed() -> None:
    with pytest.raises(StackError, match=r"aucun trouvé.*`podman compose up`"):
        choose([], lambda: "podman")


def test_an_engine_is_not_asked_when_a_jdk_fits(tmp_path: Path) -> None:
    asked: list[bool] = []

    def engine() -> str | None:
        asked.append(True)
        return None

    choose([jdk(tmp_path, "25.0.3")], engine)
    assert not asked


def test_candidates_are_java_home_then_path_then_folders_each_once(tmp_path: Path) -> None:
    first, second, third = (jdk(tmp_path / "jvm", version) for version in ("21", "22", "23"))
    link = tmp_path / "bin" / "java"
    link.parent.mkdir()
    link.symlink_to(second / "bin" / "java")
    environment = {"JAVA_HOME": str(third), "PATH": str(link.parent)}
    found = candidate_homes(environment, [str(tmp_path / "jvm"), str(tmp_path / "absent")])
    assert found == [third, second, first]


def test_a_folder_without_java_is_no_jdk(tmp_path: Path) -> None:
    assert inspect(tmp_path) is None
