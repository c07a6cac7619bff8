"""A trace goes through the events; spans leave only when a collector is named."""

import asyncio
import sys
from collections.abc import Sequence

import pytest

from contracts.topics import OFFRES
from services.kernel.events import Record
from services.kernel.settings import KernelSettings
from services.kernel.tracing import current_traceparent
from tests.support.consuming import Recorder, consuming
from tests.support.kafka import EVENT, write
from tests.support.polling import eventually

pytestmark = pytest.mark.integration

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

SPAN = """
from services.kernel.settings import KernelSettings
from services.kernel.tracing import batch_span, current_traceparent, setup_tracing

setup_tracing(KernelSettings(), "collect")
with batch_span("consommer", ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]):
    print(current_traceparent())
"""


@pytest.mark.usefixtures("topics")
async def test_a_handler_follows_the_trace_of_its_records(settings: KernelSettings) -> None:
    followed: list[str | None] = []

    def look(_: Sequence[Record]) -> None:
        followed.append(current_traceparent())

    await write(settings, OFFRES, [b"{}"], headers=[*EVENT, ("traceparent", TRACE.encode())])
    async with consuming(settings, Recorder(look), OFFRES):
        await eventually(lambda: followed)
    assert followed == [TRACE]


async def test_spans_are_sent_to_the_collector_that_is_named() -> None:
    received: asyncio.Queue[bytes] = asyncio.Queue()

    async def collect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        await received.put(head + await reader.readexactly(length))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(collect, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        printed = await run_span({"CATALOGUE_TRACES_OTLP": f"http://127.0.0.1:{port}"})
        sent = await asyncio.wait_for(received.get(), 20)

    assert sent.startswith(b"POST /v1/traces ")
    assert bytes.fromhex(TRACE.split("-")[1]) in sent or b"gzip" in sent
    assert printed.split("-")[1] == TRACE.split("-")[1]
    assert printed.split("-")[2] != TRACE.split("-")[2]


async def test_no_span_is_made_by_default() -> None:
    assert await run_span({}) == TRACE


async def run_span(environment: dict[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SPAN, env=environment, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode().strip()
