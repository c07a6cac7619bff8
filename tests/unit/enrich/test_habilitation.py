"""Who may prepare for a fiche."""

import pytest

from services.enrich.domain.enrichissement.habilitation import habilite, habilite_pour
from services.enrich.domain.references.tables import Certificateur, Partenaire
from tests.unit.enrich.fabrique import SIRET_CONNU, SIRET_INCONNU, references


def _certifie_par(nom: str, siret: str | None = None) -> list[Certificateur]:
    return [Certificateur("RNCP1", nom, siret)]


@pytest.mark.parametrize(
    "ministere",
    [
        "Ministère du travail",
        "Ministère chargé de l'Emploi",
        (
            "Ministère du Travail - "
            "Délégation Générale à l'Emploi et à la Formation Professionnelle (DGEFP)"
        ),
        "MINISTERE DU TRAVAIL DE L'EMPLOI ET DE L'INSERTION",
        "ministere du travail",
    ],
)
def test_everyone_may_prepare_for_a_title_of_the_labour_ministry(ministere: str) -> None:
    assert habilite(SIRET_CONNU, _certifie_par(ministere), ()) is True


def test_a_certificateur_may() -> None:
    assert habilite(SIRET_CONNU, _certifie_par("CCI", SIRET_CONNU), ()) is True
    assert habilite(SIRET_CONNU, _certifie_par("CCI", SIRET_INCONNU), ()) is False


@pytest.mark.parametrize(
    ("habilitation", "attendu"),
    [
        ("HABILITATION_ORGA_FORM", True),
        ("HABILITATION_FORMER", True),
        ("HABILITATION_ORGANISER", False),
        ("", False),
    ],
)
def test_a_partenaire_may_when_it_is_to_teach(habilitation: str, attendu: bool) -> None:
    partenaires = [Partenaire("RNCP1", SIRET_CONNU, habilitation)]

    assert habilite(SIRET_CONNU, (), partenaires) is attendu
    assert habilite(SIRET_INCONNU, (), partenaires) is False


@pytest.mark.parametrize(("certificateurs", "partenaires"), [(None, ()), ((), None)])
def test_what_a_missing_list_could_have_said_is_unknown(
    certificateurs: tuple[Certificateur, ...] | None, partenaires: tuple[Partenaire, ...] | None
) -> None:
    assert habilite(SIRET_CONNU, certificateurs, partenaires) is None


def test_the_tables_answer_for_a_fiche() -> None:
    tables = references(
        certificateurs=[["RNCP100", "CCI", None]],
        partenaires=[["RNCP100", SIRET_CONNU, "HABILITATION_FORMER"]],
    )

    assert habilite_pour(SIRET_CONNU, "RNCP100", tables) is True
    assert habilite_pour(SIRET_CONNU, "RNCP202", tables) is False
    assert habilite_pour(SIRET_CONNU, None, tables) is None
    assert habilite_pour(None, "RNCP100", tables) is None
    assert habilite_pour(SIRET_CONNU, "RNCP100", references()) is None
