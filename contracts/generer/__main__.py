"""`python -m contracts.generer [--verifier]`: write the public documents, or say which differ."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

from contracts.compatibilite import Rupture, ruptures
from contracts.generer import asyncapi, guide, openapi, schemas
from contracts.topics import TOPICS

Document: TypeAlias = dict[str, Any]

_CONTRATS: Final = Path(__file__).parents[1]
_MODES: Final[tuple[list[str], ...]] = ([], ["--verifier"])


def documents() -> Iterator[tuple[Path, Document]]:
    """Yield each document with its place under `contracts/`."""
    for topic in TOPICS:
        yield Path("schemas") / schemas.fichier(topic), schemas.schema(topic)
    yield Path("asyncapi.json"), asyncapi.document()
    for nom in filter(openapi.existe, openapi.APIS):
        yield Path("openapi") / f"{nom}.json", openapi.document(nom)


def texte(document: Document) -> str:
    """Return the bytes' text of a document: stable, readable in a review."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def textes(racine: Path) -> Iterator[tuple[Path, str]]:
    """Yield the text of each document, and of the guide beside `contracts/` where there is one."""
    for chemin, document in documents():
        yield chemin, texte(document)
    pages = racine.parent / guide.GUIDE
    if pages.is_file():
        yield Path("..") / guide.GUIDE, guide.completer(pages.read_text(encoding="utf-8"))


def differences(racine: Path = _CONTRATS) -> list[Path]:
    """Return the documents that are not committed as they would be generated."""
    return [
        chemin
        for chemin, attendu in textes(racine)
        if not (racine / chemin).is_file()
        or (racine / chemin).read_text(encoding="utf-8") != attendu
    ]


def interdites(racine: Path = _CONTRATS) -> dict[Path, list[Rupture]]:
    """Return what the models of the day would break in the frozen schemas."""
    trouvees = {}
    for topic in TOPICS:
        fige = racine / "schemas" / schemas.fichier(topic)
        if fige.is_file():
            ancien = json.loads(fige.read_text(encoding="utf-8"))
            trouvees[fige] = ruptures(ancien, schemas.schema(topic))
    return {fige: liste for fige, liste in trouvees.items() if liste}


def ecrire(racine: Path = _CONTRATS) -> None:
    """Write every document."""
    for chemin, attendu in textes(racine):
        (racine / chemin).parent.mkdir(parents=True, exist_ok=True)
        (racine / chemin).write_text(attendu, encoding="utf-8")


def main(arguments: list[str], racine: Path = _CONTRATS) -> int:
    """Run the command: 0 done or up to date, 1 refused or out of date, 2 misused."""
    if arguments not in _MODES:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    if cassees := interdites(racine):
        for fige, liste in cassees.items():
            sys.stderr.writelines(f"{fige.name} {rupture}\n" for rupture in liste)
        sys.stderr.write("A frozen schema would break its readers: make a new topic version.\n")
        return 1
    if not arguments:
        ecrire(racine)
        return 0
    perimes = differences(racine)
    sys.stderr.writelines(f"out of date: {chemin}\n" for chemin in perimes)
    return 1 if perimes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
