"""What the copy shows: counts, what changed since the beginning, what it all comes to."""

import hashlib
from collections import Counter
from datetime import datetime
from typing import Any, Final

import orjson

from contracts.statuts import Plateforme, Statut
from services.export.adapters.mongo import BaseMongo
from services.export.domain.erreurs_reconnues import reconnue
from services.export.domain.projections import FAITS
from services.repetition.campagne import AVANT

Document = dict[str, Any]

_EXEMPLES: Final = 5
_SILENCE: Final = Statut.NON_PUBLIABLE.value
_PARTIS: Final = frozenset({Statut.PRET.value, Statut.PUBLIE.value})
_FAITS: Final = (*(fait for fait in FAITS if fait != "publication"), "affiche")
_GENERES: Final = frozenset({"identifiant", "import"})


async def statuts(base: BaseMongo) -> dict[str, dict[str, int]]:
    """Count the offers of each platform by the status that it shows."""
    total: dict[str, dict[str, int]] = {}
    for plateforme in Plateforme:
        champ = {"$ifNull": [f"$affiche.{plateforme}", _SILENCE]}
        groupes = await base.formations.aggregate([{"$group": {"_id": champ, "n": {"$sum": 1}}}])
        total[plateforme.value] = {un["_id"]: un["n"] async for un in groupes}
    return total


async def passages(base: BaseMongo) -> tuple[Counter[tuple[str, str, str, str]], list[Document]]:
    """Count what went from a status to another, by platform and académie; give samples."""
    avant = {un["_id"]: un["affiche"] async for un in base.base[AVANT].find({})}
    total: Counter[tuple[str, str, str, str]] = Counter()
    vus: Counter[tuple[str, str, str]] = Counter()
    exemples: list[Document] = []
    async for offre in base.formations.find({}, _MONTRES, sort=[("_id", 1)]):
        for plateforme in Plateforme:
            nom = plateforme.value
            depuis = avant.get(offre["_id"], {}).get(nom, _SILENCE)
            vers = offre["affiche"].get(nom, _SILENCE)
            academie = offre["projection"].get("num_academie") or ""
            total[nom, academie, depuis, vers] += 1
            vus[nom, depuis, vers] += 1
            if depuis != vers and vus[nom, depuis, vers] <= _EXEMPLES:
                exemples.append(_exemple(offre, nom, depuis, vers))
    return total, exemples


_MONTRES: Final = (
    "affiche",
    "projection.num_academie",
    "projection.cle_ministere_educatif",
    "projection.intitule_long",
    "publication.plateformes",
)


def _exemple(offre: Document, nom: str, depuis: str, vers: str) -> Document:
    projection = offre["projection"]
    return {
        "plateforme": nom,
        "avant": depuis,
        "apres": vers,
        "id": offre["_id"],
        "cle_ministere_educatif": projection.get("cle_ministere_educatif"),
        "intitule": projection.get("intitule_long"),
        "num_academie": projection.get("num_academie"),
        "explication": offre["publication"]["plateformes"][nom]["explication"],
    }


async def fin_de_saison(
    base: BaseMongo, campagne: str
) -> tuple[Counter[tuple[str, str, str]], Counter[tuple[str, str]]]:
    """Count what a season ended with, by platform, académie and status, and what of it vanished.

    A season is what was photographed when the next campaign started. Vanished is what was ready or
    published and is no longer to be published at all.
    """
    finies: Counter[tuple[str, str, str]] = Counter()
    parties: Counter[tuple[str, str]] = Counter()
    presentes = {un["_id"]: un async for un in base.formations.find({}, _MONTRES)}
    async for saison in base.base["saisons"].find({"campagne": campagne}):
        offre, nom, statut = presentes[saison["formation"]], saison["plateforme"], saison["statut"]
        academie = offre["projection"].get("num_academie") or ""
        finies[nom, academie, statut] += 1
        if statut in _PARTIS and offre["affiche"].get(nom, _SILENCE) == _SILENCE:
            parties[nom, academie] += 1
    return finies, parties


async def envois(base: BaseMongo) -> dict[str, Counter[tuple[str, str]]]:
    """Count the exchanges of the copy, by outcome, then by académie and cause of the refusal."""
    academies = await _academies(base)
    total: dict[str, Counter[tuple[str, str]]] = {}
    champs = ("formation", "issue", "statut", "erreur", "reconnue")
    async for envoi in base.envois.find({}, champs):
        issue = envoi.get("issue") or "en cours"
        connue = reconnue(envoi)
        raison = connue["cause"] if connue else str(envoi.get("erreur") or "")
        cle = (academies.get(envoi["formation"], ""), raison)
        total.setdefault(issue, Counter())[cle] += 1
    return total


async def retenues(base: BaseMongo) -> Counter[tuple[str, str]]:
    """Count the offers held before Parcoursup, by académie and reason."""
    champ = f"retenue.{Plateforme.PARCOURSUP}.reserves"
    total: Counter[tuple[str, str]] = Counter()
    champs = (champ, "projection.num_academie")
    async for offre in base.formations.find({champ: {"$exists": True}}, champs):
        for reserve in offre["retenue"][Plateforme.PARCOURSUP.value]["reserves"]:
            total[offre["projection"].get("num_academie") or "", reserve["code"]] += 1
    return total


async def empreinte(base: BaseMongo) -> str:
    """Return one digest of the facts and statuses of all offers and of the journal of decisions.

    Instants and generated identifiers are left out: what is left is what was decided, answered and
    shown.
    """
    somme = hashlib.blake2b(digest_size=16)
    async for offre in base.formations.find({}, _FAITS, sort=[("_id", 1)]):
        somme.update(orjson.dumps(_epurer(offre), option=orjson.OPT_SORT_KEYS))
    ordre = [("formation", 1), ("plateforme", 1), ("numero", 1)]
    async for decision in base.decisions.find({}, sort=ordre):
        decision.pop("_id")
        somme.update(orjson.dumps(_epurer(decision), option=orjson.OPT_SORT_KEYS))
    return somme.hexdigest()


def _epurer(valeur: Any) -> Any:  # noqa: ANN401 - any part of a document
    if isinstance(valeur, dict):
        return {nom: _membre(nom, membre) for nom, membre in valeur.items()}
    if isinstance(valeur, list):
        return [_epurer(membre) for membre in valeur]
    return None if isinstance(valeur, datetime) else valeur


def _membre(nom: str, membre: Any) -> Any:  # noqa: ANN401 - any part of a document
    if nom in _GENERES:
        return bool(membre)
    if nom == "lues":
        return sorted(etat for etat, _ in membre)
    return _epurer(membre)


async def _academies(base: BaseMongo) -> dict[str, str]:
    return {
        un["_id"]: un["projection"].get("num_academie") or ""
        async for un in base.formations.find({}, ("projection.num_academie",))
    }
