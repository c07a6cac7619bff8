"""A correction as typed: read as an identifier, or refused with what is proposed."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.identifiants import uai
from contracts.offre import Offre
from contracts.portees import Role
from services.enrich.domain.droits import DE_L_ACADEMIE, corrigibles
from services.enrich.domain.editions import COURRIELS, EDITABLES
from services.enrich.domain.saisie import SaisieRefusee, lire
from tests.unit.enrich.fabrique import SIRET_CONNU

JUSTE = "0061234" + uai.lettre("0061234")


@pytest.mark.parametrize(
    ("champ", "saisie", "valeur"),
    [
        ("uai_formation", JUSTE.lower(), JUSTE),
        ("uai_formation", "", None),
        ("etablissement_formateur_siret", "190 607 937 00074", SIRET_CONNU),
        ("etablissement_formateur_courriel", " Direction@CFA.fr ", "direction@cfa.fr"),
        ("code_postal", 6000, "06000"),
        ("lieu_formation_geo_coordonnees", "43.7, 7.26", "43.7,7.26"),
        ("capacite", 0, "0"),
        ("duree", "2", "2"),
        ("periode", ["2026-09"], ["2026-09"]),
        ("date_debut", ["01/09/2026"], ["2026-09-01"]),
        ("date_fin", None, []),
        ("effectif_minimal", [8, None], [8, None]),
        ("localite", " Nice ", "Nice"),
    ],
)
def test_a_value_is_read_as_what_it_means(champ: str, saisie: object, valeur: object) -> None:
    assert lire(champ, saisie) == valeur


@pytest.mark.parametrize(
    ("champ", "saisie", "code", "proposition"),
    [
        ("uai_formation", "0061234A", "uai_lettre_fausse", JUSTE),
        ("etablissement_formateur_uai", "123", "uai_mal_forme", None),
        ("etablissement_lieu_formation_siret", "00000000000000", "siret_fictif", None),
        ("etablissement_formateur_courriel", "direction", "courriel_invalide", None),
        ("etablissement_formateur_courriel", "a@b.fr\nBcc: c@d.fr", "courriel_invalide", None),
        ("lieu_formation_geo_coordonnees", "ici", "coordonnees_illisibles", None),
        ("date_debut", "2026-09-01", "liste_attendue", None),
        ("date_debut", ["2026-09-01"] * 101, "liste_attendue", None),
        ("localite", "x" * 401, "texte_refuse", None),
        ("localite", "Orl\ufffdans", "texte_refuse", None),
        ("entierement_a_distance", "oui", "oui_ou_non_attendu", None),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_proposed(
    champ: str, saisie: object, code: str, proposition: str | None
) -> None:
    with pytest.raises(SaisieRefusee) as refus:
        lire(champ, saisie)
    assert (refus.value.code, refus.value.proposition) == (code, proposition)


VALEURS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda dedans: st.lists(dedans, max_size=3) | st.dictionaries(st.text(), dedans, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(sorted(EDITABLES)), VALEURS)
def test_whatever_is_typed_is_read_as_the_offer_carries_it_or_refused(
    champ: str,
    saisie: Any,  # noqa: ANN401 - any JSON
) -> None:
    try:
        lue = lire(champ, saisie)
    except SaisieRefusee:
        return
    assert not (isinstance(lue, float) and math.isnan(lue))
    assert Offre.model_validate({champ: lue}).model_dump()[champ] == lue


def test_an_editable_field_is_one_of_the_offer() -> None:
    assert set(Offre.model_fields) >= EDITABLES >= DE_L_ACADEMIE >= COURRIELS


@pytest.mark.parametrize("portee", ["academie:02", "academie:2", "departement:84", "region:93"])
def test_a_territory_is_compared_as_numbers(portee: str) -> None:
    lieu = {"num_academie": "02", "num_departement": "84"}

    assert corrigibles(Role.DEPOSANT, frozenset({portee}), lieu, "93") == EDITABLES


def test_a_place_that_no_table_knows_is_in_no_territory() -> None:
    lieu = {"num_academie": None, "num_departement": None}

    for role in (Role.DEPOSANT, Role.INSTRUCTEUR):
        assert not corrigibles(role, frozenset({"academie:02", "region:93"}), lieu, None)
