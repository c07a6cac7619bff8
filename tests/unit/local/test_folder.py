import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.cache import built_once, cache_folder, digest
from deploy.local.errors import StackError
from deploy.local.lock import FolderLock


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_folder_has_one_owner_who_is_named(tmp_path: Path) -> None:
    owner = FolderLock(tmp_path)
    owner.acquire()
    second = (
        "from pathlib import Path; from deploy.local.lock import FolderLock;"
        f"FolderLock(Path({str(tmp_path)!r})).acquire()"
    )
    refused = subprocess.run(
        [sys.executable, "-c", second], capture_output=True, text=True, check=False
    )
    assert "se sert déjà de" in refused.stderr
    owner.release()
    subprocess.run([sys.executable, "-c", second], check=True)


def test_the_owner_may_ask_again(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    lock.acquire()
    lock.acquire()
    lock.release()


def test_what_is_in_the_cache_is_not_built_again() -> None:
    built = built_once("thing", lambda into: (into / "file").touch())

    def fail(_: Path) -> None:
        pytest.fail("built twice")

    assert built_once("thing", fail) == built
    assert (built / "file").exists()


def test_a_failed_build_leaves_nothing_and_can_be_tried_again() -> None:
    def fail(into: Path) -> None:
        (into / "half").touch()
        raise StackError

    with pytest.raises(StackError):
        built_once("thing", fail)
    assert [entry.name for entry in cache_folder().iterdir()] == ["thing.lock"]
    assert built_once("thing", lambda _: None).is_dir()


def test_a_digest_depends_on_names_and_content(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("same")
    other.write_text("same")
    before = digest([one])
    assert digest([other]) != before
    one.write_text("changed")
    assert digest([one]) != before
