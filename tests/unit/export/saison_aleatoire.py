"""What may befall offers in a season, through the use cases themselves, on a store in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeVar

import orjson

from contracts.droits import Droit, peut
from contracts.statuts import Plateforme, Statut
from services.export.domain.acces import Acteur
from services.export.domain.commandes import Commande, Saisie
from services.export.domain.disjoncteur import Seuils
from services.export.domain.faits import version
from services.export.domain.lignes_affelnet import LigneLue
from services.export.domain.parcoursup import Issue, Reponse
from services.export.domain.vie_regles import Auteur
from services.export.ports import Document
from services.export.usecases import decider, importer_affelnet, regler
from services.export.usecases.decider import Demande
from services.export.usecases.demander_operation import demander_demarrage, demander_septembre
from services.export.usecases.envoyer import Expediteur, Limites
from services.export.usecases.envoyer import Moyens as MoyensParcoursup
from services.export.usecases.operations import mener
from services.export.usecases.projeter import appliquer
from services.export.usecases.reevaluer import reprendre
from services.export.usecases.relire import Relecteur, Rythme, demande_de_relecture
from services.export.usecases.succeder import succeder_parmi
from services.kernel.clock import FixedClock
from services.kernel.ids import SequentialIds
from services.kernel.problem import Problem
from tests.support.export.imports import ImportsEnMemoire
from tests.support.export.magasin import Magasin, Tuee
from tests.support.export.operations import OperationsEnMemoire
from tests.support.export.parcoursup import PosteParcoursup
from tests.support.export.reevaluations import ReevaluationsEnMemoire
from tests.support.export.regles import JugesEnMemoire, ReglesEnMemoire
from tests.unit.export.fabrique import INSTANT, evenement, offre

T = TypeVar("T")
PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET
DEBUT: Final = date(2020, 9, 15)
OFFRES: Final = ("A", "B", "C", "D", "E")
"""A, B and E are of Parcoursup, E taking the place of A; C and D are of Affelnet, D that of C."""
PLATEFORMES: Final = {nom: AF if nom in "CD" else PS for nom in OFFRES}
PRECEDENTES: Final = {"E": "A", "D": "C"}
ACTEURS: Final[Mapping[str, Acteur]] = {
    "instructeur": Acteur("nantes", lambda _: True, "instructeur"),
    "seconde": Acteur("nantes-2", lambda _: True, "instructeur"),
    "ailleurs": Acteur("lyon", lambda _: False, "instructeur"),
    "moss": Acteur("dgesip", lambda _: True, "moss"),
    "administrateur": Acteur("admin", lambda _: True, "administrateur"),
}
_PEUVENT: Final = {
    Commande.PUBLIER: Droit.INSTRUIRE,
    Commande.REFUSER: Droit.INSTRUIRE,
    Commande.FORCER: Droit.FORCER_ENVOI,
    Commande.REINITIALISER: Droit.REINITIALISER,
}


def id_de(nom: str) -> str:
    """Return the id of an offer of `OFFRES`."""
    return nom * 26


def cle_de(nom: str) -> str:
    """Return the key of an offer of `OFFRES`."""
    rang = OFFRES.index(nom) + 1
    return f"06439{rang}P012119060793700074198401101000{rang}1-84007#L01"


def etat_de(nom: str, sequence: int, **parties: Any) -> Document:  # noqa: ANN401 - an event's
    """Return a state of an offer as it is delivered; `formation` changes its contents."""
    rang = OFFRES.index(nom) + 1
    contenu = offre(PLATEFORMES[nom]) | {
        "cle_ministere_educatif": cle_de(nom),
        "num_academie": "02",
        "num_departement": "84",
        "code_postal": "84000",
        "code_commune_insee": "84007",
        "uai_formation": f"084000{rang}X",
        "bcn_mefs_10": [{"mef10": "2412213331", "duree": "3", "annee": "1"}],
        "date_debut": ["2021-09-01", "2022-09-01"],
    }
    liens = {"predecesseurs": [id_de(PRECEDENTES[nom])]} if nom in PRECEDENTES else {}
    formation = contenu | parties.pop("formation", {})
    return evenement(id_de(nom), sequence, formation, **liens, **parties)


class Distante:
    """Parcoursup: tells what the test says, remembers what it created even when none hears it."""

    def __init__(self, saison: "Saison") -> None:
        self._saison = saison
        self.prochaines: list[str] = []
        self.lignes: list[Document] = []
        self.creees: dict[str, str] = {}

    async def envoyer(self, corps: bytes) -> Reponse:
        """Answer one offer; two exchanges of one are never open at once."""
        demande = orjson.loads(corps)
        envois = self._saison.memoire.etat.envois.values()
        ouverts = [un["cle"] for un in envois if un["ouvert"]]
        assert ouverts.count(demande["rco"]) == 1
        sort = self.prochaines.pop(0) if self.prochaines else "acceptee"
        if sort in ("acceptee", "perdue"):
            identifiant = str(demande["g_ta_cod"] or 100 + len(self.creees))
            self.creees[demande["rco"]] = identifiant
            if sort == "acceptee":
                return Reponse(Issue.ACCEPTEE, Statut.PUBLIE, identifiant=identifiant)
        return {
            "perdue": Reponse(Issue.INCONNUE),
            "jamais arrivee": Reponse(Issue.INCONNUE),
            "refusee": Reponse(Issue.REFUSEE, Statut.REJET, erreur="400 Uai non trouvé"),
            "echec": Reponse(Issue.REFUSEE, Statut.ECHEC, erreur="400 texte inconnu"),
            "panne": Reponse(Issue.A_REPRENDRE, erreur="503"),
        }[sort]

    async def relire(self) -> object:
        """Return the rows that the test says."""
        return self.lignes


class Saison:
    """Export with everything behind its ports in memory; each act takes a minute."""

    def __init__(self) -> None:
        """Start with no offer and no rule."""
        self.horloge = FixedClock(INSTANT)
        self.ids = SequentialIds()
        self.memoire = Magasin()
        self.operations = OperationsEnMemoire(self.memoire)
        self.poste = poste = PosteParcoursup(self.memoire)
        self.juges = JugesEnMemoire(self.memoire, lambda: self.horloge.now().date(), DEBUT)
        self.regles = ReglesEnMemoire(self.memoire)
        self.reevaluations = ReevaluationsEnMemoire(self.memoire)
        self.imports = importer_affelnet.Moyens(
            ImportsEnMemoire(self.memoire), self.juges, self.horloge, changements_max=100
        )
        self.distante = Distante(self)
        self.moyens = MoyensParcoursup(
            self.memoire, self.juges, poste, poste, poste, poste, self.distante,
            self.horloge, self.ids,
        )  # fmt: skip
        self.expediteur = Expediteur(self.moyens, Limites(10, Seuils(5, 0.01, 0.1), 0.01))
        self.relecteur = Relecteur(self.moyens, poste, Rythme(1e9, 60))
        self.boucle = asyncio.new_event_loop()

    def faire(self, acte: Callable[[], Awaitable[T]], mort: tuple[int, bool] | None = None) -> T:
        """Do something; with `mort`, its process dies in that transaction, and another does it."""
        self.horloge.instant += timedelta(minutes=1)
        if mort is not None:
            self.memoire.reste, self.memoire.engagee = mort
            try:
                rendu = self.boucle.run_until_complete(acte())
            except Tuee:
                self.horloge.instant += timedelta(minutes=1)
            else:
                return rendu
            finally:
                self.memoire.reste = None
        return self.boucle.run_until_complete(acte())

    def passer(self, jours: int) -> None:
        """Let days pass."""
        self.horloge.instant += timedelta(days=jours)

    def tenue(self, nom: str) -> Document | None:
        """Return an offer as stored."""
        return self.memoire.etat.formations.get(id_de(nom))

    async def livrer(self, lot: Sequence[Document]) -> None:
        """Have states of formations come from the topic."""
        await appliquer(lot, self.memoire, self.juges, self.horloge)

    async def decider(
        self, nom: str, plateforme: Plateforme, commande: Commande, qui: str, saisie: Saisie
    ) -> decider.Prise | Problem:
        """Give a command on what is stored now."""
        tenue = self.tenue(nom)
        demande = Demande(
            id_de(nom), plateforme, commande, saisie, version(tenue) if tenue else None
        )
        moyens = decider.Moyens(self.memoire, self.juges, self.horloge, self.ids)
        try:
            return await decider.decider(demande, ACTEURS[qui], moyens)
        except Problem as probleme:
            return probleme

    async def regler(
        self, acte: str, identifiant: str | None, contenu: Document, statut: Statut | None
    ) -> None:
        """Act on a rule; what is refused changes nothing."""
        auteur = Auteur("dgesco", self.horloge.now())
        vue = str(self.memoire.etat.regles.get(identifiant or "", {}).get("version"))
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


def permis(qui: str, commande: Commande, plateforme: Plateforme) -> bool:
    """Tell whether somebody may give a command at all."""
    acteur = ACTEURS[qui]
    return acteur.couvre("02") and peut(acteur.role, _PEUVENT[commande], plateforme)


def _tours(nombre: int) -> Callable[[], Awaitable[bool]]:
    reste = iter([True] * nombre)

    async def encore() -> bool:
        return next(reste, False)

    return encore
