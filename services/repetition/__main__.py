"""`python -m services.repetition PLAN.json`: see `catalogue repeter`, which writes the plan."""

import asyncio
import sys
import tempfile
from pathlib import Path

import orjson

from services.export.settings import ExportSettings
from services.kernel.logs import setup_logs
from services.repetition.copie import nettoyer
from services.repetition.plan import Plan
from services.repetition.rapport import en_texte
from services.repetition.repetition import repeter

NETTOYER = "--nettoyer"


def main(arguments: list[str]) -> None:
    """Rehearse the plan of a file; write the report where the second argument says, as JSON."""
    settings = ExportSettings()
    # The report goes to standard output: of the rest, only what is wrong is said.
    setup_logs(settings.model_copy(update={"journal_niveau": "ERROR"}), "repetition", "repetition")
    if arguments == [NETTOYER]:
        restes = asyncio.run(nettoyer(settings))
        sys.stdout.write(f"{len(restes)} répétition(s) interrompue(s) effacée(s).\n")
        return
    plan = Plan.model_validate_json(Path(arguments[0]).read_bytes())
    with tempfile.TemporaryDirectory() as dossier:
        rapport = asyncio.run(repeter(settings, plan, Path(dossier)))
    if len(arguments) > 1:
        Path(arguments[1]).write_bytes(orjson.dumps(rapport, option=orjson.OPT_INDENT_2))
    sys.stdout.write(en_texte(rapport) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
