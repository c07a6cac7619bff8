"""The user's cache folder: what was fetched or built once serves every clone, offline."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return Path(base) / "catalogue-apprentissage"


def digest(files: Iterable[Path]) -> str:
    content = hashlib.sha256()
    for file in files:
        content.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return content.hexdigest()[:16]


def built_once(name: str, build: Callable[[Path], None]) -> Path:
    """The folder `name` of the cache, filled by `build` if it is not there yet.

    It appears whole or not at all, and two processes that want it at once build it once.
    """
    cache = cache_folder()
    target = cache / name
    if target.is_dir():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.is_dir():
            return target
        unfinished = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=cache))
        try:
            build(unfinished)
            unfinished.rename(target)
        except BaseException:
            shutil.rmtree(unfinished)
            raise
    return target
