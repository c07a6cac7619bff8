"""How a process starts and stops."""

import json
import os
import signal
import subprocess
import sys

import pytest

PROGRAM = """
import asyncio
from services.kernel.logs import logger
from services.kernel.process import run_processes, stop_event
from services.kernel.tracing import following

async def api():
    stop = stop_event()
    with following("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"):
        logger.info("pret", cle="é")
    await stop.wait()

run_processes("collect", {"api": api})
"""


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"]},
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_0_and_its_logs_are_json(number: signal.Signals) -> None:
    with start("api") as process:
        assert process.stdout is not None
        begun = [json.loads(process.stdout.readline()) for _ in range(2)]
        process.send_signal(number)
        rest = [json.loads(line) for line in process.stdout]
        assert process.wait() == 0
    assert [line["event"] for line in begun + rest] == [
        "demarrage",
        "pret",
        "arret_demande",
        "arret",
    ]
    assert begun[1]["service"] == "collect"
    assert begun[1]["processus"] == "api"
    assert begun[1]["cle"] == "é"
    assert begun[1]["trace"] == "0af7651916cd43dd8448eb211c80319c"


@pytest.mark.parametrize("arguments", [(), ("inconnu",), ("api", "api")])
def test_an_unknown_name_is_told_the_known_ones(arguments: tuple[str, ...]) -> None:
    with start(*arguments) as process:
        _, said = process.communicate()
    assert process.returncode == 2
    assert said == "usage : python -m services.collect api\n"
