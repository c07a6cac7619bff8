"""Numbers and dates as they are written in French."""

from datetime import UTC, date, datetime

import pytest

from services.kernel import french


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (french.nombre(39510), "39\u202f510"),
        (french.nombre(12.5, 1), "12,5"),
        (french.nombre(-1234), "-1\u202f234"),
        (french.date_longue(date(2020, 10, 1)), "1er octobre 2020"),
        (french.date_longue(date(2024, 2, 29)), "29 février 2024"),
        (french.jour("2024-02-29"), "29 février 2024"),
        (french.jour("inconnue"), "inconnue"),
        (french.insecable("la clé « x » : oui ?"), "la clé «\u00a0x\u00a0»\u00a0: oui\u00a0?"),
        (french.insecable("12:30, a;b"), "12:30, a;b"),
        (french.pluriel(0, "ligne"), "0\u00a0ligne"),
        (french.pluriel(1, "ligne"), "1\u00a0ligne"),
        (french.pluriel(2, "ligne"), "2\u00a0lignes"),
        (french.pluriel(1000, "cheval", "chevaux"), "1\u202f000\u00a0chevaux"),
        (french.octets(812), "812\u00a0octets"),
        (french.octets(1536), "1,5\u00a0Kio"),
        (french.octets(2 * 2**30), "2\u00a0Gio"),
    ],
)
def test_french_writing(shown: str, expected: str) -> None:
    assert shown == expected


def test_an_instant_is_told_in_paris_time() -> None:
    winter = datetime(2020, 12, 31, 23, 30, tzinfo=UTC)
    summer = datetime(2020, 7, 1, 12, 5, tzinfo=UTC)

    assert french.instant(winter) == "1er janvier 2021 à 0 h 30"
    assert french.instant(summer) == "1er juillet 2020 à 14 h 05"


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        french.instant(datetime(2020, 1, 1))  # noqa: DTZ001 -- the very fault
