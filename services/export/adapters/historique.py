"""Reads of the historic routes: pages of offers under a filter, the establishments of the offers.

A filter only comes from `domain.requete_typee`: it names known fields and operators.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.export.adapters.mongo import BaseMongo
from services.export.ports import Document

Filtre = dict[str, Any]

_ROLES: Final = ("gestionnaire", "formateur")
_ETABLISSEMENT: Final[dict[str, str]] = {
    "raison_sociale": "entreprise_raison_sociale",
    "enseigne": "enseigne",
    "num_academie": "num_academie",
    "region": "region",
    "adresse": "adresse",
    "code_postal": "code_postal",
    "localite": "localite",
    "actif": "actif",
}
ETABLISSEMENTS: Final[dict[str, str]] = {
    champ: champ for champ in ("siret", "siren", "uai", *_ETABLISSEMENT.values())
}
"""The fields of an establishment that a query may name."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list, in which order, in at most how long."""

    saut: int
    limite: int
    tri: tuple[tuple[str, int], ...] = ()
    delai_ms: int = 10_000


class LecturesHistoriques:
    """Reads offers that are in the catalogue, of some académies (None: of all)."""

    def __init__(self, base: BaseMongo, academies: Sequence[str] | None) -> None:
        """Read from `base`."""
        self._formations = base.formations
        self._base: Filtre = {"projection.etat": {"$exists": False}}
        if academies is not None:
            self._base["projection.num_academie"] = {"$in": list(academies)}

    def _criteres(self, filtre: Filtre) -> Filtre:
        return {"$and": [self._base, filtre]} if filtre else self._base

    async def compter(self, filtre: Filtre, page: Page) -> int:
        """Return how many offers a filter admits."""
        return await self._formations.count_documents(
            self._criteres(filtre), maxTimeMS=page.delai_ms
        )

    async def page(self, filtre: Filtre, page: Page) -> list[Document]:
        """Return the offers of a page."""
        curseur = self._formations.find(
            self._criteres(filtre),
            sort=[*page.tri, ("_id", 1)],
            skip=page.saut,
            limit=page.limite,
            max_time_ms=page.delai_ms,
            allow_disk_use=True,
        )
        return [document async for document in curseur]

    async def toutes(
        self, filtre: Filtre, champs: Sequence[str] = (), limite: int = 0
    ) -> AsyncIterator[Document]:
        """Yield these fields, or all, of the offers that a filter admits: the first, or all."""
        curseur = self._formations.find(
            self._criteres(filtre),
            dict.fromkeys(champs, 1),
            sort=[("_id", 1)],
            limit=limite,
            batch_size=2_000 if champs else 500,
        )
        async for document in curseur:
            yield document

    async def etablissements(self, filtre: Filtre, page: Page) -> tuple[int, list[Document]]:
        """Return how many establishments of the offers a filter admits, and those of a page."""
        etapes: list[Document] = [
            {"$match": self._base},
            {"$project": {"e": [*map(_de, _ROLES), _LIEU]}},
            {"$unwind": "$e"},
            {"$match": {"e.siret": {"$type": "string"}}},
            {"$group": _GROUPE},
            {"$set": {"siret": "$_id", "siren": {"$substrCP": ["$_id", 0, 9]}, "published": True}},
            {"$match": filtre},
            {"$sort": dict([*page.tri, ("_id", 1)])},
            {
                "$facet": {
                    "page": [{"$skip": page.saut}, {"$limit": page.limite}],
                    "total": [{"$count": "nombre"}],
                }
            },
        ]
        curseur = await self._formations.aggregate(
            etapes, maxTimeMS=page.delai_ms, allowDiskUse=True
        )
        (trouve,) = [un async for un in curseur]
        total = trouve["total"][0]["nombre"] if trouve["total"] else 0
        return total, trouve["page"]


def _de(role: str) -> Document:
    prefixe = f"$projection.etablissement_{role}_"
    champs = {nom: f"{prefixe}{source}" for source, nom in _ETABLISSEMENT.items()}
    return {"siret": f"{prefixe}siret", "uai": f"{prefixe}uai", **champs}


_LIEU: Final[Document] = {
    "siret": "$projection.etablissement_lieu_formation_siret",
    "uai": "$projection.uai_formation",
    "num_academie": "$projection.num_academie",
    "region": "$projection.region",
    "adresse": "$projection.lieu_formation_adresse",
    "code_postal": "$projection.code_postal",
    "localite": "$projection.localite",
}
_GROUPE: Final[Document] = {
    "_id": "$e.siret",
    # The greatest of what the offers say: null when none says anything, the same every time.
    **{champ: {"$max": f"$e.{champ}"} for champ in ("uai", *_ETABLISSEMENT.values())},
    "uais_potentiels": {"$addToSet": "$e.uai"},
    "nombre_d_offres": {"$sum": 1},
}
