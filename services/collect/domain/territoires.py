"""Which région and académie a département lies in (geo tables of the State, 2024): scopes need it.

An account of what the law fixes, as small as the list of days of the week; enrich's tables, which
are versioned, stay the reference for what is published.
"""

from typing import Final, NamedTuple


class Territoire(NamedTuple):
    """The région (INSEE code) and the académie (number) of a département."""

    region: str
    academie: str


_DEPARTEMENTS: Final = {
    Territoire("01", "32"): "971",
    Territoire("02", "31"): "972",
    Territoire("03", "33"): "973",
    Territoire("04", "28"): "974",
    Territoire("06", "43"): "976",
    Territoire("11", "01"): "75",
    Territoire("11", "24"): "77 93 94",
    Territoire("11", "25"): "78 91 92 95",
    Territoire("24", "18"): "18 28 36 37 41 45",
    Territoire("27", "03"): "25 39 70 90",
    Territoire("27", "07"): "21 58 71 89",
    Territoire("28", "70"): "14 27 50 61 76",
    Territoire("32", "09"): "59 62",
    Territoire("32", "20"): "02 60 80",
    Territoire("44", "12"): "54 55 57 88",
    Territoire("44", "15"): "67 68",
    Territoire("44", "19"): "08 10 51 52",
    Territoire("52", "17"): "44 49 53 72 85",
    Territoire("53", "14"): "22 29 35 56",
    Territoire("75", "04"): "24 33 40 47 64",
    Territoire("75", "13"): "16 17 79 86",
    Territoire("75", "22"): "19 23 87",
    Territoire("76", "11"): "11 30 34 48 66",
    Territoire("76", "16"): "09 12 31 32 46 65 81 82",
    Territoire("84", "06"): "03 15 43 63",
    Territoire("84", "08"): "07 26 38 73 74",
    Territoire("84", "10"): "01 42 69",
    Territoire("93", "02"): "04 05 13 84",
    Territoire("93", "23"): "06 83",
    Territoire("94", "27"): "2A 2B",
    Territoire("975", "44"): "975",
    Territoire("977", "32"): "977",
    Territoire("978", "32"): "978",
    Territoire("984", ""): "984",
    Territoire("986", "42"): "986",
    Territoire("987", "41"): "987",
    Territoire("988", "40"): "988",
    Territoire("989", ""): "989",
}

TERRITOIRES: Final[dict[str, Territoire]] = {
    departement: territoire
    for territoire, departements in _DEPARTEMENTS.items()
    for departement in departements.split()
}
