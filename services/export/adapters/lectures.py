"""What the API reads: work lists, one offer, feeds, digests."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.adapters.mongo import BaseMongo
from services.export.domain.affelnet import STATUTS_TRANSMIS
from services.export.ports import Document

_RESUME: Final = {
    "publication": 1,
    "decisions": 1,
    "projection.etat": 1,
    "projection.cle_ministere_educatif": 1,
    "projection.intitule_long": 1,
    "projection.diplome": 1,
    "projection.niveau": 1,
    "projection.localite": 1,
    "projection.num_academie": 1,
    "projection.uai_formation": 1,
    "projection.etablissement_lieu_formation_siret": 1,
    "projection.etablissement_gestionnaire_siret": 1,
    "projection.etablissement_formateur_siret": 1,
}


@dataclass(frozen=True, slots=True)
class Filtre:
    """Which offers to list; `academies` None means all."""

    academies: Sequence[str] | None
    plateforme: Plateforme | None = None
    statut: Statut | None = None
    apres: str = ""
    limite: int = 20


class Lectures:
    """Reads of the formations that export holds."""

    def __init__(self, base: BaseMongo) -> None:
        """Read from `base`."""
        self._base = base

    async def lister(self, filtre: Filtre) -> list[Document]:
        """Return the offers of a page, in the order of their ids."""
        criteres: Document = {"_id": {"$gt": filtre.apres}}
        if filtre.academies is not None:
            criteres["projection.num_academie"] = {"$in": list(filtre.academies)}
        if filtre.plateforme is not None:
            champ = f"affiche.{filtre.plateforme}"
            if filtre.statut is Statut.NON_PUBLIABLE:
                criteres[champ] = {"$exists": False}
            elif filtre.statut is not None:
                criteres[champ] = filtre.statut.value
        curseur = self._base.formations.find(
            criteres, _RESUME, sort=[("_id", 1)], limit=filtre.limite
        )
        return [document async for document in curseur]

    async def une(self, identifiant: str) -> Document | None:
        """Return an offer with its three facts."""
        return await self._base.formations.find_one({"_id": identifiant})

    async def historique(self, identifiant: str) -> list[Document]:
        """Return every decision ever taken on an offer, oldest first."""
        curseur = self._base.decisions.find({"formation": identifiant}, sort=[("_id", 1)])
        return [decision async for decision in curseur]

    async def affelnet(self, academies: Sequence[str]) -> list[Document]:
        """Return the offers to transmit, from one snapshot: a decision is in it whole or not."""
        criteres = {
            f"affiche.{Plateforme.AFFELNET}": {"$in": list(STATUTS_TRANSMIS)},
            "projection.num_academie": {"$in": list(academies)},
        }
        async with self._base.client.start_session(snapshot=True) as session:
            curseur = self._base.formations.find(
                criteres, {"projection": 1, "publication": 1}, session=session
            )
            offres = [document async for document in curseur]
        return sorted(offres, key=lambda offre: str(offre["_id"]))

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
