import socket
import struct
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from deploy.local.archive import ClassArchive
from deploy.local.cache import built_once, digest
from deploy.local.config import PORT_SETTINGS, StackConfig
from deploy.local.errors import StackError
from deploy.local.jars import fetch
from deploy.local.jdk import Jdk
from deploy.local.servers.base import Server, ServerName

SOURCES = Path(__file__).parent.parent / "java" / "kafka"
CLUSTER_ID = "Y2F0YWxvZ3VlLWxvY2FsMQ"  # any 16 bytes: one folder is one cluster


@dataclass(frozen=True, slots=True)
class Kafka(Server):
    """One KRaft node, broker and controller at once."""

    name: ClassVar[ServerName] = "kafka"
    title: ClassVar[str] = "Kafka"
    port: int
    controller_port: int
    jdk: Jdk
    jvm_options: tuple[str, ...]
    heap: str
    home: Path

    @classmethod
    def build(cls, config: StackConfig, jdk: Jdk) -> "Kafka":
        """Fetches the jars on the first use of this machine."""
        pom = SOURCES / "pom.xml"
        home = built_once(f"kafka-{digest([pom])}", lambda into: fetch(pom, into, jdk))
        return cls(
            folder=config.folder.absolute() / cls.name,
            port=config.ports.kafka,
            controller_port=config.ports.kafka_controller,
            jdk=jdk,
            jvm_options=config.jvm_options,
            heap=config.kafka_heap,
            home=home,
        )

    @property
    def ports(self) -> Mapping[str, int]:
        return {
            PORT_SETTINGS["kafka"]: self.port,
            PORT_SETTINGS["kafka_controller"]: self.controller_port,
        }

    @property
    def archive(self) -> ClassArchive:
        return ClassArchive(f"{self.home.name}-{self.jdk.label}", self.folder / "classes.jsa")

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._properties.write_text(self.properties(), "utf-8")
        if (self.folder / "data" / "meta.properties").is_file():
            return
        format_log = ["format", "-t", CLUSTER_ID, "-c", str(self._properties)]
        done = subprocess.run(
            [*self._java(), "kafka.tools.StorageTool", *format_log],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise StackError(
                f"Le dossier de Kafka n'a pu être préparé :\n{done.stdout}{done.stderr}"
            )

    def command(self) -> list[str]:
        java = self._java("-Xms128m", f"-Xmx{self.heap}", *self.archive.options())
        return [*java, "kafka.Kafka", str(self._properties)]

    def is_healthy(self) -> bool:
        """A broker answers a metadata request, naming itself, only once it may take writes."""
        header = struct.pack(">hhih", 3, 1, 1, -1)  # Metadata v1, correlation 1, no client id
        request = header + struct.pack(">i", 0)  # no topic: the brokers alone
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(struct.pack(">i", len(request)) + request)
                answer = connection.makefile("rb").read(12)
        except OSError:
            return False
        return len(answer) == 12 and struct.unpack(">iii", answer)[2] == 1

    def properties(self) -> str:
        broker, controller = f"127.0.0.1:{self.port}", f"127.0.0.1:{self.controller_port}"
        return "\n".join(
            f"{key}={value}"
            for key, value in {
                "process.roles": "broker,controller",
                "node.id": 1,
                "controller.quorum.voters": f"1@{controller}",
                "listeners": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
                "advertised.listeners": f"PLAINTEXT://{broker}",
                "controller.listener.names": "CONTROLLER",
                "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs": self.folder / "data",
                "auto.create.topics.enable": "false",
                "group.initial.rebalance.delay.ms": 0,
                **SINGLE_NODE,
            }.items()
        )

    def _java(self, *options: str) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={SOURCES / 'log4j2.properties'}"
        crash = f"-XX:ErrorFile={self.folder / 'crash.log'}"
        classes = ["-cp", f"{self.home}/*"]
        return [self.jdk.tool("java"), *self.jvm_options, *options, crash, logging, *classes]

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"


# Internal topics of one replica, in few partitions, and a log cleaner that fits in a small heap.
# A killed broker is let back in once its session is over: 4 s instead of 9.
SINGLE_NODE = {
    "broker.session.timeout.ms": 4000,
    "broker.heartbeat.interval.ms": 500,
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 4,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
}
