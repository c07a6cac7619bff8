"""Carries operations on all offers out, batch by batch, each batch once whatever happens."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final

from contracts.statuts import Plateforme
from services.export.domain.demarrage import Depart, partir
from services.export.domain.operations import Etape, compter, lire_demarrage
from services.export.domain.projections import Juge
from services.export.domain.saisons import identifiant, photographier
from services.export.domain.septembre import echoir
from services.export.ports import Document, Juges
from services.export.ports_operations import Operations, TransactionDOperation
from services.export.usecases.faits import ecrire_faits
from services.kernel.clock import Clock, now_as_stored
from services.kernel.errors import Retry
from services.kernel.halves import at_most


async def mener(
    nom: str,
    operations: Operations,
    juges: Juges,
    horloge: Clock,
    *,
    lot: int,
    poursuivre: Callable[[], Awaitable[bool]],
) -> bool:
    """Go on with the operation `nom` while `poursuivre` says so; tell whether it is finished.

    A batch has at most `lot` offers, fewer while others write the same ones. May be interrupted
    anywhere, run again, and even run twice at once: a batch is done once.
    """
    while await poursuivre():
        juge = await juges.courant()
        avancer = partial(_avancer, nom, operations, juge, horloge)
        if await at_most(lot, avancer) is Etape.TERMINEE:
            return True
    return False


async def _avancer(
    nom: str, operations: Operations, juge: Juge, horloge: Clock, taille: int
) -> Etape:
    return await operations.transaction(partial(_un_lot, nom, taille, juge, horloge))


async def _un_lot(
    nom: str, taille: int, juge: Juge, horloge: Clock, transaction: TransactionDOperation
) -> Etape:
    operation = await transaction.operation(nom)
    etape = Etape(operation["etape"])
    if etape is Etape.TERMINEE:
        return etape
    pas = _Pas(transaction, operation, taille, juge, now_as_stored(horloge), horloge)
    apres = await _ETAPES[etape](pas)
    if apres["etape"] == Etape.TERMINEE:
        apres["terminee_le"] = pas.instant
    await transaction.avancer(apres)
    return Etape(apres["etape"])


@dataclass(frozen=True, slots=True)
class _Pas:
    """One batch of an operation, in its transaction."""

    transaction: TransactionDOperation
    operation: Document
    taille: int
    juge: Juge
    instant: datetime
    horloge: Clock

    async def offres(self) -> list[Document]:
        return await self.transaction.tranche(self.operation["curseur"], self.taille)

    async def ecrire(self, offres: Sequence[Document], journal: Sequence[Document]) -> None:
        await ecrire_faits(
            self.transaction, offres, self.juge, self.instant, self.horloge, journal=journal
        )

    def suite(self, vues: Sequence[Document], apres: Etape, **plus: int) -> Document:
        """Return the operation past this batch; one that is not full is the last of its stage."""
        etape = self.operation["etape"]
        finie = len(vues) < self.taille
        return {
            **self.operation,
            "etape": apres.value if finie else etape,
            "curseur": "" if finie else vues[-1]["_id"],
            "comptes": compter(self.operation, **{etape: len(vues)}, **plus),
        }


async def _photographier(pas: _Pas) -> Document:
    """Take the snapshot of a batch; nothing else changes."""
    demarrage = lire_demarrage(pas.operation)
    offres = await pas.offres()
    saisons = [
        saison
        for offre in offres
        if (saison := photographier(offre, demarrage.plateforme, demarrage.avant.id, pas.instant))
    ]
    await pas.transaction.garder_saisons(saisons)
    return pas.suite(offres, Etape.BASCULE, saisons=len(saisons))


async def _basculer(pas: _Pas) -> Document:
    """Make the campaign the current one: from now on everything is judged under it."""
    demarrage = lire_demarrage(pas.operation)
    await pas.transaction.ouvrir_campagne(demarrage.plateforme, demarrage.apres.debut)
    return {**pas.operation, "etape": Etape.REPRISE.value, "curseur": ""}


async def _reprendre(pas: _Pas) -> Document:
    """Carry a batch over into the campaign; what all is silent about is left to the sweep."""
    demarrage = lire_demarrage(pas.operation)
    if pas.juge.contextes[demarrage.plateforme].campagne != demarrage.apres:
        raise Retry("la campagne qui commence n'est pas encore lue")
    offres = await pas.offres()
    ids = [identifiant(demarrage.avant.id, demarrage.plateforme, un["_id"]) for un in offres]
    saisons = await pas.transaction.saisons(ids)
    departs = [
        partir(un, saisons.get(un["_id"]), demarrage, pas.juge, pas.instant) for un in offres
    ]
    repris = [depart for depart in departs if depart.saison is not None or depart.sortes]
    await pas.transaction.garder_saisons(_corrigees(repris, saisons))
    await pas.ecrire(
        [depart.document for depart in repris],
        [entree for depart in repris for entree in depart.journal],
    )
    comptes = Counter(sorte for depart in repris for sorte in depart.sortes)
    return pas.suite(offres, Etape.TERMINEE, reprises=len(repris), **comptes)


def _corrigees(departs: Sequence[Depart], saisons: Mapping[str, Document]) -> list[Document]:
    return [
        depart.saison
        for depart in departs
        if depart.saison is not None and depart.saison != saisons.get(depart.document["_id"])
    ]


async def _echoir(pas: _Pas) -> Document:
    """Let the requests of a batch lapse that were not made anew."""
    premier = date.fromisoformat(pas.operation["parametres"]["jour"])
    offres = await pas.offres()
    decidees = [offre for offre in offres if offre.get("decisions")]
    journal = await pas.transaction.decisions_prises(
        [offre["_id"] for offre in decidees], Plateforme.AFFELNET
    )
    echues = [
        echue
        for offre in decidees
        if (echue := echoir(offre, journal.get(offre["_id"], ()), premier, pas.juge, pas.instant))
    ]
    await pas.ecrire([document for document, _ in echues], [entree for _, entree in echues])
    return pas.suite(offres, Etape.TERMINEE, echues=len(echues))


_ETAPES: Final[Mapping[Etape, Callable[[_Pas], Awaitable[Document]]]] = {
    Etape.PHOTOGRAPHIE: _photographier,
    Etape.BASCULE: _basculer,
    Etape.REPRISE: _reprendre,
    Etape.ECHEANCES: _echoir,
}
