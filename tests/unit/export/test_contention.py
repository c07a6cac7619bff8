"""Decisions on many offers get through while somebody else writes some of them."""

from collections.abc import Collection
from datetime import date

import pytest

from contracts.portees import Role
from contracts.statuts import Plateforme
from services.export.domain.acces import Acteur
from services.export.domain.commandes import Commande
from services.export.domain.faits import version
from services.export.ports import Document
from services.export.usecases.decider import Demande, Moyens, Prise, decider_ensemble
from services.export.usecases.demander_operation import demander_demarrage
from services.export.usecases.lots import appliquer_lot, essayer_lot
from services.export.usecases.operations import mener
from services.export.usecases.projeter import appliquer
from services.kernel.clock import FixedClock
from services.kernel.errors import Contention
from services.kernel.ids import SequentialIds
from tests.support.export.etat import Etat
from tests.support.export.magasin import Magasin, Transaction
from tests.support.export.operations import LotsEnMemoire, OperationsEnMemoire
from tests.support.export.regles import JugesDesCampagnes, UnJuge
from tests.unit.export.fabrique import INSTANT, evenement, juge, offre, regle

IDS = [f"{rang:026}" for rang in range(7)]
PS = Plateforme.PARCOURSUP
NANTES = Acteur("nantes", lambda _: True, Role.INSTRUCTEUR)
HORLOGE = FixedClock(INSTANT)
DIPLOME = {champ: offre(PS)[champ] for champ in ("niveau", "diplome")}
JUGES = UnJuge(juge(*(regle(plateforme, plateforme, **DIPLOME) for plateforme in Plateforme)))


class Etroite(Transaction):
    """A transaction that does not get through when it touches more than `taille` offers."""

    def __init__(self, etat: Etat, taille: int) -> None:
        super().__init__(etat)
        self._taille = taille

    async def formations(self, ids: Collection[str]) -> dict[str, Document]:
        if len(ids) > self._taille:
            raise Contention("d'autres écrivent ces offres")
        return await super().formations(ids)

    async def tranche(self, apres: str, limite: int) -> list[Document]:
        if limite > self._taille:
            raise Contention("d'autres écrivent ces offres")
        return await super().tranche(apres, limite)


class Disputee(Magasin):
    """A database where no transaction gets through that touches more than `taille` offers."""

    taille = len(IDS)

    def ouvrir(self, etat: Etat) -> Transaction:
        return Etroite(etat, self.taille)


@pytest.fixture(params=[1, 2, 3])
async def base(request: pytest.FixtureRequest) -> Disputee:
    """Seven offers that both platforms admit."""
    base = Disputee()
    await appliquer([evenement(un) for un in IDS], base, JUGES, HORLOGE)
    base.taille = request.param
    return base


def moyens(base: Disputee) -> Moyens:
    return Moyens(base, JUGES, HORLOGE, SequentialIds())


async def test_a_list_is_decided_in_its_order_in_smaller_transactions(base: Disputee) -> None:
    demandes = [Demande(un, PS, Commande.PUBLIER) for un in reversed(IDS)]

    prises = await decider_ensemble(demandes, NANTES, moyens(base))

    rendues = [un.document["_id"] for un in prises if isinstance(un, Prise) and un.changee]
    assert rendues == list(reversed(IDS))
    assert len(base.etat.decisions) == len(IDS)


async def test_one_reading_of_an_offer_serves_both_platforms_however_the_list_is_cut(
    base: Disputee,
) -> None:
    vues = {un: version(document) for un, document in base.etat.formations.items()}
    demandes = [
        Demande(un, plateforme, Commande.PUBLIER, version=vues[un])
        for plateforme in Plateforme
        for un in IDS
    ]

    issues = await decider_ensemble(demandes, NANTES, moyens(base))

    assert [isinstance(issue, Prise) and issue.changee for issue in issues] == [True] * 14


async def test_a_bulk_decision_goes_on_in_smaller_transactions(base: Disputee) -> None:
    demande = {
        "plateforme": "parcoursup", "action": "publier", "motif": None,
        "precision": None, "commentaire": None,
    }  # fmt: skip
    offres = list(base.etat.formations.values())
    lots = LotsEnMemoire(base)
    essai = await essayer_lot(demande, offres, NANTES, moyens(base), lots)

    fait = await appliquer_lot(essai["jeton"], demande, NANTES, moyens(base), lots, taille=5)

    assert [(un["formation"], un["changee"]) for un in fait["resultats"]] == [
        (un, True) for un in IDS
    ]
    assert len(base.etat.decisions) == len(IDS)


async def test_an_operation_goes_on_in_smaller_batches(base: Disputee) -> None:
    operations, juges = OperationsEnMemoire(base), JugesDesCampagnes(base, await JUGES.courant())
    demandee = await demander_demarrage(PS, date(2021, 9, 15), "moss", operations, juges, HORLOGE)

    async def toujours() -> bool:
        return True

    assert await mener(demandee["_id"], operations, juges, HORLOGE, lot=7, poursuivre=toujours)
    assert {un["formation"] for un in base.etat.saisons.values()} == set(IDS)
