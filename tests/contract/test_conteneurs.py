"""docker-compose.yml and the Dockerfile say what the code says; no engine runs in this suite."""

import re
import tomllib
import xml.etree.ElementTree as ET
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from pydantic_settings import BaseSettings

from services.cli.run.fleet import FLEET

ROOT: Final = Path(__file__).parents[2]
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
ENGINES: Final = ("kafka", "mongo", "elasticsearch")
OURS: Final = {name: said for name, said in SERVICES.items() if name not in ENGINES}
ONCE: Final = {name for name, said in OURS.items() if said["restart"] == "no"}
PROCESSES: Final = {name: said for name, said in OURS.items() if name not in ONCE}
DOCKERFILE: Final = (ROOT / "Dockerfile").read_text("utf-8")


def settings_fields() -> set[str]:
    """Every variable that some settings class of the project reads."""
    for path in [*ROOT.glob("services/*/settings.py"), ROOT / "services/cli/run/settings.py"]:
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    classes, known = [BaseSettings], set()
    while classes:
        one = classes.pop()
        classes += one.__subclasses__()
        known |= {f"CATALOGUE_{field.upper()}" for field in one.model_fields}
    return known


def test_every_process_of_the_fleet_is_a_container_on_the_same_port() -> None:
    relays = {name for name in PROCESSES if name.endswith("-relay")}
    composed = {
        name: (said["command"], said["environment"]["CATALOGUE_PORT"])
        for name, said in PROCESSES.items()
        if name not in relays
    }
    declared = {
        spec.name: ([spec.module, *([spec.command] if spec.command else [])], spec.port)
        for spec in FLEET
    }
    assert composed == declared


def test_each_service_with_an_outbox_has_its_relay_container() -> None:
    relays = {tuple(said["command"]) for name, said in PROCESSES.items() if "relay" in name}
    assert relays == {(f"services.{name}", "relay") for name in ("collect", "enrich", "export")}


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting_of_the_code(name: str) -> None:
    given = {key for key in OURS[name]["environment"] if key.startswith("CATALOGUE_")}
    assert given <= settings_fields()


@pytest.mark.parametrize("name", OURS)
def test_the_command_names_an_existing_module(name: str) -> None:
    module = OURS[name]["command"][0]
    assert (ROOT / Path(*module.split(".")) / "__main__.py").is_file()


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_waits_for_what_is_prepared_once(name: str) -> None:
    awaited = PROCESSES[name]["depends_on"]
    assert set(awaited) == ONCE
    assert {said["condition"] for said in awaited.values()} == {"service_completed_successfully"}


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_is_checked_unprivileged_and_keeps_its_data(name: str) -> None:
    engine = SERVICES[name]
    assert engine["healthcheck"]["test"]
    assert engine["user"] != "root"
    volume, _, _ = engine["volumes"][0].partition(":")
    assert volume in COMPOSE["volumes"]


@pytest.mark.parametrize(
    ("service", "artifact"), [("kafka", "kafka_2.13"), ("elasticsearch", "elasticsearch")]
)
def test_both_ways_run_the_same_version(service: str, artifact: str) -> None:
    pom = ET.parse(ROOT / "deploy" / "local" / "java" / service / "pom.xml")  # noqa: S314 - our own
    space = {"m": "http://maven.apache.org/POM/4.0.0"}
    versions = {
        dependency.findtext("m:artifactId", namespaces=space): dependency.findtext(
            "m:version", namespaces=space
        )
        for dependency in pom.iterfind(".//m:dependency", space)
    }
    assert SERVICES[service]["image"].endswith(f":{versions[artifact]}")


def test_only_this_machine_reaches_the_published_ports() -> None:
    published = [port for said in SERVICES.values() for port in said.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_image_runs_unprivileged_with_one_command_per_process() -> None:
    assert re.search(r"^USER (?!root|0)", DOCKERFILE, re.MULTILINE)
    assert 'ENTRYPOINT ["python", "-m"]' in DOCKERFILE


def test_the_image_has_a_python_that_the_project_accepts() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = tuple(map(int, wanted["requires-python"].removeprefix(">=").split(".")))
    images = re.findall(r"^FROM python:(\d+)\.(\d+)-slim", DOCKERFILE, re.MULTILINE)
    assert len(set(images)) == 1
    assert all(tuple(map(int, image)) >= oldest for image in images)
