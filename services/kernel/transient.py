"""Which faults pass by themselves: the servers are away, overloaded, or someone else was faster."""

import sys
from typing import Any, Final

from aiokafka.errors import KafkaConnectionError, KafkaError, KafkaTimeoutError
from pymongo.errors import ConnectionFailure, ExecutionTimeout, OperationFailure, PyMongoError

from services.kernel.errors import Retry

WRITE_CONFLICT: Final = 112
NO_SUCH_TRANSACTION: Final = 251
_TRANSIENT_CODES: Final = frozenset(
    (
        WRITE_CONFLICT,
        NO_SUCH_TRANSACTION,
        24,  # LockTimeout
        50,  # MaxTimeMSExpired
        64,  # WriteConcernTimeout
        225,  # TransactionTooOld
        262,  # ExceededTimeLimit
        290,  # TransactionExceededLifetimeLimitSeconds
        11600,  # InterruptedAtShutdown
        11602,  # InterruptedDueToReplStateChange
    )
)
_TRANSIENT_LABELS: Final = (
    "TransientTransactionError",
    "UnknownTransactionCommitResult",
    "RetryableWriteError",
)
_TRANSIENT_STATUS: Final = frozenset((429, 502, 503, 504))


def is_transient(error: BaseException) -> bool:
    """Tell whether the same work may succeed later, unchanged.

    True for `Retry`, for network faults and time-outs, and for what MongoDB, Kafka and
    Elasticsearch say of themselves. False for anything unknown: that is for bisection to locate.
    """
    if isinstance(error, Retry | ConnectionError | TimeoutError):
        return True
    if isinstance(error, PyMongoError):
        return _mongo(error)
    if isinstance(error, KafkaError):
        return bool(error.retriable) or isinstance(error, KafkaConnectionError | KafkaTimeoutError)
    return _elastic(error)


def _mongo(error: PyMongoError) -> bool:
    if isinstance(error, ConnectionFailure | ExecutionTimeout):
        return True
    if any(error.has_error_label(label) for label in _TRANSIENT_LABELS):
        return True
    return isinstance(error, OperationFailure) and error.code in _TRANSIENT_CODES


def _elastic(error: BaseException) -> bool:
    # Looked up, not imported: most processes never load the client, and it is slow to import.
    transport: Any = sys.modules.get("elastic_transport")
    if transport is None:
        return False
    if isinstance(error, transport.ConnectionError | transport.ConnectionTimeout):
        return True
    return isinstance(error, transport.ApiError) and error.meta.status in _TRANSIENT_STATUS
