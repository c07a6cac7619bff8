"""From records to the parts of documents; what no document can be made of is set aside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.topics import FORMATIONS, PUBLICATIONS, Topic
from services.kernel.consumer import Parked, decode
from services.kernel.events import Record
from services.search.domain.document import (
    DonneeManquante,
    partie_formation,
    partie_publications,
)
from services.search.domain.fusion import Etat

SUJETS: Final[tuple[Topic, ...]] = (FORMATIONS, PUBLICATIONS)
_LECTEURS: Final[Mapping[str, Callable[[dict[str, Any], str], Etat]]] = {
    FORMATIONS.name: partie_formation,
    PUBLICATIONS.name: partie_publications,
}


@dataclass(frozen=True, slots=True)
class Recu:
    """A record with the part that it carries, and the line of a deposit that it answers."""

    record: Record
    etat: Etat
    origine: Mapping[str, Any] | None


def lire_evenements(records: Sequence[Record]) -> tuple[list[Recu], list[Parked]]:
    """Return what can be indexed, in order, and what is to be parked."""
    evenements, ecartes = decode(records)
    recus = []
    for record, donnees in evenements:
        try:
            etat = _LECTEURS[record.topic](donnees, (record.value or b"").decode())
        except DonneeManquante as manque:
            ecartes.append(Parked(record, "donnee_manquante", f"{manque}."))
        else:
            origine = donnees.get("origine") if record.topic == FORMATIONS.name else None
            recus.append(Recu(record, etat, origine))
    return recus, ecartes
