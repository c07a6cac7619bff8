"""Apply the successions that a delivery declared, in key order, each pair in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from contracts.evenements import Operation, StatutLigne
from contracts.topics import OFFRES
from services.collect.domain.constat import Constat
from services.collect.domain.depot import Depot, Reponse
from services.collect.domain.identite import CLE
from services.collect.domain.successions import (
    Declaree,
    Jugement,
    appliquer,
    disputes,
    juger,
    regrouper,
)
from services.collect.domain.tenue import Tenue, evenement
from services.collect.ports import Offres, Transaction
from services.kernel.batches import slices
from services.kernel.events import Event, make_event

_LUES_ENSEMBLE = 500


async def appliquer_successions(
    toutes: Sequence[Declaree], depot: Depot, offres: Offres, instant: datetime
) -> None:
    """Judge what was declared, apply what can be, and store the findings for the report.

    A dry run judges on the store as it is and applies nothing.
    """
    groupes = regrouper(toutes)
    disputees = disputes(groupes)
    constats: list[tuple[int, Constat]] = []
    for part in slices(groupes, _LUES_ENSEMBLE):
        vue = _par_alias(await offres.vue({nom for groupe in part for nom in _noms(groupe)}))
        for groupe in part:
            jugement = juger(groupe, vue, depot.deposant, disputees)
            if jugement.predecesseur is not None and not depot.essai:
                jugement = await _en_transaction(groupe, depot, disputees, offres, instant)
            constats += jugement.constats
    if constats:
        await offres.garder_reponses([_reponse(depot.id, constats)])


async def _en_transaction(
    groupe: list[Declaree],
    depot: Depot,
    disputees: frozenset[str],
    offres: Offres,
    instant: datetime,
) -> Jugement:
    async def travail(transaction: Transaction) -> Jugement:
        trouvees = await transaction.vue(_noms(groupe))
        entieres = await transaction.entieres([tenue.id for tenue in trouvees])
        jugement = juger(groupe, _par_alias(entieres.values()), depot.deposant, disputees)
        if jugement.predecesseur is not None and jugement.successeur is not None:
            appliquer(jugement.predecesseur, jugement.successeur, instant)
            await transaction.remplacer([jugement.predecesseur, jugement.successeur])
            await transaction.publier(
                [
                    _evenement(jugement.predecesseur, instant),
                    _evenement(jugement.successeur, instant),
                ]
            )
        return jugement

    return await offres.transaction(travail)


def _evenement(tenue: Tenue, instant: datetime) -> Event:
    donnees = evenement(tenue, operation=Operation.SUCCESSION, origine=False)
    return make_event(OFFRES, tenue.id, tenue.sequence, donnees, instant)


def _reponse(depot: str, constats: Sequence[tuple[int, Constat]]) -> Reponse:
    par_rang: dict[int, list[Constat]] = {}
    for rang, constat in constats:
        par_rang.setdefault(rang, []).append(constat)
    lignes = [(rang, None, StatutLigne.A_CORRIGER, dits) for rang, dits in sorted(par_rang.items())]
    return Reponse(f"{depot}:successions", depot, lignes)


def _noms(groupe: Sequence[Declaree]) -> set[str]:
    return {CLE + cle for declaree in groupe for cle in declaree[:2]}


def _par_alias(tenues: Iterable[Tenue]) -> dict[str, Tenue]:
    return {alias: tenue for tenue in tenues for alias in tenue.aliases}
