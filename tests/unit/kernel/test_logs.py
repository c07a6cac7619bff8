"""What of the libraries' logs is written."""

import logging

from services.kernel.logs import NotRepeated


class Log:
    """Passes records through the filter, by a clock that tests move."""

    def __init__(self) -> None:
        self.now = 0.0
        self._filter = NotRepeated(lambda: self.now)

    def writes(self, name: str, message: str, *arguments: object) -> bool:
        record = logging.LogRecord(name, logging.ERROR, "", 0, message, arguments, None)
        return bool(self._filter.filter(record))


def test_a_library_says_the_same_thing_once_in_ten_seconds() -> None:
    log = Log()
    assert log.writes("aiokafka.conn", "node %s is away", 1)
    assert not log.writes("aiokafka.conn", "node %s is away", 2)
    log.now = 10.0
    assert log.writes("aiokafka.conn", "node %s is away", 1)


def test_other_things_and_our_own_are_always_written() -> None:
    log = Log()
    log.writes("aiokafka.conn", "node %s is away", 1)
    assert log.writes("aiokafka.conn", "node %s is back", 1)
    assert log.writes("services.kernel.relay", "relais_interrompu")
    assert log.writes("services.kernel.relay", "relais_interrompu")
