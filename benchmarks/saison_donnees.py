"""What the simulated season adds to the real tables: synthetic, seeded, and named so.

The table of Affelnet of 2020 has neither CODE_OFFRE nor keys, the two hundred real rules are all
national, without names or exclusions.
"""

import csv
import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.simulateur.hasard import tirage

Document = dict[str, Any]

GRAINE: Final = "saison-2020"
COLONNES: Final = (
    "ACADEMIE",
    "CODE_OFFRE",
    "UAI",
    "CODE_MEF",
    "CLE_MINISTERE_EDUCATIF",
    "CP",
    "COMMUNE",
    "MINISTERE",
    "MNEMONIQUE",
    "CODE_SPECIALITE",
    "LIBELLE_BAN",
)
_REPRISES: Final = {
    "UAI": "UAI",
    "COMMUNE": "COMMUNE",
    "MINISTERE": "MINISTERE",
    "MNEMONIQUE": "MNEMONIQUE_FORMATION_ACCUEIL",
    "CODE_SPECIALITE": "CODE_SPECIALITE_FORMATION_ACCUEIL",
    "LIBELLE_BAN": "LIBELLE_FORMATION_ACCUEIL_BAN",
    "CODE_MEF": "CODE_FORMATION_ACCUEIL_BAN",
    "CP": "CODE_POSTAL",
}
_NORMANDIE: Final = frozenset({"CAEN", "ROUEN"})
_PART_A_CLE: Final = 0.04  # of the offers of CAP and BAC: what académies took over by their key
_PART_GARDEE: Final = 0.9  # of the first file in the second
_BTS: Final = ("5 (BTS, DEUST...)", "BREVET DE TECHNICIEN SUPERIEUR")
_CAP: Final = ("3 (CAP...)", "CERTIFICAT D'APTITUDE PROFESSIONNELLE")
_PRO: Final = ("4 (BAC...)", "BAC PROFESSIONNEL")
_DOIT: Final = "doit intégrer"
_PEUT: Final = "peut intégrer"
_EXCLUT: Final = "ne doit pas intégrer"


def ecrire_imports(
    refdata: Path, formations: Sequence[Document], dossier: Path
) -> tuple[Path, Path]:
    """Write both files of Affelnet in the form of its export; return their paths."""
    lignes = [*_de_2020(refdata / "offres" / "affelnet_2020.csv.gz"), *_a_cle(formations)]
    premiere = [un for un in lignes if tirage(GRAINE, "premiere", un["CODE_OFFRE"]) < _PART_GARDEE]
    seconde = [un for un in lignes if tirage(GRAINE, "seconde", un["CODE_OFFRE"]) < _PART_GARDEE]
    return (
        _ecrire(dossier / "affelnet-1.csv", premiere),
        _ecrire(dossier / "affelnet-2.csv", seconde),
    )


def _de_2020(fichier: Path) -> Iterator[Document]:
    """Yield the rows of 2020 under the columns of an export, their code drawn."""
    with gzip.open(fichier, "rt", encoding="utf-8", newline="") as lignes:
        for rang, ligne in enumerate(csv.DictReader(lignes)):
            academie = ligne["ACADEMIE"]
            yield {
                **{colonne: ligne[source] for colonne, source in _REPRISES.items()},
                "ACADEMIE": "NORMANDIE" if academie in _NORMANDIE else academie,
                "CODE_OFFRE": _code("2020", rang),
                "CLE_MINISTERE_EDUCATIF": "",
            }


def _a_cle(formations: Iterable[Document]) -> Iterator[Document]:
    """Yield rows that name by its key a part of the offers that Affelnet may hold."""
    for etat in formations:
        formation = etat["formation"]
        if formation.get("niveau") not in (_CAP[0], _PRO[0]) or not formation.get("uai_formation"):
            continue
        if tirage(GRAINE, "cle", etat["id"]) < _PART_A_CLE and formation.get("nom_academie"):
            yield {
                "ACADEMIE": formation["nom_academie"].upper(),
                "CODE_OFFRE": _code("cle", etat["id"]),
                "UAI": formation["uai_formation"],
                "CODE_MEF": "AFFECTATION",
                "CLE_MINISTERE_EDUCATIF": formation["cle_ministere_educatif"],
                "CP": formation.get("code_postal") or "",
            }


