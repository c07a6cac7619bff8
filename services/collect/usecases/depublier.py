"""Lines that unpublish offers, held until the end of their delivery (`domain.depublications`)."""

from collections.abc import Sequence
from typing import Final

from contracts.evenements import Etape, StatutLigne
from services.collect.domain.decision import Decision
from services.collect.domain.depot import Depot, Passage, Reponse
from services.collect.domain.depublications import CODE, retenue
from services.collect.domain.lignes import Ligne
from services.collect.domain.rangs import en_plages
from services.collect.usecases.moyens import Moyens
from services.kernel.batches import slices

_PAR_REPONSE: Final = 5_000


class Attente:
    """The lines of one deposit that wait because they unpublish their offer.

    Once they are a mass their contents are let go: only their ranks are needed to refuse them.
    """

    def __init__(self, depot: Depot, moyens: Moyens) -> None:
        """Hold none yet."""
        self._depot = depot
        self._moyens = moyens
        self._lignes: dict[int, Ligne] = {}
        self._refusees: set[int] = set()
        self._publiees: int | None = None

    async def suivre(self, decision: Decision) -> None:
        """Take the lines of a batch that wait, and let go those that it replaces."""
        self._lignes |= decision.depublications
        for ecrasement in decision.ecrasees:
            self._lignes.pop(ecrasement.rang, None)
            self._refusees.discard(ecrasement.rang)
        if self._refusees or await self._en_masse():
            self._refusees |= self._lignes.keys()
            self._lignes.clear()

    async def conclure(self) -> list[Ligne]:
        """Return the lines that apply; those of a mass are refused, and pass no stage."""
        lignes, self._lignes = [*self._lignes.values()], {}
        refusees, self._refusees = sorted(self._refusees), set()
        if refusees:
            await self._refuser(refusees)
        return lignes

    async def _en_masse(self) -> bool:
        seuil, nombre = self._moyens.reglages.depublications, len(self._lignes)
        if nombre <= seuil.nombre:
            return False
        return seuil.depasse(nombre, await self._combien_de_publiees())

    async def _combien_de_publiees(self) -> int:
        if self._publiees is None:
            self._publiees = await self._moyens.offres.publiees(self._depot.deposant)
        return self._publiees

    async def _refuser(self, rangs: Sequence[int]) -> None:
        depot, offres = self._depot.id, self._moyens.offres
        dit = retenue(len(rangs), await self._combien_de_publiees())
        reponses = [
            Reponse(
                f"{depot}:{CODE}:{lot[0]:08d}",
                depot,
                [(rang, None, StatutLigne.REFUSEE, [dit]) for rang in lot],
            )
            for lot in slices(rangs, _PAR_REPONSE)
        ]
        await offres.garder_reponses(reponses)
        plages = list(en_plages(rangs))
        await offres.garder_passages(
            [Passage(f"{depot}:{CODE}:{etape}", depot, etape, plages) for etape in Etape]
        )
