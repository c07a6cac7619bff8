"""Annule et remplace, whatever the order in which the two offers are known (domain.md §3.6)."""

from collections.abc import Collection
from itertools import permutations
from typing import Any

import pytest

from contracts.statuts import Plateforme
from services.export.domain.remplacements import MOTIF
from services.export.usecases.projeter import appliquer
from services.export.usecases.succeder import succeder_parmi
from services.kernel.clock import FixedClock
from tests.support.export.etat import Etat
from tests.support.export.magasin import Magasin, Transaction
from tests.support.export.regles import UnJuge
from tests.unit.export.fabrique import INSTANT, evenement, juge, offre, regle

A, B, C = (lettre * 26 for lettre in "ABC")
HORLOGE = FixedClock(INSTANT)
JUGES = UnJuge(juge(regle(), regle(Plateforme.AFFELNET, id="a")))
PUBLIEE = {
    "retours": {
        "parcoursup": {
            "decision": 1,
            "statut": "publié",
            "campagne": "2020",
            "recu_le": INSTANT,
            "identifiant": "56789",
        }
    },
    "decisions": {
        "parcoursup": {
            "numero": 1,
            "statut": "prêt pour intégration",
            "campagne": "2020",
            "auteur": "nantes",
            "prise_le": INSTANT,
            "motif": None,
            "precision": None,
            "nature": "publier",
        }
    },
}


def remplacee(id: str, par: str, **parties: Any) -> dict[str, Any]:  # noqa: A002, ANN401
    return evenement(id, 2, etat="remplacee", remplacee_par=par, **parties)


def successeur(id: str, de: str, sequence: int = 2, **parties: Any) -> dict[str, Any]:  # noqa: A002, ANN401
    return evenement(id, sequence, predecesseurs=[de], **parties)


async def jouer(magasin: Magasin, *lots: list[dict[str, Any]], juges: UnJuge = JUGES) -> Magasin:
    for lot in lots:
        await appliquer(lot, magasin, juges, HORLOGE)
    return magasin


async def publiee(magasin: Magasin | None = None) -> Magasin:
    """Return a database where A is published on Parcoursup, as the académie of Nantes asked."""
    magasin = await jouer(magasin or Magasin(), [evenement(A)])
    magasin.etat.formations[A] |= PUBLIEE
    magasin.etat.formations[A]["publication"]["plateformes"]["parcoursup"]["statut"] = "publié"
    return magasin


def faits(magasin: Magasin) -> dict[str, Any]:
    return {
        un: {
            "statuts": {p: magasin.statut(un, p) for p in map(str, Plateforme)},
            "decisions": document.get("decisions"),
            "retours": document.get("retours"),
            "remplacements": document.get("remplacements"),
        }
        for un, document in magasin.etat.formations.items()
    }


async def test_the_request_is_inherited_with_who_made_it_and_the_older_offer_set_aside() -> None:
    magasin = await jouer(await publiee(), [remplacee(A, B), successeur(B, A, 1)])

    ancienne, nouvelle = magasin.etat.formations[A], magasin.etat.formations[B]
    assert (magasin.statut(A, "parcoursup"), magasin.statut(B, "parcoursup")) == (
        "non publié",
        "prêt pour intégration",
    )
    assert ancienne["decisions"]["parcoursup"]["motif"] == MOTIF
    assert ancienne["retours"]["parcoursup"]["identifiant"] is None
    assert nouvelle["decisions"]["parcoursup"]["auteur"] == "nantes"
    natures = {
        (un["formation"], un["nature"], un["numero"]) for un in magasin.etat.decisions.values()
    }
    assert natures == {(A, "remplacer", 2), (B, "remplacer", 1)}


async def test_while_sending_is_off_the_newer_offer_is_published_at_once() -> None:
    magasin = await jouer(
        await publiee(Magasin(envoi=False)), [remplacee(A, B), successeur(B, A, 1)]
    )
    assert magasin.statut(B, "parcoursup") == "publié"


async def test_the_order_the_batches_and_redelivery_change_nothing() -> None:
    recus = [remplacee(A, B), evenement(B, 1), successeur(B, A)]
    attendu = faits(await jouer(await publiee(), recus))
    for ordre in permutations(recus):
        separes = [[un] for un in ordre]
        assert faits(await jouer(await publiee(), *separes)) == attendu
        encore = await jouer(await publiee(), *separes, *separes, recus)
        assert faits(encore) == attendu
    assert attendu[B]["statuts"]["parcoursup"] == "prêt pour intégration"


async def test_a_platform_that_is_not_concerned_does_not_settle_for_the_other() -> None:
    cap = offre(Plateforme.AFFELNET)
    sans_affelnet = UnJuge(juge(regle()))
    magasin = await jouer(
        Magasin(),
        [evenement(A, formation=cap), successeur(B, A, 1, formation=cap)],
        juges=sans_affelnet,
    )
    assert "remplacements" not in magasin.etat.formations[A]

    await succeder_parmi([B], magasin, JUGES, HORLOGE)

    assert magasin.etat.formations[B]["remplacements"].keys() == {"affelnet"}
    assert magasin.statut(A, "affelnet") == "non publié"
    await succeder_parmi([B], magasin, JUGES, HORLOGE)
    assert len(magasin.etat.decisions) == 1


async def test_an_offer_out_of_the_flux_inherits_once_it_is_back() -> None:
    magasin = await jouer(
        await publiee(), [successeur(B, A, 1, formation={"published": False}), remplacee(A, B)]
    )
    assert magasin.statut(A, "parcoursup") == "publié"
    await jouer(magasin, [successeur(B, A, 2)])
    assert magasin.statut(B, "parcoursup") == "prêt pour intégration"


@pytest.mark.parametrize("envoi", [True, False])
async def test_a_chain_ends_alike_in_every_order(envoi: bool) -> None:
    recus = [
        remplacee(A, B),
        successeur(B, A, etat="remplacee", remplacee_par=C),
        successeur(C, B, 1),
    ]
    fins = []
    for ordre in permutations(recus):
        magasin = await jouer(await publiee(Magasin(envoi=envoi)), *([un] for un in ordre))
        fins.append({un: fait["statuts"] for un, fait in faits(magasin).items()})
    assert all(fin == fins[0] for fin in fins)
    assert fins[0][B]["parcoursup"] == fins[0][A]["parcoursup"] == "non publié"


class Comptee(Transaction):
    """A transaction that says how many offers each reading asks for."""

    lues: list[int]

    async def formations(self, ids: Collection[str]) -> dict[str, Any]:
        self.lues.append(len(ids))
        return await super().formations(ids)


async def test_a_batch_without_succession_reads_nothing_more() -> None:
    class Compteuse(Magasin):
        def ouvrir(self, etat: Etat) -> Comptee:
            transaction = Comptee(etat)
            transaction.lues = lues
            return transaction

    lues: list[int] = []
    await jouer(Compteuse(), [evenement(A), evenement(B)])
    assert lues == [2]
