"""Searches of offers in MongoDB: a page in an order, counts of facets, all in a stream."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.adapters.mongo import BaseMongo
from services.export.domain.facettes import FACETTES, Facette, champ
from services.export.domain.recherche import (
    A_DECIDER,
    A_TRANSMETTRE,
    REJETEES,
    UAI_COMPLET,
    Recherche,
    Tri,
    Vue,
    code,
    mots,
    souple,
)
from services.export.ports import Document
from services.kernel.french import PARIS

_TRIS: Final[dict[Tri, str]] = {
    Tri.ACADEMIE: "projection.num_academie",
    Tri.INTITULE: "projection.intitule_long",
    Tri.CFD: "projection.cfd",
    Tri.UAI_GESTIONNAIRE: "projection.etablissement_gestionnaire_uai",
    Tri.UAI_FORMATEUR: "projection.etablissement_formateur_uai",
    Tri.UAI_LIEU: "projection.uai_formation",
    Tri.COMMUNE: "projection.code_commune_insee",
}
_TEXTES: Final = (
    "projection.intitule_long",
    "projection.libelle_court",
    "projection.localite",
    "projection.etablissement_gestionnaire_raison_sociale",
    "projection.etablissement_gestionnaire_enseigne",
    "projection.etablissement_formateur_raison_sociale",
    "projection.etablissement_formateur_enseigne",
)
_CODES: Final = (
    "_id",
    "projection.cfd",
    "projection.cfd_entree",
    "projection.rncp_code",
    "projection.uai_formation",
    "projection.etablissement_gestionnaire_uai",
    "projection.etablissement_formateur_uai",
    "projection.etablissement_lieu_formation_siret",
    "projection.etablissement_gestionnaire_siret",
    "projection.etablissement_formateur_siret",
    "projection.bcn_mefs_10.mef10",
    "projection.id_formation",
    "projection.ids_action",
    "projection.id_certifinfo",
    "projection.cle_ministere_educatif",
)
_DU_LIEU: Final = frozenset({"academie", "region", "departement", "diplome"})
_LISTES: Final = frozenset({"tag"})
_CLE: Final = "projection.cle_ministere_educatif"
_AUCUNE: Final[Document] = {"_id": {"$in": []}}


class RecherchesMongo:
    """Reads selections of the offers that export holds."""

    def __init__(self, base: BaseMongo) -> None:
        """Read from `base`."""
        self._formations = base.formations

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
        criteres = filtrer(recherche)
        if apres is not None:
            criteres = {"$and": [criteres, _apres(tri, *apres)]}
        ordre = [(_TRIS[tri], 1)] if tri in _TRIS else []
        curseur = self._formations.find(criteres, champs, sort=[*ordre, ("_id", 1)], limit=limite)
        return [document async for document in curseur]

    async def compter(self, recherche: Recherche) -> int:
        """Return how many offers are selected."""
        return await self._formations.count_documents(filtrer(recherche))

    async def facettes(
        self, recherche: Recherche, noms: Sequence[str]
    ) -> dict[str, dict[Any, int]]:
        """Return for each facet how many offers have each value.

        A facet is counted without its own criterion, so that its other values may be chosen too.
        """
        groupes = _groupes(noms, recherche.criteres)
        comptes = await asyncio.gather(*(self._compter(recherche, un) for un in groupes))
        return {nom: dict(somme) for un in comptes for nom, somme in un.items()}

    async def _compter(
        self, recherche: Recherche, groupe: tuple[str, ...]
    ) -> dict[str, Counter[Any]]:
        chemins = {nom: _chemin(nom, recherche) for nom in groupe}
        curseur = await self._formations.aggregate(
            [
                {"$match": filtrer(recherche, sauf=groupe)},
                *({"$unwind": f"${chemins[nom]}"} for nom in groupe if nom in _LISTES),
                {
                    "$group": {
                        "_id": {nom: _valeur(nom, chemins[nom]) for nom in groupe},
                        "nombre": {"$sum": 1},
                    }
                },
            ]
        )
        sommes: dict[str, Counter[Any]] = {nom: Counter() for nom in groupe}
        async for compte in curseur:
            for nom in groupe:
                sommes[nom][compte["_id"].get(nom)] += compte["nombre"]
        return sommes

    async def parcourir(
        self, recherche: Recherche, champs: Mapping[str, int]
    ) -> AsyncIterator[Document]:
        """Yield the selected offers in the order of ids, without keeping any."""
        curseur = self._formations.find(
            filtrer(recherche), champs, sort=[("_id", 1)], batch_size=1_000
        )
        async for document in curseur:
            yield document

    async def selection(self, recherche: Recherche, maximum: int) -> list[Document]:
        """Return the selected offers whole, at most one more than `maximum`."""
        curseur = self._formations.find(
            filtrer(recherche), sort=[("_id", 1)], limit=maximum + 1, batch_size=1_000
        )
        return [document async for document in curseur]


def cle_de_tri(tri: Tri, document: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a value as stored
    """Return the value by which an offer is placed in an order, None when it has none."""
    if tri not in _TRIS:
        return None
    return document["projection"].get(_TRIS[tri].removeprefix("projection."))


CHAMPS_DE_TRI: Final = dict.fromkeys(_TRIS.values(), 1)


def filtrer(recherche: Recherche, *, sauf: Iterable[str] = ()) -> Document:
    """Return the MongoDB filter of a selection, without the criteria named in `sauf`."""
    parties: list[Document] = []
    if recherche.academies is not None:
        parties.append({"projection.num_academie": {"$in": list(recherche.academies)}})
    ignores = set(sauf)
    parties += [
        _critere(FACETTES[nom], champ(FACETTES[nom], recherche.plateforme), valeurs)
        for nom, valeurs in recherche.criteres.items()
        if nom not in ignores
    ]
    if recherche.vue is not Vue.TOUTES:
        parties.append(_vue(recherche))
    parties += _dates(recherche)
    parties += [_mot(mot, recherche) for mot in mots(recherche.texte or "")]
    return {"$and": parties} if parties else {}


def _critere(facette: Facette, chemin: str, valeurs: tuple[Any, ...]) -> Document:
    presentes = [valeur for valeur in valeurs if valeur != facette.absent]
    if len(presentes) == len(valeurs):
        return {chemin: {"$in": presentes}}
    # In a sparse index the absent value is not there: it is asked for apart.
    absente: Document = {chemin: {"$exists": False}}
    return {"$or": [absente, {chemin: {"$in": presentes}}]} if presentes else absente


def _vue(recherche: Recherche) -> Document:
    plateformes = [recherche.plateforme] if recherche.plateforme else recherche.plateformes_vues
    parties = [_vue_de(recherche.vue, plateforme) for plateforme in plateformes]
    return {"$or": parties} if parties else _AUCUNE


def _vue_de(vue: Vue, plateforme: Plateforme) -> Document:
    affiche = f"affiche.{plateforme}"
    match vue:
        case Vue.A_DECIDER:
            return {affiche: _parmi(A_DECIDER)}
        case Vue.REJETEES:
            return {affiche: _parmi(REJETEES)}
        case Vue.EN_ATTENTE:
            return {affiche: Statut.EN_ATTENTE.value}
        case _:
            sans_uai = {"projection.uai_formation": {"$not": re.compile(UAI_COMPLET)}}
            retenue = {f"retenue.{plateforme}": {"$ne": None}}
            return {affiche: _parmi(A_TRANSMETTRE), "$or": [sans_uai, retenue]}


def _parmi(statuts: Iterable[Statut]) -> Document:
    return {"$in": sorted(statut.value for statut in statuts)}


def _dates(recherche: Recherche) -> list[Document]:
    parties: list[Document] = []
    if recherche.statut_du or recherche.statut_au:
        bornes = _bornes(_minuit(recherche.statut_du), _minuit(recherche.statut_au, jours=1), "$lt")
        nom = recherche.plateforme.value if recherche.plateforme else ""
        parties.append({f"publication.depuis.{nom}": bornes})
    if recherche.debut_du or recherche.debut_au:
        du, au = (un.isoformat() if un else None for un in (recherche.debut_du, recherche.debut_au))
        # The same start has to lie within both bounds: two of them may not share the range.
        parties.append({"projection.date_debut": {"$elemMatch": _bornes(du, au, "$lte")}})
    return parties


def _bornes(du: object, au: object, avant: str) -> Document:
    bornes = {"$gte": du, avant: au}
    return {operateur: borne for operateur, borne in bornes.items() if borne is not None}


def _minuit(jour: date | None, jours: int = 0) -> datetime | None:
    if jour is None:
        return None
    return datetime.combine(jour + timedelta(days=jours), time(), PARIS).astimezone(UTC)


def _mot(mot: str, recherche: Recherche) -> Document:
    lu = code(mot)
    trouve = re.compile(souple(mot))
    parties: list[Document] = [{champ_: trouve} for champ_ in _TEXTES]
    if lu is not None:
        identifiants = [f"retours.{une}.identifiant" for une in recherche.plateformes_vues]
        parties += [{champ_: lu} for champ_ in (*_CODES, *identifiants)]
        parties.append({_CLE: re.compile(f"^{re.escape(lu)}")})
    return {"$or": parties}


def _apres(tri: Tri, valeur: Any, identifiant: str) -> Document:  # noqa: ANN401 - as stored
    if tri not in _TRIS:
        return {"_id": {"$gt": identifiant}}
    chemin = _TRIS[tri]
    # An absent value comes first, whatever its id; MongoDB compares nothing with it.
    plus_loin: Document = {chemin: {"$ne": None} if valeur is None else {"$gt": valeur}}
    return {"$or": [plus_loin, {chemin: valeur, "_id": {"$gt": identifiant}}]}


def _groupes(noms: Sequence[str], criteres: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return which facets are counted together: one pass over few combinations beats many passes.

    A facet that has a criterion of its own is counted apart, and one whose values are lists.
    """
    ensemble = [nom for nom in noms if nom not in criteres and nom not in _LISTES]
    du_lieu = tuple(nom for nom in ensemble if nom in _DU_LIEU)
    autres = tuple(nom for nom in ensemble if nom not in _DU_LIEU)
    seules = [(nom,) for nom in noms if nom not in ensemble]
    return [groupe for groupe in (du_lieu, autres, *seules) if groupe]


def _valeur(nom: str, chemin: str) -> Any:  # noqa: ANN401 - an expression
    absent = FACETTES[nom].absent
    return f"${chemin}" if absent is None else {"$ifNull": [f"${chemin}", absent]}


def _chemin(nom: str, recherche: Recherche) -> str:
    return champ(FACETTES[nom], recherche.plateforme)
