"""Identifiers, time, names and digests."""

import os
import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.empreinte import empreinte
from contracts.topics import OFFRES
from services.kernel import naming
from services.kernel.clock import FixedClock, SystemClock, jour_metier
from services.kernel.digest import digest
from services.kernel.ids import SequentialIds, UlidIds
from services.kernel.settings import KernelSettings

INSTANT = datetime(2026, 1, 1, tzinfo=UTC)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


class TestIds:
    def test_are_26_characters_of_crockford_s_alphabet(self) -> None:
        new = UlidIds(SystemClock()).new()
        assert len(new) == 26
        assert set(new) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    def test_begin_with_the_instant(self) -> None:
        ids = UlidIds(FixedClock(datetime.fromtimestamp(1_469_918_176.385, UTC)), lambda _: 0)
        assert ids.new().startswith("01ARYZ6S41")

    def test_grow_within_a_millisecond_and_when_the_clock_goes_back(self) -> None:
        clock = FixedClock(INSTANT)
        ids = UlidIds(clock, lambda bits: 2**bits - 2)
        first = [ids.new(), ids.new()]
        clock.instant = INSTANT.replace(year=2025)
        made = [*first, ids.new(), ids.new()]
        assert made == sorted(set(made))

    def test_of_tests_are_predictable(self) -> None:
        ids = SequentialIds()
        assert [ids.new(), ids.new()] == ["0" * 25 + "1", "0" * 25 + "2"]


class TestJourMetier:
    def test_is_the_setting_when_there_is_one(self) -> None:
        settings = KernelSettings(jour_metier=date(2020, 11, 16))
        assert jour_metier(settings, FixedClock(INSTANT)) == date(2020, 11, 16)

    @pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
    def test_is_the_date_in_paris_whatever_the_machine_s_zone(
        self, zone: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(os.environ, "TZ", zone)
        time.tzset()
        try:
            late = FixedClock(datetime(2026, 8, 31, 22, 30, tzinfo=UTC))
            assert jour_metier(KernelSettings(jour_metier=None), late) == date(2026, 9, 1)
        finally:
            monkeypatch.undo()
            time.tzset()


class TestNaming:
    def test_says_nothing_more_without_a_namespace(self) -> None:
        settings = KernelSettings(espace="")
        assert naming.topic(settings, OFFRES) == "catalogue.offres.v1"
        assert naming.database(settings, "collect") == "collect"
        assert naming.index(settings, "formations") == "formations"
        assert naming.group(settings, "enrich") == "enrich"

    def test_puts_the_namespace_before_every_name(self) -> None:
        settings = KernelSettings(espace="x")
        assert naming.topic(settings, OFFRES) == "x.catalogue.offres.v1"
        assert naming.database(settings, "collect") == "x_collect"
        assert naming.index(settings, "formations") == "x-formations"
        assert naming.group(settings, "enrich") == "x.enrich"
        assert naming.transactional_id(settings, "enrich", "relais") == "x.enrich.relais"


class TestDigest:
    @given(st.dictionaries(st.text(), json_values))
    def test_equals_its_definition(self, state: dict[str, object]) -> None:
        assert digest(state) == empreinte(state)

    def test_does_not_depend_on_the_order_of_keys(self) -> None:
        assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})

    @pytest.mark.parametrize("number", [5e-5, 1e16, -2.5e-7, 10**30])
    def test_holds_for_numbers_that_libraries_write_differently(self, number: float) -> None:
        state = {"longitude": number, "suite": [{"x": number}]}
        assert digest(state) == empreinte(state)
