"""A command whose answer was lost is given again as it was, and changes nothing more."""

from collections.abc import Iterator
from functools import partial

import pytest

from contracts.statuts import Plateforme
from services.export.domain.commandes import Commande, Saisie
from services.export.domain.faits import version
from services.export.usecases.decider import Demande, decider
from tests.unit.export.fabrique import document_de_regle
from tests.unit.export.saison.offres import ACTEURS, etat_de, id_de
from tests.unit.export.saison.terrain import Saison
from tests.unit.export.test_import_affelnet import lues, rangee

AF = Plateforme.AFFELNET
TEXTES = {"infos_offre": "Internat possible"}


@pytest.fixture
def saison() -> Iterator[Saison]:
    """One offer that both people and rules admit on Affelnet."""
    saison = Saison()
    saison.faire(partial(saison.regler, "creer", None, document_de_regle(AF), None))
    saison.faire(partial(saison.livrer, [etat_de("C", 1)]))
    yield saison
    saison.boucle.close()


@pytest.mark.parametrize("publiee", [False, True])
@pytest.mark.parametrize(
    ("commande", "saisie"),
    [
        (Commande.PUBLIER, Saisie()),
        (Commande.PUBLIER, Saisie(textes=TEXTES)),
        (Commande.ECRIRE_TEXTES, Saisie(textes=TEXTES)),
        (Commande.REFUSER, Saisie("offre_annulee")),
    ],
)
def test_a_command_given_again_under_the_version_that_was_read_is_done_already(
    saison: Saison, commande: Commande, saisie: Saisie, publiee: bool
) -> None:
    if publiee:
        saison.faire(partial(saison.importer, "i", lues(rangee(3))))
    elif commande is Commande.ECRIRE_TEXTES:
        demandee = Demande(id_de("C"), AF, Commande.PUBLIER)
        saison.faire(partial(decider, demandee, ACTEURS["seconde"], saison.decisions))
    demande = Demande(id_de("C"), AF, commande, saisie, version(saison.memoire.tenue(id_de("C"))))
    prises = [
        saison.faire(partial(decider, demande, ACTEURS["instructeur"], saison.decisions))
        for _ in range(2)
    ]
    sans_effet = publiee and commande is Commande.PUBLIER and saisie.textes is None
    assert [prise.changee for prise in prises] == [not sans_effet, False]
