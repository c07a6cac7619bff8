"""What `catalogue run` deposits: the real offers, prepared, or the sample that is shipped."""

import gzip
import hashlib
from pathlib import Path

import orjson

from services.cli.preparation import offres_preparees
from services.cli.run.settings import RunSettings


def fingerprint(source: Path, pattern: str = "*") -> str:
    """Return a text that changes when a file of the folder does (its name, size or date)."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(path for path in source.rglob(pattern) if path.is_file()):
        stat = path.stat()
        digest.update(f"{path.relative_to(source)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def offers_file(settings: RunSettings) -> Path:
    """Return the file of offers to deposit, prepared once under the working folder.

    The historic records lack what a season needs: `preparation` completes them synthetically.
    """
    if settings.is_sample:
        return next((settings.source / "offres").glob("*.ndjson*"))
    prepared = settings.dossier / "offres-preparees.ndjson.gz"
    if not prepared.exists():
        unfinished = prepared.with_suffix(".tmp")
        with gzip.open(unfinished, "wb", compresslevel=3) as target:
            for offer in offres_preparees(settings.source):
                target.write(orjson.dumps(offer) + b"\n")
        unfinished.rename(prepared)
    return prepared
