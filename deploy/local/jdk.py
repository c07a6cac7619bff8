"""Which Java runs the servers: the newest full JDK that fits, wherever the system keeps it."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StackError

MINIMUM = 21
REQUIRED_MODULES = frozenset({"jdk.jlink", "jdk.compiler", "jdk.net"})
SYSTEM_FOLDERS = (
    "/usr/lib/jvm",
    "/usr/lib64/jvm",
    "/usr/local/lib/jvm",
    "/usr/java",
    "/opt/java",
    "/opt/jdk",
    "~/.sdkman/candidates/java",
    "~/.jdks",
)


@dataclass(frozen=True, slots=True)
class Jdk:
    home: Path
    version: tuple[int, ...]
    complete: bool

    @property
    def fits(self) -> bool:
        return self.complete and self.version >= (MINIMUM,)

    @property
    def label(self) -> str:
        return ".".join(map(str, self.version))

    def tool(self, name: str) -> str:
        return str(self.home / "bin" / name)


def find_jdk() -> Jdk:
    """The newest JDK that fits on this machine; raises StackError saying what to install."""
    return choose(candidate_homes(os.environ, SYSTEM_FOLDERS), container_engine)


def choose(homes: Iterable[Path], engine: Callable[[], str | None]) -> Jdk:
    found = [jdk for jdk in map(inspect, homes) if jdk is not None]
    fitting = [jdk for jdk in found if jdk.fits]
    if not fitting:
        raise StackError(_missing(found, engine()))
    return max(fitting, key=lambda jdk: jdk.version)


def candidate_homes(environment: Mapping[str, str], folders: Iterable[str]) -> list[Path]:
    """JAVA_HOME, the `java` on PATH behind its links, the usual folders; each once."""
    homes = []
    if java_home := environment.get("JAVA_HOME"):
        homes.append(Path(java_home))
    if on_path := shutil.which("java", path=environment.get("PATH")):
        homes.append(Path(on_path).resolve().parent.parent)
    for folder in folders:
        base = Path(folder).expanduser()
        if base.is_dir():
            homes.extend(sorted(base.iterdir()))
    return list(dict.fromkeys(home.resolve() for home in homes))


def inspect(home: Path) -> Jdk | None:
    """Read from the `release` file that every JDK since 9 carries; None where there is no Java."""
    if not (home / "bin" / "java").is_file() or not (home / "release").is_file():
        return None
    release = dict(
        re.findall(r'^(\w+)="(.*)"$', (home / "release").read_text("utf-8"), re.MULTILINE)
    )
    version = tuple(int(part) for part in re.findall(r"\d+", release.get("JAVA_VERSION", "")))
    modules = set(release.get("MODULES", "").split())
    complete = modules >= REQUIRED_MODULES and (home / "bin" / "javac").is_file()
    return Jdk(home, version, complete)


def container_engine() -> str | None:
    """The engine that answers here, if any: a client alone, without its daemon, is of no help."""
    for engine in ("docker", "podman"):
        if shutil.which(engine) is None:
            continue
        try:
            answer = subprocess.run([engine, "info"], capture_output=True, timeout=10, check=False)
        except subprocess.TimeoutExpired:
            continue
        if answer.returncode == 0:
            return engine
    return None


def _missing(found: list[Jdk], engine: str | None) -> str:
    seen = ", ".join(
        f"{jdk.label}{'' if jdk.complete else ' incomplet'} dans {jdk.home}" for jdk in found
    )
    message = (
        f"Un JDK complet, version {MINIMUM} ou plus récente, est nécessaire"
        f" ({f'trouvé : {seen}' if seen else 'aucun trouvé'}) :"
        f" installez-le (ainsi : apt-get install openjdk-21-jdk-headless) ou indiquez JAVA_HOME."
    )
    if engine:
        message += f" {engine} répond ici : `{engine} compose up` fait la même chose sans JDK."
    return message
