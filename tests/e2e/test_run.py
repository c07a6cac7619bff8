"""What `catalogue run` says when it cannot start: one line, and nothing is left behind."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.ports import free_port
from services.cli.run.fleet import FLEET
from tests.support.commande import CATALOGUE, Fini, lancer

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

# The folders where systems keep their JDKs are emptied: this machine has one that fits.
SANS_JDK_DU_SYSTEME = (
    "import deploy.local.jdk as jdk; jdk.SYSTEM_FOLDERS = ();"
    "from services.cli.__main__ import app; app()"
)


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """Servers and services on ports that are free, in a folder of the test."""
    ports = {f"CATALOGUE_PORT_{nom}": str(free_port()) for nom in ("KAFKA", "MONGO", "ELASTIC")}
    return {**ports, "CATALOGUE_DOSSIER": str(tmp_path / "travail"), "CATALOGUE_ESPACE": ""}


@pytest.fixture
def pris() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as autre:
        yield autre.getsockname()[1]


def _en_une_ligne(fini: Fini) -> str:
    assert fini.code == 1, fini
    (ligne,) = (dite for dite in fini.erreurs.splitlines() if dite.startswith("Échec"))
    assert "Traceback" not in fini.erreurs
    return ligne


@pytest.mark.parametrize("serveur", ["KAFKA", "MONGO", "ELASTIC"])
async def test_a_busy_port_of_a_server_is_named_with_its_setting(
    variables: dict[str, str], pris: int, serveur: str
) -> None:
    reglage = f"CATALOGUE_PORT_{serveur}"

    dit = _en_une_ligne(
        await lancer(*CATALOGUE, "run", environnement={**variables, reglage: str(pris)})
    )

    assert f"Le port {pris} " in dit
    assert f"{reglage}=<port>" in dit


async def test_a_busy_port_of_a_service_is_told_before_anything_starts(
    variables: dict[str, str], pris: int, tmp_path: Path
) -> None:
    premier = FLEET[0]  # the first that is looked at, as its neighbours' ports may be busy too
    decalage = {"CATALOGUE_DECALAGE_PORTS": str(pris - premier.port)}

    dit = _en_une_ligne(await lancer(*CATALOGUE, "run", environnement={**variables, **decalage}))

    assert f"Le port {pris} ({premier.name}) est déjà pris" in dit
    assert "CATALOGUE_DECALAGE_PORTS" in dit
    assert not (tmp_path / "travail" / "journaux").exists()


async def test_a_port_that_is_no_number_is_told(variables: dict[str, str]) -> None:
    fautif = {**variables, "CATALOGUE_PORT_MONGO": "beaucoup"}

    dit = _en_une_ligne(await lancer(*CATALOGUE, "run", environnement=fautif))

    assert "CATALOGUE_PORT_MONGO=beaucoup" in dit


async def test_without_a_jdk_what_to_install_is_told(variables: dict[str, str]) -> None:
    sans_java = {**variables, "PATH": _chemin_sans_java(), "JAVA_HOME": ""}

    dit = _en_une_ligne(await _run_sans_jdk_du_systeme(sans_java))

    assert "aucun trouvé" in dit
    assert "apt-get install openjdk-21-jdk" in dit


@pytest.mark.parametrize("par", ["JAVA_HOME", "PATH"])
async def test_a_jdk_too_old_is_named_with_what_to_install(
    variables: dict[str, str], tmp_path: Path, par: str
) -> None:
    ancien = tmp_path / "jdk-17"
    (ancien / "bin").mkdir(parents=True)
    for outil in ("java", "javac"):
        (ancien / "bin" / outil).touch(mode=0o755)
    (ancien / "release").write_text('JAVA_VERSION="17.0.15"\nMODULES="java.base"\n')
    ou = {"JAVA_HOME": str(ancien) if par == "JAVA_HOME" else ""}
    if par == "PATH":
        ou["PATH"] = f"{ancien / 'bin'}{os.pathsep}{_chemin_sans_java()}"
    else:
        ou["PATH"] = _chemin_sans_java()

    dit = _en_une_ligne(await _run_sans_jdk_du_systeme({**variables, **ou}))

    assert "17.0.15" in dit
    assert str(ancien) in dit
    assert "version 21 ou plus récente" in dit


async def _run_sans_jdk_du_systeme(variables: dict[str, str]) -> Fini:
    return await lancer(
        CATALOGUE[0], "-c", SANS_JDK_DU_SYSTEME, "run", "--une-fois", environnement=variables
    )


def _chemin_sans_java() -> str:
    dossiers = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(d for d in dossiers if not (Path(d) / "java").exists())
