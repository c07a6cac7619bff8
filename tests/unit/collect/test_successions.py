"""Successions: exactly one known predecessor of the same depositor, or a finding and no change."""

from datetime import UTC, datetime

from contracts.evenements import Etat
from services.collect.domain.successions import (
    Declaree,
    Jugement,
    appliquer,
    declarees,
    disputes,
    juger,
    regrouper,
)
from services.collect.domain.tenue import Tenue

INSTANT = datetime(2020, 11, 16, tzinfo=UTC)


def tenue(cle: str, deposant: str = "cfa") -> Tenue:
    return Tenue(f"id-{cle}", deposant, 1, cle=cle, aliases=[f"cle:{cle}", f"rco:{cle}"])


def table(*tenues: Tenue) -> dict[str, Tenue]:
    return {alias: t for t in tenues for alias in t.aliases}


def remplace(successeur: str, predecesseur: str, rang: int = 1) -> Declaree:
    return Declaree(successeur, predecesseur, rang, "cle_me_remplace")


def seul(*toutes: Declaree, vue: dict[str, Tenue]) -> Jugement:
    groupes = regrouper(toutes)
    return juger(groupes[0], vue, "cfa", disputes(groupes))


def codes(jugement: Jugement) -> list[str]:
    return [constat["code"] for _, constat in jugement.constats]


def test_both_ways_of_declaring_say_the_same_pair_once() -> None:
    toutes = [
        *declarees(4, {"cle_ministere_educatif": "N", "cle_me_remplace": ["A"]}),
        *declarees(2, {"cle_ministere_educatif": "A", "cle_me_remplace_par": ["N"]}),
    ]

    assert [[(d.successeur, d.predecesseur, d.rang) for d in g] for g in regrouper(toutes)] == [
        [("N", "A", 2)]
    ]


def test_the_successor_takes_the_aliases_and_both_change_state() -> None:
    ancienne, nouvelle = tenue("A"), tenue("N")
    jugement = seul(remplace("N", "A"), vue=table(ancienne, nouvelle))
    assert (jugement.predecesseur, jugement.successeur) == (ancienne, nouvelle)

    appliquer(ancienne, nouvelle, INSTANT)

    assert (ancienne.etat, ancienne.remplacee_par, ancienne.sequence) == (
        Etat.REMPLACEE,
        nouvelle.id,
        2,
    )
    assert (nouvelle.predecesseurs, nouvelle.anciennes_cles, nouvelle.sequence) == (
        [ancienne.id],
        ["A"],
        2,
    )
    assert not set(ancienne.aliases) & set(nouvelle.aliases)


def test_a_succession_declared_again_the_next_night_changes_nothing() -> None:
    ancienne, nouvelle = tenue("A"), tenue("N")
    appliquer(ancienne, nouvelle, INSTANT)

    assert seul(remplace("N", "A"), vue=table(ancienne, nouvelle)) == Jugement(None, None, [])


def test_anything_else_is_a_finding() -> None:
    a, b, n = tenue("A"), tenue("B"), tenue("N")

    assert codes(seul(remplace("N", "A"), vue=table(n))) == ["succession_predecesseur_inconnu"]
    assert codes(seul(remplace("N", "A"), remplace("N", "B"), vue=table(a, b, n))) == [
        "succession_multiple"
    ]
    assert codes(seul(remplace("N", "A"), vue=table(a))) == ["succession_impossible"]
    assert codes(seul(remplace("N", "A"), vue=table(tenue("A", "autre"), n))) == [
        "succession_autre_deposant"
    ]


def test_an_unknown_predecessor_beside_a_known_one_does_not_stop_it() -> None:
    a, n = tenue("A"), tenue("N")

    assert seul(remplace("N", "A"), remplace("N", "Z"), vue=table(a, n)).predecesseur is a


def test_a_predecessor_claimed_by_two_successors_goes_to_none() -> None:
    a, n, m = tenue("A"), tenue("N"), tenue("M")
    groupes = regrouper([remplace("N", "A"), remplace("M", "A", 2)])

    jugements = [juger(g, table(a, n, m), "cfa", disputes(groupes)) for g in groupes]

    assert [codes(jugement) for jugement in jugements] == [["succession_impossible"]] * 2


def test_two_offers_that_replace_each_other_end_with_one() -> None:
    a, b = tenue("A"), tenue("B")
    groupes = regrouper([remplace("A", "B"), remplace("B", "A", 2)])

    premier = juger(groupes[0], table(a, b), "cfa", disputes(groupes))
    assert premier.predecesseur is b
    appliquer(b, a, INSTANT)

    assert juger(groupes[1], table(a, b), "cfa", disputes(groupes)).predecesseur is None
