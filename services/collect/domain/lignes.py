"""A line of a deposit: what it says, and what became of it."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from contracts.evenements import StatutLigne
from services.collect.domain.constat import Constat
from services.collect.domain.lecture_champs import Offre


@dataclass(slots=True)
class Ligne:
    """A line read and checked. `offre` is None when it is refused by itself.

    `empreinte` is the digest of `offre`, `lue` what it was before collect completed the offer.
    """

    rang: int
    physique: int
    offre: Offre | None
    constats: list[Constat]
    contenu: bytes = b""
    empreinte: str = ""
    aliases: list[str] | None = None
    lue: str = ""

    def copie(self) -> "Ligne":
        """Return a line to judge; this one stays as it was read."""
        aliases = None if self.aliases is None else [*self.aliases]
        return Ligne(
            self.rang,
            self.physique,
            self.offre,
            [*self.constats],
            self.contenu,
            self.empreinte,
            aliases,
            self.empreinte,
        )

    def completer(self, **faits: object) -> None:
        """Add facts that collect knows of the offer."""
        self.offre = {**(self.offre or {}), **faits}
        self.contenu, self.empreinte = serialiser(self.offre)


@dataclass(slots=True)
class LigneJugee:
    """What became of a line: exactly one status at any moment."""

    rang: int
    physique: int
    statut: StatutLigne
    offre: str | None
    sequence: int
    constats: list[Constat]

    def rangee(self) -> list[Any]:
        """Return the line as it is stored."""
        return [
            self.rang,
            self.physique,
            self.statut,
            self.offre,
            self.sequence,
            self.constats,
        ]


class Ecrasement(NamedTuple):
    """A line of an earlier batch that a later line of the same deposit replaces."""

    rang: int
    par: int


def serialiser(offre: Offre) -> tuple[bytes, str]:
    """Return the JSON of a normalised offer and its digest, equal to `contracts.empreinte`'s.

    Such an offer holds texts, booleans and small integers only, whose JSON is the same everywhere.
    """
    contenu = orjson.dumps(offre, option=orjson.OPT_SORT_KEYS)
    return contenu, blake2b(contenu, digest_size=16).hexdigest()
