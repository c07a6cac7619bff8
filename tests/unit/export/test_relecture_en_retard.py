"""A read-back that is half done when a newer one comes settles nothing any more (§4.2)."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from contracts.statuts import Plateforme
from services.export.domain.commandes import Commande
from services.export.domain.relecture_parcoursup import Etat
from services.export.ports import Document
from services.export.usecases.decider import Demande, decider
from services.export.usecases.relire import demande_de_relecture
from tests.unit.export.fabrique import document_de_regle
from tests.unit.export.saison.offres import ACTEURS, cle_de, etat_de, id_de
from tests.unit.export.saison.terrain import Saison

A = id_de("A")
LISTEE = [{"g_ta_cod": "100", "status": Etat.RIEN.value, "rco": cle_de("A")}]


@pytest.fixture
def saison() -> Iterator[Saison]:
    """One offer that was sent an hour ago, whose answer was lost."""
    saison = Saison()
    saison.faire(partial(saison.regler, "creer", None, document_de_regle(), None))
    saison.faire(partial(saison.livrer, [etat_de("A", 1)]))
    demande = Demande(A, Plateforme.PARCOURSUP, Commande.PUBLIER)
    saison.faire(partial(decider, demande, ACTEURS["instructeur"], saison.decisions))
    saison.distante.prochaines = ["perdue"]
    saison.faire(saison.expediteur.passer)
    saison.horloge.instant += timedelta(hours=1)
    yield saison
    saison.boucle.close()


@pytest.mark.parametrize(("ancienne", "recente"), [(LISTEE, []), ([], LISTEE)])
def test_the_newer_read_back_settles_a_lost_answer(
    saison: Saison, ancienne: list[Document], recente: list[Document]
) -> None:
    async def relire(lignes: list[Document]) -> bool:
        saison.horloge.instant += timedelta(minutes=1)
        saison.distante.lignes = lignes
        instant = saison.horloge.now()
        await saison.poste.demander(
            demande_de_relecture(saison.ids.new(), "moss", "", instant, forcer=True)
        )
        return await saison.relecteur.passer()

    async def plus_recente() -> None:
        assert await relire(recente)

    saison.juges_du_relecteur.entre_temps = plus_recente
    assert saison.faire(partial(relire, ancienne))

    (envoi,) = saison.etat.envois.values()
    attendus = ("publié", "acceptee") if recente else ("prêt pour intégration", "a_reprendre")
    assert (saison.memoire.statut(A, "parcoursup"), envoi["issue"]) == attendus
    rapports = [un["resolues"] for _, un in sorted(saison.etat.relectures.items())]
    assert [len(resolues) for resolues in rapports] == [0, 1]
