"""The exchanges with Parcoursup in MongoDB, and the queue of what is to be sent."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from contracts.statuts import Plateforme, Statut
from services.export.adapters.mongo import BaseMongo
from services.export.domain.parcoursup import (
    CHAMPS_ENVOYES,
    PANNES_SEULE,
    SEULE_DEPUIS,
    SEULE_REPRISE,
    Issue,
    place,
)
from services.export.domain.precontrole_parcoursup import CHAMPS_CONTROLES, Attache
from services.export.ports import Document
from services.kernel.mongo import in_transaction

_NOM: Final = Plateforme.PARCOURSUP.value
_FINALES: Final = (Issue.ACCEPTEE.value, Issue.REFUSEE.value)
# A look goes through all that is ready: it reads what is looked at, not whole offers.
_ENVOI: Final = {
    **{f"projection.{champ}": 1 for champ in (*CHAMPS_ENVOYES, *CHAMPS_CONTROLES)},
    f"decisions.{_NOM}": 1,
    f"retours.{_NOM}": 1,
    f"relecture.{_NOM}": 1,
    f"retenue.{_NOM}": 1,
    "publication.sequence": 1,
}


class EnvoisMongo:
    """Implements `ports_parcoursup.Envois`."""

    def __init__(self, base: BaseMongo) -> None:
        """Use `base`."""
        self._base = base

    async def file(self, instant: datetime) -> list[Document]:
        """Return what is ready, in the order of domain.md §4.1."""
        occupees = set(await self._base.envois.distinct("formation", {"ouvert": True}))
        pretes = [
            offre
            async for offre in self._base.formations.find(
                {f"affiche.{_NOM}": Statut.PRET.value}, _ENVOI
            )
            if offre["_id"] not in occupees
        ]
        a_part = await self._a_part([offre["_id"] for offre in pretes], instant)
        attendre = {un for un, derniere in a_part.items() if instant - derniere < SEULE_REPRISE}
        pretes = [offre for offre in pretes if offre["_id"] not in attendre]
        pretes.sort(key=lambda offre: place(offre, a_part=offre["_id"] in a_part))
        return pretes

    async def _a_part(self, pretes: Collection[str], instant: datetime) -> dict[str, datetime]:
        """Return the last fault of each ready offer that met many, the first of them long ago.

        The exchanges of years are kept: only those of the queue are looked at, by their index.
        """
        concernees = {"issue": Issue.A_REPRENDRE.value, "formation": {"$in": [*pretes]}}
        groupes = await self._base.envois.aggregate(
            [
                {"$match": concernees},
                {
                    "$group": {
                        "_id": "$formation",
                        "nombre": {"$sum": 1},
                        "premiere": {"$min": "$commence_le"},
                        "derniere": {"$max": "$commence_le"},
                    }
                },
                {
                    "$match": {
                        "nombre": {"$gt": PANNES_SEULE},
                        "premiere": {"$lt": instant - SEULE_DEPUIS},
                    }
                },
            ]
        )
        return {groupe["_id"]: groupe["derniere"] async for groupe in groupes}

    async def repondus_depuis(self, instant: datetime) -> int:
        """Count the final answers since `instant`."""
        return await self._base.envois.count_documents(
            {"repondu_le": {"$gte": instant}, "issue": {"$in": _FINALES}}
        )

    async def attaches(self, cles: Collection[str]) -> Mapping[str, Attache]:
        """Return the place under which each of these keys was accepted last."""
        curseur = self._base.envois.find(
            {
                "cle": {"$in": list(cles)},
                "issue": Issue.ACCEPTEE.value,
                "uai": {"$exists": True},
            },
            {"cle": 1, "uai": 1, "identifiant": 1},
            sort=[("_id", 1)],
        )
        return {
            envoi["cle"]: Attache(envoi["uai"], envoi.get("identifiant")) async for envoi in curseur
        }

    async def preparer(self, envoi: Document, vue: int) -> bool:
        """Insert the intent unless the offer is in an exchange or no longer as it was seen.

        Both are judged in the transaction of the insertion: of two senders that read the same
        queue, one inserts, the other meets its open exchange or the answer that it brought.
        """

        async def travail(session: AsyncClientSession) -> bool:
            prete = await self._base.formations.find_one(
                {
                    "_id": envoi["formation"],
                    f"affiche.{_NOM}": Statut.PRET.value,
                    "publication.sequence": vue,
                },
                {"_id": 1},
                session=session,
            )
            if prete is None:
                return False
            await self._base.envois.insert_one(envoi, session=session)
            return True

        try:
            return await in_transaction(self._base.client, travail)
        except DuplicateKeyError:
            return False

    async def suspendre(self, envoi: str, reponse: Document, reprendre_le: datetime | None) -> None:
        """Keep the answer; the exchange stays open while its outcome is unknown."""
        await self._base.envois.update_one(
            {"_id": envoi}, {"$set": {**reponse, "ouvert": reprendre_le is None}}
        )

    async def inconnus(self, avant: datetime) -> list[Document]:
        """Return the open exchanges begun before `avant`: no one waits for them."""
        curseur = self._base.envois.find({"ouvert": True, "commence_le": {"$lt": avant}})
        return [envoi async for envoi in curseur]
