"""A loop that comes again waits out what passes by itself, and nothing else."""

import pytest
from structlog.testing import capture_logs

from services.kernel.errors import Retry
from services.kernel.process import waited_out


def test_a_fault_that_passes_is_told_and_waited_out() -> None:
    with capture_logs() as told, waited_out("travail_interrompu"):
        raise Retry("le serveur ne répond pas")

    (line,) = told
    assert (line["event"], line["log_level"]) == ("travail_interrompu", "warning")
    assert "le serveur ne répond pas" in line["erreur"]


def test_any_other_fault_ends_the_loop() -> None:
    with capture_logs() as told, pytest.raises(KeyError), waited_out("travail_interrompu"):
        raise KeyError("faute")

    assert told == []
