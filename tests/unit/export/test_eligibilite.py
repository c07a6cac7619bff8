"""What the rules say of an offer (domain.md §3.3): each clause, priorities, unknown facts."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.statuts import Plateforme, Statut
from services.export.domain.campagne import (
    Inconnu,
    Inscription,
    Politiques,
    contexte,
    seuil_de_validite,
)
from services.export.domain.eligibilite import Clause, Eligibilite, evaluer
from services.export.domain.regles import PRIORITES, JeuDeRegles, Regle
from tests.unit.export.fabrique import CAMPAGNE, JOUR, le_contexte, offre, regle

PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET


def juger(plateforme: Plateforme, *regles: Regle, **faits: object) -> Eligibilite:
    jeu = JeuDeRegles(regles or [regle(plateforme)])
    return evaluer(offre(plateforme, **faits), jeu, le_contexte(plateforme))


@pytest.mark.parametrize("plateforme", Plateforme)
def test_a_plain_offer_is_admitted(plateforme: Plateforme) -> None:
    jugee = juger(plateforme)
    assert (jugee.statut, jugee.obstacles, jugee.perimetre) == (Statut.A_PUBLIER, (), True)


@pytest.mark.parametrize(
    ("faits", "clause"),
    [
        ({"published": False}, Clause.HORS_FLUX),
        ({"catalogue_published": False}, Clause.HORS_CATALOGUE),
        ({"etat": "retiree"}, Clause.RETIREE),
        ({"etat": "remplacee"}, Clause.REMPLACEE),
        ({"bloquants": ["cle_absente"]}, Clause.CONSTAT_BLOQUANT),
        ({"annee": "2"}, Clause.ANNEE),
        ({"annee": None}, Clause.ANNEE),
        ({"cfd_outdated": True}, Clause.CERTIFICATION_PERIMEE),
        ({"cfd_date_fermeture": "2021-08-31"}, Clause.CERTIFICATION_EXPIRE),
        ({"diplome": "AUTRE"}, Clause.AUCUNE_REGLE),
        ({"date_debut": []}, Clause.SANS_SESSION),
        ({"date_debut": ["2020-09-01", "2023-09-01"]}, Clause.SANS_SESSION),
    ],
)
def test_one_clause_that_fails_is_named_and_decides(faits: dict[str, Any], clause: Clause) -> None:
    jugee = juger(PS, **faits)
    assert (jugee.statut, jugee.obstacles) == (Statut.NON_PUBLIABLE, (clause,))


def test_distance_learning_is_out_of_affelnet_only() -> None:
    cle = "106401P01115010559410002250105594100022-99999#LAD"
    assert juger(AF, cle_ministere_educatif=cle).obstacles == (Clause.A_DISTANCE,)
    assert juger(PS, cle_ministere_educatif=cle).obstacles == ()


def test_a_forced_publication_counts_as_reglementaire() -> None:
    assert juger(PS, catalogue_published=False, forced_published=True).statut is Statut.A_PUBLIER


@pytest.mark.parametrize(
    ("jour", "seuil"),
    [
        (date(2020, 9, 30), "2020-08-31"),
        (date(2020, 10, 1), "2021-08-31"),
        (date(2020, 12, 31), "2021-08-31"),
        (date(2024, 2, 29), "2024-08-31"),
        (date(2021, 8, 31), "2021-08-31"),
        (date(2021, 9, 1), "2021-08-31"),
    ],
)
def test_a_certification_must_outlive_the_school_year(jour: date, seuil: str) -> None:
    assert seuil_de_validite(jour) == seuil


_DEMANDE = {"rncp_code": "RNCP1", "rncp_outdated": False}


@pytest.mark.parametrize(
    ("faits", "politique", "obstacles"),
    [
        ({"catalogue_published": None}, Politiques(catalogue_inconnu=Inconnu.ECARTE),
         (Clause.HORS_CATALOGUE,)),
        ({"cfd_outdated": None}, Politiques(peremption_inconnue=Inconnu.ECARTE),
         (Clause.CERTIFICATION_PERIMEE,)),
        ({**_DEMANDE, "rncp_outdated": True},
         Politiques(inscription_inconnue=Inscription.SUR_DEMANDE), (Clause.CERTIFICATION_PERIMEE,)),
        ({**_DEMANDE, "rncp_outdated": True}, Politiques(), ()),
        ({**_DEMANDE, "rncp_details": {"type_enregistrement": "Enregistrement sur demande"}},
         Politiques(fiche_inconnue=Inconnu.ECARTE), (Clause.FICHE_INACTIVE,)),
        ({**_DEMANDE, "rncp_details": {"type_enregistrement": "Enregistrement sur demande"}},
         Politiques(), ()),
    ],
)  # fmt: skip
def test_an_unknown_fact_counts_as_its_policy_says(
    faits: dict[str, Any], politique: Politiques, obstacles: tuple[Clause, ...]
) -> None:
    jugee = evaluer(offre(**faits), JeuDeRegles([regle()]), le_contexte(politiques=politique))
    assert jugee.obstacles == obstacles


@given(st.permutations(PRIORITES[PS]))
def test_the_order_of_rules_never_matters_on_parcoursup(statuts: list[Statut]) -> None:
    regles = [regle(PS, id=str(rang), statut=un.value) for rang, un in enumerate(statuts)]
    assert juger(PS, *regles).statut is Statut.A_PUBLIER


@given(st.permutations(PRIORITES[AF]), st.integers(0, 3))
def test_the_strongest_status_wins_on_affelnet(statuts: list[Statut], sans: int) -> None:
    restants = PRIORITES[AF][sans:]
    regles = [
        regle(AF, id=str(rang), statut=un.value)
        for rang, un in enumerate(statuts)
        if un in restants
    ]
    assert juger(AF, *regles).statut is restants[0]


def test_an_academie_that_excludes_beats_a_national_rule() -> None:
    jugee = juger(
        AF,
        regle(AF, id="a", statut="à définir", statut_academies={"12": "non publiable en l'état"}),
        regle(AF, id="b"),
    )
    assert (jugee.statut, jugee.perimetre) == (Statut.NON_PUBLIABLE, False)
    assert jugee.obstacles == (Clause.EXCLUE_PAR_ACADEMIE,)


def test_a_refused_siret_shows_at_once_from_its_date() -> None:
    siret = "94981602900019"
    projection = offre(etablissement_formateur_siret=siret)
    for depuis, statut in ((JOUR, Statut.NON_PUBLIE), (date(2021, 1, 1), Statut.A_PUBLIER)):
        ici = contexte(PS, CAMPAGNE, JOUR, None, {siret: depuis})
        assert evaluer(projection, JeuDeRegles([regle()]), ici).statut is statut
