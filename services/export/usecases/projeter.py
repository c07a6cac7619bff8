"""Follows the formations: projects them, judges them, tells what changed and how far it came."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from contracts.evenements import Etape
from contracts.topics import AVANCEMENT, PUBLICATIONS
from services.export.domain.avancement import par_depot
from services.export.domain.projections import Juge, Plan, planifier, reevaluer
from services.export.ports import Base, Document, Juges, Transaction
from services.kernel import telemetry
from services.kernel.clock import Clock, now_as_stored
from services.kernel.digest import digest
from services.kernel.events import Event, make_event
from services.kernel.newer import newest


async def appliquer(lot: Sequence[Document], base: Base, juges: Juges, horloge: Clock) -> None:
    """Apply states of formations, in one transaction with their events.

    What is not newer than what is held changes nothing; its line is reported as evaluated all the
    same. Idempotent.
    """
    juge = await juges.courant()
    instant = now_as_stored(horloge)
    dernieres = newest(lot, lambda etat: str(etat["id"]), lambda etat: int(etat["sequence"]))
    avancement = list(_avancement(lot, horloge))

    async def travail(transaction: Transaction) -> Plan:
        tenues = await transaction.formations(list(dernieres))
        plan = planifier(dernieres.values(), tenues, juge, instant)
        await transaction.ecrire(plan.nouvelles, plan.remplacees)
        await transaction.emettre([*evenements(plan.publications, horloge), *avancement])
        return plan

    plan = await base.transaction(travail)
    if plan.reparees:
        telemetry.REPAIRS.labels("export").inc(plan.reparees)


@dataclass(slots=True)
class Bilan:
    """How many offers were judged again, how many changed, and whether it went to the end."""

    vues: int = 0
    changees: int = 0
    complet: bool = True


async def _toujours() -> bool:
    return True


async def reevaluer_tout(
    base: Base,
    juges: Juges,
    horloge: Clock,
    *,
    lot: int,
    marque: str | None,
    poursuivre: Callable[[], Awaitable[bool]] = _toujours,
) -> Bilan:
    """Judge again what was not judged under `marque` (None: all), while `poursuivre` says so.

    Each batch is one transaction that reads the facts again: a decision taken meanwhile counts.
    Only changed states become events. May be interrupted and run again.
    """
    bilan = Bilan()
    async for ids in base.a_reevaluer(marque, lot):
        if not await poursuivre():
            bilan.complet = False
            break
        plan = await base.transaction(partial(_rejuger, ids, await juges.courant(), horloge))
        bilan.vues += len(plan.remplacees)
        bilan.changees += len(plan.publications)
    return bilan


async def _rejuger(ids: list[str], juge: Juge, horloge: Clock, transaction: Transaction) -> Plan:
    tenues = await transaction.formations(ids)
    plan = reevaluer(tenues.values(), juge, now_as_stored(horloge))
    await transaction.ecrire([], plan.remplacees)
    await transaction.emettre(list(evenements(plan.publications, horloge)))
    return plan


def evenements(publications: Iterable[Document], horloge: Clock) -> Iterable[Event]:
    """Return the publication events of these states."""
    instant = now_as_stored(horloge)
    return (
        make_event(PUBLICATIONS, etat["id"], etat["sequence"], etat, instant)
        for etat in publications
    )


def _avancement(lot: Sequence[Document], horloge: Clock) -> Iterable[Event]:
    for depot, lignes in par_depot(etat.get("origine") for etat in lot).items():
        data = {"depot": depot, "etape": Etape.EVALUEE.value, "lignes": lignes}
        # The id follows from the content: the same progress told again is the same event.
        yield make_event(
            AVANCEMENT,
            depot,
            lignes[-1][1],
            data,
            now_as_stored(horloge),
            id=f"{depot}.{Etape.EVALUEE.value}.{digest(data)[:16]}",
        )
