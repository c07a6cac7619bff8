"""What an operation would change, counted by académie and sort, with samples."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

Document = dict[str, Any]

_EXEMPLES: Final = 5
COLONNES: Final = (
    "id",
    "cle_ministere_educatif",
    "intitule",
    "academie",
    "statut_avant",
    "statut_apres",
    "autres_changements",
)


class Effet(NamedTuple):
    """What an operation would do to an offer; `sortes` names what changes beside the status."""

    document: Document
    avant: str
    apres: str
    sortes: tuple[str, ...] = ()

    @property
    def nul(self) -> bool:
        """Tell whether nothing would change."""
        return self.avant == self.apres and not self.sortes

    def ligne(self) -> tuple[str | None, ...]:
        """Return the values of `COLONNES`."""
        lire = self.document["projection"].get
        return (
            self.document["_id"],
            lire("cle_ministere_educatif"),
            lire("intitule_long"),
            lire("num_academie"),
            self.avant,
            self.apres,
            ", ".join(self.sortes),
        )


@dataclass(slots=True)
class Apercu:
    """The counts of all offers; an académie unknown counts under ``""``."""

    vues: int = 0
    changees: int = 0
    par_academie: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    sortes: Counter[str] = field(default_factory=Counter)
    exemples: dict[tuple[str, str], list[Document]] = field(default_factory=dict)

    def noter(self, effet: Effet) -> None:
        """Count an offer."""
        self.vues += 1
        academie = effet.document["projection"].get("num_academie") or ""
        passage = (effet.avant, effet.apres)
        self.par_academie.setdefault(academie, Counter())[passage] += 1
        self.sortes.update(effet.sortes)
        if effet.nul:
            return
        self.changees += 1
        exemples = self.exemples.setdefault(passage, [])
        if len(exemples) < _EXEMPLES:
            exemples.append(dict(zip(COLONNES, effet.ligne(), strict=True)))

    def passages(self) -> Mapping[tuple[str, str], int]:
        """Return how many offers go from one status to another, or stay, in the whole."""
        return sum(self.par_academie.values(), Counter())
