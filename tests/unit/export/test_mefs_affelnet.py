"""The MEF and the text under which Affelnet shows an offer (§2), and what its file keeps exact."""

from typing import Any

import pytest

from contracts.statuts import Plateforme
from services.export.domain.affelnet import COLONNES, fichier_csv
from services.export.domain.mefs_affelnet import infos_offre, mefs_affelnet
from services.export.domain.regles import JeuDeRegles, Regle, lire_regle
from tests.unit.export.fabrique import document_de_regle, offre, regle

AF = Plateforme.AFFELNET
DEUX_ANS, TROIS_ANS = "2412213321", "2412213331"


def regle_sur(mef: str, **parties: object) -> Regle:
    filtre = f'{{"bcn_mefs_10.mef10": "{mef}"}}'
    return lire_regle(document_de_regle(AF, regle_complementaire=filtre, **parties), id=f"r-{mef}")


def document(**faits: object) -> dict[str, Any]:
    mefs = [
        {"mef10": DEUX_ANS, "duree": "2", "annee": "1"},
        {"mef10": TROIS_ANS, "duree": "3", "annee": "1"},
    ]
    projection = offre(AF) | {"bcn_mefs_10": mefs, "libelle_court": "CUISINE"}
    return {"_id": "a", "projection": projection, **faits}


A_VALIDER = {"statut": "à publier (soumis à validation)", "condition_integration": "peut intégrer"}
A_DEFINIR = {"statut": "à définir", "condition_integration": "peut intégrer"}


@pytest.mark.parametrize(
    ("regles", "attendus"),
    [
        ([regle(AF)], [DEUX_ANS, TROIS_ANS]),
        ([regle_sur(DEUX_ANS)], [DEUX_ANS]),
        ([regle_sur(DEUX_ANS, **A_VALIDER), regle_sur(TROIS_ANS)], [TROIS_ANS]),
        ([regle_sur(DEUX_ANS, **A_VALIDER)], [DEUX_ANS]),
        ([regle_sur(DEUX_ANS, **A_DEFINIR)], []),
        (
            [regle_sur(DEUX_ANS, **A_DEFINIR, statut_academies={"12": "à publier"})],
            [DEUX_ANS],
        ),
        (
            [regle_sur(DEUX_ANS, **A_DEFINIR, statut_academies={"12": "non publiable en l'état"})],
            [],
        ),
        ([], []),
    ],
)
def test_each_mef_is_tried_alone(regles: list[Regle], attendus: list[str]) -> None:
    trouves = mefs_affelnet(document(), JeuDeRegles(regles, 1))
    assert [mef["mef10"] for mef in trouves] == attendus


def test_the_mef_that_affelnet_holds_wins() -> None:
    jeu = JeuDeRegles([regle(AF)], 1)
    couverte = document(couverture={"affelnet": {"mef": TROIS_ANS}})
    assert mefs_affelnet(couverte, jeu) == [
        {"mef10": TROIS_ANS, "modalite": {"duree": "3", "annee": "1"}}
    ]
    etrangere = document(couverture={"affelnet": {"mef": "9999999921"}})
    assert mefs_affelnet(etrangere, jeu)[0]["modalite"] == {"duree": "2", "annee": "1"}


@pytest.mark.parametrize(
    ("faits", "texte"),
    [
        ({}, "CUISINE en 2 ans"),
        ({"textes": {"affelnet": {"infos_offre": "Écrit"}}}, "Écrit"),
        ({"textes": {"affelnet": {"infos_offre": None}}}, None),
        ({"couverture": {"affelnet": {"infos": "Importé"}}}, "Importé"),
    ],
)
def test_what_nobody_wrote_is_told_by_the_mef(faits: dict[str, Any], texte: str | None) -> None:
    un = document(**faits)
    assert infos_offre(un, mefs_affelnet(un, JeuDeRegles([regle_sur(DEUX_ANS)], 1))) == texte


def test_coordinates_of_the_southern_hemisphere_are_exact() -> None:
    une: dict[str, Any] = dict.fromkeys(COLONNES)
    une |= {"lieu_formation_geo_coordonnees": "-21.1151,55.5364", "code_postal": "01000"}
    assert b";-21.1151,55.5364\r\n" in fichier_csv([une])
    assert b";01000;" in fichier_csv([une], excel=True)
    assert fichier_csv([une], excel=True) == b"\xef\xbb\xbf" + fichier_csv([une])
