"""The embedded stack itself: what every other integration test stands on."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from deploy.local import Ports, ServerName, Stack, StackConfig, StackError
from deploy.local.ports import free_port
from deploy.local.stack import SERVER_NAMES, leftovers
from tests.support.polling import eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

FRENCH = {
    "analysis": {
        "filter": {
            "elision_fr": {"type": "elision", "articles_case": True, "articles": ["l", "d", "qu"]},
            "racine_fr": {"type": "stemmer", "language": "light_french"},
            "debut": {"type": "edge_ngram", "min_gram": 2, "max_gram": 4},
            "synonymes": {"type": "synonym_graph", "synonyms": ["cap, certificat aptitude"]},
        },
        "analyzer": {
            "francais": {
                "tokenizer": "standard",
                "filter": ["elision_fr", "lowercase", "asciifolding", "racine_fr"],
            },
            "completion": {"tokenizer": "standard", "filter": ["lowercase", "debut"]},
            "synonymes": {"tokenizer": "standard", "filter": ["lowercase", "synonymes"]},
        },
        "normalizer": {"plat": {"type": "custom", "filter": ["lowercase", "asciifolding"]}},
    }
}


def config(folder: Path) -> StackConfig:
    return StackConfig(folder=folder, ports=Ports(*(free_port() for _ in range(4))))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(config(tmp_path_factory.mktemp("stack"))) as stack:
        yield stack


@pytest.fixture(scope="module")
def french_index(stack: Stack) -> str:
    index = f"{stack.addresses.elastic}/francais"
    httpx.put(index, json={"settings": FRENCH}).raise_for_status()
    return index


def tokens(index: str, analyzer: str, text: str) -> list[str]:
    answer = httpx.post(f"{index}/_analyze", json={"analyzer": analyzer, "text": text})
    return [token["token"] for token in answer.raise_for_status().json()["tokens"]]


@pytest.mark.parametrize("text", ["l'hôtellerie", "l’hôtellerie", "L'HOTELLERIE", "hotellerie"])
def test_french_analysis_is_blind_to_elision_accents_and_case(french_index: str, text: str) -> None:
    assert tokens(french_index, "francais", text) == tokens(french_index, "francais", "hôtelleries")


def test_edge_ngrams_are_the_starts_of_a_word(french_index: str) -> None:
    assert tokens(french_index, "completion", "Plomberie") == ["pl", "plo", "plom"]


def test_synonyms_go_both_ways(french_index: str) -> None:
    assert tokens(french_index, "synonymes", "CAP") == ["certificat", "cap", "aptitude"]


def test_an_unsupported_setting_is_refused_not_ignored(stack: Stack) -> None:
    filters = {"f": {"type": "stemmer", "language": "german"}}
    body = {"settings": {"analysis": {"filter": filters}}}
    answer = httpx.put(f"{stack.addresses.elastic}/refuse", json=body)
    assert answer.status_code == 400
    assert "light_french" in answer.text


def test_garbage_not_yet_collected_refuses_no_search(stack: Stack) -> None:
    """By real memory the limit is 95 % of the heap, garbage counted; by what is in use, 70 %."""
    (node,) = (
        httpx.get(f"{stack.addresses.elastic}/_nodes/stats/breaker,jvm").json()["nodes"].values()
    )
    heap = node["jvm"]["mem"]["heap_max_in_bytes"]
    assert node["breakers"]["parent"]["limit_size_in_bytes"] < 0.8 * heap


def test_mongo_has_transactions_and_change_streams(stack: Stack) -> None:
    client: MongoClient[dict[str, Any]] = MongoClient(stack.addresses.mongo)
    with client, client["essai"]["t"].watch() as changes, client.start_session() as session:
        session.with_transaction(lambda s: client["essai"]["t"].insert_one({"_id": 1}, session=s))
        assert changes.next()["documentKey"] == {"_id": 1}


@pytest.mark.chaos
@pytest.mark.parametrize("name", SERVER_NAMES)
def test_a_killed_server_comes_back(stack: Stack, name: ServerName) -> None:
    stack.kill(name)
    assert not stack.is_running(name)
    stack.start_server(name)
    assert stack.is_running(name)


@pytest.mark.chaos
def test_acknowledged_writes_survive_a_kill(stack: Stack) -> None:
    index = f"{stack.addresses.elastic}/garde"
    httpx.put(index).raise_for_status()
    httpx.put(f"{index}/_doc/1", json={}).raise_for_status()
    stack.kill("elasticsearch")
    stack.start_server("elasticsearch")
    assert httpx.get(f"{index}/_doc/1").json()["found"]


def test_peak_memory_of_each_server_is_known(stack: Stack) -> None:
    peaks = stack.peak_memory_mb()
    assert set(peaks) == set(SERVER_NAMES)
    assert all(50 < peak < 2000 for peak in peaks.values())


def test_a_second_owner_of_the_folder_is_refused(stack: Stack) -> None:
    command = [sys.executable, "-m", "deploy.local", "up", "--dossier", str(stack.config.folder)]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert refused.returncode == 1
    assert f"processus {os.getpid()}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_busy_port_is_told_and_nothing_is_left_running(tmp_path: Path) -> None:
    wanted = config(tmp_path)
    busy = socket.create_server(("127.0.0.1", wanted.ports.elastic))
    with busy, pytest.raises(StackError, match="CATALOGUE_PORT_ELASTIC"):
        Stack(wanted).start()
    assert leftovers(wanted) == {}


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "mongo").mkdir()
    (tmp_path / "mongo" / "data").mkdir()
    (tmp_path / "mongo" / "data" / "storage.bson").write_text("not the header of a database")
    with pytest.raises(StackError, match=r"(?s)MongoDB s'est arrêté au démarrage.*journaux/mongo"):
        Stack(config(tmp_path)).start()


@pytest.fixture
def killed_owner(tmp_path: Path) -> StackConfig:
    """A folder whose `up` was killed once its servers were running."""
    wanted = config(tmp_path)
    ports = {
        "CATALOGUE_PORT_KAFKA": wanted.ports.kafka,
        "CATALOGUE_PORT_KAFKA_CONTROLEUR": wanted.ports.kafka_controller,
        "CATALOGUE_PORT_MONGO": wanted.ports.mongo,
        "CATALOGUE_PORT_ELASTIC": wanted.ports.elastic,
    }
    environment = os.environ | {name: str(port) for name, port in ports.items()}
    command = [sys.executable, "-m", "deploy.local", "up", "--dossier", str(tmp_path)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert any("Ctrl-C" in line for line in iter(owner.stdout.readline, ""))
        assert set(leftovers(wanted)) == set(SERVER_NAMES)
        owner.kill()
    return wanted


async def test_servers_end_with_a_killed_owner(killed_owner: StackConfig) -> None:
    await eventually(lambda: leftovers(killed_owner) == {}, deadline=30)


def test_a_start_right_after_a_kill_of_the_owner_takes_over(killed_owner: StackConfig) -> None:
    with Stack(killed_owner) as again:
        assert all(again.is_running(name) for name in SERVER_NAMES)


def test_a_detached_stack_outlives_its_command_until_down(tmp_path: Path) -> None:
    wanted = config(tmp_path)
    Stack(wanted).start(detached=True)
    try:
        with pytest.raises(StackError, match="make stop"):
            Stack(wanted).start()
        assert set(leftovers(wanted)) == set(SERVER_NAMES)
    finally:
        down = [sys.executable, "-m", "deploy.local", "down", "--dossier", str(tmp_path)]
        subprocess.run(down, check=True, stdout=subprocess.DEVNULL)
    assert leftovers(wanted) == {}
