"""Export with everything behind its ports in memory, and the acts of its own processes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import Final, TypeVar

from contracts.statuts import Plateforme, Statut
from services.export.domain.disjoncteur import Seuils
from services.export.domain.lignes_affelnet import LigneLue
from services.export.domain.vie_regles import Auteur
from services.export.ports import Document
from services.export.usecases import decider, importer_affelnet, regler
from services.export.usecases.demander_operation import demander_demarrage, demander_septembre
from services.export.usecases.envoyer import Expediteur, Limites
from services.export.usecases.envoyer import Moyens as MoyensParcoursup
from services.export.usecases.operations import mener
from services.export.usecases.projeter import appliquer
from services.export.usecases.reclasser import Reclasseur
from services.export.usecases.reevaluer import reprendre
from services.export.usecases.relire import Relecteur, Rythme, demande_de_relecture
from services.export.usecases.succeder import succeder_parmi
from services.kernel.clock import FixedClock
from services.kernel.ids import SequentialIds
from services.kernel.problem import Problem
from tests.support.export.etat import Etat
from tests.support.export.imports import ImportsEnMemoire
from tests.support.export.magasin import Magasin, Tuee
from tests.support.export.operations import LotsEnMemoire, OperationsEnMemoire
from tests.support.export.parcoursup import PosteParcoursup
from tests.support.export.reevaluations import ReevaluationsEnMemoire
from tests.support.export.regles import JugesEnMemoire, ReglesEnMemoire
from tests.unit.export.fabrique import INSTANT
from tests.unit.export.saison.distante import Distante, JugesInterrompus
from tests.unit.export.saison.offres import PRECEDENTES, id_de

T = TypeVar("T")
Mort = tuple[int, bool] | None
"""The process dies in the transaction of this rank, before or after it commits; None: it lives."""
DEBUT: Final = date(2020, 9, 15)


class Saison:
    """Export with everything behind its ports in memory; each act takes a minute."""

    def __init__(self) -> None:
        """Start with no offer and no rule."""
        self.boucle = asyncio.new_event_loop()
        self.horloge, self.ids = FixedClock(INSTANT), SequentialIds()
        self.memoire = magasin = Magasin()
        self.juges = JugesEnMemoire(magasin, lambda: self.horloge.now().date(), DEBUT)
        self.regles = ReglesEnMemoire(magasin)
        self.reevaluations = ReevaluationsEnMemoire(magasin)
        self.operations = OperationsEnMemoire(magasin)
        self.lots = LotsEnMemoire(magasin)
        self.imports = importer_affelnet.Moyens(
            ImportsEnMemoire(magasin), self.juges, self.horloge, changements_max=100
        )
        self.decisions = decider.Moyens(magasin, self.juges, self.horloge, self.ids)
        self.poste = poste = PosteParcoursup(magasin)
        self.distante = Distante(magasin)
        self.juges_du_relecteur = JugesInterrompus(self.juges)
        moyens = MoyensParcoursup(
            magasin, self.juges_du_relecteur, poste, poste, poste, poste, self.distante,
            self.horloge, self.ids,
        )  # fmt: skip
        self.expediteur = Expediteur(moyens, Limites(10, Seuils(5, 0.01, 0.1), 0.01))
        self.relecteur = Relecteur(moyens, poste, Rythme(1e9, 60))
        self.reclasseur = Reclasseur(poste, poste, magasin, self.juges, self.horloge)

    @property
    def etat(self) -> Etat:
        """Return what is committed."""
        return self.memoire.etat

    def faire(self, acte: Callable[[], Awaitable[T]], mort: Mort = None) -> T:
        """Do something; with `mort`, its process dies in that transaction, and another does it."""
        self.horloge.instant += timedelta(minutes=1)
        if mort is not None:
            self.memoire.reste, self.memoire.engagee = mort
            try:
                rendu = self.attendre(acte())
            except Tuee:
                self.horloge.instant += timedelta(minutes=1)
            else:
                return rendu
            finally:
                self.memoire.reste = None
        return self.attendre(acte())

    def attendre(self, travail: Awaitable[T]) -> T:
        """Return what a coroutine gives."""

        async def attendu() -> T:
            return await travail

        return self.boucle.run_until_complete(attendu())

    def passer(self, jours: int) -> None:
        """Let days pass."""
        self.horloge.instant += timedelta(days=jours)

    def tenue(self, nom: str) -> Document | None:
        """Return an offer as stored."""
        return self.etat.formations.get(id_de(nom))

    async def livrer(self, lot: Sequence[Document]) -> None:
        """Have states of formations come from the topic."""
        await appliquer(lot, self.memoire, self.juges, self.horloge)

    async def regler(
        self, acte: str, identifiant: str | None, contenu: Document, statut: Statut | None
    ) -> None:
        """Act on a rule; what is refused changes nothing."""
        auteur = Auteur("dgesco", self.horloge.now())
        vue = str(self.etat.regles.get(identifiant or "", {}).get("version"))
        try:
            if acte == "creer" or identifiant is None:
                await regler.creer(self.regles, contenu, auteur)
            elif acte == "changer":
                await regler.changer(self.regles, identifiant, vue, contenu, auteur)
            elif acte == "supprimer":
                await regler.supprimer(self.regles, identifiant, vue, auteur)
            else:
                await regler.surcharger(self.regles, identifiant, vue, 2, statut, auteur)
        except Problem:
            return

    async def balayer(self, tours: int) -> bool:
        """Sweep as the consumer does, cut short after `tours` looks; tell whether it is whole."""
        bilan = await reprendre(
            self.reevaluations, self.memoire, self.juges, self.horloge, lot=2,
            poursuivre=_tours(tours),
        )  # fmt: skip
        await succeder_parmi(list(map(id_de, PRECEDENTES)), self.memoire, self.juges, self.horloge)
        return bilan.complet

    async def relire(self, *, forcer: bool) -> None:
        """Read Parcoursup back; what a dead process had taken is done first."""
        demande = demande_de_relecture(
            self.ids.new(), "moss", "", self.horloge.now(), forcer=forcer
        )
        await self.poste.demander(demande)
        while await self.relecteur.passer():
            pass

    async def importer(self, identifiant: str, lignes: Sequence[LigneLue]) -> None:
        """Deposit an Affelnet file and apply what its preview says."""
        depot = importer_affelnet.Depot(identifiant, "f.csv", 1, identifiant, None, "moss")
        entete, _ = await importer_affelnet.deposer(depot, lignes, self.imports)
        await importer_affelnet.appliquer_import(
            identifiant, entete["apercu"]["version"], "moss", self.imports
        )

    async def demander(self, nature: str, plateforme: Plateforme) -> None:
        """Ask for an operation; what is refused changes nothing."""
        try:
            if nature == "septembre":
                jour = self.horloge.now().date()
                await demander_septembre("moss", jour, self.operations, self.juges, self.horloge)
                return
            annee = (await self.juges.courant()).contextes[plateforme].campagne.debut.year + 1
            await demander_demarrage(
                plateforme, DEBUT.replace(year=annee), "moss", self.operations, self.juges,
                self.horloge,
            )  # fmt: skip
        except Problem:
            return

    async def mener(self, tours: int) -> None:
        """Go on with what was asked for, cut short after `tours` batches."""
        for operation in await self.operations.en_cours():
            await mener(
                operation["_id"], self.operations, self.juges, self.horloge, lot=2,
                poursuivre=_tours(tours),
            )  # fmt: skip


def _tours(nombre: int) -> Callable[[], Awaitable[bool]]:
    reste = iter([True] * nombre)

    async def encore() -> bool:
        return next(reste, False)

    return encore
