import socket

import pytest

from deploy.local.errors import StackError
from deploy.local.ports import free_port, require_free


def test_a_free_port_passes() -> None:
    require_free(free_port(), "Kafka", "CATALOGUE_PORT_KAFKA")


def test_a_busy_port_is_named_with_the_setting_that_moves_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(StackError) as refusal:
            require_free(port, "MongoDB", "CATALOGUE_PORT_MONGO")
    assert f"Le port {port} (MongoDB)" in str(refusal.value)
    assert "CATALOGUE_PORT_MONGO=<port>" in str(refusal.value)
