"""An Affelnet import while rules have moved and the sweep has not come by yet (§4.3)."""

from collections.abc import Iterator
from copy import deepcopy

import pytest

from contracts.statuts import Plateforme
from services.export.usecases.importer_affelnet import Depot, deposer
from tests.unit.export.fabrique import document_de_regle
from tests.unit.export.saison.offres import etat_de, id_de
from tests.unit.export.saison.terrain import Saison
from tests.unit.export.test_import_affelnet import lues, rangee

AF = Plateforme.AFFELNET
FICHIER = lues(rangee(3, "1"), rangee(4, "2"))
"""The rows of the offers C and D."""


@pytest.fixture
def saison() -> Iterator[Saison]:
    """The offer C, judged when no rule of Affelnet admitted it; one that does has come since."""
    saison = Saison()
    saison.faire(lambda: saison.livrer([etat_de("C", 1)]))
    saison.faire(lambda: saison.regler("creer", None, document_de_regle(AF), None))
    yield saison
    saison.boucle.close()


def importer(saison: Saison, nom: str = "import") -> int:
    """Deposit the file and apply it; return how many changes its last application made."""
    faites = len(saison.memoire.etat.imports.get(nom, {}).get("applications", ()))
    saison.faire(lambda: saison.importer(nom, FICHIER))
    applications = saison.memoire.etat.imports[nom]["applications"][faites:]
    return sum(une["changements"] for une in applications)


def test_a_file_applied_before_the_sweep_changes_nothing_after_it(saison: Saison) -> None:
    assert importer(saison) == 1
    assert saison.memoire.statut(id_de("C"), AF.value) == "publié"
    saison.faire(lambda: saison.balayer(99))
    avant = deepcopy(saison.memoire.etat.formations)

    assert importer(saison) == 0
    assert saison.memoire.etat.formations == avant


def test_a_rule_that_is_no_more_admits_nothing(saison: Saison) -> None:
    saison.faire(lambda: saison.balayer(99))
    (une,) = saison.memoire.etat.regles
    saison.faire(lambda: saison.regler("supprimer", une, {}, None))

    assert importer(saison) == 0


def test_the_preview_tells_what_the_import_changes_and_not_what_the_rules_did(
    saison: Saison,
) -> None:
    depot = Depot("import", "f.csv", 1, "import", None, "moss")
    entete, _ = saison.faire(lambda: deposer(depot, FICHIER, saison.imports))

    (compte,) = entete["apercu"]["comptes"]
    assert (compte["statut_avant"], compte["statut_apres"]) == ("à publier", "publié")
