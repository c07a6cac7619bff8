"""The floor: the same final documents written by nothing but the engines' own bulk calls.

MongoDB upserts of the formations (majority, journal, batches of 500), Elasticsearch bulk of the
index documents (same mapping, no refresh), and two Kafka hops (the events of `offres` and of
`formations`, produced with acks=all and consumed in batches with a commit each), one after the
other.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from elasticsearch import AsyncElasticsearch
from pymongo import AsyncMongoClient, ReplaceOne, WriteConcern

from benchmarks.installation import Measured
from contracts.topics import DEFAULT_PARTITIONS, FORMATIONS, OFFRES
from services.kernel import naming
from services.kernel.batches import slices

BATCH: Final = 500
_HEADERS: Final = {
    "content-type": "application/vnd.elasticsearch+x-ndjson; compatible-with=9",
    "accept": "application/vnd.elasticsearch+json; compatible-with=9",
}


@dataclass(frozen=True, slots=True)
class Corpus:
    """The final documents of a finished deposit, as each engine holds them."""

    formations: Sequence[dict[str, Any]]
    documents: Sequence[tuple[str, dict[str, Any]]]
    definition: dict[str, Any]
    hops: Sequence[Sequence[tuple[bytes, bytes]]]


@dataclass(frozen=True, slots=True)
class Floor:
    """Seconds of each part."""

    mongo: float
    elastic: float
    kafka: float

    @property
    def wall(self) -> float:
        """All parts, one after the other."""
        return self.mongo + self.elastic + self.kafka


async def read_corpus(installation: Measured) -> Corpus:
    """Read the final documents back from the engines; not timed."""
    settings = installation.kernel
    async with AsyncMongoClient[dict[str, Any]](settings.mongo) as mongo:
        database = mongo[naming.database(settings, "catalogue")]
        formations = await database["formations"].find().to_list()
    async with AsyncElasticsearch(settings.elastic) as elastic:
        alias = naming.index(settings, "formations")
        await elastic.indices.refresh(index=alias)
        described = await elastic.indices.get(index=alias)
        documents = [(hit["_id"], hit["_source"]) async for hit in _all_hits(elastic, alias)]
    definition = next(iter(described.body.values()))
    hops = [
        await _read_topic(settings.kafka, naming.topic(settings, t)) for t in (OFFRES, FORMATIONS)
    ]
    return Corpus(formations, documents, definition, hops)


async def measure(installation: Measured, corpus: Corpus, rank: int) -> Floor:
    """Write the corpus into empty places and time each part."""
    settings = installation.kernel
    return Floor(
        mongo=await _mongo(settings.mongo, f"plancher_{rank}", corpus.formations),
        elastic=await _elastic(settings.elastic, f"plancher-{rank}", corpus),
        kafka=sum(
            [
                await _kafka(settings.kafka, f"plancher.{topic.name}.{rank}", messages)
                for topic, messages in zip((OFFRES, FORMATIONS), corpus.hops, strict=True)
            ]
        ),
    )


async def _mongo(uri: str, name: str, formations: Sequence[dict[str, Any]]) -> float:
    async with AsyncMongoClient[dict[str, Any]](uri) as client:
        collection = client[name].get_collection(
            "formations", write_concern=WriteConcern(w="majority", j=True)
        )
        started = time.perf_counter()
        for batch in slices(formations, BATCH):
            await collection.bulk_write(
                [ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in batch], ordered=False
            )
        took = time.perf_counter() - started
        await client.drop_database(name)
        return took


async def _elastic(url: str, name: str, corpus: Corpus) -> float:
    async with AsyncElasticsearch(url, request_timeout=60) as client:
        settings = corpus.definition["settings"]["index"]
        await client.indices.create(
            index=name,
            mappings=corpus.definition["mappings"],
            settings={
                "analysis": settings.get("analysis", {}),
                "number_of_shards": settings["number_of_shards"],
                "number_of_replicas": 0,
                "refresh_interval": "-1",
            },
        )
        started = time.perf_counter()
        for batch in slices(corpus.documents, BATCH):
            body = b"".join(
                b"%b\n%b\n" % (orjson.dumps({"index": {"_id": key}}), orjson.dumps(document))
                for key, document in batch
            )
            await client.perform_request("POST", f"/{name}/_bulk", headers=_HEADERS, body=body)
        took = time.perf_counter() - started
        await client.indices.delete(index=name)
        return took


async def _kafka(servers: str, topic: str, messages: Sequence[tuple[bytes, bytes]]) -> float:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic(topic, DEFAULT_PARTITIONS, 1)])
    producer = AIOKafkaProducer(
        bootstrap_servers=servers,
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        linger_ms=10,
        max_batch_size=131_072,
    )
    await producer.start()
    for partition in range(DEFAULT_PARTITIONS):  # a new topic has no leaders yet: not timed
        await producer.send_and_wait(topic, b"", partition=partition)
    started = time.perf_counter()
    for key, value in messages:
        await producer.send(topic, value, key=key)
    await producer.flush()
    await producer.stop()
    await _consume(servers, topic, len(messages) + DEFAULT_PARTITIONS)
    took = time.perf_counter() - started
    await admin.delete_topics([topic])
    await admin.close()
    return took


async def _consume(servers: str, topic: str, count: int) -> None:
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=servers,
        group_id=topic,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    while count > 0:
        got = await consumer.getmany(timeout_ms=1_000, max_records=BATCH)
        count -= sum(map(len, got.values()))
        if got:
            await consumer.commit()
    await consumer.stop()


async def _read_topic(servers: str, topic: str) -> list[tuple[bytes, bytes]]:
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=servers,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    await consumer.start()
    messages = []
    while got := await consumer.getmany(timeout_ms=2_000, max_records=5_000):
        messages += [(r.key or b"", r.value or b"") for part in got.values() for r in part]
    await consumer.stop()
    return messages


async def _all_hits(elastic: AsyncElasticsearch, alias: str) -> Any:  # noqa: ANN401 - async hits
    after = None
    while True:
        answer = await elastic.search(
            index=alias, size=5_000, sort=["id"], search_after=after, source=True
        )
        hits = answer["hits"]["hits"]
        if not hits:
            return
        for hit in hits:
            yield hit
        after = hits[-1]["sort"]
