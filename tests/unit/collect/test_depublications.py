"""A mass of `published: false` is held: on the store in memory."""

import pytest

from tests.support.collect import MemoireCollect
from tests.support.suite_collect import Banc
from tests.support.suite_depublications import SuiteDepublications


class TestMemoire(SuiteDepublications):
    """On the store in memory."""

    @pytest.fixture
    def banc(self) -> Banc:
        """Bring an empty store."""
        store = MemoireCollect()
        return Banc(store, store)
