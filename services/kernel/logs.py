"""Structured logs: one JSON object a line on standard output, with the trace being followed."""

import logging
import re
import sys
import time
from collections.abc import Callable
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from services.kernel.settings import KernelSettings
from services.kernel.tracing import current_traceparent

_LIBRARIES: Final = ("aiokafka", "elastic_transport", "faststream", "httpx", "pymongo", "uvicorn")
_REPEAT_S: Final = 10.0
_REMEMBERED_MAX: Final = 1_000
_CREDENTIALS: Final = re.compile(r"(?<=://)[^\s/@]+@")
_MESSAGE_MAX: Final = 300

logger: Any = structlog.get_logger()
"""The logger of the kernel and of the services: `logger.info("evenement", champ=valeur)`."""


def setup_logs(settings: KernelSettings, service: str, process: str) -> None:
    """Write logs from `settings.journal_niveau` up; libraries' own from WARNING up, not repeated.

    No secret and no content of a deposit is ever logged: ids, counts and codes only.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.journal_niveau]
        ),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
        )
    )
    handler.addFilter(NotRepeated())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.journal_niveau)
    for library in _LIBRARIES:
        logging.getLogger(library).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(service=service, processus=process)


def causes(error: BaseException) -> list[str]:
    """Return an error and what it was raised from, outermost first, each as `Type: message`.

    A message is cut at 300 characters and loses the credentials of the addresses that it names.
    """
    told = []
    cause: BaseException | None = error
    while cause is not None:
        message = _CREDENTIALS.sub("", str(cause))[:_MESSAGE_MAX]
        told.append(f"{type(cause).__name__}: {message}")
        cause = cause.__cause__
    return told


class NotRepeated(logging.Filter):
    """Lets a library say one thing once in ten seconds, whatever its arguments.

    While a broker is away aiokafka tells so some sixty times a second (measured).
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Measure time by `clock`."""
        super().__init__()
        self._clock = clock
        self._silent_until: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the record is to be written."""
        if not record.name.startswith(_LIBRARIES):
            return True
        said = record.name, str(record.msg)
        now = self._clock()
        if now < self._silent_until.get(said, now):
            return False
        if len(self._silent_until) >= _REMEMBERED_MAX:
            self._silent_until.clear()
        self._silent_until[said] = now + _REPEAT_S
        return True


def _add_trace(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    traceparent = current_traceparent()
    if traceparent is not None:
        event["trace"] = traceparent.split("-")[1]
    return event
