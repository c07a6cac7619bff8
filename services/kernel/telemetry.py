"""Every metric of the runtime, declared once: name, labels and meaning (Prometheus)."""

from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

_SECONDS: Final = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_END_TO_END: Final = (0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)

LAG: Final = Gauge(
    "catalogue_consumer_lag", "Records not yet committed", ("group", "topic", "partition")
)
BATCHES: Final = Counter("catalogue_consumer_batches", "Batches committed", ("group",))
BATCH_SECONDS: Final = Histogram(
    "catalogue_consumer_batch_seconds", "Time in a batch", ("group",), buckets=_SECONDS
)
RECORDS: Final = Counter("catalogue_consumer_records", "Records committed", ("group", "topic"))
TRANSIENT_ATTEMPTS: Final = Counter(
    "catalogue_consumer_transient_attempts", "Attempts ended by a transient fault", ("group",)
)
UNCOMMITTED: Final = Counter(
    "catalogue_consumer_uncommitted", "Batches given up, to be offered again", ("group", "cause")
)
BATCH_DEADLINE_EXCEEDED: Final = Counter(
    "catalogue_consumer_batch_deadline_exceeded",
    "Batches slower than their deadline; the next one is halved",
    ("group",),
)
PARKED: Final = Counter("catalogue_parked", "Records set aside", ("group", "topic", "code"))
REDRIVEN: Final = Counter("catalogue_redriven", "Parked records sent again", ("topic",))
LINE_STOPPED: Final = Gauge(
    "catalogue_line_stopped", "1 while most records are bad and an operator is awaited", ("group",)
)
GAP_RECORDS: Final = Counter(
    "catalogue_consumer_gap_records",
    "Offsets that expired before they were read: reconcile",
    ("group", "topic"),
)
END_TO_END_SECONDS: Final = Histogram(
    "catalogue_end_to_end_seconds",
    "From a record's publication to its commit; one observation a batch, its oldest record",
    ("group", "topic"),
    buckets=_END_TO_END,
)
REPAIRS: Final = Counter(
    "catalogue_digest_repairs", "States rewritten: same sequence, other digest", ("service",)
)
TRANSACTION_RETRIES: Final = Counter(
    "catalogue_transaction_retries", "MongoDB transactions run again", ("cause",)
)
OUTBOX_OLDEST_SECONDS: Final = Gauge(
    "catalogue_outbox_oldest_seconds", "Age of the oldest unpublished events", ("service",)
)
OUTBOX_PUBLISHED: Final = Counter(
    "catalogue_outbox_published", "Events brought to Kafka", ("service", "topic")
)
RELAY_LEADER: Final = Gauge("catalogue_relay_leader", "1 while holding the lease", ("service",))
RELAY_REBUILT: Final = Counter(
    "catalogue_relay_rebuilt", "Producers given up: fenced, out of order…", ("service", "cause")
)
HTTP_SECONDS: Final = Histogram(
    "catalogue_http_request_seconds",
    "From a request to the end of its answer; route is a template, never an address",
    ("service", "method", "route", "status"),
    buckets=_SECONDS,
)


def exposition() -> tuple[bytes, str]:
    """Return the metrics of this process in Prometheus' text format, and its content type."""
    return generate_latest(), CONTENT_TYPE_LATEST
