# ruff: noqa: ARG002 - a fake keeps the signature of its port
"""All that export stores, in memory, behind the ports of its use cases.

A transaction that fails, or whose process dies, leaves nothing; `Memoire.reste` says when it dies.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from contracts.statuts import Plateforme
from services.export.domain.campagne import Campagne, contexte
from services.export.domain.lignes_affelnet import LigneLue
from services.export.domain.projections import DERIVES, Juge
from services.export.domain.reevaluation import Balayage, Diplome
from services.export.domain.regles import JeuDeRegles, lire_regle
from services.export.domain.vie_regles import Acte
from services.export.ports import Decider, Document
from services.kernel.clock import Clock
from services.kernel.events import Event
from tests.unit.export.faux_parcoursup import Memoire as FauxParcoursup
from tests.unit.export.magasin import Etat, Magasin

T = TypeVar("T")


@dataclass
class EtatComplet(Etat):
    """What is committed."""

    actes: dict[str, Document] = field(default_factory=dict)
    envois: dict[str, Document] = field(default_factory=dict)
    lots_relus: dict[str, Document] = field(default_factory=dict)
    imports: dict[str, Document] = field(default_factory=dict)
    lignes: dict[str, Sequence[LigneLue]] = field(default_factory=dict)
    regles: dict[str, Document] = field(default_factory=dict)
    regles_historique: dict[str, Document] = field(default_factory=dict)
    revision: int = 0
    ecritures: int = 0
    balayage: Balayage | None = None


class Memoire(Magasin):
    """Implements `ports.Base` and `Regles`, `ports_operations.Operations`, and the transaction."""

    etat: EtatComplet

    def __init__(self) -> None:
        """Start empty, sending on."""
        super().__init__()
        self.etat = EtatComplet()
        self.parcoursup = PosteParcoursup(self)

    async def transaction(self, travail: Callable[[Any], Awaitable[T]]) -> T:
        try:
            return await super().transaction(travail)
        finally:
            self.parcoursup.relier()

    async def ecrire(self, nouvelles: Sequence[Document], remplacees: Sequence[Document]) -> None:
        for document in (*nouvelles, *remplacees):
            self.etat.ecritures += 1
            document["ecrit"] = self.etat.ecritures
        await super().ecrire(nouvelles, remplacees)

    async def noter_acte(self, acte: Document) -> None:
        assert acte["_id"] not in self.etat.actes
        self.etat.actes[acte["_id"]] = acte

    async def clore_envoi(self, envoi: str, reponse: Document) -> None:
        self.etat.envois[envoi] = {**self.etat.envois[envoi], **reponse, "ouvert": False}

    async def envoi_actif(self) -> bool:
        return self.parcoursup.reglages.actif

    async def relecture_en_vigueur(self) -> datetime | None:
        return await self.parcoursup.relecture_en_vigueur()

    async def noter_relecture(self, lot: Document) -> None:
        self.etat.lots_relus[lot["_id"]] = lot

    async def toutes(self) -> list[Document]:
        return [regle for regle in self.etat.regles.values() if not regle["supprimee"]]

    async def regle(self, identifiant: str) -> Document | None:
        return self.etat.regles.get(identifiant)

    async def agir(self, decider: Decider) -> Sequence[Acte]:
        async def travail(_: object) -> Sequence[Acte]:
            actes = decider(deepcopy(self.etat.regles))
            for acte in actes:
                assert acte.entree["_id"] not in self.etat.regles_historique
                self.etat.regles[acte.regle["_id"]] = acte.regle
                self.etat.regles_historique[acte.entree["_id"]] = acte.entree
            self.etat.revision += bool(actes)
            return actes

        return await self.transaction(travail)


class ReglesEnMemoire:
    """Implements `ports.Regles`."""

    def __init__(self, memoire: Memoire) -> None:
        """Use what `memoire` holds."""
        self._memoire = memoire
        self.toutes = memoire.toutes
        self.agir = memoire.agir
        self.une = memoire.regle


class PosteParcoursup(FauxParcoursup):
    """The exchanges, read-backs, breaker and alarms; every offer of the store is seen."""

    def __init__(self, memoire: Memoire) -> None:
        """Share the offers and exchanges of `memoire`."""
        super().__init__()
        self._memoire = memoire
        self.relier()

    def relier(self) -> None:
        """See the maps of the store as they are now: a transaction that fails brings others."""
        self.offres = self._memoire.etat.formations
        self.envois = self._memoire.etat.envois

    async def preparer(self, envoi: Document, vue: int) -> bool:
        ouverts = [un for un in self.envois.values() if un["ouvert"]]
        if any(un["formation"] == envoi["formation"] for un in ouverts):
            return False
        return await super().preparer(envoi, vue)


class JugesEnMemoire:
    """Implements `ports.Juges`; remembers, by mark, each judge that there was."""

    def __init__(self, memoire: Memoire, horloge: Clock, debut: date) -> None:
        """Judge by the stored rules, in the campaigns that began, `debut` for the first one."""
        self._memoire = memoire
        self._horloge = horloge
        self._debut = debut
        self.connus: dict[str, Juge] = {}

    async def courant(self) -> Juge:
        etat, jour = self._memoire.etat, self._horloge.now().date()
        contextes = {
            plateforme: contexte(
                plateforme,
                Campagne(
                    date.fromisoformat(etat.debuts.get(plateforme.value, self._debut.isoformat()))
                ),
                jour,
            )
            for plateforme in Plateforme
        }
        marque = Juge.de(JeuDeRegles([], etat.revision), contextes).marque
        if marque not in self.connus:
            regles = [
                lire_regle(regle["contenu"], id=regle["_id"], version=regle["version"])
                for regle in await self._memoire.toutes()
            ]
            self.connus[marque] = Juge.de(JeuDeRegles(regles, etat.revision), contextes)
        return self.connus[marque]


class ReevaluationsEnMemoire:
    """Implements `ports.Reevaluations`; time is the count of writings."""

    def __init__(self, memoire: Memoire) -> None:
        """Sweep `memoire`."""
        self._memoire = memoire

    async def balayage(self) -> Balayage | None:
        return self._memoire.etat.balayage

    async def commencer(self, balayage: Balayage) -> Balayage:
        etat = self._memoire.etat
        etat.balayage = replace(balayage, depuis=etat.ecritures)
        return etat.balayage

    async def avancer(self, balayage: Balayage) -> None:
        tenu = self._memoire.etat.balayage
        if tenu is not None and tenu.vise.marque == balayage.vise.marque:
            self._memoire.etat.balayage = replace(
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
        return [deepcopy(offre) for _, offre in sorted(self._memoire.etat.formations.items())]

    async def marquer(self, documents: Sequence[Document], marque: str) -> None:
        formations = self._memoire.etat.formations
        for lu in documents:
            if formations[lu["_id"]]["ecrit"] == lu["ecrit"]:
                formations[lu["_id"]] = {**formations[lu["_id"]], "marque": marque}

    async def ecrire(
        self,
        jugees: Sequence[Document],
        historique: Sequence[Document],
        evenements: Sequence[Event],
    ) -> bool:
        async def travail(memoire: Memoire) -> bool:
            tenues = await memoire.formations([jugee["_id"] for jugee in jugees])
            if any(tenues[jugee["_id"]]["ecrit"] != jugee["ecrit"] for jugee in jugees):
                return False
            derives = ("marque", *DERIVES)
            await memoire.ecrire(
                [], [tenues[un["_id"]] | {champ: un[champ] for champ in derives} for un in jugees]
            )
            await memoire.historiser(historique)
            await memoire.emettre(evenements)
            return True

        ecrites: bool = await self._memoire.transaction(travail)
        return ecrites


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


class ImportsEnMemoire:
    """Implements `ports_imports.Imports`."""

    def __init__(self, memoire: Memoire) -> None:
        """Import into `memoire`."""
        self._memoire = memoire

    async def garder(self, entete: Document, lignes: Sequence[LigneLue]) -> bool:
        etat = self._memoire.etat
        if entete["_id"] in etat.imports:
            return False
        etat.imports[entete["_id"]] = deepcopy(entete)
        etat.lignes[entete["_id"]] = list(lignes)
        return True

    async def un(self, identifiant: str) -> Document | None:
        return deepcopy(self._memoire.etat.imports.get(identifiant))

    async def lignes(self, identifiant: str) -> list[LigneLue]:
        return list(self._memoire.etat.lignes[identifiant])

    async def offres(self, champs: Sequence[str]) -> list[Document]:
        return [deepcopy(offre) for offre in self._memoire.etat.formations.values()]

    async def completes(self, ids: Sequence[str]) -> dict[str, Document]:
        return await self._memoire.formations(ids)

    async def garder_apercu(
        self,
        identifiant: str,
        apercu: Document,
        rapport: Sequence[Document],
        differences: Sequence[Document],
    ) -> None:
        tenu = self._memoire.etat.imports[identifiant]
        self._memoire.etat.imports[identifiant] = {**tenu, "apercu": apercu}

    async def transaction(self, travail: Callable[[Any], Awaitable[T]]) -> T:
        async def dans(memoire: Memoire) -> T:
            return await travail(_DImport(memoire))

        return await self._memoire.transaction(dans)


class _DImport:
    """Implements `ports_imports.TransactionDImport` on the transaction of the store."""

    def __init__(self, memoire: Memoire) -> None:
        self._memoire = memoire

    def __getattr__(self, nom: str) -> Any:  # noqa: ANN401 - whatever the transaction has
        return getattr(self._memoire, nom)

    async def offres(self, champs: Sequence[str]) -> list[Document]:
        return [deepcopy(offre) for offre in self._memoire.etat.formations.values()]

    async def noter_application(self, identifiant: str, application: Document) -> None:
        tenu = self._memoire.etat.imports[identifiant]
        suite = [*tenu["applications"], application]
        self._memoire.etat.imports[identifiant] = {**tenu, "applications": suite}
