"""The folder that an Elasticsearch node runs from: jars, modules, our small Java sources."""

import shutil
import zipfile
from pathlib import Path

from deploy.local.cache import built_once, digest
from deploy.local.jars import compile_jar, fetch
from deploy.local.jdk import Jdk

SOURCES = Path(__file__).parent.parent / "java" / "elasticsearch"
TRANSPORT = "transport-netty4"


def elastic_home(jdk: Jdk) -> Path:
    sources = [SOURCES / "pom.xml", *sorted(SOURCES.glob("*/*")), Path(__file__)]
    return built_once(f"elasticsearch-{digest(sources)}", lambda into: _build(into, jdk))


def _build(into: Path, jdk: Jdk) -> None:
    """The layout that the node expects: jars in lib, a folder with a descriptor per module."""
    fetch(SOURCES / "pom.xml", into / "lib", jdk)
    (into / "plugins").mkdir()
    _transport_module(into / "lib", into / "modules" / TRANSPORT)

    analysis = into / "modules" / "local-analysis"
    analysis.mkdir()
    shutil.copy(SOURCES / "analysis" / "plugin-descriptor.properties", analysis)
    java = sorted((SOURCES / "analysis").glob("*.java"))
    compile_jar(jdk, java, into / "lib", analysis / "local-analysis.jar")
    compile_jar(jdk, sorted((SOURCES / "node").glob("*.java")), into / "lib", into / "node.jar")


def _transport_module(lib: Path, module: Path) -> None:
    module.mkdir(parents=True)
    for pattern in (f"{TRANSPORT}-*.jar", "netty-*.jar", "elasticsearch-ssl-config-*.jar"):
        for jar in lib.glob(pattern):
            shutil.move(jar, module)
    inside = f"META-INF/es-plugins/{TRANSPORT}/"
    (own_jar,) = module.glob(f"{TRANSPORT}-*.jar")
    with zipfile.ZipFile(own_jar) as archive:
        for entry in archive.namelist():
            if entry.startswith(inside) and not entry.endswith("/"):
                (module / entry.removeprefix(inside)).write_bytes(archive.read(entry))
