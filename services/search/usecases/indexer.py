"""Apply what topics say to an index: read, merge newer parts, write whole documents, until done."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from services.kernel.errors import Retry
from services.kernel.newer import Verdict, newest
from services.search.domain.fusion import Document, Etat, fusionner, juger
from services.search.ports import Echec, Ecriture, Index, Issue, Lu

Pause = Callable[[int], Awaitable[None]]
"""Waits before attempt n (1, 2…), longer each time, with jitter."""


@dataclass(slots=True)
class Bilan:
    """What became of a batch: documents written, parts repaired, ids refused with the reason."""

    ecrits: int = 0
    repares: int = 0
    conflits: int = 0
    refus: dict[str, str] = field(default_factory=dict)


async def appliquer(
    etats: Sequence[Etat], index: Index, cible: str, *, tentatives: int, pause: Pause
) -> Bilan:
    """Bring an index at least to these states; idempotent, in any order, beside other writers.

    On return each state is in the index, or older than what is there, or its id is in `refus`.
    Raises `Retry` when the index stayed saturated or contended: nothing may then be committed.
    """
    bilan = Bilan()
    reste = _par_id(etats)
    if not reste:
        return bilan
    for tentative in range(1, tentatives + 1):
        echecs = await _passe(reste, index, cible, bilan)
        bilan.refus |= {id_: e.raison for id_, e in echecs.items() if e.issue is Issue.REFUS}
        reste = {id_: reste[id_] for id_, e in echecs.items() if e.issue is not Issue.REFUS}
        if not reste:
            return bilan
        conflits = sum(echec.issue is Issue.CONFLIT for echec in echecs.values())
        bilan.conflits += conflits
        if conflits < len(reste):
            await pause(tentative)
    raise Retry(f"{len(reste)} documents toujours refusés par l'index après {tentatives} essais")


async def _passe(
    par_id: Mapping[str, Sequence[Etat]], index: Index, cible: str, bilan: Bilan
) -> Mapping[str, Echec]:
    lus = await index.lire(cible, list(par_id))
    ecritures = []
    reparations: set[str] = set()
    for id_, etats in par_id.items():
        ecriture = _fusion(id_, etats, lus.get(id_), reparations)
        if ecriture is not None:
            ecritures.append(ecriture)
    if not ecritures:
        return {}
    echecs = await index.ecrire(cible, ecritures)
    bilan.ecrits += len(ecritures) - len(echecs)
    bilan.repares += len(reparations - echecs.keys())
    return echecs


def _fusion(
    id_: str, etats: Sequence[Etat], lu: Lu | None, reparations: set[str]
) -> Ecriture | None:
    document: Document = dict(lu.document) if lu else {}
    change = False
    for etat in etats:
        verdict = juger(document, etat)
        if verdict.writes:
            document = fusionner(document, etat)
            change = True
        if verdict is Verdict.REPAIR:
            reparations.add(id_)
    return Ecriture(id_, document, lu) if change else None


def _par_id(etats: Sequence[Etat]) -> dict[str, list[Etat]]:
    """Keep the newest state of each part; what comes later in the log wins among equals."""
    par_id: dict[str, list[Etat]] = {}
    recents = newest(etats, lambda etat: (etat.id, etat.partie), lambda etat: etat.sequence)
    for etat in recents.values():
        par_id.setdefault(etat.id, []).append(etat)
    return par_id
