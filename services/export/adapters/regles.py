"""Rules and campaigns in MongoDB, and the judge that they make with the settings and the day."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from pymongo import ReplaceOne
from pymongo.asynchronous.client_session import AsyncClientSession

from contracts.statuts import Plateforme
from services.export.adapters.mongo import BaseMongo
from services.export.domain.campagne import Campagne, contexte
from services.export.domain.projections import Juge
from services.export.domain.regles import JeuDeRegles, RegleRefusee, lire_regle
from services.export.domain.vie_regles import Acte, Auteur, Nature, remplacer
from services.export.ports import Decider, Document
from services.export.settings import ExportSettings
from services.kernel.clock import JourMetier
from services.kernel.logs import logger
from services.kernel.mongo import in_transaction

SYSTEME: Final = "système"
_JEU: Final = "regles"
CAMPAGNES: Final = "campagnes"
_RENTREE: Final = (9, 15)


class JugesMongo:
    """Implements `ports.Juges`: reads again only when a revision has moved or the day changed."""

    def __init__(self, base: BaseMongo, settings: ExportSettings, jour: JourMetier) -> None:
        """Judge at `jour()` with the policies of `settings`."""
        self._base = base
        self._settings = settings
        self._jour = jour
        self._vu: tuple[Any, ...] | None = None
        self._juge: Juge | None = None

    async def courant(self) -> Juge:
        """Return the judge of now; costs one small read when nothing moved."""
        parametres = {
            document["_id"]: document async for document in self._base.parametres.find({})
        }
        revision = parametres.get(_JEU, {}).get("revision", 0)
        debuts = parametres.get(CAMPAGNES, {}).get("debuts", {})
        jour = self._jour()
        vu = (revision, tuple(sorted(debuts.items())), jour)
        if self._juge is None or vu != self._vu:
            self._juge = Juge.de(await self._jeu(revision), self._contextes(debuts, jour))
            self._vu = vu
        return self._juge

    async def _jeu(self, revision: int) -> JeuDeRegles:
        regles = []
        async for document in self._base.regles.find({"supprimee": False}):
            try:
                regles.append(
                    lire_regle(document["contenu"], id=document["_id"], version=document["version"])
                )
            except RegleRefusee as refus:  # stored by a version that compiled more: never half
                logger.error("regle_ecartee", regle=document["_id"], raison=str(refus))
        return JeuDeRegles(regles, revision)

    def _contextes(self, debuts: Mapping[str, str], jour: date) -> dict[Plateforme, Any]:
        return {
            plateforme: contexte(
                plateforme,
                self.campagne(debuts, plateforme, jour),
                jour,
                self._settings.politiques,
                self._settings.sirets_refuses,
            )
            for plateforme in Plateforme
        }

    def campagne(self, debuts: Mapping[str, str], plateforme: Plateforme, jour: date) -> Campagne:
        """Return the campaign of a platform: as recorded, as set, or from last 15 September."""
        if plateforme in debuts:
            return Campagne(date.fromisoformat(debuts[plateforme]))
        if self._settings.campagne_debut is not None:
            return Campagne(self._settings.campagne_debut)
        rentree = date(jour.year, *_RENTREE)
        return Campagne(rentree if jour >= rentree else rentree.replace(year=jour.year - 1))


class ReglesMongo:
    """Implements `ports.Regles`: the rules with their history, under one revision."""

    def __init__(self, base: BaseMongo) -> None:
        """Use `base`."""
        self._base = base

    async def toutes(self) -> list[Document]:
        """Return the stored rules that are not deleted, by id."""
        curseur = self._base.regles.find({"supprimee": False}, sort=[("_id", 1)])
        return [document async for document in curseur]

    async def une(self, identifiant: str) -> Document | None:
        """Return a rule, deleted or not."""
        return await self._base.regles.find_one({"_id": identifiant})

    async def historique(self, identifiant: str) -> list[Document]:
        """Return what happened to a rule, oldest first."""
        curseur = self._base.regles_historique.find({"regle": identifiant}, sort=[("_id", 1)])
        return [entree async for entree in curseur]

    async def agir(self, decider: Decider) -> Sequence[Acte]:
        """Store the acts that `decider` makes of all rules by id, with their history, at once.

        The revision moves, and offers are judged again, only when something changed.
        """

        async def travail(session: AsyncClientSession) -> Sequence[Acte]:
            tenues = {un["_id"]: un async for un in self._base.regles.find({}, session=session)}
            actes = decider(tenues)
            if not actes:
                return actes
            await self._base.regles.bulk_write(
                [ReplaceOne({"_id": un.regle["_id"]}, un.regle, upsert=True) for un in actes],
                session=session,
            )
            await self._base.regles_historique.insert_many(
                [acte.entree for acte in actes], session=session
            )
            await self._base.parametres.update_one(
                {"_id": _JEU}, {"$inc": {"revision": 1}}, upsert=True, session=session
            )
            return actes

        return await in_transaction(self._base.client, travail)

    async def remplacer(
        self, regles: Mapping[str, Document], maintenant: datetime, auteur: str = SYSTEME
    ) -> Document:
        """Make `regles` (document by id) the rules in force; return the counts."""
        qui = Auteur(auteur, maintenant)
        actes = await self.agir(lambda tenues: remplacer(tenues, regles, qui))
        natures = Counter(acte.entree["nature"] for acte in actes)
        ajoutees, supprimees = natures[Nature.CREATION], natures[Nature.SUPPRESSION]
        modifiees = len(actes) - ajoutees - supprimees
        return {
            "ajoutees": ajoutees,
            "modifiees": modifiees,
            "supprimees": supprimees,
            "inchangees": len(regles) - ajoutees - modifiees,
        }

    async def ouvrir_campagne(
        self, plateforme: Plateforme, debut: date, maintenant: datetime
    ) -> None:
        """Record the start of a platform's campaign."""
        await self._base.parametres.update_one(
            {"_id": CAMPAGNES},
            {"$set": {f"debuts.{plateforme}": debut.isoformat(), "modifiee_le": maintenant}},
            upsert=True,
        )
