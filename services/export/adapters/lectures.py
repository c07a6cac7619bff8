"""What the API reads: work lists, one offer, feeds, digests."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.adapters.mongo import BaseMongo
from services.export.domain import chronologie
from services.export.domain.affelnet import STATUTS_TRANSMIS
from services.export.ports import Document

_TRANSMIS: Final = ("projection", "publication", "textes.affelnet", "couverture.affelnet")


class Lectures:
    """Reads of the formations that export holds."""

    def __init__(self, base: BaseMongo) -> None:
        """Read from `base`."""
        self._base = base

    async def une(self, identifiant: str) -> Document | None:
        """Return an offer with its three facts."""
        return await self._base.formations.find_one({"_id": identifiant})

    async def cles(self, ids: Sequence[str]) -> dict[str, str | None]:
        """Return the keys of offers, by their id."""
        cle = "cle_ministere_educatif"
        curseur = self._base.formations.find({"_id": {"$in": list(ids)}}, {f"projection.{cle}": 1})
        return {une["_id"]: une["projection"].get(cle) async for une in curseur}

    async def journaux(self, identifiant: str) -> dict[str, list[Document]]:
        """Return, by their sort, all entries of the journals of an offer."""
        base = self._base
        sources = {
            chronologie.DECISIONS: base.decisions,
            chronologie.ACTES: base.actes,
            chronologie.REPONSES: base.envois,
            chronologie.STATUTS: base.historique,
        }
        return {
            sorte: [entree async for entree in source.find({"formation": identifiant})]
            for sorte, source in sources.items()
        }

    async def affelnet(self, academies: Sequence[str]) -> list[Document]:
        """Return the offers to transmit, from one snapshot: a decision is in it whole or not."""
        criteres = {
            f"affiche.{Plateforme.AFFELNET}": {"$in": list(STATUTS_TRANSMIS)},
            "projection.num_academie": {"$in": list(academies)},
        }
        async with self._base.client.start_session(snapshot=True) as session:
            curseur = self._base.formations.find(
                criteres, dict.fromkeys(_TRANSMIS, 1), session=session
            )
            offres = [document async for document in curseur]
        return sorted(offres, key=lambda offre: str(offre["_id"]))

    async def retenues(
        self, academies: Sequence[str] | None, apres: str, limite: int
    ) -> list[Document]:
        """Return the offers asked of Parcoursup that are held back, in the order of their ids."""
        criteres: Document = {
            "_id": {"$gt": apres},
            "affiche.parcoursup": Statut.PRET.value,
            "retenue.parcoursup": {"$exists": True},
        }
        if academies is not None:
            criteres["projection.num_academie"] = {"$in": list(academies)}
        curseur = self._base.formations.find(
            criteres,
            {"projection": 1, "retenue.parcoursup": 1},
            sort=[("_id", 1)],
            limit=limite,
        )
        return [document async for document in curseur]

    async def compter(self, plateforme: Plateforme) -> dict[str, int]:
        """Return how many offers show each status that is not « non publiable »."""
        groupes = await self._base.formations.aggregate(
            [
                {"$match": {f"affiche.{plateforme}": {"$exists": True}}},
                {"$group": {"_id": f"$affiche.{plateforme}", "nombre": {"$sum": 1}}},
            ]
        )
        return {groupe["_id"]: groupe["nombre"] async for groupe in groupes}

    async def envois(self, limite: int) -> list[Document]:
        """Return the last exchanges with Parcoursup, latest first."""
        curseur = self._base.envois.find({}, sort=[("_id", -1)], limit=limite)
        return [envoi async for envoi in curseur]

    async def empreintes(self, apres: str) -> AsyncIterator[dict[str, Any]]:
        """Yield what is held of each formation, in the order of ids, without keeping any."""
        curseur = self._base.formations.find(
            {"_id": {"$gt": apres}},
            {"sequence": 1, "empreinte": 1, "publication": 1, "projection.etat": 1},
            sort=[("_id", 1)],
            batch_size=2_000,
        )
        async for document in curseur:
            publication = document["publication"]
            yield {
                "id": document["_id"],
                "sequence": document["sequence"],
                "empreinte": document["empreinte"],
                "etat": document.get("projection", {}).get("etat", "active"),
                "publication_sequence": publication["sequence"] or None,
                "publication_empreinte": publication["empreinte"],
            }
