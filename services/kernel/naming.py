"""Names on the servers: every one carries the namespace, `CATALOGUE_ESPACE`, when there is one.

Two installations, or a test and a development stack, share servers without seeing each other.
"""

from contracts.topics import Topic
from services.kernel.settings import KernelSettings


def topic(settings: KernelSettings, declared: Topic) -> str:
    """Return the name of a declared topic on the broker."""
    return _prefixed(settings, ".", declared.name)


def group(settings: KernelSettings, service: str) -> str:
    """Return the consumer group of a service, shared by all its processes."""
    return _prefixed(settings, ".", service)


def database(settings: KernelSettings, name: str) -> str:
    """Return the name of a MongoDB database."""
    return _prefixed(settings, "_", name)


def index(settings: KernelSettings, name: str) -> str:
    """Return the name of an Elasticsearch index, alias or template."""
    return _prefixed(settings, "-", name)


def transactional_id(settings: KernelSettings, *parts: str) -> str:
    """Return the identity under which a Kafka producer fences its predecessors."""
    return _prefixed(settings, ".", ".".join(parts))


def _prefixed(settings: KernelSettings, separator: str, name: str) -> str:
    return f"{settings.espace}{separator}{name}" if settings.espace else name
