"""Transactions end, whatever their size; poison is found (reliability.md §2, performance.md §8)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
import pytest_asyncio
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from services.kernel.errors import Contention, RaceLost, Retry
from services.kernel.mongo import Client, Database, Store, connect, in_halves, in_transaction
from services.kernel.settings import KernelSettings

pytestmark = pytest.mark.integration


Insert = Callable[[Sequence[dict[str, Any]]], Awaitable[None]]


@pytest_asyncio.fixture
async def database(store: Store) -> Database:
    database = store.database("essai")
    await database.create_collection("choses")
    return database


async def stored(database: Database) -> int:
    return await database["choses"].count_documents({})


def inserting(client: Client, database: Database) -> Insert:
    async def insert(rows: Sequence[dict[str, Any]]) -> None:
        async def work(session: AsyncClientSession) -> None:
            await database["choses"].insert_many(rows, session=session)

        await in_transaction(client, work)

    return insert


async def test_two_transactions_on_one_document_both_happen(
    mongo: Client, database: Database
) -> None:
    await database["choses"].insert_one({"_id": 1, "n": 0})

    async def work(session: AsyncClientSession) -> None:
        found = await database["choses"].find_one({"_id": 1}, session=session)
        assert found is not None
        await database["choses"].replace_one({"_id": 1}, {"n": found["n"] + 1}, session=session)

    await asyncio.gather(*(in_transaction(mongo, work) for _ in range(2)))

    assert await database["choses"].find_one({"_id": 1}) == {"_id": 1, "n": 2}


async def test_a_lost_race_is_seen_by_the_next_attempt(mongo: Client, database: Database) -> None:
    attempts: list[bool] = []

    async def claim(session: AsyncClientSession) -> str:
        taken = await database["choses"].find_one({"_id": "alias"}, session=session)
        attempts.append(taken is not None)
        if taken:
            return "prise"
        await database["choses"].insert_one({"_id": "alias"})  # another one, meanwhile
        try:
            await database["choses"].insert_one({"_id": "alias"}, session=session)
        except DuplicateKeyError as error:
            raise RaceLost from error
        return "libre"

    assert await in_transaction(mongo, claim) == "prise"
    assert attempts == [False, True]


async def test_a_conflict_that_lasts_is_contention_not_an_endless_retry(
    mongo: Client, database: Database
) -> None:
    await database["choses"].insert_one({"_id": 1})
    async with mongo.start_session() as holder:
        await holder.start_transaction()
        await database["choses"].update_one({"_id": 1}, {"$set": {"n": 1}}, session=holder)

        async def work(session: AsyncClientSession) -> None:
            await database["choses"].update_one({"_id": 1}, {"$set": {"n": 2}}, session=session)

        with pytest.raises(Contention):
            await in_transaction(mongo, work)
        await holder.abort_transaction()


async def test_a_server_that_is_away_is_a_fault_to_wait_out(settings: KernelSettings) -> None:
    away = settings.model_copy(
        update={
            "mongo": "mongodb://127.0.0.1:9/?directConnection=true&serverSelectionTimeoutMS=200"
        }
    )

    async def work(session: AsyncClientSession) -> None:
        await client["x"]["x"].insert_one({}, session=session)

    async with connect(away) as client:
        with pytest.raises(Retry) as raised:
            await in_transaction(client, work)
    assert not isinstance(raised.value, Contention)


async def test_a_transaction_too_large_for_the_cache_is_split(
    mongo: Client, database: Database
) -> None:
    insert = inserting(mongo, database)
    refused: list[int] = []

    async def apply(rows: Sequence[dict[str, Any]]) -> None:
        # The server's answer to 20,000 rows, code 251 with the label of a transient fault, depends
        # on its memory; here every transaction of more than 2,500 rows gets it.
        if len(rows) > 2_500:
            refused.append(len(rows))
            await insert_after_abort(rows)
        await insert(rows)

    async def insert_after_abort(rows: Sequence[dict[str, Any]]) -> None:
        async def work(session: AsyncClientSession) -> None:
            await database["choses"].insert_many(rows[:1], session=session)
            identifier = {"id": session.session_id["id"]}
            await mongo.admin.command("killSessions", [identifier])
            await database["choses"].insert_many(rows[1:2], session=session)

        await in_transaction(mongo, work)

    poison = await in_halves([{"_id": number} for number in range(20_000)], apply)

    assert poison == []
    assert await stored(database) == 20_000
    assert max(refused) == 20_000


async def test_documents_too_large_together_are_split_and_alone_are_returned(
    mongo: Client, database: Database
) -> None:
    async def one_document(rows: Sequence[dict[str, Any]]) -> None:
        await database["choses"].insert_one({"_id": rows[0]["_id"], "lignes": list(rows)})

    sizes = [9, 9, 1, 17, 1]  # MB; a document holds 16
    rows = [{"_id": n, "t": "x" * size * 1_000_000} for n, size in enumerate(sizes)]

    poison = await in_halves(rows, one_document)

    assert [row["_id"] for row, _ in poison] == [3]
    kept = [row async for row in database["choses"].find({})]
    assert sorted(line["_id"] for row in kept for line in row["lignes"]) == [0, 1, 2, 4]


async def test_bisection_returns_the_poison_and_stores_the_rest(
    mongo: Client, database: Database
) -> None:
    await database.command(
        "collMod", "choses", validator={"n": {"$type": "int"}}, validationLevel="strict"
    )
    rows = [{"_id": n, "n": "douze" if n in {13, 700} else n} for n in range(1_000)]

    poison = await in_halves(rows, inserting(mongo, database))

    assert [row["_id"] for row, _ in poison] == [13, 700]
    assert await stored(database) == 998
