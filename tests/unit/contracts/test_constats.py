"""Every finding is explained to a person, and decides what becomes of its line."""

import re

import pytest

from contracts.constats import CATALOGUE, LIBELLES, Gravite, gravite, rendre, statut_ligne
from contracts.evenements import StatutLigne
from contracts.offre import Offre

_NBSP = "\N{NO-BREAK SPACE}"


def constat(code: str, **autres: str) -> dict[str, str | None]:
    return {"code": code, **autres}


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_finding_is_rendered_without_a_hole(code: str) -> None:
    rendu = rendre(constat(code, champ="cfd", valeur="V", proposition="P"))

    assert not re.search(r"[{}]", rendu.message + rendu.que_faire)
    assert rendu.message.endswith(".")
    assert rendu.que_faire.endswith((".", "?"))


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_code_is_a_plain_word(code: str) -> None:
    assert re.fullmatch(r"[a-z0-9_]+", code)


@pytest.mark.parametrize("champ", Offre.model_fields)
def test_every_field_of_an_offer_has_a_french_name(champ: str) -> None:
    assert champ in LIBELLES


def test_a_message_names_field_value_and_proposition() -> None:
    rendu = rendre(
        constat(
            "uai_lettre_fausse", champ="uai_formation", valeur="0330001Z", proposition="0330001K"
        )
    )

    assert rendu.message == (
        f"UAI du lieu de formation{_NBSP}: la lettre de «{_NBSP}0330001Z{_NBSP}» ne correspond "
        "pas à ses chiffres."
    )
    assert "0330001K" in rendu.que_faire


def test_a_proposition_that_the_text_does_not_mention_is_added() -> None:
    rendu = rendre(constat("cfd_mal_forme", champ="cfd", valeur="5OO22137", proposition="50022137"))

    assert rendu.que_faire.endswith(f"Proposition{_NBSP}: 50022137.")


def test_braces_in_a_value_are_left_alone() -> None:
    assert "{proposition}" in rendre(constat("ligne_illisible", valeur="{proposition}")).message


def test_a_long_value_is_cut() -> None:
    assert len(rendre(constat("colonne_inconnue", valeur="x" * 5_000)).message) < 300


def test_an_unknown_code_is_named() -> None:
    assert "code_du_futur" in rendre(constat("code_du_futur")).message


@pytest.mark.parametrize(
    ("codes", "statut"),
    [
        ([], StatutLigne.ACCEPTEE),
        (["zero_restaure"], StatutLigne.ACCEPTEE),
        (["zero_restaure", "uai_different"], StatutLigne.A_CORRIGER),
        (["cle_absente"], StatutLigne.A_CORRIGER),
        (["cle_absente", "lieu_absent"], StatutLigne.REFUSEE),
        (["code_du_futur"], StatutLigne.ACCEPTEE),
    ],
)
def test_the_gravest_finding_decides_of_the_line(codes: list[str], statut: StatutLigne) -> None:
    assert statut_ligne(codes) is statut


@pytest.mark.parametrize(
    ("code", "attendue"),
    [
        ("ligne_illisible", Gravite.REFUS),
        ("siret_gestionnaire_manquant", Gravite.REFUS),
        ("siret_formateur_mal_forme", Gravite.REFUS),
        ("lieu_absent", Gravite.REFUS),
        ("certification_absente", Gravite.REFUS),
        ("siret_cle_fausse", Gravite.BLOQUANT),
        ("uai_lettre_fausse", Gravite.BLOQUANT),
        ("cle_absente", Gravite.BLOQUANT),
        ("certification_inconnue", Gravite.BLOQUANT),
        ("uai_different", Gravite.A_CORRIGER),
        ("uai_lieu_inconnu", Gravite.INFORMATION),
        ("siret_formateur_inconnu", Gravite.INFORMATION),
    ],
)
def test_severities_are_those_of_the_design(code: str, attendue: Gravite) -> None:
    assert gravite(code) is attendue