def _code(nature: str, sujet: object) -> str:
    return f"{int(tirage(GRAINE, nature, sujet) * 10**9):09}"


def _ecrire(fichier: Path, lignes: Sequence[Document]) -> Path:
    with fichier.open("w", encoding="utf-8", newline="") as sortie:
        ecrivain = csv.DictWriter(sortie, COLONNES, delimiter=";", restval="")
        ecrivain.writeheader()
        ecrivain.writerows(lignes)
    return fichier


def regles_en_plus() -> list[Document]:
    """Return twenty-two rules of the kinds that the real set lacks: named, excluding, local."""
    ps, af = Plateforme.PARCOURSUP, Plateforme.AFFELNET
    exclut, recteur = Statut.NON_PUBLIABLE, Statut.A_PUBLIER_RECTEUR
    validation, publier = Statut.A_PUBLIER_VALIDATION, Statut.A_PUBLIER
    return [
        *(
            _regle(ps, _BTS, _EXCLUT, exclut, f"sans les BTS {mot}", mot, academie)
            for academie, mot in ((1, "NEGO"), (10, "TOURISME"), (24, "IMMOBILI"), (9, "BANQUE"))
        ),
        *(
            _regle(ps, _BTS, _PEUT, recteur, f"BTS {mot} au recteur", mot, academie)
            for academie, mot in (
                (4, "COMPTA"),
                (11, "MANAGEMENT"),
                (16, "COMMUN"),
                (17, "GESTION"),
            )
        ),
        *(
            _regle(af, _CAP, _PEUT, validation, f"CAP {mot} à valider", mot, academie)
            for academie, mot in ((2, "COIFFURE"), (8, "BOULANG"), (14, "CUISINE"), (25, "MACON"))
        ),
        *(
            _regle(af, _PRO, _EXCLUT, exclut, f"sans les bacs pro {mot}", mot, academie)
            for academie, mot in ((12, "COMMERCE"), (18, "SECURITE"), (70, "MAINTENANCE"))
        ),
        _regle(ps, _BTS, _EXCLUT, exclut, "BTS à distance, exclus", None, 0, a_distance=True),
        _regle(af, _CAP, _EXCLUT, exclut, "CAP à distance, exclus", None, 0, a_distance=True),
        _regle(af, _PRO, _PEUT, validation, "bacs pro vente à valider", "VENTE", 0),
        _regle(af, _CAP, _DOIT, publier, "CAP en un an", None, 0, duree="1"),
        _regle(ps, _PRO, _PEUT, recteur, "bacs pro au recteur", "MAINTENANCE", 0),
        _regle(ps, _BTS, _DOIT, publier, "BTS en trois ans", None, 0, duree="3"),
        _regle(af, _PRO, _DOIT, publier, "bacs pro en trois ans", None, 0, duree="3"),
    ]


def _regle(  # noqa: PLR0913 - the columns of a table
    plateforme: Plateforme,
    diplome: tuple[str, str],
    condition: str,
    statut: Statut,
    nom: str,
    mot: str | None,
    academie: int,
    *,
    duree: str | None = None,
    a_distance: bool = False,
) -> Document:
    filtre: Document = {}
    if mot is not None:
        filtre["intitule_long"] = {"$regex": f".*{mot}.*"}
    if a_distance:
        filtre["entierement_a_distance"] = True
    return {
        "plateforme": plateforme.value,
        "niveau": diplome[0],
        "diplome": diplome[1],
        "condition_integration": condition,
        "statut": statut.value,
        "num_academie": academie,
        "nom_regle_complementaire": f"saison simulée : {nom}",
        **({"regle_complementaire": _json(filtre)} if filtre else {}),
        **({"duree": duree} if duree else {}),
    }


def _json(filtre: Document) -> str:
    return json.dumps(filtre, ensure_ascii=False)
