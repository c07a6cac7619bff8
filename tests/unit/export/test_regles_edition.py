"""Rule editing, the builder, reports, last season, 1 September (§3.2, §3.7, §6)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.statuts import Plateforme, Statut
from services.export.domain.constructeur import ConstructionRefusee, Ligne, construire
from services.export.domain.edition_regles import (
    NE_DOIT_PAS,
    PEUT,
    changer_de_condition,
    statut_par_defaut,
)
from services.export.domain.filtre import compiler
from services.export.domain.reinitialisation_affelnet import statut_apres
from services.export.domain.saison_precedente import (
    Cause,
    cause,
    sans_session,
)

PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET


@given(st.text("aZ1.-[(+ é$^\\", min_size=1))
def test_a_line_of_the_builder_compiles_and_means_what_it_says(valeur: str) -> None:
    for operateur, offre, tient in (
        ("===", valeur, True),
        ("!==", valeur, False),
        ("===*", f"x{valeur}y", True),
        ("!==*", f"x{valeur}y", False),
        ("===^", f"{valeur}y", True),
        ("===$", f"x{valeur}", True),
    ):
        predicat = compiler(construire([Ligne("intitule_long", operateur, valeur)]))
        assert predicat({"intitule_long": offre}) is tient


def test_lines_mixed_enter_the_list_of_their_combinator() -> None:
    lignes = [("a", "AND"), ("b", "OR"), ("c", "AND"), ("", "AND")]
    filtre = construire([Ligne("cfd", "===", valeur, lien) for valeur, lien in lignes])

    assert filtre == {"$or": [{"cfd": "a"}, {"cfd": "b"}], "$and": [{"cfd": "c"}]}
    assert construire([]) == {}


@pytest.mark.parametrize(
    "ligne",
    [Ligne("$where", "===", "1"), Ligne("cfd", "?", "1"), Ligne("cfd", "===", "1", "XOR")],
)
def test_what_the_builder_has_not_is_refused(ligne: Ligne) -> None:
    with pytest.raises(ConstructionRefusee):
        construire([ligne, ligne])


def test_forbidding_deletes_an_unnamed_rule_alone() -> None:
    assert changer_de_condition(AF, NE_DOIT_PAS, nommee=False) is None
    assert changer_de_condition(AF, NE_DOIT_PAS, nommee=True) is Statut.NON_PUBLIABLE
    assert statut_par_defaut(PS, PEUT) is Statut.A_PUBLIER_HABILITATION


def test_a_request_repeated_is_no_renewal() -> None:
    avant, apres = date(2022, 8, 15), date(2022, 9, 15)
    repetee = [(avant, Statut.PRET), (apres, Statut.PRET)]
    refaite = [(avant, Statut.PRET), (apres, Statut.NON_PUBLIE), (apres, Statut.PRET)]
    jour = date(2022, 9, 1)

    assert statut_apres(Statut.PRET, repetee, jour, au_flux=True) is Statut.NON_PUBLIABLE
    assert statut_apres(Statut.PRET, refaite, jour, au_flux=True) is Statut.PRET
    assert statut_apres(Statut.PRET, repetee, jour, au_flux=False) is Statut.PRET


def test_the_first_cause_that_holds_is_told() -> None:
    certifiee = {"etablissement_reference_certifie_qualite": True, "perimetre": True}

    assert cause({"published": False}, sans_session) is Cause.FERMEE
    assert cause({}, sans_session) is Cause.QUALIOPI_PERDU
    assert cause(certifiee, sans_session) is Cause.PAS_MISE_A_JOUR
    assert cause({**certifiee, "session": True}, sans_session) is Cause.AUTRE
