"""The cursor of the change feed: a place in two logs, opaque to its holder (design.md §3).

It holds no clock: a version, the identity of each topic (a topic made anew is another log) and one
offset per partition. What is read from it depends on nothing else.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

VERSION: Final = 1
LONGUEUR_MAX: Final = 8_192
Place = tuple[str, int]
"""A topic (`formations`, `publications`) and the number of one of its partitions."""


class CurseurInvalide(ValueError):
    """The text is no cursor of this version."""


@dataclass(frozen=True, slots=True)
class Curseur:
    """Where a follower is: the next offset of each partition, and the logs that these belong to."""

    topics: Mapping[str, str]
    positions: Mapping[Place, int]

    def avance(self, positions: Mapping[Place, int]) -> "Curseur":
        """Return the cursor at other places of the same logs."""
        return Curseur(self.topics, {**self.positions, **positions})


def ecrire(curseur: Curseur) -> str:
    """Return the text of a cursor, fit for a URL."""
    logs = {
        topic: [
            identite,
            [
                [partition, offset]
                for (nom, partition), offset in sorted(curseur.positions.items())
                if nom == topic
            ],
        ]
        for topic, identite in sorted(curseur.topics.items())
    }
    texte = json.dumps([VERSION, logs], separators=(",", ":"))
    return base64.urlsafe_b64encode(texte.encode()).decode().rstrip("=")


def lire(texte: str) -> Curseur:
    """Read a cursor.

    Raises:
        CurseurInvalide: not a cursor, cut, or of another version.
    """
    if len(texte) > LONGUEUR_MAX:
        raise CurseurInvalide("curseur trop long")
    try:
        brut = base64.urlsafe_b64decode(texte + "=" * (-len(texte) % 4))
        version, logs = json.loads(brut)
        if version != VERSION:
            raise CurseurInvalide(f"version {version}")
        topics = {str(topic): str(identite) for topic, (identite, _) in logs.items()}
        positions = {
            (str(topic), _naturel(partition)): _naturel(offset)
            for topic, (_, offsets) in logs.items()
            for partition, offset in offsets
        }
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as erreur:
        raise CurseurInvalide("texte illisible") from erreur
    return Curseur(topics, positions)


def _naturel(valeur: object) -> int:
    if isinstance(valeur, bool) or not isinstance(valeur, int) or valeur < 0:
        raise CurseurInvalide("nombre attendu")
    return valeur
