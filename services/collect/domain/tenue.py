"""An offer as collect holds it, and the event that tells its state."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from contracts.evenements import Etat, Operation
from services.collect.domain.constat import Constat

_OPERATIONS: Final = {
    Etat.ACTIVE: Operation.DEPOT,
    Etat.RETIREE: Operation.RETRAIT,
    Etat.REMPLACEE: Operation.SUCCESSION,
}
_CLE: Final = "cle:"


@dataclass(slots=True)
class Tenue:
    """One offer held: who owns it, its aliases, its last state. `sequence` 0 was never stored.

    `contenu` is the JSON of the normalised offer, kept as bytes: it is written, sent and compared
    but never searched. `depot` and `ligne` are its origin; `recue_le` the instant of its state.
    `lue` is the digest of the line as it was read, where collect completed it; `ecartees` those of
    the lines that the same deposit gave for the offer before the one that holds.
    """

    id: str
    deposant: str
    sequence: int = 0
    etat: str = Etat.ACTIVE
    cle: str | None = None
    cle_attribuee: bool = False
    depubliee: bool = False
    aliases: list[str] = field(default_factory=list)
    empreinte: str = ""
    lue: str = ""
    ecartees: list[str] = field(default_factory=list)
    contenu: bytes = b"{}"
    depot: str | None = None
    ligne: int = 0
    recue_le: datetime | None = None
    cree_le: datetime | None = None
    predecesseurs: list[str] = field(default_factory=list)
    remplacee_par: str | None = None
    motif: str | None = None
    constats: list[Constat] = field(default_factory=list)

    @property
    def lue_ou_empreinte(self) -> str:
        """Return the digest of the line that the state comes from, as it was read."""
        return self.lue or self.empreinte

    @property
    def anciennes_cles(self) -> list[str]:
        """Return the clés that the offer had before."""
        return [a[len(_CLE) :] for a in self.aliases if a.startswith(_CLE) and a[4:] != self.cle]


def evenement(
    tenue: Tenue, *, operation: Operation | None = None, essai: bool = False, origine: bool = True
) -> bytes:
    """Return the data of `catalogue.offres.v1` for the present state of an offer.

    `operation` defaults to the one that its state comes from. Members equal to the model's default
    are left out, `offre` included.
    """
    donnees: dict[str, Any] = {
        "id": tenue.id,
        "sequence": tenue.sequence,
        "operation": operation or _OPERATIONS[Etat(tenue.etat)],
        "origine": {"depot": tenue.depot, "ligne": tenue.ligne}
        if origine and tenue.depot is not None
        else None,
        "deposant": tenue.deposant,
        "recue_le": tenue.recue_le,
        "empreinte": tenue.empreinte,
        "offre": orjson.Fragment(tenue.contenu),
        "constats": tenue.constats,
    }
    if essai:
        donnees["essai"] = True
    if len(tenue.aliases) > 1 and (anciennes := tenue.anciennes_cles):
        donnees["anciennes_cles"] = anciennes
    if tenue.predecesseurs:
        donnees["predecesseurs"] = tenue.predecesseurs
    if tenue.motif is not None:
        donnees["motif"] = tenue.motif
    if tenue.remplacee_par is not None:
        donnees["remplacee_par"] = tenue.remplacee_par
    return orjson.dumps(donnees)
