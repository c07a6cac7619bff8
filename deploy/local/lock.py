"""One owner at a time for a folder of the stack, until the owner ends, however it ends."""

import fcntl
import os
from pathlib import Path
from typing import IO

from deploy.local.errors import StackError


class FolderLock:
    def __init__(self, folder: Path) -> None:
        self._path = folder / "verrou"
        self._held: IO[str] | None = None

    def acquire(self) -> None:
        """Raises StackError naming the owner while another process holds it."""
        if self._held is not None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            owner = file.read().strip()
            file.close()
            raise StackError(
                f"Une exécution (processus {owner}) se sert déjà de {self._path.parent} :"
                " arrêtez-la d'abord (Ctrl-C dans sa fenêtre)."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._held = file

    def release(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None
