"""Follows the formations: projects them, judges them, tells what changed and how far it came."""

from collections.abc import Iterable, Sequence

from contracts.evenements import Etape
from contracts.topics import AVANCEMENT
from services.export.domain.avancement import par_depot
from services.export.domain.projections import Plan, planifier
from services.export.ports import Base, Document, Juges, Transaction
from services.export.usecases.faits import evenements
from services.export.usecases.succeder import succeder
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
        await transaction.historiser(plan.historique)
        await transaction.emettre([*evenements(plan.publications, horloge), *avancement])
        await succeder(transaction, [*plan.nouvelles, *plan.remplacees], juge, instant, horloge)
        return plan

    plan = await base.transaction(travail)
    if plan.reparees:
        telemetry.REPAIRS.labels("export").inc(plan.reparees)


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
