"""Indexes are as declared at each start, whatever was there before."""

import pytest
from pymongo import ASCENDING, IndexModel
from pymongo.errors import OperationFailure

from services.kernel.indexes import create_indexes
from services.kernel.mongo import Database, Store

pytestmark = pytest.mark.integration

BY_NAME = IndexModel([("nom", ASCENDING)], name="nom")
BY_DAY = IndexModel([("jour", ASCENDING)], name="jour")


@pytest.fixture
def database(store: Store) -> Database:
    return store.database("collect")


async def names(database: Database, collection: str) -> set[str]:
    return set(await database[collection].index_information()) - {"_id_"}


async def test_what_is_added_or_was_dropped_is_there_at_the_next_start(database: Database) -> None:
    await create_indexes(database, {"offres": [BY_NAME], "lignes": [BY_NAME]})
    await database["lignes"].drop()

    await create_indexes(database, {"offres": [BY_NAME, BY_DAY], "lignes": [BY_NAME]})

    assert await names(database, "offres") == {"nom", "jour"}
    assert await names(database, "lignes") == {"nom"}


async def test_a_definition_that_contradicts_its_name_is_told_and_the_others_made(
    database: Database,
) -> None:
    await create_indexes(database, {"offres": [BY_NAME]})
    contrary = IndexModel([("nom", ASCENDING)], name="nom", unique=True)

    with pytest.raises(OperationFailure):
        await create_indexes(database, {"offres": [contrary], "lignes": [BY_DAY]})

    assert await names(database, "lignes") == {"jour"}
