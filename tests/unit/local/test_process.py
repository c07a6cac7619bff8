import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.process import Process
from tests.support.polling import eventually

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
IGNORE = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
DEAF = [sys.executable, "-c", f"{IGNORE}; print('ready', flush=True); time.sleep(60)"]


@pytest.fixture
def spawn(tmp_path: Path) -> Iterator[Callable[[list[str]], Process]]:
    started = []

    def start(command: list[str]) -> Process:
        started.append(Process.spawn(command, tmp_path / "log", detached=False))
        return started[-1]

    yield start
    for process in started:
        process.kill()


def test_a_process_stops_on_request_and_is_reaped(
    spawn: Callable[[list[str]], Process],
) -> None:
    process = spawn(SLEEP)
    assert process.is_alive()
    assert process.stop(10)
    assert not Path(f"/proc/{process.pid}").exists()


async def test_one_that_does_not_listen_is_killed_at_the_deadline(
    spawn: Callable[[list[str]], Process], tmp_path: Path
) -> None:
    process = spawn(DEAF)
    await eventually(lambda: "ready" in (tmp_path / "log").read_text())
    assert not process.stop(0.2)
    assert not process.is_alive()


def test_output_goes_to_the_log(spawn: Callable[[list[str]], Process], tmp_path: Path) -> None:
    spawn([sys.executable, "-c", "import sys; print('out'); sys.exit('err')"]).wait(10)
    # Both streams; which one Python empties first at its end depends on its environment.
    assert sorted((tmp_path / "log").read_text().split()) == ["err", "out"]


def test_a_written_process_is_found_again_while_it_lives(
    spawn: Callable[[list[str]], Process], tmp_path: Path
) -> None:
    process = spawn(SLEEP)
    process.write(tmp_path / "pid")
    assert Process.read(tmp_path / "pid") == process
    process.kill()
    assert Process.read(tmp_path / "pid") is None


def test_another_process_under_a_reused_id_is_not_taken_for_it(tmp_path: Path) -> None:
    reused = {"pid": os.getpid(), "started": 1, "detached": False}
    (tmp_path / "pid").write_text(json.dumps(reused))
    assert Process.read(tmp_path / "pid") is None


def test_a_file_cut_short_by_a_crash_is_no_process(tmp_path: Path) -> None:
    (tmp_path / "pid").write_text('{"pid": 1')
    assert Process.read(tmp_path / "pid") is None


async def test_a_process_ends_with_its_parent_even_killed(tmp_path: Path) -> None:
    parent_code = (
        "import sys, time; from pathlib import Path; from deploy.local.process import Process\n"
        f"child = Process.spawn({SLEEP!r}, Path({str(tmp_path / 'log')!r}), detached=False)\n"
        f"child.write(Path({str(tmp_path / 'child')!r})); time.sleep(60)"
    )
    parent = Process.spawn([sys.executable, "-c", parent_code], tmp_path / "log", detached=False)
    await eventually(lambda: Process.read(tmp_path / "child") is not None)
    parent.kill()
    await eventually(lambda: Process.read(tmp_path / "child") is None)
