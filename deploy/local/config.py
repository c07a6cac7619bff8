"""Settings of the embedded stack: where its data lies, its ports, what it may use."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from deploy.local.errors import StackError

# The serial collector starts sooner and spares the two cores that the services also need. The first
# compiler alone would too, for a minute: from the second deposit on Elasticsearch then needs half
# as much processor again (measured: 29 s instead of 16 to 20 for 39,510 offers).
JVM_OPTIONS = ("-XX:+UseSerialGC",)


@dataclass(frozen=True, slots=True)
class Ports:
    kafka: int = 19092
    kafka_controller: int = 19093
    mongo: int = 19017
    elastic: int = 19200


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the services need to know, the same with containers: see the CATALOGUE_* settings."""

    kafka: str
    mongo: str
    elastic: str

    def as_environment(self) -> dict[str, str]:
        return {
            "CATALOGUE_KAFKA": self.kafka,
            "CATALOGUE_MONGO": self.mongo,
            "CATALOGUE_ELASTIC": self.elastic,
        }


@dataclass(frozen=True, slots=True)
class StackConfig:
    """`folder` holds data, logs and process ids; two stacks need two folders and other ports."""

    folder: Path = Path(".local")
    ports: Ports = field(default_factory=Ports)
    jvm_options: tuple[str, ...] = JVM_OPTIONS
    kafka_heap: str = "512m"
    elastic_heap: str = "768m"
    mongo_cache_gb: float = 0.5
    start_deadline: float = 120.0
    stop_deadline: float = 40.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Reads the CATALOGUE_* settings; raises StackError on a bad one."""
        given = os.environ if environment is None else environment
        default = Ports()
        kafka = _port(given, PORT_SETTINGS["kafka"], default.kafka)
        ports = Ports(
            kafka=kafka,
            kafka_controller=_port(given, PORT_SETTINGS["kafka_controller"], kafka + 1),
            mongo=_port(given, PORT_SETTINGS["mongo"], default.mongo),
            elastic=_port(given, PORT_SETTINGS["elastic"], default.elastic),
        )
        return cls(
            folder=Path(given.get("CATALOGUE_DOSSIER") or ".local"),
            ports=ports,
            jvm_options=tuple(shlex.split(given.get("CATALOGUE_JVM") or " ".join(JVM_OPTIONS))),
            kafka_heap=given.get("CATALOGUE_MEMOIRE_KAFKA") or "512m",
            elastic_heap=given.get("CATALOGUE_MEMOIRE_ELASTIC") or "768m",
        )

    @property
    def addresses(self) -> Addresses:
        return Addresses(
            kafka=f"127.0.0.1:{self.ports.kafka}",
            mongo=f"mongodb://127.0.0.1:{self.ports.mongo}/?replicaSet=rs0&directConnection=true",
            elastic=f"http://127.0.0.1:{self.ports.elastic}",
        )


PORT_SETTINGS = {
    "kafka": "CATALOGUE_PORT_KAFKA",
    "kafka_controller": "CATALOGUE_PORT_KAFKA_CONTROLEUR",
    "mongo": "CATALOGUE_PORT_MONGO",
    "elastic": "CATALOGUE_PORT_ELASTIC",
}


def _port(given: Mapping[str, str], setting: str, default: int) -> int:
    text = given.get(setting) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        message = f"{setting}={text} : un numéro de port entre 1 et 65535 est attendu."
        raise StackError(message)
    return int(text)
