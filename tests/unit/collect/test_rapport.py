"""Sets of ranks, and reports as unions: order and repetition change nothing, totals add up."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.evenements import Etape, StatutLigne
from services.collect.domain.lignes import LigneJugee
from services.collect.domain.rangs import contient, depuis_liste, depuis_plages, vers_plages
from services.collect.domain.rapport import Rapport, completer, en_ensembles, rassembler, situer

Morceaux = Iterable[Mapping[str, Any]]


def _rassembles(lots: Morceaux, reponses: Morceaux, etapes: Morceaux) -> Rapport:
    return rassembler(
        map(en_ensembles, lots), map(en_ensembles, reponses), map(en_ensembles, etapes)
    )


plages = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), max_size=6)


@given(st.sets(st.integers(0, 300)))
def test_ranges_and_sets_say_the_same(rangs: set[int]) -> None:
    ensemble = depuis_liste(rangs)

    assert {rang for rang in range(301) if contient(ensemble, rang)} == rangs
    assert depuis_plages(vers_plages(ensemble)) == ensemble
    assert ensemble.bit_count() == len(rangs)


@given(plages)
def test_ranges_come_out_apart_and_ascending(donnees: list[tuple[int, int]]) -> None:
    sorties = vers_plages(depuis_plages(donnees))

    assert all(a <= b for a, b in sorties)
    assert all(avant[1] + 1 < apres[0] for avant, apres in pairwise(sorties))


statuts_deposes = st.lists(st.sampled_from(list(StatutLigne)), min_size=1, max_size=40)


Depot = tuple[list[StatutLigne], list[Any], list[Any], list[Any]]


@st.composite
def depots(draw: st.DrawFn) -> Depot:
    deposes = draw(statuts_deposes)
    n = len(deposes)
    lots = [
        {
            "statuts": {
                statut: [(r, r) for r, s in enumerate(deposes, 1) if s == statut]
                for statut in StatutLigne
            },
            "ecrasees": [
                (rang, rang + 1)
                for rang in draw(st.sets(st.integers(1, n)))
                if deposes[rang - 1] not in (StatutLigne.REFUSEE, StatutLigne.IGNOREE)
            ],
        }
    ]
    reponses = draw(
        st.lists(
            st.fixed_dictionaries(
                {"statuts": st.dictionaries(st.sampled_from(list(StatutLigne)), plages)}
            ),
            max_size=3,
        )
    )
    etapes = draw(
        st.lists(
            st.fixed_dictionaries({"etape": st.sampled_from(list(Etape)), "plages": plages}),
            max_size=4,
        )
    )
    return deposes, lots, reponses, etapes


@given(depots())
def test_received_is_the_sum_of_all_statuses_at_any_moment(depot: Depot) -> None:
    deposes, lots, reponses, etapes = depot
    for vues in range(len(reponses) + 1):
        totaux = _rassembles(lots, reponses[:vues], etapes).totaux()

        assert totaux["recues"] == len(deposes)
        assert sum(totaux[s] for s in StatutLigne) == len(deposes)


@given(depots(), st.randoms())
def test_chunks_in_any_order_and_twice_make_the_same_report(depot: Depot, hasard: Random) -> None:
    _, lots, reponses, etapes = depot
    melees = [reponses * 2, etapes * 2]
    for liste in melees:
        hasard.shuffle(liste)

    assert _rassembles(lots * 2, *melees) == _rassembles(lots, reponses, etapes)


@given(depots())
def test_a_stage_never_counts_more_than_the_lines_that_go_through(depot: Depot) -> None:
    rapport = _rassembles(*depot[1:])

    assert all(0 <= rapport.faites(e) <= rapport.suivies.bit_count() for e in Etape)


def test_what_enrich_answers_is_added_to_what_collect_said() -> None:
    rapport = _rassembles(
        [{"statuts": {"acceptee": [(1, 2)]}, "ecrasees": []}],
        [{"statuts": {"a_corriger": [(1, 1)]}}],
        [],
    )
    ligne = LigneJugee(1, 2, StatutLigne.ACCEPTEE, "o", 1, [{"code": "uai_mal_forme"}])

    completer(ligne, ("o", [{"code": "uai_mal_forme"}, {"code": "cfd_inconnu"}]))
    completer(ligne, ("une autre", [{"code": "rncp_inconnu"}]))
    situer(ligne, rapport.presents())

    assert ligne.statut is StatutLigne.A_CORRIGER
    assert [c["code"] for c in ligne.constats] == ["uai_mal_forme", "cfd_inconnu"]


def test_a_finding_told_again_with_a_proposal_takes_the_place_of_the_first() -> None:
    nu = {"code": "uai_mal_forme", "champ": "etablissement_formateur_uai", "valeur": "?"}
    complete = {**nu, "proposition": "0061234F"}
    autre = {**complete, "champ": "etablissement_gestionnaire_uai"}
    ligne = LigneJugee(1, 2, StatutLigne.A_CORRIGER, "o", 1, [{"code": "cle_absente"}, nu])

    completer(ligne, ("o", [complete]))
    completer(ligne, ("o", [nu, autre]))

    assert ligne.constats == [{"code": "cle_absente"}, complete, autre]
