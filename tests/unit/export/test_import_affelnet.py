"""An Affelnet file against stored offers: rows, differences, facts (§4.3)."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.statuts import Plateforme
from services.export.domain.academies import numero
from services.export.domain.entetes import EnteteRefusee
from services.export.domain.import_affelnet import Comparaison, appliquer, comparer, couverte
from services.export.domain.lignes_affelnet import (
    COLONNES,
    LigneLue,
    lire_entete,
    lire_lignes,
)
from services.export.domain.projections import Juge, planifier, rejuger
from services.export.domain.rapport_import import rapporter
from tests.unit.export.fabrique import INSTANT, evenement, juge, offre, regle

AF = Plateforme.AFFELNET
JUGE = juge(regle(AF))
ENTETE = ["ACADEMIE", "CODE_OFFRE", "UAI", "CODE_MEF", "CLE_MINISTERE_EDUCATIF", "CP"]
ENTETE_LONG = [*ENTETE, "PUBLIC_PRIVE", "CODE_NATURE", "INFORMATIONS", "TELEPHONE", "MEL"]
MEF = "2412213331"


def document(rang: int, **faits: object) -> dict[str, Any]:
    formation = offre(AF) | {
        "cle_ministere_educatif": f"06439{rang}P012119060793700074198401101000{rang}1-84007#L01",
        "num_academie": "02",
        "nom_academie": "Aix-Marseille",
        "num_departement": "84",
        "code_postal": "84000",
        "code_commune_insee": "84007",
        "uai_formation": f"084000{rang}X",
        "bcn_mefs_10": [{"mef10": MEF, "duree": "3", "annee": "1"}],
    }
    lot = [evenement(f"{rang:026}", formation=formation)]
    (un,) = planifier(lot, {}, JUGE, INSTANT).nouvelles
    un |= faits
    rejuger(un, JUGE, INSTANT, origine=None)
    return un


def rangee(rang: int, code: str = "1", **parties: str) -> list[str]:
    cellules = {
        "ACADEMIE": "AIX-MARSEILLE",
        "CODE_OFFRE": code,
        "UAI": f"084000{rang}X",
        "CODE_MEF": MEF,
        "CP": "84000",
        "PUBLIC_PRIVE": "PR",
        "CODE_NATURE": "320",
        "INFORMATIONS": "Internat possible",
        "TELEPHONE": "0490000000",
        "MEL": "cfa@example.org",
    } | parties
    return [cellules.get(colonne, "") for colonne in ENTETE_LONG]


def lues(*rangees: list[str], academie: str | None = None) -> list[LigneLue]:
    return list(lire_lignes(enumerate([ENTETE_LONG, *rangees], 1), academie))


def compare(
    documents: list[dict[str, Any]],
    lignes: list[LigneLue],
    academies: set[str] | None = None,
    par: Juge = JUGE,
) -> Comparaison:
    return comparer([couverte(un, par) for un in documents], lignes, academies)


def importer(
    documents: list[dict[str, Any]], lignes: list[LigneLue], academies: set[str] | None = None
) -> tuple[list[dict[str, Any]], Comparaison]:
    comparaison = compare(documents, lignes, academies)
    par_id = {un["_id"]: un for un in documents}
    for ecart in comparaison.ecarts:
        change = appliquer(par_id[ecart.apres.id], ecart, "2020", INSTANT, "import")
        rejuger(change, JUGE, INSTANT, origine=None)
        par_id[ecart.apres.id] = change
    return list(par_id.values()), comparaison


def montre(un: dict[str, Any]) -> tuple[str, str | None]:
    dit = un["publication"]["plateformes"]["affelnet"]
    return dit["statut"], dit["identifiant"]


def decision(statut: str, numero_: int = 1) -> dict[str, Any]:
    prise = {"numero": numero_, "statut": statut, "campagne": "2020", "auteur": "x"}
    return {"decisions": {"affelnet": {**prise, "prise_le": INSTANT}}}


def test_a_covered_offer_is_published_with_what_the_row_says() -> None:
    (un,), _ = importer([document(1)], lues(rangee(1)))

    assert montre(un) == ("publié", "AIX-MARSEILLE/1")
    assert un["couverture"]["affelnet"] == {
        "secteur": "PR",
        "code_nature": "320",
        "mef": MEF,
        "infos": "Internat possible",
        "import": "import",
        "ligne": 2,
    }


def test_a_refusal_keeps_its_status_and_gets_the_identifier() -> None:
    (un,), comparaison = importer([document(1, **decision("non publié"))], lues(rangee(1)))

    assert montre(un) == ("non publié", "AIX-MARSEILLE/1")
    assert rapporter(lues(rangee(1)), comparaison)[0]["code"] == "refus_conserve"


def test_the_texts_of_the_academie_are_not_written_over() -> None:
    ecrits = {"textes": {"affelnet": {"infos_offre": "Portes ouvertes"}}}
    (un,), _ = importer([document(1, **ecrits)], lues(rangee(1)))

    assert un["couverture"]["affelnet"]["infos"] is None


def test_an_offer_that_its_academie_no_longer_names_falls_and_comes_back() -> None:
    deux = [document(1), document(2)]
    deux, _ = importer(deux, lues(rangee(1, "1"), rangee(2, "2")))
    deux, _ = importer(deux, lues(rangee(1, "1")))
    assert [montre(un) for un in deux] == [("publié", "AIX-MARSEILLE/1"), ("à publier", None)]

    deux, _ = importer(deux, lues(rangee(1, "1"), rangee(2, "2")))
    assert montre(deux[1]) == ("publié", "AIX-MARSEILLE/2")


def test_a_file_of_one_academie_says_nothing_of_another() -> None:
    un, _ = importer([document(1)], lues(rangee(1)))
    (apres,), comparaison = importer(un, lues(rangee(9, ACADEMIE="LYON")))
    assert comparaison.ecarts == ()
    assert montre(apres) == ("publié", "AIX-MARSEILLE/1")

    (apres,), _ = importer(un, lues(rangee(9, CODE_OFFRE="9")))
    assert montre(apres) == ("à publier", None)


def test_an_academie_named_by_the_request_may_have_lost_all_its_offers() -> None:
    un, _ = importer([document(1)], lues(rangee(1)))
    autres = lues(rangee(9, ACADEMIE="LYON"), academie="02")

    assert [lue.refus for lue in autres] == ["autre_academie"]
    (apres,), _ = importer(un, autres, {"02"})
    assert montre(apres)[1] is None


DECISIONS = st.sampled_from([{}, decision("prêt pour intégration"), decision("non publié")])
FICHIERS = st.lists(
    st.builds(
        rangee,
        st.integers(1, 4),
        st.sampled_from("123"),
        ACADEMIE=st.sampled_from(["AIX-MARSEILLE", "Lyon", "24"]),
        CP=st.sampled_from(["84000", "84007", "75008"]),
        INFORMATIONS=st.sampled_from(["", "texte"]),
    ),
    max_size=5,
)


@given(st.lists(DECISIONS, min_size=1, max_size=3), FICHIERS, FICHIERS)
def test_a_file_applied_twice_changes_nothing_and_no_decision_is_touched(
    decisions: list[dict[str, Any]], avant: list[list[str]], fichier: list[list[str]]
) -> None:
    offres = [document(rang, **prise) for rang, prise in enumerate(decisions, 1)]
    offres, _ = importer(offres, lues(*avant))
    apres, _ = importer(offres, lues(*fichier))
    encore, comparaison = importer(apres, lues(*fichier))

    assert comparaison.ecarts == ()
    assert encore == apres
    assert [un.get("decisions") for un in apres] == [prise.get("decisions") for prise in decisions]


@given(FICHIERS)
def test_every_row_is_told_of_once(fichier: list[list[str]]) -> None:
    lignes = lues(*fichier)
    rapport = rapporter(lignes, compare([document(1), document(2)], lignes))

    assert [un["ligne"] for un in rapport] == list(range(2, len(fichier) + 2))


def test_a_publication_of_last_campaign_is_said_again() -> None:
    un, _ = importer([document(1)], lues(rangee(1)))
    un[0]["retours"]["affelnet"]["campagne"] = "2019"
    rejuger(un[0], JUGE, INSTANT + timedelta(days=1), origine=None)
    assert montre(un[0]) != ("publié", "AIX-MARSEILLE/1")

    (apres,), _ = importer(un, lues(rangee(1)))
    assert montre(apres) == ("publié", "AIX-MARSEILLE/1")


def test_what_rules_no_longer_or_newly_admit_is_so_before_it_is_judged_again() -> None:
    admise, ecartee = document(1), document(1)
    rejuger(ecartee, juge(), INSTANT, origine=None)

    assert [un.avant.statut for un in compare([ecartee], lues(rangee(1))).ecarts] == ["à publier"]
    assert compare([admise], lues(rangee(1)), par=juge()).ecarts == ()


def test_phone_and_mail_are_not_kept() -> None:
    gardees = lues(rangee(1))[0].cellules
    assert not {"0490000000", "cfa@example.org"} & set(gardees.values())
    assert len(COLONNES) == 42


def test_cells_are_normalised_at_the_boundary() -> None:
    (lue,) = lues(rangee(1, UAI="010856 a", CP="1000", CODE_MEF="24122133311"))
    assert lue.dite is not None
    assert (lue.dite.uai, lue.dite.code_postal, lue.dite.mef) == ("0010856A", "01000", MEF)


@pytest.mark.parametrize(
    ("parties", "refus"),
    [
        ({"ACADEMIE": ""}, "sans_identifiant"),
        ({"CODE_OFFRE": ""}, "sans_identifiant"),
        ({"ACADEMIE": "ATLANTIDE"}, "academie_inconnue"),
        ({"UAI": ""}, "sans_uai"),
        ({"CODE_MEF": "AFFECTATION"}, "sans_cle_ni_mef"),
    ],
)
def test_a_row_that_names_no_offer_says_why(parties: dict[str, str], refus: str) -> None:
    assert lues(rangee(1, **parties))[0].refus == refus


def test_one_code_is_one_offer() -> None:
    assert [lue.refus for lue in lues(rangee(1), rangee(2))] == [None, "identifiant_en_double"]


def test_a_header_must_name_what_a_match_needs() -> None:
    with pytest.raises(EnteteRefusee, match="UAI, CODE_MEF"):
        lire_entete(["ACADEMIE", "CODE_OFFRE", "CP", "CLE_MINISTERE_EDUCATIF"])
    with pytest.raises(EnteteRefusee, match="double"):
        lire_entete([*ENTETE, "CP"])
    assert "saisie_reservee_segpa" in lire_entete([*ENTETE, "SAISIE RÉSERVÉE SEGPA"])


@pytest.mark.parametrize(
    ("ecrite", "attendu"),
    [
        ("CRETEIL", "24"),
        ("Créteil", "24"),
        ("2", "02"),
        ("LA REUNION", "28"),
        ("REUNION", "28"),
        ("académie de Lyon", "10"),
        ("Orléans - Tours", "18"),
        ("", None),
        (None, None),
        ("99", None),
    ],
)
def test_an_academie_is_known_however_it_is_written(
    ecrite: str | None, attendu: str | None
) -> None:
    assert numero(ecrite) == attendu
