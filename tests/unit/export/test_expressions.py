"""Regular expressions of rules: the language, and the time that they may cost."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.export.domain.expressions import ExpressionRefusee
from services.export.domain.expressions_lecture import compiler

_ATOMES = st.sampled_from(["a", "b", "é", ".", "[ab]", "[^a]", r"\d", r"\.", "1"])


def _composees(parties: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(parties, parties).map("".join),
        st.tuples(parties, parties).map(lambda deux: f"({deux[0]}|{deux[1]})"),
        st.tuples(parties, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "*?"])).map(
            lambda deux: f"(?:{deux[0]}){deux[1]}"
        ),
        parties.map(lambda une: f"^{une}"),
        parties.map(lambda une: rf"{une}\Z"),
    )


@settings(max_examples=400, deadline=None)
@given(st.recursive(_ATOMES, _composees, max_leaves=8), st.text("abé1.", max_size=10))
def test_it_finds_what_python_finds(source: str, texte: str) -> None:
    assert compiler(source.replace(r"\Z", "$")).trouve(texte) == bool(re.search(source, texte))


@pytest.mark.parametrize("source", ["(a+)+$", "(a|a)*$", "(.*a){12}$", "a*a*a*a*a*a*b"])
def test_no_expression_is_catastrophic(source: str) -> None:
    texte = "a" * 5_000 + "!"
    debut = time.process_time()
    compiler(source).trouve(texte)
    assert time.process_time() - debut < 2


@pytest.mark.parametrize(
    "source",
    [r"(a)\1", "(?=a)b", "(?i)a", r"\bmot", "a**", "(a", "a)", "[a", "*a", "[b-a]", "a{3,2}",
     "a" * 501, "((a{100}){100}){100}"],
)  # fmt: skip
def test_what_an_automaton_cannot_bound_is_refused(source: str) -> None:
    with pytest.raises(ExpressionRefusee):
        compiler(source)


def test_case_and_accents_count_unless_asked() -> None:
    assert not compiler("bts").trouve("BTS")
    assert compiler("bts", insensible=True).trouve("Un BTS")
    assert not compiler("metier").trouve("métier")
