"""What each role may do: the tables of the trade, held."""

import pytest

from contracts.droits import Droit, droits, peut, roles_ayant
from contracts.portees import Role
from contracts.statuts import Plateforme

PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET


@pytest.mark.parametrize(
    ("role", "la_sienne", "l_autre"),
    [(Role.INSTRUCTEUR_PARCOURSUP, PS, AF), (Role.INSTRUCTEUR_AFFELNET, AF, PS)],
)
def test_an_instructor_of_one_platform_instructs_there_alone(
    role: Role, la_sienne: Plateforme, l_autre: Plateforme
) -> None:
    assert peut(role, Droit.INSTRUIRE, la_sienne)
    assert not droits(role, l_autre)


@pytest.mark.parametrize("droit", [Droit.FORCER_ENVOI, Droit.GERER_COMPTES, Droit.DEPOSER_FICHIERS])
def test_what_only_an_administrator_may_do(droit: Droit) -> None:
    assert roles_ayant(droit) == (Role.ADMINISTRATEUR,)


def test_moss_arbitrates_parcoursup_and_instructs_nothing() -> None:
    assert peut(Role.MOSS, Droit.REINITIALISER, PS)
    assert not peut(Role.MOSS, Droit.INSTRUIRE)
    assert not droits(Role.MOSS, AF)


@pytest.mark.parametrize("role", [Role.DEPOSANT, Role.PARTENAIRE, "inconnu"])
def test_who_is_not_of_the_state_has_no_right(role: str) -> None:
    assert not any(droits(role, plateforme) for plateforme in Plateforme)
