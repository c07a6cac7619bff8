from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from deploy.local.jdk import Jdk
from deploy.local.servers.base import Server
from deploy.local.servers.elasticsearch import Elasticsearch
from deploy.local.servers.kafka import Kafka
from deploy.local.servers.mongo import Mongo

JDK = Jdk(Path("/jdk"), (25, 0, 3), complete=True)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def kafka(folder: Path) -> Kafka:
    return Kafka(folder, 101, 102, JDK, ("-Xjvm",), "512m", Path("/kafka-home"))


def elasticsearch(folder: Path) -> Elasticsearch:
    return Elasticsearch(folder, 103, JDK, ("-Xjvm",), "768m", Path("/es-home"))


def test_kafka_listens_on_its_ports_of_this_machine_only(tmp_path: Path) -> None:
    lines = kafka(tmp_path).properties().splitlines()
    assert "listeners=PLAINTEXT://127.0.0.1:101,CONTROLLER://127.0.0.1:102" in lines
    assert "controller.quorum.voters=1@127.0.0.1:102" in lines
    assert f"log.dirs={tmp_path / 'data'}" in lines


def test_kafka_never_creates_a_topic_by_itself(tmp_path: Path) -> None:
    assert "auto.create.topics.enable=false" in kafka(tmp_path).properties().splitlines()


def test_elasticsearch_settings_are_yaml_even_for_a_folder_with_a_space(tmp_path: Path) -> None:
    settings = yaml.safe_load(elasticsearch(tmp_path / "a b: c").settings())
    assert settings["path.data"] == str(tmp_path / "a b: c" / "data")
    assert settings["http.port"] == 103
    assert settings["network.host"] == "127.0.0.1"
    assert settings["action.auto_create_index"] is False


@pytest.mark.parametrize("build", [kafka, elasticsearch])
def test_a_jvm_gets_the_options_of_the_settings(
    build: Callable[[Path], Server], tmp_path: Path
) -> None:
    command = build(tmp_path).command()
    assert command[:2] == ["/jdk/bin/java", "-Xjvm"]
    assert {"-Xmx512m", "-Xmx768m"} & set(command)


def test_the_first_run_writes_the_class_archive_that_later_ones_read(tmp_path: Path) -> None:
    server = kafka(tmp_path)
    assert f"-XX:ArchiveClassesAtExit={tmp_path / 'classes.jsa'}" in server.command()
    (tmp_path / "classes.jsa").write_bytes(b"archive")
    server.archive.publish()
    assert f"-XX:SharedArchiveFile={server.archive.shared}" in server.command()


def test_mongod_is_a_replica_set_of_this_machine(tmp_path: Path) -> None:
    command = " ".join(Mongo(tmp_path, 104, 0.5, Path("/mongod")).command())
    assert "--bind_ip 127.0.0.1 --port 104" in command
    assert "--replSet rs0" in command
