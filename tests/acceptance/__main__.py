"""`python -m tests.acceptance FILE`: any file of cases, judged; 1 when one failed, 2 misused."""

import logging
import os
import sys
from pathlib import Path

import structlog

from tests.acceptance.execution import executer, lire, rapport
from tests.acceptance.jugement import Verdict


def main(arguments: list[str]) -> int:
    """Run the command."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        sys.stderr.write(f"{__doc__}\n")
        return 2
    dossier = os.environ.get("CATALOGUE_REFDATA")
    resultats = list(executer(lire(Path(arguments[0]), Path(dossier) if dossier else None)))
    for ligne in rapport(resultats):
        sys.stdout.write(ligne + "\n")
    return int(any(jugement.verdict is Verdict.ECHOUE for _, jugement in resultats))


if __name__ == "__main__":
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),  # the report alone is the output
    )
    sys.exit(main(sys.argv[1:]))
