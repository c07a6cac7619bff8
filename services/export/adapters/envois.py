"""The exchanges with Parcoursup in MongoDB, and the queue of what is to be sent."""

from datetime import datetime
from typing import Final

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from contracts.statuts import Plateforme, Statut
from services.export.adapters.mongo import BaseMongo
from services.export.domain.parcoursup import Issue, rang
from services.export.ports import Document
from services.kernel.mongo import in_transaction

_NOM: Final = Plateforme.PARCOURSUP.value
_ARRET: Final = "parcoursup_arret"
# So many transient faults on one offer, and it no longer holds up those behind it.
_REPRISES_EN_PLACE: Final = 20
_FINALES: Final = (Issue.ACCEPTEE.value, Issue.REFUSEE.value)
_RANG: Final = {
    "projection.cle_ministere_educatif": 1,
    f"decisions.{_NOM}.prise_le": 1,
    f"retours.{_NOM}.erreur": 1,
}
_ENVOI: Final = {"projection": 1, "decisions": 1, "retours": 1, "publication.sequence": 1}


class EnvoisMongo:
    """Implements `ports.Envois`."""

    def __init__(self, base: BaseMongo) -> None:
        """Use `base`."""
        self._base = base

    async def file(self, limite: int) -> list[Document]:
        """Return what is ready with a UAI of the place, in the order of domain.md §4.1."""
        criteres = {f"affiche.{_NOM}": Statut.PRET.value, "projection.uai_formation": {"$ne": None}}
        occupees = set(await self._base.envois.distinct("formation", {"ouvert": True}))
        reprises = await self._reprises()
        pretes = [
            offre
            async for offre in self._base.formations.find(criteres, _RANG)
            if offre["_id"] not in occupees
        ]
        pretes.sort(key=lambda offre: _rang(offre, reprises))
        ids = [offre["_id"] for offre in pretes[:limite]]
        entieres = {
            offre["_id"]: offre
            async for offre in self._base.formations.find({"_id": {"$in": ids}}, _ENVOI)
        }
        return [entieres[un] for un in ids if un in entieres]

    async def _reprises(self) -> dict[str, int]:
        """Return how many transient faults each offer met."""
        groupes = await self._base.envois.aggregate(
            [
                {"$match": {"issue": Issue.A_REPRENDRE.value}},
                {"$group": {"_id": "$formation", "nombre": {"$sum": 1}}},
            ]
        )
        return {groupe["_id"]: groupe["nombre"] async for groupe in groupes}

    async def repondus_depuis(self, instant: datetime) -> int:
        """Count the final answers since `instant`."""
        return await self._base.envois.count_documents(
            {"repondu_le": {"$gte": instant}, "issue": {"$in": _FINALES}}
        )

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

    async def arreter(self, raison: str, instant: datetime) -> None:
        """Stop the queue."""
        await self._base.parametres.update_one(
            {"_id": _ARRET}, {"$set": {"raison": raison, "depuis": instant}}, upsert=True
        )

    async def arret(self) -> Document | None:
        """Return the stop, if any."""
        return await self._base.parametres.find_one({"_id": _ARRET})

    async def reprendre(self) -> bool:
        """Let the queue go; tell whether it was stopped."""
        resultat = await self._base.parametres.delete_one({"_id": _ARRET})
        return bool(resultat.deleted_count)


def _rang(offre: Document, reprises: dict[str, int]) -> tuple[bool, datetime, str]:
    decision = (offre.get("decisions") or {}).get(_NOM) or {}
    retour = (offre.get("retours") or {}).get(_NOM) or {}
    return rang(
        en_erreur=bool(retour.get("erreur")) or reprises.get(offre["_id"], 0) > _REPRISES_EN_PLACE,
        mise_a_jour=decision.get("prise_le"),
        cle=offre["projection"].get("cle_ministere_educatif"),
    )
