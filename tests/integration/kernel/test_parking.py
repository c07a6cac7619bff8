"""One bad record blocks nobody, is parked once, and returns (reliability.md §9, 8 and 9)."""

import signal
from collections.abc import Sequence

import orjson
import pytest

from contracts.topics import OFFRES
from services.kernel.events import Record
from services.kernel.rebuts import list_parked, redrive
from services.kernel.settings import KernelSettings
from tests.support.consuming import GROUP, Recorder, consuming
from tests.support.kafka import EVENT, committed, read_all, write
from tests.support.polling import eventually
from tests.support.processes import python_module

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("topics")]

GOOD = b'{"id": "x"}'
LARGE = b"[" + b"1," * 499_000 + b"1]"


def demanding(records: Sequence[Record]) -> None:
    """Be as careless as a handler can be: any type but the one expected is an error."""
    for record in records:
        if record.value and record.value.startswith(b'{"id"'):
            _ = record.json()["id"] + ""


@pytest.mark.parametrize(
    ("value", "headers", "code"),
    [
        pytest.param(b"\xff\xfe\x00garbage", EVENT, "json_illisible", id="bytes"),
        pytest.param(b'{"id": 12}', EVENT, "inattendu", id="wrong type"),
        pytest.param(b"[1, 2]", EVENT, "pas_un_objet", id="not an object"),
        pytest.param(LARGE, EVENT, "pas_un_objet", id="1 MB"),
        pytest.param(b"[" * 100_000, EVENT, "json_illisible", id="deep nesting"),
        pytest.param(b"", EVENT, "sans_contenu", id="empty"),
        pytest.param(None, EVENT, "sans_contenu", id="null"),
        pytest.param(GOOD, [], "entetes_absents", id="no headers"),
        pytest.param(GOOD, EVENT[:2], "sequence_absente", id="no sequence"),
        pytest.param(GOOD, [*EVENT[:2], ("ce_sequence", b"-1")], "sequence_absente", id="negative"),
        pytest.param(GOOD, [("ce_id", b"\xff"), *EVENT[1:]], "entete_illisible", id="header bytes"),
    ],
)
async def test_a_bad_record_is_parked_whole_and_its_neighbours_pass(
    settings: KernelSettings, value: bytes | None, headers: list[tuple[str, bytes]], code: str
) -> None:
    await write(settings, OFFRES, [GOOD] * 10, partition=0)
    await write(settings, OFFRES, [value], headers=headers, partition=0)
    await write(settings, OFFRES, [GOOD] * 10, partition=0)
    recorder = Recorder(demanding)

    async with consuming(settings, recorder, OFFRES):
        await eventually(lambda: done(settings, 21))

    (entry,) = await list_parked(settings)
    assert (entry.id, entry.code) == ("catalogue.offres.v1/0/10", code)
    assert (entry.key, entry.value, entry.headers) == (b"k0", value, headers)
    assert set(recorder.places) == {f"catalogue.offres.v1/0/{n}" for n in range(21) if n != 10}


async def test_a_record_parked_again_after_a_kill_is_one_entry(
    settings: KernelSettings, environment: dict[str, str]
) -> None:
    await write(settings, OFFRES, [GOOD, b"bad", GOOD], partition=0)
    module = "tests.support.consumer_process"
    async with python_module(module, "tue-apres-mise-a-l-ecart", environment=environment) as first:
        assert await first.wait() == -signal.SIGKILL
    assert len(await read_all(settings, OFFRES.rebut)) == 1
    assert await committed(settings, OFFRES, GROUP) == {}

    async with python_module(module, environment=environment):
        await eventually(lambda: done(settings, 3), deadline=40)

    assert len(await read_all(settings, OFFRES.rebut)) == 2
    assert [entry.id for entry in await list_parked(settings)] == ["catalogue.offres.v1/0/1"]


async def test_a_parked_record_returns_once_and_its_entry_is_erased(
    settings: KernelSettings,
) -> None:
    broken = True

    def fixed_later(records: Sequence[Record]) -> None:
        if broken and any(record.key == b"k1" for record in records):
            raise ValueError("une règle manquait")

    recorder = Recorder(fixed_later)
    values = [orjson.dumps({"id": str(number)}) for number in range(3)]
    await write(settings, OFFRES, values, partition=0)
    async with consuming(settings, recorder, OFFRES):
        (entry,) = await eventually(lambda: list_parked(settings))
        assert (entry.code, entry.reason) == ("inattendu", "ValueError: une règle manquait")
        broken = False

        assert await redrive(settings, [entry.id, "inconnu/0/1"]) == [entry.id]
        await eventually(lambda: recorder.applied.count(b"k1"))

        assert await redrive(settings, [entry.id]) == []
    assert recorder.applied.count(b"k1") == 1
    assert await list_parked(settings) == []
    returned = [record for record in await read_all(settings, OFFRES) if record.key == b"k1"]
    assert [record.value for record in returned] == [values[1]] * 2
    assert list(returned[1].headers) == EVENT


async def done(settings: KernelSettings, offset: int) -> bool:
    return (await committed(settings, OFFRES, GROUP)).get(0) == offset
