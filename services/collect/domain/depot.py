"""A deposit: whose, when, how far its reception came, and its batches of judged lines."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from contracts.depot import EtatDepot
from services.collect.domain.constat import Constat
from services.collect.domain.lignes import Ecrasement, LigneJugee
from services.collect.domain.rangs import Plage, en_plages

ABANDON: Final = timedelta(minutes=5)
"""A reception that wrote nothing for so long was interrupted: its process is gone."""


class Echec(NamedTuple):
    """Why a reception stopped before the end: the code and the sentence of the problem answered."""

    code: str
    detail: str


INTERROMPU: Final = Echec(
    "depot_interrompu",
    "La réception s'est interrompue ; les lignes reçues avant sont gardées. "
    "Déposez le fichier de nouveau : elles seront reconnues identiques.",
)


@dataclass(slots=True)
class Depot:
    """One deposit. `lignes` were read and judged so far; `vu_le` is when it last wrote something.

    A deposit that stopped at a limit or on a broken body is `echoue` and keeps the lines before;
    one whose body merely ends inside a record is received, and `coupe` says so. `depublication`
    when its depositor admits that it unpublishes offers in mass.
    """

    id: str
    deposant: str
    cle: str
    recu_le: datetime
    vu_le: datetime
    essai: bool = False
    fichier: str | None = None
    forme: str = ""
    etat: EtatDepot = EtatDepot.EN_COURS
    coupe: bool = False
    depublication: bool = False
    echec: Echec | None = None
    lignes: int = 0
    octets: int = 0
    constats: list[Constat] = field(default_factory=list)

    def vu(self, maintenant: datetime) -> "Depot":
        """Return the deposit as it must be shown: one that was left is failed, not in progress."""
        if self.etat is EtatDepot.EN_COURS and maintenant - self.vu_le > ABANDON:
            self.etat, self.echec = EtatDepot.ECHOUE, INTERROMPU
        return self


class Comptes(NamedTuple):
    """How often each finding was made, and the first example of each."""

    nombres: Counter[str]
    exemples: dict[str, Constat]


def compter(constats: Iterable[Constat]) -> Comptes:
    """Count findings by code."""
    comptes = Comptes(Counter(), {})
    for constat in constats:
        comptes.nombres[constat["code"]] += 1
        comptes.exemples.setdefault(constat["code"], constat)
    return comptes


@dataclass(frozen=True, slots=True)
class Lot:
    """A batch of judged lines, stored whole; ranks are consecutive."""

    depot: str
    lignes: Sequence[LigneJugee]
    ecrasees: Sequence[Ecrasement] = ()

    @property
    def premier(self) -> int:
        """Return the rank of the first line."""
        return self.lignes[0].rang

    @property
    def dernier(self) -> int:
        """Return the rank of the last line."""
        return self.lignes[-1].rang

    def statuts(self) -> dict[str, list[Plage]]:
        """Return the ranges of ranks by status."""
        rangs: dict[str, list[int]] = {}
        for ligne in self.lignes:
            rangs.setdefault(ligne.statut.value, []).append(ligne.rang)
        return {statut: list(en_plages(siens)) for statut, siens in rangs.items()}

    def comptes(self) -> Comptes:
        """Return how often each finding was made."""
        return compter(constat for ligne in self.lignes for constat in ligne.constats)


@dataclass(frozen=True, slots=True)
class Reponse:
    """Findings on lines of a deposit that came after it: enrich's, or those of successions.

    `lignes` are (rank, offer or None for whatever offer the line is, status, findings). `completes`
    are (rank, offer, findings of the line itself, told again with a proposal). `id` is
    deterministic: the same answer stored again is one.
    """

    id: str
    depot: str
    lignes: Sequence[tuple[int, str | None, str, Sequence[Constat]]]
    completes: Sequence[tuple[int, str, Sequence[Constat]]] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of a deposit that passed a stage; `id` is deterministic."""

    id: str
    depot: str
    etape: str
    plages: Sequence[Sequence[int]]
