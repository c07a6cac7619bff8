"""Rules and campaigns in MongoDB, and the judge that they make with the settings and the day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from contracts.statuts import Plateforme
from services.export.adapters.mongo import BaseMongo
from services.export.domain.campagne import Campagne, contexte
from services.export.domain.projections import Juge
from services.export.domain.regles import JeuDeRegles, RegleRefusee, lire_regle
from services.export.ports import Document
from services.export.settings import ExportSettings
from services.kernel.clock import JourMetier
from services.kernel.logs import logger
from services.kernel.mongo import in_transaction

_JEU: Final = "regles"
_CAMPAGNES: Final = "campagnes"
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
        debuts = parametres.get(_CAMPAGNES, {}).get("debuts", {})
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
    """The stored rules: read, and replaced as a whole under one revision."""

    def __init__(self, base: BaseMongo) -> None:
        """Use `base`."""
        self._base = base

    async def toutes(self) -> list[Document]:
        """Return the stored rules that are not deleted, by id."""
        curseur = self._base.regles.find({"supprimee": False}, sort=[("_id", 1)])
        return [document async for document in curseur]

    async def remplacer(self, regles: Mapping[str, Document], maintenant: datetime) -> Document:
        """Make `regles` (document by id) the rules in force; those left out are soft-deleted.

        A rule whose content changed gets a new version. Returns the counts; the revision moves only
        when something changed.
        """

        async def travail(session: Any) -> Document:  # noqa: ANN401 - PyMongo's session
            tenues = {
                document["_id"]: document
                async for document in self._base.regles.find({}, session=session)
            }
            comptes = {"ajoutees": 0, "modifiees": 0, "supprimees": 0, "inchangees": 0}
            for identifiant, contenu in regles.items():
                sorte, document = _versionner(tenues.get(identifiant), contenu, maintenant)
                comptes[sorte] += 1
                if document is not None:
                    await self._base.regles.replace_one(
                        {"_id": identifiant}, document, upsert=True, session=session
                    )
            perdues = [
                identifiant
                for identifiant, tenue in tenues.items()
                if identifiant not in regles and not tenue["supprimee"]
            ]
            if perdues:
                await self._base.regles.update_many(
                    {"_id": {"$in": perdues}},
                    {"$set": {"supprimee": True, "modifiee_le": maintenant}},
                    session=session,
                )
            comptes["supprimees"] = len(perdues)
            if comptes["inchangees"] < len(regles) or perdues:
                await self._base.parametres.update_one(
                    {"_id": _JEU},
                    {"$inc": {"revision": 1}, "$set": {"modifiee_le": maintenant}},
                    upsert=True,
                    session=session,
                )
            return comptes

        return await in_transaction(self._base.client, travail)

    async def ouvrir_campagne(
        self, plateforme: Plateforme, debut: date, maintenant: datetime
    ) -> None:
        """Record the start of a platform's campaign."""
        await self._base.parametres.update_one(
            {"_id": _CAMPAGNES},
            {"$set": {f"debuts.{plateforme}": debut.isoformat(), "modifiee_le": maintenant}},
            upsert=True,
        )


def _versionner(
    tenue: Document | None, contenu: Document, maintenant: datetime
) -> tuple[str, Document | None]:
    if tenue is None:
        return "ajoutees", _stockee(contenu, 1, maintenant)
    if tenue["contenu"] == contenu and not tenue["supprimee"]:
        return "inchangees", None
    return "modifiees", {"_id": tenue["_id"], **_stockee(contenu, tenue["version"] + 1, maintenant)}


def _stockee(contenu: Document, version: int, maintenant: datetime) -> Document:
    return {"contenu": contenu, "version": version, "supprimee": False, "modifiee_le": maintenant}
