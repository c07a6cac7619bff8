"""What a command writes among the facts: nothing of another kind, and a version that moves."""

from typing import Any

import pytest

from contracts.statuts import Plateforme, Statut
from services.export.domain.commandes import Commande, Saisie, Verdict, tenant
from services.export.domain.faits import (
    Acte,
    ecrire_textes,
    prendre_decision,
    tenir_rejet,
    textes_tenus,
    version,
)
from services.export.domain.motifs import trouver
from tests.unit.export.fabrique import INSTANT

PS = Acte(Plateforme.PARCOURSUP, "moi", INSTANT, "2020")
AF = Acte(Plateforme.AFFELNET, "moi", INSTANT, "2020")


def document(**faits: object) -> dict[str, Any]:
    plateformes = {un.value: {"statut": "à publier"} for un in Plateforme}
    return {"_id": "A", "publication": {"sequence": 4, "plateformes": plateformes}, **faits}


def test_a_decision_takes_the_next_number_and_leaves_the_other_platform() -> None:
    autre = {"numero": 7, "statut": "non publié"}
    lu = document(decisions={"affelnet": autre, "parcoursup": {"numero": 2}})
    motif = trouver("ville_incorrecte")
    entree = prendre_decision(
        lu,
        Commande.REFUSER,
        Verdict(Statut.NON_PUBLIE, motif),
        Saisie("ville_incorrecte", "Apt"),
        PS,
    )
    assert lu["decisions"]["affelnet"] is autre
    assert (lu["decisions"]["parcoursup"]["numero"], entree["numero"]) == (3, 3)
    assert (entree["depuis"], entree["tag"], entree["precision"]) == ("à publier", "RCO", "Apt")


def test_a_reinitialisation_forgets_the_identifier_and_remembers_which() -> None:
    retour = {"statut": "publié", "identifiant": "1234", "decision": 1}
    lu = document(retours={"parcoursup": retour, "affelnet": {"identifiant": "N"}})
    entree = prendre_decision(
        lu, Commande.REINITIALISER, Verdict(Statut.A_PUBLIER), Saisie(commentaire="doublon"), PS
    )
    assert lu["decisions"]["parcoursup"]["statut"] is None
    assert lu["retours"]["parcoursup"] == retour | {"identifiant": None}
    assert lu["retours"]["affelnet"] == {"identifiant": "N"}
    assert (entree["identifiant"], entree["precision"]) == ("1234", "doublon")
    assert retour["identifiant"] == "1234"


def test_texts_are_replaced_whole_and_an_empty_one_is_none() -> None:
    lu = document()
    saisie = Saisie(textes={"infos_offre": " CAP ", "modalites_offre": " "})
    acte = ecrire_textes(lu, saisie, AF)
    assert acte is not None
    assert textes_tenus(lu) == {
        "infos_offre": "CAP",
        "modalites_offre": None,
        "url_infos_offre": None,
        "url_modalites_offre": None,
    }
    assert lu["textes"]["affelnet"]["auteur"] == "moi"
    assert ecrire_textes(lu, saisie, AF) is None


def test_a_rejection_given_back_is_nobodys() -> None:
    lu = document(retours={"parcoursup": {"recu_le": INSTANT}})
    tenir_rejet(lu, Commande.PRENDRE_REJET, PS)
    assert tenant(lu) == "moi"
    tenir_rejet(lu, Commande.RENDRE_REJET, PS)
    assert tenant(lu) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda lu: lu["publication"].update(sequence=5),
        lambda lu: ecrire_textes(lu, Saisie(textes={"infos_offre": "x"}), AF),
        lambda lu: tenir_rejet(lu, Commande.PRENDRE_REJET, PS),
        lambda lu: prendre_decision(lu, Commande.PUBLIER, Verdict(Statut.PRET), Saisie(), PS),
        lambda lu: prendre_decision(lu, Commande.PUBLIER, Verdict(Statut.PRET), Saisie(), AF),
    ],
)
def test_whatever_is_done_moves_the_version(change: Any) -> None:  # noqa: ANN401
    lu = document()
    avant = version(lu)
    change(lu)
    assert version(lu) != avant
