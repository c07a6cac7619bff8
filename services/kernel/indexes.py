"""The indexes of a database: one command a collection, all collections at once.

The server compares each definition with what it has, so nothing here remembers what was made: a
dropped collection or a changed definition is seen at the next start. Where all is there it takes
some milliseconds; on a new database the time is that of creating files, which it does for several
collections side by side.
"""

import asyncio
from collections.abc import Mapping, Sequence

from pymongo import IndexModel

from services.kernel.mongo import Database


async def create_indexes(database: Database, wanted: Mapping[str, Sequence[IndexModel]]) -> None:
    """Create the indexes of each collection, named; idempotent. Outside any transaction.

    Raises the first error once every command has ended: a definition that contradicts an index of
    its name (`OperationFailure`), or what the driver says of a server that is away.
    """
    commands = [database[name].create_indexes(list(models)) for name, models in wanted.items()]
    for outcome in await asyncio.gather(*commands, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome
