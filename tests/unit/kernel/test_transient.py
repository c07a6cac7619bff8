"""Which faults pass by themselves."""

import elasticsearch
import pytest
from aiokafka import errors as kafka
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from pymongo import errors as mongo

from services.kernel.errors import Contention, Park, RaceLost, Retry
from services.kernel.transient import is_transient


def elastic(status: int) -> elasticsearch.ApiError:
    node = NodeConfig("http", "127.0.0.1", 9200)
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, node)
    return elasticsearch.ApiError("fault", meta, None)


def labelled(label: str) -> mongo.PyMongoError:
    return mongo.OperationFailure("fault", 1, {"errorLabels": [label]})


@pytest.mark.parametrize(
    "error",
    [
        Retry("r"),
        Contention("c"),
        RaceLost(),
        TimeoutError(),
        ConnectionRefusedError(),
        mongo.ServerSelectionTimeoutError(),
        mongo.NotPrimaryError(),
        mongo.OperationFailure("conflict", 112),
        mongo.OperationFailure("no such transaction", 251),
        labelled("TransientTransactionError"),
        labelled("UnknownTransactionCommitResult"),
        mongo.ExecutionTimeout("slow", 50),
        kafka.KafkaConnectionError(),
        kafka.KafkaTimeoutError(),
        kafka.NotEnoughReplicasError(),
        elasticsearch.ConnectionTimeout("slow"),
        elasticsearch.ConnectionError("refused"),
        elastic(429),
        elastic(503),
    ],
    ids=repr,
)
def test_transient(error: Exception) -> None:
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        Park("code", "raison"),
        KeyError("champ"),
        FileNotFoundError(),
        mongo.DuplicateKeyError("dup", 11000),
        mongo.DocumentTooLarge("16 MB"),
        mongo.OperationFailure("validation", 121),
        kafka.MessageSizeTooLargeError(),
        elastic(400),
        elastic(409),
    ],
    ids=repr,
)
def test_permanent(error: Exception) -> None:
    assert not is_transient(error)
