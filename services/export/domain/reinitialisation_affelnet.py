"""On 1 September a request to Affelnet that was not made anew is dropped (domain.md §3.7)."""

from collections.abc import Iterable, Sequence
from datetime import date

from contracts.statuts import Statut

Entree = tuple[date, Statut]
"""The civil date of an entry of the history, and the status that it gave."""


def toutes_pretes_depuis(historique: Iterable[Entree], jour: date) -> bool:
    """Tell whether no entry since a day holds another status than `prêt`."""
    return all(statut is Statut.PRET for date_, statut in historique if date_ >= jour)


def prete_avant(historique: Iterable[Entree], jour: date) -> bool:
    """Tell whether the last entry before a day is `prêt`."""
    avant = sorted((entree for entree in historique if entree[0] < jour), key=lambda un: un[0])
    return bool(avant) and avant[-1][1] is Statut.PRET


def statut_apres(
    statut: Statut, historique: Sequence[Entree], jour: date, *, au_flux: bool
) -> Statut:
    """Return the status after the reinit of `jour`: repeating `prêt` is no renewal."""
    perimee = (
        au_flux
        and statut is Statut.PRET
        and prete_avant(historique, jour)
        and toutes_pretes_depuis(historique, jour)
    )
    return Statut.NON_PUBLIABLE if perimee else statut
