"""A MongoDB for what needs nothing else: that of the environment, else one of its own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local import Ports, StackConfig
from deploy.local.member import Member
from deploy.local.ports import free_port
from deploy.local.servers.mongo import Mongo


@contextmanager
def real_mongo() -> Iterator[str]:
    """Give the address of a MongoDB; what is started here, without a trace, ends here."""
    given = os.environ.get("CATALOGUE_MONGO")
    if given is not None and _answers(given):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="catalogue-mongo-") as folder:
        config = StackConfig(folder=Path(folder), ports=Ports(mongo=free_port()))
        member = Member(Mongo.build(config), config.folder)
        try:
            member.start(config.start_deadline, detached=False)
            yield config.addresses.mongo
        finally:
            member.stop(config.stop_deadline)


def _answers(address: str) -> bool:
    client: MongoClient[dict[str, Any]] = MongoClient(address, serverSelectionTimeoutMS=1_000)
    with client:
        try:
            client.admin.command("ping")
        except PyMongoError:
            return False
    return True
