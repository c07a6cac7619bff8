"""What a sweep has to visit, whatever the order in which rules and contexts move."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.export.domain.reevaluation import Assise, Balayage, Diplome, viser

A: Diplome = ("3 (CAP...)", "CAP")
B: Diplome = ("5 (BTS, DEUST...)", "BTS")


def assise(marque: str, contextes: str = "c", **regles: str) -> Assise:
    return Assise(marque, contextes, {{"a": A, "b": B}[nom]: une for nom, une in regles.items()})


def complet(balayage: Balayage) -> Balayage:
    return replace(balayage, complet=True, curseur="z", depuis=7)


def test_the_first_sweep_visits_all() -> None:
    assert viser(None, assise("1", a="x")).touches is None


def test_a_sweep_that_aims_there_already_goes_on() -> None:
    tenu = replace(viser(None, assise("1")), curseur="m")
    assert viser(tenu, assise("1")) is tenu


def test_only_diplomas_whose_rules_moved_are_visited() -> None:
    tenu = complet(viser(None, assise("1", a="x", b="x")))
    suite = viser(tenu, assise("2", a="y", b="x"))
    assert suite.touches == frozenset({A})
    assert (suite.curseur, suite.acquise_depuis) == ("", 7)
    assert viser(tenu, assise("2", a="x")).touches == frozenset({B})
    assert viser(tenu, assise("2", "autre", a="x", b="x")).touches is None


def test_what_a_sweep_cut_short_wrote_is_visited_again_even_if_the_rule_came_back() -> None:
    tenu = complet(viser(None, assise("1", a="x", b="x")))
    coupe = viser(tenu, assise("2", a="y", b="x"))
    retour = viser(coupe, assise("3", a="x", b="x"))
    assert retour.touches == frozenset({A})
    assert retour.acquise_depuis == 7


@given(st.lists(st.tuples(st.sampled_from("xy"), st.sampled_from("xy"), st.booleans()), max_size=8))
def test_whatever_was_judged_otherwise_is_visited(etapes: list[tuple[str, str, bool]]) -> None:
    """A diploma is judged by its present rule once a sweep is complete, whatever was cut short."""
    juges = {A: "x", B: "x"}
    tenu = complet(viser(None, assise("0", a="x", b="x")))
    for rang, (a, b, jusqu_au_bout) in enumerate(etapes, 1):
        tenu = viser(tenu, assise(str(rang), a=a, b=b))
        juges |= {
            diplome: regle
            for diplome, regle in ((A, a), (B, b))
            if tenu.touches is None or diplome in tenu.touches
        }
        if jusqu_au_bout:
            tenu = complet(tenu)
            assert juges == {A: a, B: b}
