"""The subscriptions to notices in MongoDB.

abonnements    {_id, destinataire, espece, code, frequence, adresse, plateformes, auteur, etat,
                demandes, demande_le, confirme_le, examine, vu, courrier, revision}
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.export.adapters.mongo import BaseMongo
from services.export.domain.abonnements import Etat
from services.export.ports import Document

_UN_PAR_ADRESSE: Final = IndexModel(
    [("destinataire", ASCENDING), ("adresse", ASCENDING)], unique=True
)
_PAR_AUTEUR: Final = IndexModel([("auteur", ASCENDING), ("_id", ASCENDING)])


class AbonnementsMongo:
    """Implements `usecases.distribuer.Abonnements` and `usecases.abonner.Abonnements`."""

    def __init__(self, base: BaseMongo) -> None:
        """Keep them in `base`."""
        self._abonnements = base.base["abonnements"]

    async def preparer(self) -> None:
        """Create the indexes; idempotent."""
        await self._abonnements.create_indexes([_UN_PAR_ADRESSE, _PAR_AUTEUR])

    async def ajouter(self, abonnement: Mapping[str, Any]) -> bool:
        """Insert a subscription; False when its address follows this reader already."""
        try:
            await self._abonnements.insert_one({**abonnement, "revision": 1})
        except DuplicateKeyError:
            return False
        return True

    async def un(self, identifiant: str) -> Document | None:
        """Return a subscription."""
        return await self._abonnements.find_one({"_id": identifiant})

    async def de(self, destinataire: str, adresse: str) -> Document | None:
        """Return the subscription of an address to a reader's notices."""
        return await self._abonnements.find_one({"destinataire": destinataire, "adresse": adresse})

    async def compter(self, auteur: str) -> int:
        """Return how many subscriptions a holder asked for."""
        return await self._abonnements.count_documents({"auteur": auteur})

    async def lister(self, auteur: str | None, apres: str, limite: int) -> list[Document]:
        """Return a page of subscriptions, of one holder or of all, in the order of their ids."""
        criteres: Document = {"_id": {"$gt": apres}}
        if auteur is not None:
            criteres["auteur"] = auteur
        return await self._abonnements.find(criteres, sort=[("_id", 1)], limit=limite).to_list()

    async def a_servir(self) -> list[Document]:
        """Return the subscriptions, suspended ones left out."""
        return await self._abonnements.find(
            {"etat": {"$ne": Etat.SUSPENDU.value}}, sort=[("_id", 1)]
        ).to_list()

    async def changer(
        self, abonnement: Mapping[str, Any], valeurs: Mapping[str, Any]
    ) -> Document | None:
        """Set values of a subscription that is still as it was read; None when it is not."""
        change: Document | None = await self._abonnements.find_one_and_update(
            {"_id": abonnement["_id"], "revision": abonnement["revision"]},
            {"$set": dict(valeurs), "$inc": {"revision": 1}},
            return_document=ReturnDocument.AFTER,
        )
        return change

    async def finir(self, identifiant: str) -> None:
        """Forget a subscription; idempotent."""
        await self._abonnements.delete_one({"_id": identifiant})

    async def oublier_expires(self, avant: datetime) -> None:
        """Forget what was asked for before `avant` and never confirmed."""
        await self._abonnements.delete_many(
            {"etat": Etat.A_CONFIRMER.value, "demande_le": {"$lt": avant}}
        )
