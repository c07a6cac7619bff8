"""The diploma of an offer."""

from typing import Any

import pytest

from services.enrich.domain.enrichissement.certification import certifier, specialiser
from tests.unit.enrich.fabrique import (
    BAC_PRO,
    BOUCLE_A,
    CAP_FERME,
    CAP_SUIVANT,
    JOUR,
    SANS_SUITE,
    VERS_INCONNU,
    codes,
    references,
)

REFERENCES = references()


def _champs(cfd: str | None, rncp: str | None = None) -> dict[str, Any]:
    return certifier(cfd, rncp, REFERENCES, JOUR).champs


def test_an_open_diploma_is_described_by_the_tables() -> None:
    champs = _champs(BAC_PRO)

    assert champs["intitule_long"] == f"LONG {BAC_PRO}"
    assert champs["intitule_court"] == f"STAT {BAC_PRO}"
    assert champs["diplome"] == "BAC PROFESSIONNEL"
    assert champs["niveau"] == "4 (BAC...)"
    assert champs["cfd_outdated"] is False
    assert champs["cfd_remplace_par"] is None


def test_a_replaced_diploma_keeps_its_code_and_is_described_by_its_successor() -> None:
    champs = _champs(CAP_FERME)

    assert champs["cfd"] == CAP_FERME
    assert champs["cfd_remplace_par"] == CAP_SUIVANT
    assert champs["intitule_long"] == f"LONG {CAP_SUIVANT}"
    assert champs["cfd_date_fermeture"] == "2024-08-31"
    assert champs["cfd_outdated"] is False


@pytest.mark.parametrize("cfd", [SANS_SUITE, BOUCLE_A, VERS_INCONNU])
def test_a_diploma_that_leads_nowhere_is_outdated_and_keeps_labels(cfd: str) -> None:
    champs = _champs(cfd)

    assert champs["cfd_outdated"] is True
    assert champs["intitule_long"]


def test_an_unknown_diploma_is_kept_with_what_its_code_says() -> None:
    champs = _champs("32099999")

    assert (champs["cfd"], champs["niveau"]) == ("32099999", "5 (BTS, DEUST...)")
    assert champs["cfd_outdated"] is None


def test_a_missing_diploma_follows_from_the_only_one_of_the_fiche() -> None:
    trouve = certifier(None, "RNCP100", REFERENCES, JOUR)

    assert trouve.champs["cfd"] == BAC_PRO
    assert codes(trouve.constats) == ["cfd_deduit"]


@pytest.mark.parametrize(
    ("cfd", "rncp", "attendus"),
    [
        (BAC_PRO, None, []),
        (CAP_FERME, None, ["cfd_remplace"]),
        (SANS_SUITE, None, ["cfd_ferme"]),
        (BOUCLE_A, None, ["cfd_boucle"]),
        (VERS_INCONNU, None, ["cfd_successeur_inconnu"]),
        ("99999999", None, ["cfd_inconnu"]),
        (None, None, ["cfd_absent"]),
        (None, "RNCP999", ["cfd_absent"]),
    ],
)
def test_what_is_found(cfd: str | None, rncp: str | None, attendus: list[str]) -> None:
    assert codes(certifier(cfd, rncp, REFERENCES, JOUR).constats) == attendus


def test_the_successor_is_proposed() -> None:
    (constat,) = certifier(CAP_FERME, None, REFERENCES, JOUR).constats

    assert (constat["valeur"], constat["proposition"]) == (CAP_FERME, CAP_SUIVANT)


def test_a_missing_diploma_follows_from_the_only_open_one_of_the_fiche() -> None:
    tables = references(kit_apprentissage=[[BAC_PRO, "RNCP100"], [SANS_SUITE, "RNCP100"]])

    trouve = certifier(None, "RNCP100", tables, JOUR)

    assert trouve.champs["cfd"] == BAC_PRO
    assert trouve.constats[0]["correction"] == {"cfd": BAC_PRO}


def test_several_open_diplomas_of_the_fiche_are_left_to_a_person() -> None:
    tables = references(kit_apprentissage=[[BAC_PRO, "RNCP100"], [CAP_SUIVANT, "RNCP100"]])

    (constat,) = certifier(None, "RNCP100", tables, JOUR).constats

    assert constat["code"] == "cfd_absent"
    assert constat["confiance"] == "faible"
    assert constat["proposition"] == f"{BAC_PRO} ou {CAP_SUIVANT}"


def test_closed_diplomas_of_the_fiche_are_not_proposed() -> None:
    tables = references(kit_apprentissage=[[SANS_SUITE, "RNCP100"], [BOUCLE_A, "RNCP100"]])

    (constat,) = certifier(None, "RNCP100", tables, JOUR).constats

    assert (constat["code"], "proposition" in constat) == ("cfd_absent", False)


def test_the_ninth_letter_stands_for_a_speciality() -> None:
    tables = references(lettres=[["T", "REALISATION DU SERVICE", "REALI-SERV"]])

    assert specialiser("T", tables) == {
        "cfd_specialite_libelle": "REALISATION DU SERVICE",
        "cfd_specialite_libelle_court": "REALI-SERV",
    }
    assert set(specialiser("Z", tables).values()) == {None}
    assert set(specialiser(None, tables).values()) == {None}
