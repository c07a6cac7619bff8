"""A change of rule tried against the whole catalogue before it is applied; nothing is written."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from contracts.statuts import Plateforme
from services.export.domain.apercu_regles import Apercevant, Apercu, Changement
from services.export.domain.reevaluation import Diplome
from services.export.ports import Document, Juges


class Offres(Protocol):
    """The stored offers that rules of some diplomas may touch."""

    def de(
        self,
        diplomes: frozenset[Diplome],
        plateforme: Plateforme,
        academies: Sequence[str] | None,
    ) -> AsyncIterator[Document]:
        """Yield them with their facts on a platform, in the order of ids (None: all académies)."""
        ...


async def apercevoir(
    changement: Changement, academies: Sequence[str] | None, offres: Offres, juges: Juges
) -> Apercu:
    """Return what a change would do to the offers of these académies, all when None."""
    apercevant = Apercevant(await juges.courant(), changement)
    lues = offres.de(changement.diplomes, changement.plateforme, academies)
    apercevant.examiner([offre async for offre in lues])
    return apercevant.apercu
