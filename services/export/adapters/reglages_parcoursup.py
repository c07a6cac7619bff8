"""The settings of Parcoursup in MongoDB: every version is kept, the last is in force."""

from datetime import date, datetime, time

from pymongo.errors import DuplicateKeyError

from services.export.adapters.mongo import BaseMongo
from services.export.domain.calendrier_parcoursup import Reglages
from services.export.ports import Document
from services.export.settings import ExportSettings


class ReglagesMongo:
    """Implements `ports_parcoursup.ReglagesEnVigueur`; the environment only gives the first."""

    def __init__(self, base: BaseMongo, settings: ExportSettings) -> None:
        """Use `base`, and `settings` while an administrator set nothing."""
        self._versions = base.reglages_parcoursup
        self._initiaux = initiaux(settings)

    async def courants(self) -> Reglages:
        """Return the settings in force."""
        return (await self.version())[1]

    async def version(self) -> tuple[int, Reglages]:
        """Return the settings in force and their version, 0 for those of the environment."""
        derniere = await self._versions.find_one({}, sort=[("_id", -1)])
        if derniere is None:
            return 0, self._initiaux
        return derniere["_id"], _lire(derniere["reglages"])

    async def changer(self, vue: int, reglages: Reglages, par: str, instant: datetime) -> bool:
        """Put settings in force after version `vue`; False when another version came first."""
        presente, _ = await self.version()
        if presente != vue:
            return False
        try:
            await self._versions.insert_one(
                {"_id": vue + 1, "reglages": ecrire(reglages), "par": par, "le": instant}
            )
        except DuplicateKeyError:
            return False
        return True

    async def historique(self, limite: int) -> list[Document]:
        """Return the versions, latest first."""
        curseur = self._versions.find({}, sort=[("_id", -1)], limit=limite)
        return [{"version": un.pop("_id"), **un} async for un in curseur]


def initiaux(settings: ExportSettings) -> Reglages:
    """Return the settings that the environment gives."""
    return Reglages(
        actif=settings.parcoursup_actif,
        limite=settings.parcoursup_limite,
        debut=settings.parcoursup_debut,
        fin=settings.parcoursup_fin,
        heures=settings.parcoursup_heures,
        relecture=settings.parcoursup_relecture,
    )


def ecrire(reglages: Reglages) -> Document:
    """Return settings as they are stored and shown: dates and hours as ISO texts."""
    heures = reglages.heures
    return {
        "actif": reglages.actif,
        "limite": reglages.limite,
        "debut": reglages.debut.isoformat() if reglages.debut else None,
        "fin": reglages.fin.isoformat() if reglages.fin else None,
        "heures": [f"{heure:%H:%M}" for heure in heures] if heures else None,
        "relecture": f"{reglages.relecture:%H:%M}" if reglages.relecture else None,
    }


def _lire(document: Document) -> Reglages:
    debut, fin, heures = document["debut"], document["fin"], document["heures"]
    relecture = document["relecture"]
    return Reglages(
        actif=document["actif"],
        limite=document["limite"],
        debut=date.fromisoformat(debut) if debut else None,
        fin=date.fromisoformat(fin) if fin else None,
        heures=(time.fromisoformat(heures[0]), time.fromisoformat(heures[1])) if heures else None,
        relecture=time.fromisoformat(relecture) if relecture else None,
    )
