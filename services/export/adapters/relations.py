"""The relations of applications in MongoDB: one document a pair, replaced as a whole."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from pymongo import DeleteMany, ReplaceOne
from pymongo.asynchronous.client_session import AsyncClientSession

from services.export.adapters.mongo import BaseMongo
from services.export.domain.relations import Relation, identifiant
from services.kernel.mongo import in_transaction

_AJOUTS: Final = frozenset({"intervention"})
"""What is not of the file: kept of a relation that the file says again unchanged."""
_TOUTES: Final = 10_000


class RelationsMongo:
    """The relations of `base`."""

    def __init__(self, base: BaseMongo) -> None:
        """Use `base`."""
        self._client = base.client
        self._relations = base.base["relations"]

    async def remplacer(self, relations: Mapping[str, Relation]) -> dict[str, int]:
        """Make these the relations in force, at once; return how many came, changed, left."""

        async def travail(session: AsyncClientSession) -> dict[str, int]:
            tenues = {une["_id"]: une async for une in self._relations.find({}, session=session)}
            nouvelles = [une for cle, une in relations.items() if cle not in tenues]
            modifiees = [
                une
                for cle, une in relations.items()
                if cle in tenues and _du_fichier(tenues[cle]) != une
            ]
            perdues = [cle for cle in tenues if cle not in relations]
            ecritures: list[Any] = [
                ReplaceOne({"_id": une["_id"]}, une, upsert=True) for une in nouvelles + modifiees
            ]
            if perdues:
                ecritures.append(DeleteMany({"_id": {"$in": perdues}}))
            if ecritures:
                await self._relations.bulk_write(ecritures, session=session, ordered=False)
            return {
                "ajoutees": len(nouvelles),
                "modifiees": len(modifiees),
                "supprimees": len(perdues),
                "inchangees": len(relations) - len(nouvelles) - len(modifiees),
            }

        return await in_transaction(self._client, travail)

    async def trouver(
        self, responsable: str | None, formateur: str | None, apres: str, limite: int
    ) -> list[Relation]:
        """Return relations in the order of their ids, of one responsable or formateur if given."""
        criteres = {"_id": {"$gt": apres}, **_criteres(responsable, formateur)}
        curseur = self._relations.find(criteres, sort=[("_id", 1)], limit=limite)
        return [une async for une in curseur]

    async def intervenir(
        self, responsable: str, formateur: str | None, auteur: str, instant: datetime
    ) -> int:
        """Note that the contact was changed since; return how many relations that concerns."""
        fait = await self._relations.update_many(
            _criteres(responsable, formateur),
            {"$set": {"intervention": {"par": auteur, "le": instant}}},
        )
        return fait.matched_count

    async def statuts(self) -> dict[str, Relation]:
        """Return what tells the status of the applications of each pair, by its id."""
        curseur = self._relations.find({}, {"telechargement": 1, "intervention": 1})
        return {une["_id"]: une async for une in curseur.batch_size(_TOUTES)}

    async def par_offre(self, documents: Iterable[Mapping[str, Any]]) -> dict[str, Relation]:
        """Return, by the id of the offer, the relation of its two establishments."""
        paires = {
            document["_id"]: identifiant(
                str(document["projection"].get("etablissement_gestionnaire_siret")),
                str(document["projection"].get("etablissement_formateur_siret")),
            )
            for document in documents
        }
        curseur = self._relations.find({"_id": {"$in": sorted(set(paires.values()))}})
        tenues = {une["_id"]: une async for une in curseur}
        return {offre: tenues[paire] for offre, paire in paires.items() if paire in tenues}


def _criteres(responsable: str | None, formateur: str | None) -> dict[str, str]:
    dits = {"siret_responsable": responsable, "siret_formateur": formateur}
    return {champ: valeur for champ, valeur in dits.items() if valeur is not None}


def _du_fichier(relation: Relation) -> Relation:
    return {champ: valeur for champ, valeur in relation.items() if champ not in _AJOUTS}
