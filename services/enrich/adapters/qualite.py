"""Figures of quality in MongoDB (database `catalogue`).

qualite         {_id: portee, nom?, academie?, jour, mesuree_le, …figures}: the present ones
qualite_jours   {_id: `<portee>/<jour>`, portee, jour, …figures}: the last of each day when
they changed; a day without document has the figures of the day before
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING, ReplaceOne

from contracts.evenements import Etat
from services.enrich.adapters.mongo import FORMATIONS, HISTORIQUE
from services.enrich.domain.dependances import cle_d_etablissement
from services.enrich.domain.doublons import CHAMPS as COMPARES
from services.enrich.domain.doublons import Offre
from services.enrich.domain.qualite.bilan import Bilan, Mesure, Portee, de_document
from services.enrich.domain.qualite.completude import CHAMPS
from services.kernel.batches import slices
from services.kernel.mongo import Database, Document

ACTUELLES: Final = "qualite"
JOURS: Final = "qualite_jours"
_PORTEES: Final = (
    "num_academie",
    "nom_academie",
    "region",
    *(
        f"etablissement_{role}_{champ}"
        for role in ("gestionnaire", "formateur")
        for champ in ("siret", "raison_sociale", "num_academie")
    ),
)
_LUS: Final = {
    "constats.code": 1,
    **{f"formation.{champ}": 1 for champ in (*CHAMPS, *_PORTEES)},
}
_SIRETS: Final = (
    "formation.etablissement_gestionnaire_siret",
    "formation.etablissement_formateur_siret",
)
_LOT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one set of formations, and who it is."""

    portee: Portee
    nom: str | None
    academie: str | None
    jour: str
    mesuree_le: datetime
    bilan: Bilan


