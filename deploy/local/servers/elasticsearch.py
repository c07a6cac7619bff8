import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import httpx

from deploy.local.archive import ClassArchive
from deploy.local.config import PORT_SETTINGS, StackConfig
from deploy.local.jdk import Jdk
from deploy.local.servers.base import Server, ServerName
from deploy.local.servers.elastic_home import SOURCES, elastic_home


@dataclass(frozen=True, slots=True)
class Elasticsearch(Server):
    """One node, from the server's jars: no distribution is published as a package."""

    name: ClassVar[ServerName] = "elasticsearch"
    title: ClassVar[str] = "Elasticsearch"
    port: int
    jdk: Jdk
    jvm_options: tuple[str, ...]
    heap: str
    home: Path

    @classmethod
    def build(cls, config: StackConfig, jdk: Jdk) -> "Elasticsearch":
        """Fetches the jars and compiles our sources on the first use of this machine."""
        return cls(
            folder=config.folder.absolute() / cls.name,
            port=config.ports.elastic,
            jdk=jdk,
            jvm_options=config.jvm_options,
            heap=config.elastic_heap,
            home=elastic_home(jdk),
        )

    @property
    def ports(self) -> Mapping[str, int]:
        return {PORT_SETTINGS["elastic"]: self.port}

    @property
    def archive(self) -> ClassArchive:
        return ClassArchive(f"{self.home.name}-{self.jdk.label}", self.folder / "classes.jsa")

    def prepare(self) -> None:
        config = self.folder / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "elasticsearch.yml").write_text(self.settings(), "utf-8")
        shutil.copy(SOURCES / "log4j2.properties", config)

    def command(self) -> list[str]:
        return [
            self.jdk.tool("java"),
            *self.jvm_options,
            *("-Xms128m", f"-Xmx{self.heap}", *self.archive.options()),
            f"-XX:ErrorFile={self.folder / 'crash.log'}",
            *("--module-path", str(self.home / "lib")),
            *("--add-modules", "org.elasticsearch.server,org.apache.logging.log4j.core,jdk.net"),
            "--enable-native-access=org.elasticsearch.nativeaccess,org.apache.lucene.core",
            f"-Des.path.home={self.home}",
            *("-cp", str(self.home / "node.jar"), "catalogue.local.LocalNode"),
            *(str(self.home), str(self.folder / "config")),
        ]

    def is_healthy(self) -> bool:
        health = f"http://127.0.0.1:{self.port}/_cluster/health"
        try:
            answer = httpx.get(
                health, params={"wait_for_status": "yellow", "timeout": "1s"}, trust_env=False
            )
        except httpx.TransportError:
            return False
        return answer.is_success

    def settings(self) -> str:
        return "\n".join(
            f"{key}: {value}"
            for key, value in {
                "cluster.name": "catalogue-local",
                "node.name": "local",
                "path.data": f'"{self.folder / "data"}"',
                "path.logs": f'"{self.folder / "logs"}"',
                "network.host": "127.0.0.1",
                "http.port": self.port,
                "transport.port": 0,
                "discovery.type": "single-node",
                "action.auto_create_index": "false",
                # A developer's nearly full disk must not turn the indexes read-only.
                "cluster.routing.allocation.disk.threshold_enabled": "false",
                # Real memory counts garbage, which the serial collector leaves until it must: after
                # a bulk load searches were refused (429) while little was in use.
                "indices.breaker.total.use_real_memory": "false",
            }.items()
        )
