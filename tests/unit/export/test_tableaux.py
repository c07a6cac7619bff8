"""The historic columns: their order, what each shows, and what a reader may not see."""

from datetime import date
from typing import Any

from contracts.statuts import Plateforme
from services.export.domain.cellules import Cellule
from services.export.domain.colonnes import COLONNES, colonnes
from tests.unit.export.fabrique import INSTANT, offre

TOUTES = tuple(Plateforme)


def lire(document: dict[str, Any], titre: str) -> Cellule:
    (colonne,) = (une for une in COLONNES if une.titre == titre)
    return colonne.lire(document | {"_seuil": "2021-08-31", "_fiches": "https://ici"})


def document(**projection: object) -> dict[str, Any]:
    return {"projection": {**offre(), **projection}}


def test_there_are_114_columns_and_2_for_administrators() -> None:
    assert (len(colonnes(admin=False, vues=TOUTES)), len(COLONNES)) == (114, 116)
    assert len({une.titre for une in COLONNES}) == 116


def test_codes_keep_their_zeros_and_words_their_accents() -> None:
    lu = document(
        cfd="01025122", intitule_long="Menuiserie d'été ; « œuvre »", ids_action=["1", "2"]
    )
    assert lire(lu, "Formation: code CFD") == "01025122"
    assert lire(lu, "Formation: libellé long BCN") == "Menuiserie d'été ; « œuvre »"
    assert lire(lu, "Identifiant Carif action") == "1, 2"


def test_an_offer_leads_to_its_page() -> None:
    assert lire(document() | {"_id": "A"}, "Fiche catalogue") == "https://ici/formations/A"


def test_dates_are_dates_and_unknown_facts_are_told() -> None:
    lu = document(cfd_date_fermeture="2024-08-31", cfd_outdated=None)
    assert lire(lu, "Formation: code CFD expiration") == date(2024, 8, 31)
    assert lire(lu, "Formation: expiration CFD sur la campagne") == "N/A"
    assert lire(lu | {"retours": {"parcoursup": {"recu_le": INSTANT}}},
                "Parcoursup: date du dernier envoi") == date(2020, 11, 16)  # fmt: skip


def test_sessions_are_told_in_their_order() -> None:
    lu = document(
        date_debut=["2022-09-01", "2021-09-01"],
        date_fin=["2023-08-31", "2022-08-31"],
        modalites_entrees_sorties=[False, True],
        capacite_simultanee=[None, 12],
    )
    assert lire(lu, "Offre: Dates de formation") == (
        "Du 01/09/2021 au 31/08/2022 en entrée-sortie permanente, effectif minimal : non précisé, "
        "capacité simultanée : 12, capacité cumulée : non précisée | "
        "Du 01/09/2022 au 31/08/2023, effectif minimal : non précisé, "
        "capacité simultanée : non précisée, capacité cumulée : non précisée"
    )


def test_a_refusal_shows_its_motif_only_while_it_is_shown() -> None:
    decision = {"affelnet": {"motif": "L'offre a été annulée", "precision": "x", "auteur": "moi"}}
    refusee = document() | {"decisions": decision, "affiche": {"affelnet": "non publié"}}
    assert lire(refusee, "Affelnet: motif de non publication (catégorie)") == "RCO"
    hors = refusee | {"affiche": {}}
    assert lire(hors, "Affelnet: motif de non publication") is None
    assert lire(hors, "Affelnet: statut") == "non publiable en l'état"


def test_a_platform_that_a_role_does_not_see_is_empty() -> None:
    vues = colonnes(admin=False, vues=(Plateforme.AFFELNET,))
    (statut,) = (une for une in vues if une.titre == "Parcoursup: statut")
    assert statut.lire(document()) is None
