from pathlib import Path

import pytest

from deploy.local import Ports, StackConfig, StackError


def test_without_settings_the_documented_defaults_hold() -> None:
    config = StackConfig.from_environment({})
    assert config == StackConfig()
    assert config.addresses.as_environment() == {
        "CATALOGUE_KAFKA": "127.0.0.1:19092",
        "CATALOGUE_MONGO": "mongodb://127.0.0.1:19017/?replicaSet=rs0&directConnection=true",
        "CATALOGUE_ELASTIC": "http://127.0.0.1:19200",
    }


def test_settings_move_ports_folder_memory_and_options() -> None:
    config = StackConfig.from_environment(
        {
            "CATALOGUE_PORT_KAFKA": "1",
            "CATALOGUE_PORT_MONGO": "2",
            "CATALOGUE_PORT_ELASTIC": "3",
            "CATALOGUE_DOSSIER": "elsewhere",
            "CATALOGUE_MEMOIRE_KAFKA": "1g",
            "CATALOGUE_MEMOIRE_ELASTIC": "2g",
            "CATALOGUE_JVM": "-XX:+UseG1GC -Da=b",
        }
    )
    assert config.ports == Ports(kafka=1, kafka_controller=2, mongo=2, elastic=3)
    assert config.folder == Path("elsewhere")
    assert (config.kafka_heap, config.elastic_heap) == ("1g", "2g")
    assert config.jvm_options == ("-XX:+UseG1GC", "-Da=b")


@pytest.mark.parametrize("text", ["70000", "0", "-1", "kafka"])
def test_a_bad_port_names_its_setting(text: str) -> None:
    with pytest.raises(StackError, match=f"CATALOGUE_PORT_MONGO={text} "):
        StackConfig.from_environment({"CATALOGUE_PORT_MONGO": text})
