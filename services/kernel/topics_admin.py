"""Creates the declared topics on the broker, and deletes those of a namespace."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import NoError, TopicAlreadyExistsError, for_code

from contracts.topics import ALL_TOPICS, Topic
from services.kernel import naming
from services.kernel.settings import KernelSettings

REBUT_BYTES_MAX: Final = 8 * 1024 * 1024  # a record of the largest size, plus what is said of it

_USABLE_S: Final = 30.0
_POLL_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class TopicState:
    """A declared topic as the broker has it; `partitions` are those that can be used now."""

    name: str
    partitions: int
    declared: int


async def create_topics(
    settings: KernelSettings, *, partitions: int | None = None, replication: int = 1
) -> list[str]:
    """Create the declared topics that do not exist; return their names once all can be used.

    Existing topics are left as they are: changing the partitions of a keyed topic would break the
    order of its keys. `partitions` overrides the declared number, dead-letter topics apart.

    Raises:
        KafkaError: the broker refuses one, or is not there.
        TimeoutError: a new topic still has no leader after half a minute.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await admin.start()
    try:
        wanted = [_new_topic(settings, topic, partitions, replication) for topic in ALL_TOPICS]
        answer: Any = await admin.create_topics(wanted)
    finally:
        await admin.close()
    outcomes = {name: for_code(code) for name, code, *_ in answer.topic_errors}
    for name, outcome in outcomes.items():
        if outcome not in (NoError, TopicAlreadyExistsError):
            raise outcome(name)
    async with asyncio.timeout(_USABLE_S):
        while not await _usable(settings):  # noqa: ASYNC110 - a broker signals nothing
            await asyncio.sleep(_POLL_S)
    return [name for name, outcome in outcomes.items() if outcome is NoError]


async def _usable(settings: KernelSettings) -> bool:
    return all(state.partitions for state in await describe_topics(settings))


async def delete_topics(settings: KernelSettings) -> None:
    """Delete the topics of this namespace with all they hold.

    Raises:
        ValueError: there is no namespace; an installation's own topics are never deleted here.
    """
    if not settings.espace:
        raise ValueError("CATALOGUE_ESPACE est vide : refus d'effacer les topics de l'installation")
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await admin.start()
    try:
        await admin.delete_topics([naming.topic(settings, topic) for topic in ALL_TOPICS])
    finally:
        await admin.close()


async def describe_topics(
    settings: KernelSettings, topics: Sequence[Topic] = ALL_TOPICS
) -> list[TopicState]:
    """Compare what is declared with what the broker has."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await admin.start()
    try:
        names = await admin.list_topics()
        present = [name for topic in topics if (name := naming.topic(settings, topic)) in names]
        described = await admin.describe_topics(present) if present else []
    finally:
        await admin.close()
    counts = {
        entry["topic"]: sum(place["leader"] >= 0 for place in entry["partitions"])
        for entry in described
    }
    return [
        TopicState(name, counts.get(name, 0), topic.partitions)
        for topic in topics
        for name in [naming.topic(settings, topic)]
    ]


def _new_topic(
    settings: KernelSettings, topic: Topic, partitions: int | None, replication: int
) -> NewTopic:
    is_rebut = topic.key == "origine"
    configs: dict[str, str] = {"cleanup.policy": topic.cleanup}
    if topic.retention_ms is not None:
        configs["retention.ms"] = str(topic.retention_ms)
    if is_rebut:
        configs["max.message.bytes"] = str(REBUT_BYTES_MAX)
    count = topic.partitions if is_rebut or partitions is None else partitions
    return NewTopic(naming.topic(settings, topic), count, replication, topic_configs=configs)