class MongoQualite:
    """Measures the formations, and keeps what was measured."""

    def __init__(self, database: Database) -> None:
        """Read formations and write figures in one database."""
        self._formations = database[FORMATIONS]
        self._historique = database[HISTORIQUE]
        self._actuelles = database[ACTUELLES]
        self._jours = database[JOURS]

    async def prepare(self) -> None:
        """Create the indexes; idempotent."""
        await self._actuelles.create_index([("academie", ASCENDING)])
        await self._jours.create_index([("portee", ASCENDING), ("jour", DESCENDING)])

    async def marque(self) -> tuple[int, int]:
        """Return what moves when formations do: cheap, and enough to see a quiet moment."""
        nombre = await self._formations.estimated_document_count()
        return nombre, await self._historique.estimated_document_count()

    async def mesurer(self) -> Mesure:
        """Count every living formation."""
        mesure = Mesure()
        curseur = self._formations.find({"etat": Etat.ACTIVE.value}, _LUS, batch_size=_LOT)
        async for document in curseur:
            codes = [constat["code"] for constat in document["constats"]]
            mesure.noter(document["formation"], codes)
        return mesure

    async def garder(self, mesure: Mesure, jour: date, maintenant: datetime) -> int:
        """Write the figures that changed, for now and for the day; return how many."""
        tenues = {document["_id"]: document async for document in self._actuelles.find()}
        nouvelles = [_document(mesure, portee, jour, maintenant) for portee in mesure.bilans]
        nouvelles += [
            _videe(tenue, jour, maintenant)
            for nom, tenue in tenues.items()
            if tenue["offres"] and nom not in {nouvelle["_id"] for nouvelle in nouvelles}
        ]
        changees = [n for n in nouvelles if _chiffres(tenues.get(n["_id"])) != _chiffres(n)]
        for lot in slices(changees, _LOT):
            await self._jours.bulk_write([_du_jour(document) for document in lot], ordered=False)
            await self._actuelles.bulk_write(
                [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in lot],
                ordered=False,
            )
        return len(changees)

    async def lire(self, portee: Portee) -> Figures | None:
        """Return the present figures of a set; None when it was never measured."""
        document = await self._actuelles.find_one({"_id": str(portee)})
        return _figures(document) if document else None

    async def lister(
        self, espece: str, *, academie: str | None = None, limite: int = 0
    ) -> list[Figures]:
        """Return the present figures of the sets of one kind that hold offers, by name."""
        filtre: Document = {"espece": espece, "offres": {"$gt": 0}}
        if academie is not None:
            filtre["academie"] = academie
        curseur = self._actuelles.find(filtre).sort([("nom", ASCENDING), ("_id", ASCENDING)])
        return [_figures(document) async for document in curseur.limit(limite)]

    async def tendance(self, portee: Portee, jours: int) -> list[tuple[str, Bilan]]:
        """Return the last days on which the figures changed, oldest first."""
        curseur = self._jours.find({"portee": str(portee)}).sort("jour", DESCENDING).limit(jours)
        documents = [document async for document in curseur]
        return [(document["jour"], de_document(document)) for document in reversed(documents)]

    async def comparables(self, siret: str | None, academie: str | None) -> AsyncIterator[Offre]:
        """Yield the living offers of a SIRET, of an académie, or all, to look for duplicates."""
        filtre: Document = {"etat": Etat.ACTIVE.value}
        if siret is not None:
            filtre |= {
                "cles": cle_d_etablissement(siret),
                "$or": [{champ: siret} for champ in _SIRETS],
            }
        if academie is not None:
            filtre["formation.num_academie"] = academie
        champs = {"creee_le": 1, **{f"formation.{champ}": 1 for champ in COMPARES}}
        async for document in self._formations.find(filtre, champs, batch_size=_LOT):
            creee_le = document["creee_le"].isoformat()
            yield Offre(document["_id"], creee_le, document["formation"])

    async def a_corriger(
        self, siret: str
    ) -> AsyncIterator[tuple[str, str, int, Sequence[Mapping[str, Any]]]]:
        """Yield the living offers of a SIRET: id, intitulé, sequence, findings."""
        filtre = {
            "cles": cle_d_etablissement(siret),
            "$or": [{champ: siret} for champ in _SIRETS],
            "etat": Etat.ACTIVE.value,
        }
        champs = {
            "sequence": 1,
            "constats": 1,
            "formation.intitule_long": 1,
            "formation.intitule_rco": 1,
        }
        async for document in self._formations.find(filtre, champs).sort("_id", ASCENDING):
            formation = document["formation"]
            intitule = formation.get("intitule_long") or formation.get("intitule_rco") or ""
            yield document["_id"], intitule, document["sequence"], document["constats"]


def _document(mesure: Mesure, portee: Portee, jour: date, maintenant: datetime) -> Document:
    return {
        "_id": str(portee),
        "espece": portee.espece,
        "valeur": portee.valeur,
        "nom": mesure.noms.get(portee),
        "academie": mesure.academies.get(portee),
        "jour": jour.isoformat(),
        "mesuree_le": maintenant,
        **mesure.bilans[portee].document(),
    }


def _videe(tenue: Document, jour: date, maintenant: datetime) -> Document:
    """Return the figures of a set that no living formation belongs to any more."""
    return {**tenue, "jour": jour.isoformat(), "mesuree_le": maintenant, **Bilan().document()}


def _chiffres(document: Document | None) -> dict[str, Any] | None:
    if document is None:
        return None
    autour = ("jour", "mesuree_le")
    return {nom: valeur for nom, valeur in document.items() if nom not in autour}


def _du_jour(document: Document) -> ReplaceOne[Document]:
    identifiant = f"{document['_id']}/{document['jour']}"
    chiffres = {nom: document[nom] for nom in Bilan().document()}
    jour = {"_id": identifiant, "portee": document["_id"], "jour": document["jour"], **chiffres}
    return ReplaceOne({"_id": identifiant}, jour, upsert=True)


def _figures(document: Document) -> Figures:
    return Figures(
        Portee(document["espece"], document["valeur"]),
        document["nom"],
        document["academie"],
        document["jour"],
        document["mesuree_le"],
        de_document(document),
    )
