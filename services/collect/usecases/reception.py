"""A deposit being received: rows are prepared as they come, and judged in batches."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from contracts.depot import EtatDepot
from contracts.topics import OFFRES
from services.collect.domain.champs import reconnaitre
from services.collect.domain.constat import Constat, constat
from services.collect.domain.decision import Contexte, Decision, Juge
from services.collect.domain.depot import Depot, Echec, Lot
from services.collect.domain.lignes import Ligne
from services.collect.domain.preparation import Preparation
from services.collect.domain.readers.opening import Format, OpeningReader
from services.collect.domain.readers.row import Bounds, Row
from services.collect.domain.successions import Declaree, declarees
from services.collect.domain.tenue import Tenue, evenement
from services.collect.ports import Transaction
from services.collect.usecases.depublier import Attente
from services.collect.usecases.moyens import Moyens
from services.collect.usecases.succeder import appliquer_successions
from services.collect.usecases.voir import completer_la_vue
from services.kernel.errors import Contention
from services.kernel.events import Event, make_event
from services.kernel.halves import in_halves
from services.kernel.problem import BadRequest, TooLarge

_PAUSES_S: Final = (0.1, 0.3, 0.9)


class Reception:
    """The state of one deposit being received; `lue` once something of its body could be read."""

    def __init__(
        self, depot: Depot, scopes: frozenset[str], attendu: Format, moyens: Moyens
    ) -> None:
        self.depot = depot
        self._moyens = moyens
        self._preparation = Preparation(depot.deposant, scopes)
        self._reader = OpeningReader(
            attendu, Bounds(record_bytes=moyens.reglages.ligne_max), reconnaitre
        )
        self._attente: list[Ligne] = []
        self._ecriture: asyncio.Task[None] | None = None
        self._identiques: dict[str, int] = {}
        self._suspendues: dict[int, Ligne] = {}
        self._depublications = Attente(depot, moyens)
        self._vue_d_essai: dict[str, Tenue] = {}
        self._successions: list[Declaree] = []
        self._lues = 0
        self.lue = False

    async def recevoir(self, chunk: bytes) -> None:
        self.depot.octets += len(chunk)
        await self._prendre(self._reader.feed(chunk))

    async def finir(self) -> None:
        await self._prendre(self._reader.close())
        self.depot.coupe = self._reader.truncated

    async def clore(self, echec: Echec | None = None) -> None:
        """Judge the lines that wait, then successions, and store the deposit's end.

        Stores nothing when no line was ever read. A delivery that is not whole replaces no offer.
        """
        depot = self.depot
        await self._ecrite()
        if not depot.lignes and not (self._attente and self.lue):
            if echec is None:
                raise BadRequest(self._rien_de_lisible(), code="corps_illisible")
            return
        depot.forme = self._reader.format
        depot.constats = self._constats_du_fichier()
        attente, self._attente = self._attente, []
        entier = echec is None and not depot.coupe
        if self._successions and entier:
            await self._juger(attente)
            await self._juger_les_suspendues()
            await appliquer_successions(
                self._successions, depot, self._moyens.offres, self._instant()
            )
            attente = []
        depot.etat = EtatDepot.ECHOUE if echec else EtatDepot.RECU
        depot.echec = echec
        if attente:
            await self._juger(attente)
        else:
            await self._moyens.offres.transaction(lambda t: t.garder_depot(depot))
        await self._juger_les_suspendues()

    def abandonner(self) -> None:
        """Stop what is being written; the deposit stays in progress until it is seen as left."""
        if self._ecriture is not None:
            self._ecriture.cancel()

    async def _prendre(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if self._lues >= self._moyens.reglages.lignes_max:
                maximum = self._moyens.reglages.lignes_max
                raise TooLarge(
                    f"Le dépôt dépasse {maximum} lignes ; découpez-le.",
                    code="trop_de_lignes",
                    extra={"limite_lignes": maximum},
                )
            self._lues += 1
            self.lue = self.lue or row.value is not None
            ligne = self._preparation.preparer(row)
            if ligne.offre is not None:
                self._successions += declarees(ligne.rang, ligne.offre)
            self._attente.append(ligne)
            if len(self._attente) >= self._moyens.reglages.lot:
                await self._lancer()

    async def _lancer(self) -> None:
        """Start to write the lines that wait, once those before are written."""
        if not self.lue:
            raise BadRequest(self._rien_de_lisible(), code="corps_illisible")
        await self._ecrite()
        lot, self._attente = self._attente, []
        self._ecriture = asyncio.create_task(self._juger(lot))

    async def _ecrite(self) -> None:
        ecriture, self._ecriture = self._ecriture, None
        if ecriture is not None:
            await ecriture

    async def _juger(self, lignes: Sequence[Ligne]) -> None:
        for ligne, error in await in_halves(lignes, self._juger_un_lot):
            raise ExceptionGroup(f"ligne {ligne.rang}", [error])

    async def _juger_un_lot(self, lignes: Sequence[Ligne]) -> None:
        depot = self.depot
        avant = depot.lignes, depot.vu_le
        depot.lignes, depot.vu_le = lignes[-1].rang, self._instant()
        try:
            decision = await self._decider(lignes, dernier=False)
        except BaseException:
            depot.lignes, depot.vu_le = avant
            raise
        self._identiques |= decision.identiques
        self._suspendues |= decision.suspendues
        for ecrasement in decision.ecrasees:
            self._suspendues.pop(ecrasement.rang, None)
        await self._depublications.suivre(decision)

    async def _juger_les_suspendues(self) -> None:
        """Judge the lines that no later one of the deposit replaced; they are in the report."""
        suspendues, self._suspendues = [*self._suspendues.values()], {}
        lignes = suspendues + await self._depublications.conclure()
        for ligne, error in await in_halves(lignes, self._reprendre):
            raise ExceptionGroup(f"ligne {ligne.rang}", [error])

    async def _reprendre(self, lignes: Sequence[Ligne]) -> None:
        await self._decider(lignes, dernier=True)

    async def _decider(self, lignes: Sequence[Ligne], *, dernier: bool) -> Decision:
        contexte = Contexte(
            self.depot.id,
            self.depot.deposant,
            self._instant(),
            self._moyens.nouvel_id,
            self._moyens.reglages.attribuee_suffit,
            dernier,
            self.depot.depublication,
        )
        if self.depot.essai:
            return await self._essayer(lignes, contexte)
        return await self._ecrire_avec_patience(lignes, contexte)

    async def _ecrire_avec_patience(self, lignes: Sequence[Ligne], contexte: Contexte) -> Decision:
        """Write a batch; a line alone, which cannot be halved, waits for those it races with."""
        for pause in _PAUSES_S if len(lignes) == 1 else ():
            try:
                return await self._moyens.offres.transaction(
                    lambda t: self._ecrire(t, lignes, contexte)
                )
            except Contention:
                await asyncio.sleep(pause)
        return await self._moyens.offres.transaction(lambda t: self._ecrire(t, lignes, contexte))

    async def _ecrire(
        self, transaction: Transaction, lignes: Sequence[Ligne], contexte: Contexte
    ) -> Decision:
        vue: dict[str, Tenue] = {}
        await completer_la_vue(vue, lignes, transaction.vue)
        decision = self._juge(contexte, vue).juger(lignes)
        await transaction.inserer(decision.nouvelles)
        await transaction.remplacer(decision.modifiees)
        await self._garder(transaction, decision, contexte)
        return decision

    async def _essayer(self, lignes: Sequence[Ligne], contexte: Contexte) -> Decision:
        """Judge as if: the view lives as long as the dry run, offers are not written."""

        async def chercher(noms: Collection[str]) -> list[Tenue]:
            connues = {tenue.id for tenue in self._vue_d_essai.values()}
            trouvees = await self._moyens.offres.vue(noms)
            return [tenue for tenue in trouvees if tenue.id not in connues]

        await completer_la_vue(self._vue_d_essai, lignes, chercher)
        decision = self._juge(contexte, self._vue_d_essai).juger(lignes)
        await self._moyens.offres.transaction(lambda t: self._garder(t, decision, contexte))
        return decision

    def _juge(self, contexte: Contexte, vue: dict[str, Tenue]) -> Juge:
        return Juge(contexte, vue, {} if contexte.dernier else self._identiques)

    async def _garder(
        self, transaction: Transaction, decision: Decision, contexte: Contexte
    ) -> None:
        if not contexte.dernier:
            await transaction.garder_lot(Lot(self.depot.id, decision.lignes, decision.ecrasees))
        await transaction.garder_depot(self.depot)
        ecrites = [*decision.nouvelles, *decision.modifiees]
        await transaction.publier([self._evenement(tenue) for tenue in ecrites])

    def _evenement(self, tenue: Tenue) -> Event:
        essai = self.depot.essai
        return make_event(
            OFFRES,
            tenue.id,
            tenue.sequence,
            evenement(tenue, essai=essai),
            self._instant(),
            id=f"{self.depot.id}.{tenue.ligne}" if essai else None,
        )

    def _instant(self) -> datetime:
        return self._moyens.maintenant()

    def _constats_du_fichier(self) -> list[Constat]:
        suppose = self._reader.supposed_encoding
        return [
            *([constat("encodage_suppose", valeur=suppose)] if suppose else []),
            *(constat("colonne_en_double", valeur=nom) for nom in self._reader.duplicates),
            *(constat("colonne_inconnue", valeur=nom) for nom in self._preparation.inconnues),
        ]

    def _rien_de_lisible(self) -> str:
        if not self._attente:
            return "Le fichier ne contient aucune offre."
        premiere = self._attente[0]
        raison = premiere.constats[0].get("valeur", "")
        return f"Aucune ligne n'est lisible ; la première (ligne {premiere.physique}) : {raison}."
