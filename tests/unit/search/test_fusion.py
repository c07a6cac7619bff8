"""The merge converges: any interleaving of both topics, with any duplicates, ends the same."""

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.search.domain.fusion import Etat, Partie, fusionner, juger


def _etat(partie: Partie, sequence: int) -> Etat:
    if partie is Partie.FORMATION:
        champs: dict[str, Any] = {"etat": "active", "intitule": [f"titre {sequence}"]}
        champs |= {"duree": "2"} if sequence % 2 else {}
    else:
        champs = {"publications": {"n": sequence}, "parcoursup": f"statut {sequence}"}
    return Etat("a", partie, sequence, f"{partie}{sequence}", champs)


ETATS = st.builds(_etat, st.sampled_from(Partie), st.integers(1, 6))


def _applique(etats: list[Etat]) -> dict[str, object]:
    document: dict[str, object] = {}
    for etat in etats:
        if juger(document, etat).writes:
            document = fusionner(document, etat)
    return document


@given(st.lists(ETATS, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_any_order_with_duplicates_converges(etats: list[Etat], hasard: Random) -> None:
    melange = [*etats, *etats[: len(etats) // 2]]
    hasard.shuffle(melange)
    assert _applique(melange) == _applique(etats)


@given(st.lists(ETATS, min_size=1, max_size=20))
def test_a_document_holds_the_newest_of_each_part(etats: list[Etat]) -> None:
    document = _applique(etats)
    for partie in Partie:
        sequences = [etat.sequence for etat in etats if etat.partie is partie]
        assert document.get(partie.sequence) == max(sequences, default=None)


def test_a_field_that_the_newer_part_lacks_is_gone() -> None:
    document = _applique([_etat(Partie.FORMATION, 1), _etat(Partie.FORMATION, 2)])
    assert "duree" not in document


def test_the_other_part_is_left_as_it_is() -> None:
    avant = _applique([_etat(Partie.PUBLICATIONS, 3)])
    apres = fusionner(avant, _etat(Partie.FORMATION, 1))
    assert {nom: apres[nom] for nom in avant} == avant


def test_the_same_sequence_with_another_digest_is_a_repair() -> None:
    document = _applique([_etat(Partie.FORMATION, 1)])
    repare = Etat("a", Partie.FORMATION, 1, "autre", {"etat": "active"})
    assert juger(document, repare).writes
    assert "intitule" not in fusionner(document, repare)


def test_a_formation_that_export_is_silent_about_is_non_publiable() -> None:
    document = _applique([_etat(Partie.FORMATION, 1)])
    assert (document["parcoursup"], document["affelnet"]) == ("non publiable en l'état",) * 2
    apres = fusionner(document, _etat(Partie.PUBLICATIONS, 1))
    assert apres["parcoursup"] == "statut 1"
