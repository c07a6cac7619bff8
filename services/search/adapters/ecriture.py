"""The index as it is written: multi-get and bulk of prebuilt bytes."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
from elasticsearch import AsyncElasticsearch, NotFoundError

from services.kernel.errors import Retry
from services.search.adapters.elastic import Noms, demander
from services.search.ports import Echec, Ecriture, Issue, Lu

_OCTETS_MAX: Final = 1_000_000
"""Above a MiB aiohttp copies the body in one go, and warns that the loop waits meanwhile."""

_UTILE: Final = "errors,items.*.status,items.*.error,items.*._id"
_CONFLIT: Final = 409
_SATURES: Final = frozenset((429, 500, 502, 503, 504))
_DISPARU: Final = "index_not_found_exception"


class IndexElastic:
    """`ports.Index`: the indexes behind the write alias."""

    def __init__(self, client: AsyncElasticsearch, noms: Noms, envois: int) -> None:
        """Use this client and these names; write by so many requests at once."""
        self._client = client
        self._noms = noms
        self._places = asyncio.Semaphore(envois)

    async def cibles(self) -> Sequence[str]:
        """Return the indexes behind the write alias, newest first.

        While an index is being built there are two. Asked for at every batch: see `reconstruire`.
        """
        try:
            reponse = await demander(self._client, "GET", f"/_alias/{self._noms.ecriture}")
        except NotFoundError as absent:
            raise Retry("l'index n'existe pas encore : `catalogue index creer`") from absent
        return sorted(reponse, reverse=True)

    async def lire(self, cible: str, ids: Sequence[str]) -> Mapping[str, Lu]:
        """Return the documents that exist, as last written (not as last refreshed)."""
        corps = orjson.dumps({"ids": ids})
        reponse = await demander(self._client, "POST", f"/{cible}/_mget", corps)
        lus = {}
        for doc in reponse["docs"]:
            if "error" in doc:
                raise Retry(f"lecture de {doc['_id']} : {doc['error'].get('reason')}")
            if doc["found"]:
                lus[doc["_id"]] = Lu(doc["_source"], doc["_seq_no"], doc["_primary_term"])
        return lus

    async def ecrire(self, cible: str, ecritures: Sequence[Ecriture]) -> Mapping[str, Echec]:
        """Write whole documents, a megabyte a request, some at once; each item fails on its own."""
        envois = [self._envoyer(cible, corps) for corps in _morceaux(map(_lignes, ecritures))]
        return dict(echec for echecs in await asyncio.gather(*envois) for echec in echecs)

    async def _envoyer(self, cible: str, corps: bytes) -> list[tuple[str, Echec]]:
        async with self._places:
            reponse = await demander(
                self._client, "POST", f"/{cible}/_bulk", corps, filter_path=_UTILE
            )
        return _echecs(reponse["items"]) if reponse["errors"] else []


def _morceaux(lignes: Iterable[bytes]) -> Iterator[bytes]:
    morceau: list[bytes] = []
    taille = 0
    for ligne in lignes:
        if morceau and taille + len(ligne) > _OCTETS_MAX:
            yield b"".join(morceau)
            morceau, taille = [], 0
        morceau.append(ligne)
        taille += len(ligne)
    if morceau:
        yield b"".join(morceau)


def _lignes(ecriture: Ecriture) -> bytes:
    if ecriture.lu is None:
        action: dict[str, Any] = {"create": {"_id": ecriture.id}}
    else:
        action = {
            "index": {
                "_id": ecriture.id,
                "if_seq_no": ecriture.lu.seq_no,
                "if_primary_term": ecriture.lu.primary_term,
            }
        }
    return b"%b\n%b\n" % (orjson.dumps(action), orjson.dumps(ecriture.document))


def _echecs(items: Sequence[Mapping[str, Any]]) -> list[tuple[str, Echec]]:
    echecs = []
    for item in items:
        (resultat,) = item.values()
        erreur = resultat.get("error")
        if erreur is not None:
            echecs.append(
                (resultat["_id"], Echec(_issue(resultat["status"], erreur), _dire(erreur)))
            )
    return echecs


def _issue(statut: int, erreur: Mapping[str, Any]) -> Issue:
    if statut == _CONFLIT:
        return Issue.CONFLIT
    if statut in _SATURES:
        return Issue.SATURE
    if erreur.get("type") == _DISPARU:
        raise Retry("l'index a été retiré pendant l'écriture")
    return Issue.REFUS


def _dire(erreur: Mapping[str, Any]) -> str:
    cause = erreur.get("caused_by") or {}
    return " : ".join(filter(None, (erreur.get("reason"), cause.get("reason"))))[:500]
