"""The read-back of Parcoursup: once per row, in any order, never older than the last (§4.2)."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from contracts.statuts import Statut
from services.export.domain.relecture_parcoursup import Etat, Ligne, Relecture, Suivie, relire
from services.export.domain.statut import Retour
from tests.unit.export.fabrique import CLE, INSTANT

PUBLIEE = Retour(1, Statut.PUBLIE, "2020", INSTANT, "56")
SUIVIE = Suivie("offre", CLE, 1, PUBLIEE)
DEMAIN = INSTANT + timedelta(days=1)
LIGNES = st.lists(
    st.builds(
        Ligne, st.sampled_from(["56", "77"]), st.sampled_from(Etat), st.sampled_from([CLE, "autre"])
    ),
    max_size=5,
)


def lue(suivie: Suivie, *lignes: Ligne) -> Relecture:
    return relire([suivie], lignes, "2020", DEMAIN)


def apres(suivie: Suivie, relecture: Relecture) -> Suivie:
    for un in relecture.changements:
        if un.id != suivie.id:
            continue
        suivie = replace(suivie, retour=un.retour, visible=un.visible, lues=un.lues)
    return suivie


@given(LIGNES, st.randoms())
def test_the_order_of_rows_never_matters_and_a_second_reading_changes_nothing(
    lignes: list[Ligne], hasard: Random
) -> None:
    melangees = list(lignes)
    hasard.shuffle(melangees)
    premiere = lue(SUIVIE, *lignes)

    assert lue(SUIVIE, *melangees).changements == premiere.changements
    suite = relire(
        [apres(SUIVIE, premiere)], lignes, "2020", DEMAIN + timedelta(days=1), precedente=DEMAIN
    )
    assert suite.changements == []


def test_a_row_read_before_does_not_undo_what_was_decided_since() -> None:
    fermee = Ligne("56", Etat.FERMEE, CLE)
    depuis = replace(apres(SUIVIE, lue(SUIVIE, fermee)), decision=2)

    assert lue(depuis, fermee).changements == []


def test_an_older_answer_is_set_aside_whole() -> None:
    ligne = Ligne("56", Etat.FERMEE, CLE)
    relecture = relire([SUIVIE], [ligne], "2020", INSTANT, precedente=DEMAIN)

    assert relecture == Relecture(perimee=True)


def test_what_is_not_understood_is_told() -> None:
    sans = Ligne("1", Etat.VISIBLE, "ailleurs")
    inconnue = Ligne("56", "Texte nouveau", CLE)
    relecture = lue(SUIVIE, sans, inconnue)

    assert (relecture.sans_offre, relecture.inconnues) == ([sans], [inconnue])
    assert relecture.changements == []


def test_a_cancelled_publication_only_concerns_the_identifier_that_is_borne() -> None:
    assert lue(SUIVIE, Ligne("99", Etat.ANNULEE, CLE)).changements[0].retour == PUBLIEE
    annulee = lue(SUIVIE, Ligne("56", Etat.ANNULEE, CLE)).changements[0]
    assert annulee.retour == replace(PUBLIEE, identifiant=None)
    assert annulee.statut is None


def test_a_withdrawal_read_again_never_passes_to_another_offer_of_the_same_identifier() -> None:
    annulee = Ligne("56", Etat.ANNULEE, "inconnue")
    offres = [SUIVIE, replace(SUIVIE, id="double", cle="double")]

    une = relire(offres, [annulee], "2020", DEMAIN)
    offres = [apres(offre, une) for offre in offres]

    assert len(une.changements) == 1
    assert not relire(offres, [annulee], "2020", DEMAIN + timedelta(days=1)).changements


def test_two_offers_that_were_told_the_same_row_both_keep_it() -> None:
    par_cle, par_identifiant = (Ligne("56", Etat.ANNULEE, cle) for cle in (CLE, "inconnue"))
    offres = [replace(SUIVIE, retour=None), replace(SUIVIE, id="double", cle="double")]

    une = relire(offres, [par_cle, par_identifiant], "2020", DEMAIN)
    offres = [apres(offre, une) for offre in offres]

    assert all(offre.lues for offre in offres)
    suivante = relire(offres, [par_cle, par_identifiant], "2020", DEMAIN + timedelta(days=1))
    assert not suivante.changements
