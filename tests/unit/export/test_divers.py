"""Files of rules, ranges of lines, Affelnet's file, explanations."""

import itertools
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.evenements import PublicationV1
from services.export.domain.affelnet import COLONNES, fichier_csv, offre
from services.export.domain.avancement import plages
from services.export.domain.eligibilite import Clause
from services.export.domain.explications import clauses, en_clair
from services.export.domain.projections import planifier
from services.export.domain.regles_lecture import lire_fichier
from tests.unit.export.fabrique import INSTANT, document_de_regle, evenement, juge, regle


@given(st.sets(st.integers(1, 200)))
def test_ranges_hold_exactly_the_lines(lignes: set[int]) -> None:
    trouvees = plages(lignes)
    assert {n for debut, fin in trouvees for n in range(debut, fin + 1)} == lignes
    assert all(une[1] + 1 < autre[0] for une, autre in itertools.pairwise(trouvees))


def test_a_rule_that_cannot_be_applied_whole_is_set_aside() -> None:
    lecture = lire_fichier(
        [
            document_de_regle(),
            document_de_regle(regle_complementaire='{"cfd": {"$where": "1"}}'),
            document_de_regle(regle_complementaire="{"),
            document_de_regle(statut="publié"),
            document_de_regle() | {"plateforme": "autre"},
            document_de_regle(is_deleted=True),
            "texte",
        ]
    )
    assert (len(lecture.regles), lecture.supprimees) == (1, 1)
    assert [une.rang for une in lecture.ecartees] == [2, 3, 4, 5, 7]


def test_the_same_file_in_another_order_gives_the_same_rules() -> None:
    documents = [document_de_regle(duree=str(un % 3), statut="à publier") for un in range(9)]
    melanges = random.Random(3).sample(documents, len(documents))
    assert lire_fichier(documents).regles == lire_fichier(melanges).regles


@pytest.mark.parametrize("debut", ["=", "+", "-", "@", "\t"])
def test_a_cell_is_never_a_formula(debut: str) -> None:
    ligne: dict[str, Any] = dict.fromkeys(COLONNES) | {"localite": f"{debut}1"}
    assert f";'{debut}1;".encode() in fichier_csv([ligne])


def test_a_publication_tells_partners_nothing_that_is_not_theirs() -> None:
    plan = planifier([evenement()], {}, juge(regle()), INSTANT)
    (document,) = plan.nouvelles
    decision = {
        "numero": 1,
        "statut": "non publié",
        "campagne": "2020",
        "auteur": "AUTEUR",
        "prise_le": INSTANT,
        "motif": "L'offre a été annulée",
        "precision": "PRECISION",
    }
    retour = {
        "decision": 0,
        "statut": "rejet de publication",
        "campagne": "2020",
        "recu_le": INSTANT,
        "identifiant": None,
        "erreur": "400 BRUT",
        "publiee_le": None,
    }
    document["decisions"] = {"parcoursup": decision}
    document["retours"] = {"parcoursup": retour}
    suite = planifier([evenement(sequence=2)], {document["_id"]: document}, juge(regle()), INSTANT)
    (dite,) = suite.publications
    publication = PublicationV1.model_validate(dite)
    assert publication.parcoursup.motif == "L'offre a été annulée"
    assert not any(secret in repr(dite) for secret in ("AUTEUR", "PRECISION", "BRUT"))


def test_the_feed_gives_every_column_of_an_offer() -> None:
    (document,) = planifier([evenement()], {}, juge(regle()), INSTANT).nouvelles
    assert list(offre(document, juge(regle()).jeu)) == list(COLONNES)


def test_every_code_has_its_sentence() -> None:
    assert all(" " in phrase for phrase in en_clair([*Clause, "decision_conservee", "regle:x"]))
    tenues = {une["clause"]: une["tenue"] for une in clauses(["sans_session"])}
    assert tenues["sans_session"] is False
    assert sum(map(bool, tenues.values())) == len(Clause) - 1
