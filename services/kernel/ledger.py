"""What the relay published last, remembered by Kafka in the very transaction that published it.

Kept as the offset and the metadata of a consumer group in which no one consumes: the offset counts
the transactions, the metadata lists the outbox documents of the last one. It is thus true exactly
when the events are readable, whatever died in between.
"""

from collections.abc import Sequence
from typing import Final

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import OffsetAndMetadata
from bson import ObjectId

from services.kernel import naming
from services.kernel.settings import KernelSettings

_ID_BYTES: Final = 12
_METADATA_BYTES_MAX: Final = 4096  # the broker's offset.metadata.max.bytes
LEDGER_DOCUMENTS_MAX: Final = _METADATA_BYTES_MAX // (2 * _ID_BYTES)


class Ledger:
    """The last batch of one service's relay."""

    def __init__(self, settings: KernelSettings, service: str) -> None:
        """Keep the ledger of the relays of `service`."""
        self._settings = settings
        self._group = naming.group(settings, f"{service}.relais")
        self._count = 0

    async def last(self) -> list[ObjectId]:
        """Return the documents published by the last committed transaction.

        To be asked after the producer is initialised: nothing is then undecided.
        """
        admin = AIOKafkaAdminClient(bootstrap_servers=self._settings.kafka)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(self._group)
        finally:
            await admin.close()
        if not offsets:
            return []
        newest = max(offsets.values(), key=lambda entry: entry.offset)
        self._count = newest.offset
        raw = bytes.fromhex(newest.metadata)
        return [ObjectId(raw[at : at + _ID_BYTES]) for at in range(0, len(raw), _ID_BYTES)]

    async def write(self, producer: AIOKafkaProducer, topic: str, ids: Sequence[ObjectId]) -> None:
        """Add to the producer's transaction that it publishes `ids`; `topic` is any that exists."""
        self._count += 1
        listed = b"".join(identifier.binary for identifier in ids).hex()
        entry = OffsetAndMetadata(self._count, listed)
        await producer.send_offsets_to_transaction({TopicPartition(topic, 0): entry}, self._group)
