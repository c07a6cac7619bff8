"""Numbers, dates and instants as they are written in French; also the filters of the templates."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

PARIS: Final = ZoneInfo("Europe/Paris")
_THIN_SPACE: Final = "\u202f"
_BEFORE_SIGN: Final = re.compile(r" (?=[»:;?!%€])")
_AFTER_OPENING: Final = re.compile(r"(?<=«) ")
_MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def nombre(value: float, decimals: int = 0) -> str:
    """Return `39 510` or `12,5`, thousands parted by a narrow no-break space."""
    text = f"{value:,.{decimals}f}"
    return text.replace(",", _THIN_SPACE).replace(".", ",")


def date_longue(value: date) -> str:
    """Return `1er octobre 2020`: the civil date as it stands, no time zone involved."""
    day = "1er" if value.day == 1 else str(value.day)
    return f"{day} {_MONTHS[value.month - 1]} {value.year}"


def jour(text: str) -> str:
    """Return `16 novembre 2020` for `2020-11-16`; a text that is no date as it is."""
    try:
        return date_longue(date.fromisoformat(text))
    except ValueError:
        return text


def instant(value: datetime) -> str:
    """Return `16 novembre 2020 à 14 h 05`, Paris time; the instant must bear a time zone."""
    if value.tzinfo is None:
        raise ValueError("an instant without time zone has no time in Paris")
    local = value.astimezone(PARIS)
    return f"{date_longue(local.date())} à {local.hour} h {local.minute:02d}"


def pluriel(count: float, singular: str, plural: str | None = None) -> str:
    """Return `1 ligne` or `12 lignes`; zero and one are singular in French."""
    word = singular if abs(count) < 2 else plural or f"{singular}s"
    return f"{nombre(count)}\u00a0{word}"


def octets(size: int) -> str:
    """Return a size in the largest unit that keeps a figure: `2 Gio`, `1,5 Mio`, `812 octets`."""
    for unit, power in (("Gio", 30), ("Mio", 20), ("Kio", 10)):
        if size >= 1 << power:
            value = size / (1 << power)
            return f"{nombre(value, 0 if value == int(value) else 1)}\u00a0{unit}"
    return pluriel(size, "octet")


def insecable(text: str) -> str:
    """Return the text with the no-break spaces that French wants before and inside its signs."""
    return _BEFORE_SIGN.sub("\u00a0", _AFTER_OPENING.sub("\u00a0", text))


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "nombre": nombre,
    "date_longue": date_longue,
    "jour": jour,
    "instant": instant,
    "pluriel": pluriel,
    "octets": octets,
    "insecable": insecable,
}
