"""The historic columns: their order, what each shows, and what a reader may not see."""

from datetime import date
from typing import Any

from contracts.statuts import Plateforme
from services.export.domain.cellules import Cellule
from services.export.domain.colonnes import COLONNES, colonnes
from services.export.domain.derivees import Reperes
from tests.unit.export.fabrique import INSTANT, offre

TOUTES = tuple(Plateforme)
AUTOUR: dict[str, Any] = {
    "_id": "B",
    "_seuil": "2021-08-31",
    "_reperes": Reperes("B", frozenset({"académique"})),
    "_fiches": "https://ici",
    "_fiches_publiques": "https://là",
    "_cles": {"A": "clé A", "C": None, "D": "clé D"},
    "_mefs_affelnet": [],
}


def lire(document: dict[str, Any], titre: str) -> Cellule:
    (colonne,) = (une for une in COLONNES if une.titre == titre)
    return colonne.lire(AUTOUR | document)


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


def test_an_offer_leads_to_its_public_page_by_its_key() -> None:
    lu = document(cle_ministere_educatif="06|4390P#L01")
    assert lire(lu, "Lien catalogue public (Carif-Oref)") == "https://là/formation/06%7C4390P%23L01"


def test_an_offer_tells_the_keys_of_those_it_is_linked_to() -> None:
    lu = document(predecesseurs=["A", "C", "D", "inconnue"], remplacee_par="D")
    assert lire(lu, "Offre: Remplace la clé ME") == "clé A, clé D"
    assert lire(lu, "Offre: Est remplacée par la clé ME") == "clé D"
    assert lire(document(), "Offre: Remplace la clé ME") is None


def test_an_offer_is_new_or_of_an_academie_s_rule() -> None:
    regle = {"eligibilites": {"affelnet": {"regle": "académique"}}}
    assert lire(document() | regle, "Affelnet: règle académique") == "OUI"
    assert lire(document(), "Affelnet: règle académique") == "NON"
    assert lire(document(), "Offre: Nouvelle fiche") == "OUI"
    assert lire(document() | {"_id": "A"}, "Offre: Nouvelle fiche") == "NON"


def test_the_mef_of_affelnet_are_told_with_their_end() -> None:
    mefs = [
        {"mef10": "2473360431", "date_fermeture": "2021-08-31"},
        {"mef10": "2473360411", "date_fermeture": None},
    ]
    siens = {"_mefs_affelnet": [{"mef10": "2473360431"}, {"mef10": "9999999999"}]}
    lu = document(bcn_mefs_10=mefs) | siens | {"affiche": {"affelnet": "prêt pour intégration"}}
    affelnet = "Formation: MEF dans le périmètre Affelnet"
    assert lire(lu, affelnet) == "2473360431, 9999999999"
    assert lire(lu, f"{affelnet} expiration") == "expire le 31/08/2021, pas de date d'expiration"
    expire = "Formation: expiration MEF dans le périmètre Affelnet sur la campagne"
    assert lire(lu, expire) == "OUI, NON"
    assert lire(lu, "Affelnet: Périmètre prise de rendez-vous LBA") == "OUI"
    assert lire(lu, "Parcoursup: Périmètre prise de rendez-vous LBA") == "NON"


def test_the_cfd_of_the_first_year_ends_with_the_diploma_s_when_it_is_its_own() -> None:
    titre = "Formation: code CFD de l'année d'entrée expiration"
    fin = {"cfd_date_fermeture": "2024-08-31"}
    assert lire(document(cfd_entree="32033422", **fin), titre) == date(2024, 8, 31)
    assert lire(document(cfd_entree="32033423", **fin), titre) is None


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
