"""The quality rule, and who decides on the catalogue réglementaire."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.enrichissement.qualite import (
    Candidat,
    Politique,
    SiInconnu,
    Source,
    catalogue_reglementaire,
    constater,
    etablissement_reference,
    juger,
)
from tests.unit.enrich.fabrique import (
    JOUR,
    SIRET_CONNU,
    SIRET_FERME,
    codes,
    offre,
    references,
)

APRES_LA_LISTE = date(2022, 10, 12)
FAITS = st.sampled_from([True, False, None])
AUCUN = Candidat(conventionne=False, habilite=False)
CONVENTIONNE = Candidat(conventionne=True, habilite=False)
HABILITE = Candidat(conventionne=False, habilite=True)


@pytest.mark.parametrize(
    ("gestionnaire", "formateur", "type_", "attendu"),
    [
        (None, None, None, None),
        (AUCUN, None, None, "gestionnaire"),
        (None, AUCUN, "TP", "formateur"),
        (AUCUN, CONVENTIONNE, None, "formateur"),
        (CONVENTIONNE, CONVENTIONNE, None, "gestionnaire"),
        (AUCUN, HABILITE, "TP", "formateur"),
        (AUCUN, HABILITE, "Titre", "formateur"),
        (HABILITE, HABILITE, "TP", "gestionnaire"),
        (AUCUN, HABILITE, "BTS", "gestionnaire"),
        (AUCUN, AUCUN, "TP", "gestionnaire"),
        (Candidat(), Candidat(), "TP", "gestionnaire"),
    ],
)
def test_whose_quality_counts(
    gestionnaire: Candidat | None, formateur: Candidat | None, type_: str | None, attendu: str
) -> None:
    assert etablissement_reference(gestionnaire, formateur, type_) == attendu


@pytest.mark.parametrize(
    ("faits", "attendu"),
    [
        ({"qualiopi": True}, True),
        ({"qualiopi": False}, False),
        ({"qualiopi": None}, None),
        ({"qualiopi": True, "actif": False}, False),
        ({"qualiopi": None, "actif": False}, False),
        ({"code_type_certif": "TP"}, True),
        ({"code_type_certif": "TP", "habilite": False}, False),
        ({"code_type_certif": "Titre", "eligible": False}, False),
        ({"code_type_certif": "TP", "habilite": None}, None),
        ({"code_type_certif": "BTS", "habilite": False, "eligible": False}, True),
    ],
)
def test_what_makes_an_offer_reglementaire(faits: dict[str, Any], attendu: bool | None) -> None:
    bons: dict[str, Any] = {
        "qualiopi": True,
        "code_type_certif": None,
        "habilite": True,
        "eligible": True,
    }

    assert catalogue_reglementaire(**{**bons, **faits}) is attendu


@given(qualiopi=FAITS, habilite=FAITS, eligible=FAITS, actif=FAITS, type_=st.sampled_from(["TP"]))
def test_knowing_more_never_turns_a_judgement(
    qualiopi: bool | None,
    habilite: bool | None,
    eligible: bool | None,
    actif: bool | None,
    type_: str,
) -> None:
    faits = {"qualiopi": qualiopi, "habilite": habilite, "eligible": eligible, "actif": actif}
    juge = catalogue_reglementaire(code_type_certif=type_, **faits)

    for nom in (nom for nom, fait in faits.items() if fait is None):
        for appris in (True, False):
            mieux = catalogue_reglementaire(code_type_certif=type_, **{**faits, nom: appris})
            assert juge in {None, mieux}


@pytest.mark.parametrize(
    ("politique", "calculee", "attendu"),
    [
        (Politique(), False, True),
        (Politique(Source.CALCULEE), False, False),
        (Politique(Source.CALCULEE), None, True),
        (Politique(Source.CALCULEE, SiInconnu.REGLEMENTAIRE), None, True),
        (Politique(Source.CALCULEE, SiInconnu.NON_REGLEMENTAIRE), None, False),
        (Politique(Source.CALCULEE, SiInconnu.INCONNU), None, None),
    ],
)
def test_who_decides_is_a_policy(
    politique: Politique, calculee: bool | None, attendu: bool | None
) -> None:
    assert politique.trancher(amont=True, calculee=calculee) is attendu


def test_the_tables_judge_an_offer() -> None:
    champs = juger("RNCP100", "BAC PRO", SIRET_CONNU, SIRET_FERME, references(), APRES_LA_LISTE)

    assert champs == {
        "etablissement_reference": "gestionnaire",
        "etablissement_gestionnaire_habilite_rncp": None,
        "etablissement_formateur_habilite_rncp": None,
        "catalogue_reglementaire_calcule": True,
    }


def test_before_the_day_of_the_list_quality_is_unknown() -> None:
    champs = juger("RNCP100", "BAC PRO", SIRET_CONNU, SIRET_CONNU, references(), JOUR)

    assert champs["catalogue_reglementaire_calcule"] is None


@pytest.mark.parametrize(("source", "publiee"), [(Source.AMONT, True), (Source.CALCULEE, False)])
def test_the_formation_follows_the_policy_and_tells_the_disagreement(
    source: Source, publiee: bool
) -> None:
    enrichisseur = Enrichisseur(references(), APRES_LA_LISTE, politique=Politique(source))

    formation, constats = enrichisseur.enrichir(
        offre(catalogue_published=True, etablissement_gestionnaire_siret=SIRET_FERME)
    )

    assert formation["catalogue_published"] is publiee
    assert formation["catalogue_reglementaire_calcule"] is False
    assert "catalogue_divergent" in codes(constats)


@pytest.mark.parametrize(("amont", "calculee"), [(None, True), (True, None), (False, False)])
def test_nothing_is_said_without_a_disagreement(amont: bool | None, calculee: bool | None) -> None:
    assert constater(amont=amont, calculee=calculee) == ()
