"""Reports of what a move of the tables means, in MongoDB (database `catalogue`).

referentiel_impacts    {_id: `<version before>.<version after>`, de, vers, calcule_le, tables,
                        avis: [{fait…, groupes: [[gestionnaire, formateur, academie, offres]]}]}
"""

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any, Final

from pymongo import DESCENDING

from services.enrich.adapters.recalculs import filtre_des_touchees
from services.enrich.domain.impact import Avis, Concernee, Fait, Groupe, Nature, Rapport
from services.enrich.domain.recalcul_cles import Touchees
from services.kernel.mongo import Database, Document

IMPACTS: Final = "referentiel_impacts"
_LUS: Final = (
    "cfd",
    "cfd_remplace_par",
    "rncp_code",
    "code_commune_insee",
    "etablissement_gestionnaire_siret",
    "etablissement_formateur_siret",
    "num_academie",
)
_PROJECTION: Final = {"_id": 0, **{f"formation.{champ}": 1 for champ in _LUS}}


class MongoImpacts:
    """`ports_impact.Impacts`, and what is told of the reports."""

    def __init__(self, database: Database) -> None:
        """Keep reports in `database`."""
        self._impacts = database[IMPACTS]
        self._formations = database["formations"]

    async def concernees(self, touchees: Touchees) -> AsyncIterator[Concernee]:
        """Yield the active formations that are touched."""
        filtre = {"etat": "active", **filtre_des_touchees(touchees)}
        async for document in self._formations.find(filtre, _PROJECTION):
            yield _concernee(document["formation"])

    async def garder(self, rapport: Rapport) -> None:
        """Keep a report."""
        document = _document(rapport)
        await self._impacts.replace_one({"_id": document["_id"]}, document, upsert=True)

    async def lire(self, vers: str) -> Rapport | None:
        """Return the last report of a move to a version, None when none was kept."""
        document = await self._impacts.find_one({"vers": vers}, sort=[("calcule_le", DESCENDING)])
        return _rapport(document) if document else None


def _concernee(formation: dict[str, Any]) -> Concernee:
    cfd, remplacant, rncp, commune, gestionnaire, formateur, academie = (
        formation.get(champ) for champ in _LUS
    )
    cfds = frozenset(code for code in (cfd, remplacant) if code)
    return Concernee(cfds, rncp, commune, gestionnaire, formateur, academie)


def _document(rapport: Rapport) -> Document:
    return {
        "_id": f"{rapport.de}.{rapport.vers}",
        "de": rapport.de,
        "vers": rapport.vers,
        "calcule_le": rapport.calcule_le,
        "tables": sorted(rapport.tables),
        "avis": [
            {**asdict(un.fait), "groupes": [list(groupe) for groupe in un.groupes]}
            for un in rapport.avis
        ],
    }


def _rapport(document: Document) -> Rapport:
    return Rapport(
        document["de"],
        document["vers"],
        document["calcule_le"],
        frozenset(document["tables"]),
        tuple(_avis(dict(un)) for un in document["avis"]),
    )


def _avis(document: Document) -> Avis:
    groupes = tuple(Groupe(*groupe) for groupe in document.pop("groupes"))
    return Avis(Fait(**{**document, "nature": Nature(document["nature"])}), groupes)
