"""Streams: whole when they are, cut when they are cut, stopped when they are too large."""

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.bodies import inflated
from services.kernel.problem import BadRequest, TooLarge
from services.kernel.settings import KernelSettings
from tests.unit.kernel_http.apps import client, make_app, settings

MIB = 1024 * 1024


async def chunks(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def read(data: bytes, size: int = 65536, config: KernelSettings | None = None) -> bytes:
    async def all_of_it() -> bytes:
        return b"".join(
            [piece async for piece in inflated(chunks(data, size), config or settings())]
        )

    return asyncio.run(all_of_it())


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(MIB)) for _ in range(size // MIB)) + packer.flush()


@given(st.binary(max_size=5_000), st.integers(1, 700))
def test_gzip_is_inflated_however_it_is_cut_in_chunks(data: bytes, size: int) -> None:
    assert read(gzip.compress(data), size) == data


@given(st.binary(max_size=500).filter(lambda data: data[:2] != b"\x1f\x8b"), st.integers(1, 50))
def test_what_is_not_gzip_passes_as_it_is(data: bytes, size: int) -> None:
    assert read(data, size) == data


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.integers(0, 20))
def test_members_follow_each_other_and_padding_is_skipped(parts: list[bytes], zeros: int) -> None:
    packed = b"".join(gzip.compress(part) for part in parts) + bytes(zeros)

    assert read(packed, 33) == b"".join(parts)


@given(st.binary(min_size=1, max_size=2_000), st.data())
def test_a_cut_gzip_is_always_noticed(data: bytes, draw: st.DataObject) -> None:
    packed = gzip.compress(data)
    kept = draw.draw(st.integers(2, len(packed) - 1))

    with pytest.raises(BadRequest) as cut:
        read(packed[:kept], 100)

    assert cut.value.code == "gzip_tronque"


@pytest.mark.parametrize("rest", [b"junk after the end", b"\x1f\x8bnot a member"])
def test_a_broken_gzip_is_told_from_a_cut_one(rest: bytes) -> None:
    with pytest.raises(BadRequest) as broken:
        read(gzip.compress(b"abc") + rest)

    assert broken.value.code == "gzip_illisible"


def test_a_bomb_is_stopped_early_with_flat_memory() -> None:
    packed = bomb(256 * MIB)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge) as stopped:
            read(packed)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert stopped.value.code == "dilatation_excessive"
    assert "100 fois" in stopped.value.detail
    assert peak < 4 * MIB


def test_a_real_ratio_passes() -> None:
    line = b'{"cle_ministere_educatif":"%d","etablissement":"CFA","duree":2}\n'
    data = b"".join(line % number for number in range(60_000))

    assert read(gzip.compress(data)) == data


def test_the_absolute_limit_is_told() -> None:
    with pytest.raises(TooLarge) as stopped:
        read(gzip.compress(bytes(range(256)) * 80), config=settings(flux_decompresse_max=10_240))

    assert "10\u00a0Kio" in stopped.value.detail


async def test_other_work_goes_on_while_a_large_body_is_inflated() -> None:
    packed = bomb(64 * MIB)
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(beat())
    config = settings(flux_ratio_max=10_000)
    async for _ in inflated(chunks(packed, len(packed)), config):
        pass
    other.cancel()

    assert beats > 64


KEY = {"X-Api-Key": "auteur"}


@pytest.mark.parametrize("headers", [{}, {"content-encoding": "gzip"}, {"content-encoding": "br"}])
async def test_a_route_reads_gzip_announced_or_not_and_no_other_encoding(
    headers: dict[str, str],
) -> None:
    async with client(make_app()) as http:
        answer = await http.post(
            "/v1/flux", content=gzip.compress(b"a" * 5_000), headers={**KEY, **headers}
        )

    if headers.get("content-encoding") == "br":
        assert answer.status_code == 415
    else:
        assert answer.json() == 5_000


async def test_a_streamed_body_may_exceed_the_ordinary_limit_but_not_its_own() -> None:
    async with client(make_app(settings(corps_max=100, flux_max=10_000)), **KEY) as http:
        fits = await http.post("/v1/flux", content=b"x" * 10_000)
        exceeds = await http.post("/v1/flux", content=b"x" * 10_001)
        endless = await http.post("/v1/flux", content=chunks(b"x" * 20_000, 64))

    assert fits.json() == 10_000
    assert [exceeds.status_code, endless.status_code] == [413, 413]
    assert exceeds.json()["limite_octets"] == 10_000
