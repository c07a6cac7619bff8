"""Traces: a `traceparent` always travels with the events; spans are made only when asked for.

Off by default: without CATALOGUE_TRACES_OTLP no span is recorded nor sent, but the trace that a
caller began still goes through every event that its request causes.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from opentelemetry import context, trace
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, TraceFlags

from services.kernel.settings import KernelSettings

_TRACER = trace.get_tracer("services.kernel")
_LINKS_MAX = 32


def setup_tracing(settings: KernelSettings, service: str) -> None:
    """Send spans of this process over OTLP/HTTP to `settings.traces_otlp`, when it is set.

    To be called once, before the first span. Spans wait in memory and are dropped, never delaying
    the work, when the collector does not answer.
    """
    if settings.traces_otlp is None:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - heavy
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    base = str(settings.traces_otlp).rstrip("/").removesuffix("/v1/traces")
    provider = TracerProvider(resource=Resource.create({"service.name": f"catalogue.{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{base}/v1/traces")))
    trace.set_tracer_provider(provider)


def current_traceparent() -> str | None:
    """Return the W3C traceparent of the trace being followed, if any."""
    followed = trace.get_current_span().get_span_context()
    if not followed.is_valid:
        return None
    return f"00-{followed.trace_id:032x}-{followed.span_id:016x}-{followed.trace_flags:02x}"


@contextmanager
def following(traceparent: str | None) -> Iterator[None]:
    """Follow, inside the block, the trace that a caller began; ignores what is no traceparent."""
    followed = _parse(traceparent)
    if followed is None:
        yield
        return
    token = context.attach(trace.set_span_in_context(NonRecordingSpan(followed)))
    try:
        yield
    finally:
        context.detach(token)


@contextmanager
def batch_span(name: str, traceparents: Iterable[str | None]) -> Iterator[None]:
    """Make a span of work done for several events.

    It is a child of their trace when they have one in common, else it is linked to theirs.
    """
    traces = sorted({text for text in traceparents if text})
    parent = traces[0] if len(traces) == 1 else None
    links = [] if parent else [Link(p) for text in traces[:_LINKS_MAX] if (p := _parse(text))]
    with (
        following(parent),
        _TRACER.start_as_current_span(name, kind=SpanKind.CONSUMER, links=links),
    ):
        yield


def _parse(traceparent: str | None) -> SpanContext | None:
    parts = (traceparent or "").split("-")
    if len(parts) < 4 or [len(part) for part in parts[:4]] != [2, 32, 16, 2]:
        return None
    try:
        trace_id, span_id, flags = (int(part, 16) for part in parts[1:4])
    except ValueError:
        return None
    parsed = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
    return parsed if parsed.is_valid else None
