"""Server jars from Maven, and our few Java sources compiled against them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.jdk import Jdk

COPY_DEPENDENCIES = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


def fetch(pom: Path, into: Path, jdk: Jdk) -> None:
    """Copies what `pom` depends on at run time; raises StackError with Maven's last words."""
    if shutil.which("mvn") is None:
        raise StackError(
            "Maven (mvn) est introuvable et sert à télécharger Kafka et Elasticsearch :"
            " apt-get install maven."
        )
    print(f"Téléchargement de {pom.parent.name} (une seule fois)…", file=sys.stderr)  # noqa: T201 - progress
    options = [f"-DoutputDirectory={into}", "-DincludeScope=runtime", "-Dmdep.useBaseVersion=true"]
    _run(["mvn", "-q", "-B", "-f", str(pom), COPY_DEPENDENCIES, *options], _environment(jdk))


def compile_jar(jdk: Jdk, sources: Iterable[Path], libraries: Path, jar: Path) -> None:
    """One jar of `sources`, in the bytecode of the oldest JDK accepted: any of them runs it."""
    classes = jar.with_suffix(".classes")
    release = ["--release", "21", "-cp", f"{libraries}/*", "-d", str(classes)]
    _run([jdk.tool("javac"), "-nowarn", *release, *map(str, sources)])
    _run([jdk.tool("jar"), "--create", "--file", str(jar), "-C", str(classes), "."])
    shutil.rmtree(classes)


def _environment(jdk: Jdk) -> dict[str, str]:
    # Maven keeps the Java that the user gave it, with its certificates; ours only for want of any.
    if "JAVA_HOME" in os.environ or shutil.which("java"):
        return dict(os.environ)
    return {**os.environ, "JAVA_HOME": str(jdk.home)}


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = "\n".join(done.stdout.splitlines()[-15:])
        raise StackError(f"{Path(command[0]).name} a échoué :\n{last}")
