"""The sweep of stale judgements in memory; time is the count of writings."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from services.export.domain.projections import DERIVES
from services.export.domain.reevaluation import Balayage, Diplome
from services.export.ports import Document
from services.kernel.events import Event
from tests.support.export.etat import stocke
from tests.support.export.magasin import Magasin, Transaction


class ReevaluationsEnMemoire:
    """Implements `ports.Reevaluations`."""

    def __init__(self, magasin: Magasin) -> None:
        """Sweep `magasin`."""
        self._magasin = magasin

    async def balayage(self) -> Balayage | None:
        return self._magasin.etat.balayage

    async def commencer(self, balayage: Balayage) -> Balayage:
        etat = self._magasin.etat
        etat.balayage = replace(balayage, depuis=etat.ecritures)
        return etat.balayage

    async def avancer(self, balayage: Balayage) -> None:
        tenu = self._magasin.etat.balayage
        if tenu is not None and tenu.vise.marque == balayage.vise.marque:
            self._magasin.etat.balayage = replace(
                tenu, curseur=balayage.curseur, complet=balayage.complet
            )

    async def lots(self, balayage: Balayage, taille: int) -> AsyncGenerator[list[Document], None]:
        suivants = [
            offre
            for offre in self._offres()
            if offre["_id"] > balayage.curseur
            and (balayage.touches is None or _diplome(offre) in balayage.touches)
        ]
        for debut in range(0, len(suivants), taille):
            yield suivants[debut : debut + taille]

    async def retardataires(
        self, balayage: Balayage, taille: int
    ) -> AsyncGenerator[list[Document], None]:
        tard = [offre for offre in self._offres() if _en_retard(offre, balayage)]
        for debut in range(0, len(tard), taille):
            yield tard[debut : debut + taille]

    def _offres(self) -> list[Document]:
        return [stocke(offre) for _, offre in sorted(self._magasin.etat.formations.items())]

    async def marquer(self, documents: Sequence[Document], marque: str) -> None:
        formations = self._magasin.etat.formations
        for lu in documents:
            if formations[lu["_id"]]["ecrit"] == lu["ecrit"]:
                formations[lu["_id"]] = {**formations[lu["_id"]], "marque": marque}

    async def ecrire(
        self,
        jugees: Sequence[Document],
        historique: Sequence[Document],
        evenements: Sequence[Event],
    ) -> bool:
        async def travail(transaction: Transaction) -> bool:
            tenues = await transaction.formations([jugee["_id"] for jugee in jugees])
            if any(tenues[jugee["_id"]]["ecrit"] != jugee["ecrit"] for jugee in jugees):
                return False
            derives = ("marque", *DERIVES)
            await transaction.ecrire(
                [], [tenues[un["_id"]] | {champ: un[champ] for champ in derives} for un in jugees]
            )
            await transaction.historiser(historique)
            await transaction.emettre(evenements)
            return True

        return await self._magasin.transaction(travail)


def _diplome(offre: Document) -> Diplome:
    return offre["projection"].get("niveau"), offre["projection"].get("diplome")


def _en_retard(offre: Document, balayage: Balayage) -> bool:
    vise = balayage.vise.marque
    recente: bool = offre["ecrit"] >= balayage.depuis and offre["marque"] != vise
    if balayage.touches is None or balayage.acquise is None:
        return recente
    ailleurs = offre["marque"] not in (vise, balayage.acquise.marque)
    manquee = offre["ecrit"] >= balayage.acquise_depuis and ailleurs
    return bool(manquee or (recente and _diplome(offre) in balayage.touches))
