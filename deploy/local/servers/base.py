from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from deploy.local.archive import ClassArchive

ServerName = Literal["kafka", "mongo", "elasticsearch"]


@dataclass(frozen=True, slots=True)
class Server(ABC):
    """What the stack must know of a server; `folder` is the server's own."""

    name: ClassVar[ServerName]
    title: ClassVar[str]
    folder: Path

    @property
    @abstractmethod
    def ports(self) -> Mapping[str, int]:
        """The ports that must be free, by the setting that moves them."""

    @abstractmethod
    def prepare(self) -> None:
        """Folders and configuration files: what must be there before each start."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command that becomes the server, in the foreground."""

    @abstractmethod
    def is_healthy(self) -> bool:
        """Whether it serves reads and writes now; never raises because it does not yet."""

    @property
    def archive(self) -> ClassArchive | None:
        return None
