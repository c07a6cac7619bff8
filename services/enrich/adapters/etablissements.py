"""What people tell of establishments, in MongoDB (database `catalogue`).

etablissements_editions  {_id: SIRET, courriel, auteur, le, version}
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pymongo.errors import DuplicateKeyError

from contracts.evenements import Etat
from services.enrich.adapters.mongo import FORMATIONS
from services.enrich.domain.dependances import cle_d_etablissement
from services.kernel.mongo import Database, Document

EDITIONS: Final = "etablissements_editions"
_ROLES: Final = ("gestionnaire", "formateur")


@dataclass(frozen=True, slots=True)
class Courriel:
    """Whom to write to; `version` 0 and nothing else when nobody said."""

    courriel: str | None = None
    auteur: str | None = None
    le: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class OffresDe:
    """How many living offers an establishment has, by its role in them, and in all."""

    gestionnaire: int
    formateur: int
    offres: int


class MongoEtablissements:
    """The e-mail addresses of establishments, and their offers counted."""

    def __init__(self, database: Database) -> None:
        """Read and write in one database."""
        self._editions = database[EDITIONS]
        self._formations = database[FORMATIONS]

    async def courriel(self, siret: str) -> Courriel:
        """Return the address in force."""
        document = await self._editions.find_one({"_id": siret})
        return _courriel(document) if document else Courriel()

    async def ecrire(
        self, siret: str, courriel: str | None, auteur: str, le: datetime, vue: int
    ) -> Courriel | None:
        """Replace the version that the author saw; None when it is another by now."""
        nouvelle = {"courriel": courriel, "auteur": auteur, "le": le, "version": vue + 1}
        if vue:
            resultat = await self._editions.replace_one({"_id": siret, "version": vue}, nouvelle)
            return _courriel(nouvelle) if resultat.matched_count else None
        try:
            await self._editions.insert_one({"_id": siret, **nouvelle})
        except DuplicateKeyError:
            return None
        return _courriel(nouvelle)

    async def offres(self, siret: str) -> OffresDe:
        """Return how many living offers name an establishment."""
        champs = [f"formation.etablissement_{role}_siret" for role in _ROLES]
        filtre = {
            "cles": cle_d_etablissement(siret),
            "etat": Etat.ACTIVE.value,
            "$or": [{champ: siret} for champ in champs],
        }
        comptes = dict.fromkeys(_ROLES, 0)
        total = 0
        async for document in self._formations.find(filtre, dict.fromkeys(champs, 1)):
            total += 1
            for role in _ROLES:
                comptes[role] += document["formation"][f"etablissement_{role}_siret"] == siret
        return OffresDe(comptes["gestionnaire"], comptes["formateur"], total)


def _courriel(document: Document) -> Courriel:
    return Courriel(document["courriel"], document["auteur"], document["le"], document["version"])
