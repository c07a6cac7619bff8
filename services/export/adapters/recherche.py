"""Searches of offers in MongoDB: a page in an order, counts of facets, all in a stream."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from services.export.adapters.comptes_facettes import Comptes, compter
from services.export.adapters.facettes import lire
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.regles import JugesMongo
from services.export.adapters.relations import RelationsMongo
from services.export.adapters.selection import filtrer
from services.export.domain.derivees import Reperes, reperes_de
from services.export.domain.recherche import Recherche, Tri
from services.export.ports import Document

_TRIS: Final[dict[Tri, str]] = {
    Tri.ACADEMIE: "projection.num_academie",
    Tri.INTITULE: "projection.intitule_long",
    Tri.CFD: "projection.cfd",
    Tri.UAI_GESTIONNAIRE: "projection.etablissement_gestionnaire_uai",
    Tri.UAI_FORMATEUR: "projection.etablissement_formateur_uai",
    Tri.UAI_LIEU: "projection.uai_formation",
    Tri.COMMUNE: "projection.code_commune_insee",
}
_CANDIDATURES: Final = "candidatures"


class RecherchesMongo:
    """Reads selections of the offers that export holds."""

    def __init__(self, base: BaseMongo, juges: JugesMongo) -> None:
        """Read from `base`; `juges` tell the campaign and rules that some facets rest on."""
        self._formations = base.formations
        self._relations = RelationsMongo(base)
        self._juges = juges

    async def page(
        self,
        recherche: Recherche,
        champs: Mapping[str, int],
        *,
        tri: Tri = Tri.DEFAUT,
        apres: tuple[Any, str] | None = None,
        limite: int,
    ) -> list[Document]:
        """Return at most `limite` offers after a place, given as (value of the order, id)."""
        criteres = await self._filtrer(recherche)
        if apres is not None:
            criteres = {"$and": [criteres, _apres(tri, *apres)]}
        ordre = [(_TRIS[tri], 1)] if tri in _TRIS else []
        curseur = self._formations.find(criteres, champs, sort=[*ordre, ("_id", 1)], limit=limite)
        return [document async for document in curseur]

    async def compter(self, recherche: Recherche) -> int:
        """Return how many offers are selected."""
        return await self._formations.count_documents(await self._filtrer(recherche))

    async def facettes(self, recherche: Recherche, noms: Sequence[str]) -> Comptes:
        """Return how many offers are selected, and how many have each value of each facet."""
        return await compter(self._formations, recherche, noms, await self.reperes(recherche, noms))

    async def reperes(self, recherche: Recherche, noms: Sequence[str] = ()) -> Reperes:
        """Return what facts are told by; the applications only if they are asked about."""
        reperes = reperes_de(await self._juges.courant(), recherche.plateforme)
        demandees = recherche.criteres.get(_CANDIDATURES)
        if demandees is None and _CANDIDATURES not in noms:
            return reperes
        reperes = replace(reperes, relations=await self._relations.statuts())
        if demandees is None:
            return reperes
        return replace(reperes, retenues=await self._retenues(recherche, demandees, reperes))

    async def parcourir(
        self, recherche: Recherche, champs: Mapping[str, int]
    ) -> AsyncIterator[Document]:
        """Yield the selected offers in the order of ids, without keeping any."""
        curseur = self._formations.find(
            await self._filtrer(recherche), champs, sort=[("_id", 1)], batch_size=1_000
        )
        async for document in curseur:
            yield document

    async def selection(self, recherche: Recherche, maximum: int) -> list[Document]:
        """Return the selected offers whole, at most one more than `maximum`."""
        curseur = self._formations.find(
            await self._filtrer(recherche),
            sort=[("_id", 1)],
            limit=maximum + 1,
            batch_size=1_000,
        )
        return [document async for document in curseur]

    async def _filtrer(self, recherche: Recherche) -> Document:
        return filtrer(recherche, await self.reperes(recherche))

    async def _retenues(
        self, recherche: Recherche, demandees: Sequence[Any], reperes: Reperes
    ) -> list[str]:
        """Return the offers of the académies asked for whose applications have such a status."""
        lue, voulues = lire(_CANDIDATURES, recherche.plateforme, reperes), set(demandees)
        criteres: Document = {"eligibilites.affelnet.perimetre": True}
        if recherche.academies is not None:
            criteres["projection.num_academie"] = {"$in": list(recherche.academies)}
        groupes = await self._formations.aggregate(
            [
                {"$match": criteres},
                {"$group": {"_id": list(lue.expressions), "offres": {"$push": "$_id"}}},
            ]
        )
        return [
            offre
            async for groupe in groupes
            if not voulues.isdisjoint(lue.valeurs(groupe["_id"]))
            for offre in groupe["offres"]
        ]


def cle_de_tri(tri: Tri, document: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a value as stored
    """Return the value by which an offer is placed in an order, None when it has none."""
    if tri not in _TRIS:
        return None
    return document["projection"].get(_TRIS[tri].removeprefix("projection."))


CHAMPS_DE_TRI: Final = dict.fromkeys(_TRIS.values(), 1)


def _apres(tri: Tri, valeur: Any, identifiant: str) -> Document:  # noqa: ANN401 - as stored
    if tri not in _TRIS:
        return {"_id": {"$gt": identifiant}}
    chemin = _TRIS[tri]
    # An absent value comes first, whatever its id; MongoDB compares nothing with it.
    plus_loin: Document = {chemin: {"$ne": None} if valeur is None else {"$gt": valeur}}
    return {"$or": [plus_loin, {chemin: valeur, "_id": {"$gt": identifiant}}]}
