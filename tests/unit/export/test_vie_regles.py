"""The life of a rule: what each act stores, keeps and refuses; what is written, compiled or not."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.statuts import Plateforme, Statut
from services.export.domain.constructeur import CHAMPS, OPERATEURS, Ligne
from services.export.domain.filtre_lecture import dire
from services.export.domain.redaction_regles import (
    Saisie,
    SaisieRefusee,
    compiler_saisie,
    rediger,
)
from services.export.domain.vie_regles import (
    Acte,
    ActeRefuse,
    Auteur,
    changer,
    creer,
    remplacer,
    supprimer,
    surcharger,
)

PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET
MOSS = Auteur("moss", datetime(2020, 11, 16, tzinfo=UTC))
PEUT = "peut intégrer"


def contenu(plateforme: Plateforme = AF, **parties: object) -> dict[str, Any]:
    champs: dict[str, Any] = {
        "niveau": "3 (CAP...)",
        "diplome": "CAP",
        "condition_integration": PEUT,
    } | parties
    return rediger(Saisie(plateforme, **champs))


def tenues(*actes: Acte) -> dict[str, dict[str, Any]]:
    return {acte.regle["_id"]: acte.regle for acte in actes}


def test_a_rule_without_status_takes_the_first_of_its_condition() -> None:
    assert contenu(PS)["statut"] == Statut.A_PUBLIER_HABILITATION
    assert contenu(AF)["statut"] == Statut.A_DEFINIR


def test_every_version_tells_who_changed_what() -> None:
    creee = creer({}, contenu(), MOSS)
    changee = changer(tenues(creee), creee.regle["_id"], contenu(duree="2"), MOSS)
    assert changee is not None
    supprimee = supprimer(changee.regle, MOSS)

    entrees = [acte.entree for acte in (creee, changee, supprimee)]
    assert [(un["version"], un["nature"]) for un in entrees] == [
        (1, "creation"),
        (2, "modification"),
        (3, "suppression"),
    ]
    assert entrees[0]["avant"] is None
    assert entrees[2]["apres"] is None
    for avant, apres in pairwise(entrees):
        assert apres["avant"] == avant["apres"]


def test_a_deleted_rule_created_again_is_restored() -> None:
    creee = creer({}, contenu(), MOSS)
    supprimee = supprimer(creee.regle, MOSS)
    retablie = creer(tenues(supprimee), contenu(), MOSS)

    assert retablie.regle["_id"] == creee.regle["_id"]
    assert (retablie.regle["version"], retablie.entree["nature"]) == (3, "retablissement")


def test_two_rules_in_force_are_never_about_the_same_subject() -> None:
    une = creer({}, contenu(), MOSS)
    autre = creer(tenues(une), contenu(duree="2"), MOSS)

    with pytest.raises(ActeRefuse, match="porte déjà") as refus:
        creer(tenues(une, autre), contenu(), MOSS)
    assert refus.value.regle == une.regle["_id"]
    with pytest.raises(ActeRefuse, match="porte déjà"):
        changer(tenues(une, autre), autre.regle["_id"], contenu(), MOSS)


def test_the_same_change_again_is_no_version() -> None:
    creee = creer({}, contenu(), MOSS)
    assert changer(tenues(creee), creee.regle["_id"], contenu(), MOSS) is None


@pytest.mark.parametrize(("nom", "supprimee"), [(None, True), ("  ", True), ("BTS mer", False)])
def test_forbidding_deletes_a_rule_without_a_name_and_keeps_a_named_one(
    nom: str | None, supprimee: bool
) -> None:
    creee = creer({}, contenu(nom=nom), MOSS)
    exclue = contenu(nom=nom, condition_integration="ne doit pas intégrer")
    acte = changer(tenues(creee), creee.regle["_id"], exclue, MOSS)

    assert acte is not None
    assert acte.regle["supprimee"] is supprimee
    if not supprimee:
        assert acte.regle["contenu"]["statut"] == Statut.NON_PUBLIABLE


def test_an_exclusion_without_a_name_is_not_created() -> None:
    with pytest.raises(ActeRefuse, match="aucun effet"):
        creer({}, contenu(condition_integration="ne doit pas intégrer"), MOSS)


def test_an_override_survives_a_change_and_is_taken_back() -> None:
    creee = creer({}, contenu(), MOSS)
    donnee = surcharger(creee.regle, 12, Statut.A_PUBLIER, MOSS)
    assert donnee is not None
    assert surcharger(donnee.regle, 12, Statut.A_PUBLIER, MOSS) is None
    changee = changer(tenues(donnee), creee.regle["_id"], contenu(annee="1"), MOSS)
    assert changee is not None
    assert changee.regle["contenu"]["statut_academies"] == {"12": "à publier"}
    reprise = surcharger(changee.regle, 12, None, MOSS)
    assert reprise is not None
    assert "statut_academies" not in reprise.regle["contenu"]
    assert reprise.entree["academie"] == 12


@pytest.mark.parametrize(
    ("parties", "statut"),
    [
        ({"plateforme": PS, "statut": Statut.A_PUBLIER_RECTEUR}, Statut.A_PUBLIER),
        ({"condition_integration": "doit intégrer"}, Statut.A_PUBLIER),
        ({"statut": Statut.A_PUBLIER_VALIDATION}, Statut.A_PUBLIER),
        ({"num_academie": 10}, Statut.A_PUBLIER),
        ({}, Statut.PUBLIE),
    ],
)
def test_an_override_is_refused_where_the_table_allows_none(
    parties: dict[str, Any], statut: Statut
) -> None:
    regle = creer({}, contenu(**{"plateforme": AF} | parties), MOSS).regle
    with pytest.raises(ActeRefuse) as refus:
        surcharger(regle, 12, statut, MOSS)
    assert refus.value.que_faire


@pytest.mark.parametrize(
    "acte",
    [
        lambda une: changer({une["_id"]: une}, une["_id"], contenu(), MOSS),
        lambda une: supprimer(une, MOSS),
        lambda une: surcharger(une, 12, Statut.A_PUBLIER, MOSS),
    ],
)
def test_a_deleted_rule_is_not_acted_upon(acte: Callable[[dict[str, Any]], object]) -> None:
    supprimee = supprimer(creer({}, contenu(), MOSS).regle, MOSS)
    with pytest.raises(ActeRefuse, match="supprimée"):
        acte(supprimee.regle)


def test_loading_the_same_file_again_makes_no_version() -> None:
    fichier = {"a": contenu(), "b": contenu(duree="2")}
    premiers = remplacer({}, fichier, MOSS)
    assert remplacer(tenues(*premiers), fichier, MOSS) == []
    (perdue,) = remplacer(tenues(*premiers), {"a": fichier["a"]}, MOSS)
    assert (perdue.regle["_id"], perdue.entree["nature"]) == ("b", "suppression")
    (rendue,) = remplacer(tenues(*premiers, perdue), fichier, MOSS)
    assert (rendue.regle["version"], rendue.entree["nature"]) == (3, "retablissement")


@pytest.mark.parametrize(
    "parties",
    [
        {"condition_integration": "doit intégrer", "statut": Statut.A_DEFINIR},
        {"condition_integration": "intègre peut-être"},
        {"niveau": "3"},
        {"statut": Statut.PUBLIE},
        {"statut": Statut.A_PUBLIER_RECTEUR},
    ],
)
def test_a_level_condition_or_status_that_no_rule_may_have_is_refused(
    parties: dict[str, Any],
) -> None:
    with pytest.raises(SaisieRefusee) as refus:
        contenu(AF, **parties)
    assert refus.value.fautes[0].lieu in ("statut", "condition_integration", "niveau")


@given(
    st.lists(
        st.builds(
            Ligne,
            st.sampled_from(sorted(CHAMPS)),
            st.sampled_from([un for un in OPERATEURS if un != "*."]),
            st.text(max_size=8),
            st.sampled_from(["AND", "OR"]),
        ),
        max_size=5,
    )
)
def test_lines_and_the_filter_that_they_become_are_one_rule(lignes: list[Ligne]) -> None:
    des_lignes = compiler_saisie(lignes, None)
    du_filtre = compiler_saisie((), des_lignes.filtre)
    assert dire(des_lignes.noeud) == dire(du_filtre.noeud)


@pytest.mark.parametrize(
    ("lignes", "filtre", "lieu"),
    [
        ([Ligne("cfd", "===", "1"), Ligne("$where", "===", "1")], None, "lignes[1]"),
        ([Ligne("cfd", "*.", "(?=a)")], None, "lignes[0]"),
        ([Ligne("cfd", "===", "1", "XOR")], None, "lignes[0]"),
        ([Ligne("cfd", "===", "1")], {"cfd": "1"}, "filtre"),
        ([], {"$and": [{"cfd": "1"}, {"$where": "1"}]}, "filtre.$and[1].$where"),
        ([], {"cfd": {"$regex": "(a"}}, "filtre.cfd.$regex"),
        ([], {"password": "1"}, "filtre.password"),
        ([], '{"cfd": ', "filtre, ligne 1, colonne 9"),
        ([], "[1]", "filtre"),
        ([], "[" * 100_000, "filtre"),
    ],
)
def test_what_cannot_be_compiled_is_refused_with_its_place(
    lignes: list[Ligne], filtre: object, lieu: str
) -> None:
    with pytest.raises(SaisieRefusee) as refus:
        compiler_saisie(lignes, filtre)
    assert [faute.lieu for faute in refus.value.fautes] == [lieu]
    assert refus.value.fautes[0].que_faire
