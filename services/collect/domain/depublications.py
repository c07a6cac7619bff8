"""A mass of `published: false` in one delivery waits for a person (domain.md §7, a).

Lines that unpublish an offer wait for the end of their delivery: only there is it known how many
they are. Few of them apply; a mass of them is refused line by line, and the offers stay as they
were. The same file deposited with the depositor's word for it applies.
"""

from dataclasses import dataclass
from typing import Final

from contracts.evenements import Etat
from services.collect.domain.constat import Constat, constat
from services.collect.domain.lignes import Ligne
from services.collect.domain.tenue import Tenue

CODE: Final = "depublication_en_masse"


@dataclass(frozen=True, slots=True)
class Seuil:
    """What one delivery may unpublish: this many offers, or this part of its depositor's."""

    nombre: int
    part: float

    def depasse(self, depubliees: int, publiees: int) -> bool:
        """Tell whether so many are a mass, of so many that the depositor had published."""
        return depubliees > max(self.nombre, self.part * publiees)


SEUIL: Final = Seuil(nombre=500, part=0.1)


def depublie(ligne: Ligne, tenue: Tenue) -> bool:
    """Tell whether a line unpublishes an offer that was published until this delivery."""
    eteinte = (ligne.offre or {}).get("published") is False
    publiee = tenue.etat == Etat.ACTIVE and not tenue.depubliee
    return eteinte and publiee and tenue.empreinte != ligne.empreinte


def retenue(depubliees: int, publiees: int) -> Constat:
    """Return the finding of a line that is not applied, one of so many."""
    return constat(CODE, "published", f"{depubliees} sur {publiees}")
