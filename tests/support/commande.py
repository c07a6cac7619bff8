"""`catalogue`, run as its users run it: a process, its exit code, what it printed."""

import asyncio
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.cli.run.installation import Installation

CATALOGUE: Final = (sys.executable, "-m", "services.cli")
_LARGE: Final = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}


@dataclass(frozen=True, slots=True)
class Fini:
    """How a command ended; texts have single spaces, as tables and bars pad theirs."""

    code: int
    sortie: str
    erreurs: str


async def lancer(*commande: str, environnement: Mapping[str, str]) -> Fini:
    """Run a command to its end, in the project."""
    processus = await asyncio.create_subprocess_exec(
        *commande,
        env={**os.environ, **_LARGE, **environnement},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    sortie, erreurs = await processus.communicate()
    assert processus.returncode is not None
    return Fini(processus.returncode, _aplati(sortie), _aplati(erreurs))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The command in the environment of an installation."""

    installation: Installation

    async def __call__(self, *arguments: str, code: int = 0, **variables: str) -> Fini:
        """Run it; it must end by `code`."""
        environnement = {**self.installation.fleet.environment, **variables}
        fini = await lancer(*CATALOGUE, *arguments, environnement=environnement)
        assert fini.code == code, fini
        return fini


def _aplati(texte: bytes) -> str:
    return re.sub(r"[ \u00a0\u202f]+", " ", texte.decode())
