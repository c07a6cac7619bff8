"""The displayed status: what survives what (design.md §4, domain.md §3.4, §7)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.statuts import STATUTS, Plateforme, Statut
from services.export.domain.eligibilite import Clause, Eligibilite
from services.export.domain.statut import Decision, Retour, statut_affiche
from tests.unit.export.fabrique import INSTANT, le_contexte

PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET
CAMPAGNE = "2020"


def eligible(statut: Statut = Statut.A_PUBLIER) -> Eligibilite:
    return Eligibilite(True, True, False, statut, statut, "r", 1, ())


def ecartee() -> Eligibilite:
    rien = Statut.NON_PUBLIABLE
    return Eligibilite(False, False, False, rien, rien, None, None, (Clause.HORS_FLUX,))


def decision(statut: Statut, numero: int = 1, campagne: str = CAMPAGNE) -> Decision:
    return Decision(numero, statut, campagne, "qui", INSTANT)


def retour(
    statut: Statut | None, apres: int = 1, identifiant: str | None = "1", campagne: str = CAMPAGNE
) -> Retour:
    return Retour(apres, statut, campagne, INSTANT + timedelta(hours=1), identifiant)


DECISIONS = st.none() | st.builds(
    decision,
    st.sampled_from([Statut.PRET, Statut.NON_PUBLIE, Statut.EN_ATTENTE]),
    st.integers(1, 3),
    st.sampled_from(["2019", CAMPAGNE]),
)
RETOURS = st.none() | st.builds(
    retour,
    st.sampled_from([None, Statut.PUBLIE, Statut.REJET, Statut.ECHEC, Statut.FERME]),
    st.integers(0, 3),
    st.none() | st.just("1"),
    st.sampled_from(["2019", CAMPAGNE]),
)


@given(st.sampled_from(Plateforme), DECISIONS, RETOURS)
def test_losing_eligibility_never_erases_what_was_said(
    plateforme: Plateforme, prise: Decision | None, recu: Retour | None
) -> None:
    ici = le_contexte(plateforme)
    avant = statut_affiche(eligible(), prise, recu, ici)
    statut_affiche(ecartee(), prise, recu, ici)
    assert statut_affiche(eligible(), prise, recu, ici) == avant


@given(st.sampled_from(Plateforme), DECISIONS, RETOURS, st.booleans())
def test_the_status_is_one_of_the_platform_and_is_explained(
    plateforme: Plateforme, prise: Decision | None, recu: Retour | None, admise: bool
) -> None:
    jugee = eligible() if admise else ecartee()
    statut, explication = statut_affiche(jugee, prise, recu, le_contexte(plateforme))
    assert explication
    if recu is None:
        assert statut in STATUTS[plateforme]


@given(st.sampled_from(Plateforme), DECISIONS, RETOURS)
def test_an_offer_out_of_the_rules_shows_only_what_outlives_them(
    plateforme: Plateforme, prise: Decision | None, recu: Retour | None
) -> None:
    statut, _ = statut_affiche(ecartee(), prise, recu, le_contexte(plateforme))
    survivants = {Statut.NON_PUBLIABLE, Statut.NON_PUBLIE}
    if plateforme is PS:
        survivants |= {Statut.PUBLIE, Statut.FERME}
    assert statut in survivants


@pytest.mark.parametrize("plateforme", Plateforme)
def test_the_later_of_decision_and_answer_is_shown(plateforme: Plateforme) -> None:
    ici = le_contexte(plateforme)
    publiee = retour(Statut.PUBLIE, apres=1)
    assert statut_affiche(eligible(), decision(Statut.PRET), publiee, ici)[0] is Statut.PUBLIE
    refusee = decision(Statut.NON_PUBLIE, numero=2)
    assert statut_affiche(eligible(), refusee, publiee, ici)[0] is Statut.NON_PUBLIE


def test_publie_without_identifier_falls_back_to_the_rule() -> None:
    perdue = retour(Statut.PUBLIE, identifiant=None)
    vue = statut_affiche(eligible(), decision(Statut.PRET), perdue, le_contexte(PS))
    assert vue[0] is Statut.A_PUBLIER


def test_a_known_identifier_renews_the_request_where_the_rule_publishes() -> None:
    connue = retour(None)
    assert statut_affiche(eligible(), None, connue, le_contexte(PS))[0] is Statut.PRET
    soumise = eligible(Statut.A_PUBLIER_RECTEUR)
    assert statut_affiche(soumise, None, connue, le_contexte(PS))[0] is Statut.A_PUBLIER_RECTEUR


def test_a_definir_hides_a_decision_and_says_so() -> None:
    vue = statut_affiche(eligible(Statut.A_DEFINIR), decision(Statut.PRET), None, le_contexte(AF))
    assert vue == (Statut.A_DEFINIR, ("regle:r", "decision_conservee"))


@pytest.mark.parametrize(
    ("plateforme", "passee", "statut"),
    [
        (PS, decision(Statut.PRET, campagne="2019"), Statut.A_PUBLIER),
        (PS, decision(Statut.NON_PUBLIE, campagne="2019"), Statut.NON_PUBLIE),
        (PS, decision(Statut.EN_ATTENTE, campagne="2019"), Statut.EN_ATTENTE),
        (AF, decision(Statut.PRET, campagne="2019"), Statut.PRET),
    ],
)
def test_what_a_past_campaign_leaves(
    plateforme: Plateforme, passee: Decision, statut: Statut
) -> None:
    assert statut_affiche(eligible(), passee, None, le_contexte(plateforme))[0] is statut


def test_a_publication_of_a_past_campaign_is_ready_again_when_in_session() -> None:
    publiee = retour(Statut.PUBLIE, campagne="2019")
    assert statut_affiche(eligible(), None, publiee, le_contexte(PS))[0] is Statut.PRET
