"""Facts that follow from several fields: new offers, links, ministry, renewed sessions, rules."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.statuts import Plateforme, Statut
from services.export.domain.derivees import (
    Lien,
    agriculture,
    lien,
    nouvelle_depuis,
    regles_academiques,
    rendez_vous,
    reperes_de,
    session_renouvelee,
    siret_actif,
)
from services.export.domain.regles import JeuDeRegles
from services.kernel.clock import FixedClock
from services.kernel.ids import UlidIds
from tests.unit.export.fabrique import CAMPAGNE, juge, regle

AF = Plateforme.AFFELNET


def test_a_new_offer_appeared_less_than_a_year_before_the_campaign() -> None:
    seuil = reperes_de(juge(), None).premiere_nouvelle
    debut = nouvelle_depuis(CAMPAGNE)
    assert debut == datetime(2019, 9, 15, 22, tzinfo=UTC)  # 16 September in Paris, 2020 is leap

    def ne_le(instant: datetime) -> str:
        return UlidIds(FixedClock(instant)).new()

    assert ne_le(debut) >= seuil
    assert ne_le(debut - timedelta(milliseconds=1)) < seuil


@pytest.mark.parametrize(
    ("actifs", "attendu"),
    [
        ((True, True), "actif"),
        ((True, False), "inactif"),
        ((False, None), "inactif"),
        ((True, None), None),
        ((None, None), None),
    ],
)
def test_establishments_are_open_when_both_are_known_to_be(
    actifs: tuple[bool | None, ...], attendu: str | None
) -> None:
    assert siret_actif(actifs) == attendu


def test_the_ministry_of_agriculture_is_told_by_the_cfd() -> None:
    assert [agriculture(cfd[2:3]) for cfd in ("40330803", "32033422", "")] == [True, False, None]


def test_an_offer_is_linked_to_those_it_replaces_and_to_the_one_that_replaces_it() -> None:
    assert lien(succede=["A"], remplacee=None) is Lien.SUCCESSEUR
    assert lien(succede=None, remplacee="B") is Lien.PREDECESSEUR
    assert lien(succede=["A"], remplacee="B") is Lien.LES_DEUX
    assert lien(succede=[], remplacee=None) is Lien.AUCUN


@pytest.mark.parametrize(
    ("precedent", "perimetre", "alors", "maintenant", "attendu"),
    [
        ("publié", True, True, True, True),
        ("publié", True, True, False, False),
        ("publié", True, False, False, None),
        ("publié", False, True, False, None),
        ("à publier", True, True, False, None),
        (None, True, True, True, None),
    ],
)
def test_a_session_is_renewed_or_not_for_what_was_published_then(
    precedent: str | None,
    perimetre: bool,
    alors: bool,
    maintenant: bool,
    attendu: bool | None,
) -> None:
    dit = session_renouvelee(
        precedent, perimetre=perimetre, en_session_alors=alors, en_session=maintenant
    )
    assert dit is attendu


def test_rules_of_academies_are_theirs_or_left_to_them() -> None:
    jeu = JeuDeRegles(
        [
            regle(AF, id="nationale"),
            regle(AF, id="à définir", statut="à définir", condition_integration="peut intégrer"),
            regle(AF, id="de Nantes", num_academie=12),
            regle(id="de Nantes sur Parcoursup", num_academie=12),
        ]
    )
    assert regles_academiques(jeu) == {"à définir", "de Nantes"}


def test_appointments_are_taken_for_what_is_published_or_soon_is_on_affelnet() -> None:
    mefs = [{"mef10": "2473360431"}]
    assert rendez_vous(Plateforme.PARCOURSUP, Statut.PUBLIE, [])
    assert not rendez_vous(Plateforme.PARCOURSUP, Statut.PRET, mefs)
    assert rendez_vous(AF, Statut.A_PUBLIER, mefs)
    assert not rendez_vous(AF, Statut.A_PUBLIER, [{"mef10": "2473360411"}])
    assert not rendez_vous(AF, Statut.NON_PUBLIE, mefs)
