"""The historic judgement of an offer's establishments."""

import pytest

from services.enrich.domain.enrichissement.lien_etablissements import (
    Defaut,
    ServiceEnEchec,
    Statut,
    juger_le_lien,
    statut_administratif,
)

FERMES = {"OUVERT": False, "FERME": True}


@pytest.mark.parametrize(
    ("gestionnaire", "formateur", "attendu"),
    [
        ("OUVERT", "OUVERT", None),
        (None, "OUVERT", Defaut.SIRET_ABSENT),
        ("OUVERT", None, Defaut.SIRET_ABSENT),
        ("A", "B", Defaut.DEUX_INCONNUS),
        ("A", "FERME", Defaut.GESTIONNAIRE_INCONNU),
        ("FERME", "B", Defaut.GESTIONNAIRE_FERME),
        ("FERME", "FERME", Defaut.GESTIONNAIRE_FERME),
        ("OUVERT", "B", Defaut.FORMATEUR_INCONNU),
        ("OUVERT", "FERME", Defaut.FORMATEUR_FERME),
    ],
)
def test_the_gestionnaire_is_judged_first(
    gestionnaire: str | None, formateur: str | None, attendu: Defaut | None
) -> None:
    assert juger_le_lien(gestionnaire, formateur, FERMES) is attendu


@pytest.mark.parametrize(
    ("etat", "http_status", "attendu"),
    [
        ("A", 200, Statut.ACTIF),
        ("F", 200, Statut.FERME),
        (None, 451, Statut.INDISPONIBLE),
    ],
)
def test_what_an_answer_says(etat: str | None, http_status: int, attendu: Statut) -> None:
    assert statut_administratif(etat, http_status) is attendu


@pytest.mark.parametrize(("etat", "http_status"), [("A", 500), (None, 404), (None, 200)])
def test_nothing_is_concluded_from_a_failure(etat: str | None, http_status: int) -> None:
    with pytest.raises(ServiceEnEchec):
        statut_administratif(etat, http_status)
