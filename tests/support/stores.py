"""What the stores and the topics hold of some offers, read without any code of the services."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import Any, Final

import httpx
import orjson

from contracts.topics import FORMATIONS, OFFRES, PUBLICATIONS, Topic
from services.kernel import naming
from tests.support.kafka import read_all
from tests.support.product import Product

# When a state was last held, written or sent again.
_STAMPS: Final = {"reemise_le": 0, "tenue_le": 0, "transmise_le": 0, "ecrit": 0}
_COLLECTIONS: Final = (
    ("collect", "offres", "_id"),
    ("catalogue", "formations", "_id"),
    ("catalogue", "historique", "formation"),
    ("export", "formations", "_id"),
    ("export", "decisions", "formation"),
)
_WRITES: Final[tuple[tuple[Topic, str, str, str], ...]] = (
    (OFFRES, "collect", "offres", "sequence"),
    (FORMATIONS, "catalogue", "formations", "sequence"),
    (PUBLICATIONS, "export", "formations", "publication.sequence"),
)
_SHOWN: Final = 5
_ID_LENGTH: Final = 26


async def ids_of(product: Product, keys: Collection[str]) -> list[str]:
    """Return the ids of the offers that bear these clés now, as collect holds them."""
    found = product.store.database("collect")["offres"].find(
        {"cle": {"$in": list(keys)}}, {"_id": 1}
    )
    return sorted([document["_id"] async for document in found])


async def holdings(product: Product, ids: Collection[str]) -> dict[str, str]:
    """Return a digest of all that each store holds of some offers, by store and document.

    Of the index also how often each document was written.
    """
    held: dict[str, str] = {}
    for database, name, field in _COLLECTIONS:
        collection = product.store.database(database)[name]
        async for document in collection.find({field: {"$in": list(ids)}}, _STAMPS):
            held[f"{database}.{name}/{document['_id']}"] = _digest(document)
    for id_, document in (await indexed(product, ids)).items():
        held[f"index/{id_}"] = _digest(document)
    return held


async def indexed(product: Product, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the documents of the index, with their versions, by id."""
    async with elastic(product) as client:
        answer = await client.post(
            f"/{naming.index(product.settings, 'formations')}/_mget", json={"ids": list(ids)}
        )
    return {
        found["_id"]: {"version": found["_version"], **found["_source"]}
        for found in answer.raise_for_status().json()["docs"]
        if found["found"]
    }


def elastic(product: Product) -> httpx.AsyncClient:
    """Return a client of Elasticsearch."""
    return httpx.AsyncClient(base_url=product.settings.elastic, timeout=30)


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return what is not the same in both."""
    return sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )


async def sequences(product: Product, topic: Topic) -> dict[str, list[int]]:
    """Return the sequences that a topic tells of each offer, in the order of its log."""
    told: dict[str, list[int]] = defaultdict(list)
    for record in await read_all(product.settings, topic):
        id_ = (record.key or b"").decode()
        if len(id_) == _ID_LENGTH:  # others are what tests broke on purpose
            told[id_].append(int(dict(record.headers)["ce_sequence"]))
    return told


async def assert_events_are_writes(product: Product, ids: Collection[str]) -> int:
    """Each state of these offers was told once, in order, and no offer that is not held.

    Returns the number of events of these offers.
    """
    looked_at = 0
    for topic, database, name, field in _WRITES:
        collection = product.store.database(database)[name]
        written = {d["_id"]: _at(d, field) async for d in collection.find({}, {field: 1})}
        told = await sequences(product, topic)
        strangers = told.keys() - written.keys()
        assert not strangers, f"{topic.name} annonce sans écriture {sorted(strangers)[:_SHOWN]}"
        wrong = [
            f"{id_} écrit jusqu'à {written.get(id_)}, annoncé {told.get(id_)}"
            for id_ in ids
            if told.get(id_, []) != list(range(1, written.get(id_, 0) + 1))
        ]
        assert not wrong, f"{topic.name} : {len(wrong)} offres, {wrong[:_SHOWN]}"
        looked_at += sum(len(told.get(id_, ())) for id_ in ids)
    return looked_at


def _at(document: Mapping[str, Any], path: str) -> int:
    value: Any = document
    for name in path.split("."):
        value = value[name]
    return int(value)


def _digest(document: Mapping[str, Any]) -> str:
    text = orjson.dumps(document, default=repr, option=orjson.OPT_SORT_KEYS)
    return blake2b(text, digest_size=12).hexdigest()
