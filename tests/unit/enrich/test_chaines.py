"""Successors followed to those that stand today."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.enrich.domain.enrichissement.chaines import chaines_ouvertes, dire

CODES = st.sampled_from("ABCDEF")
TABLES = st.dictionaries(CODES, st.lists(CODES, max_size=3))


def _suivre(table: dict[str, list[str]], ouverts: str, depart: str = "A") -> list[str]:
    chaines = chaines_ouvertes(depart, lambda code: table.get(code, ()), ouverts.__contains__)
    return [dire(chaine) for chaine in chaines]


def test_the_chain_to_an_open_code_is_told_whole() -> None:
    assert _suivre({"A": ["B"], "B": ["C"]}, "C") == ["A → B → C"]


def test_each_way_is_followed_to_its_first_open_code() -> None:
    table = {"A": ["B", "C"], "B": ["D"], "C": ["E"], "E": ["F"]}

    assert _suivre(table, "DEF") == ["A → B → D", "A → C → E"]


def test_unknown_codes_and_loops_lead_nowhere() -> None:
    assert _suivre({"A": ["B", "Z"], "B": ["A"]}, "A") == []


@given(table=TABLES, ouverts=st.frozensets(CODES))
def test_the_walk_ends_on_any_table_and_names_each_open_code_once(
    table: dict[str, list[str]], ouverts: frozenset[str]
) -> None:
    chaines = chaines_ouvertes("A", lambda code: table.get(code, ()), ouverts.__contains__)

    fins = [chaine[-1] for chaine in chaines]
    assert len(fins) == len(set(fins))
    for chaine in chaines:
        assert chaine[-1] in ouverts
        assert not ouverts.intersection(chaine[1:-1])
        assert all(apres in table[avant] for avant, apres in pairwise(chaine))
