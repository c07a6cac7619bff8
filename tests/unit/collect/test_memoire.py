"""The behaviour suite of collect, on its store in memory."""

import pytest

from tests.support.collect import MemoireCollect
from tests.support.suite_collect import Banc, SuiteCollect


class TestMemoire(SuiteCollect):
    """On the store in memory."""

    @pytest.fixture
    def banc(self) -> Banc:
        """Bring an empty store."""
        store = MemoireCollect()
        return Banc(store, store)
