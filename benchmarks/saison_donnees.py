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
_BTSA: Final = ("5 (BTS, DEUST...)", "BREVET DE TECHNICIEN SUPERIEUR AGRICOLE")
_TITRE: Final = ("5 (BTS, DEUST...)", "TH DE NIV 3 MINISTERE DU TRAVAIL - AFPA")
_TITRE_3: Final = ("3 (CAP...)", "TH DE NIV 5 MINISTERE DU TRAVAIL - AFPA")
_LICENCE: Final = ("6 (Licence, BUT...)", "LICENCE PROFESSIONNELLE")
_MASTER: Final = ("7 (Master, titre ingénieur...)", "MASTER PROFESSIONNEL")
_BP: Final = ("4 (BAC...)", "BREVET PROFESSIONNEL")
_MC: Final = ("4 (BAC...)", "MENTION COMPLEMENTAIRE")
_BPJEPS: Final = (
    "4 (BAC...)",
    "BREVET PROFESSIONNEL DE LA JEUNESSE, DE L'EDUCATION POPULAIRE ET DU SPORT",
)
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
    """Return twenty-two rules of the kinds that the real set lacks: named, excluding, local.

    Those that exclude show that they veto nothing (decision 22); an académie's word does.
    """
    ps, af = Plateforme.PARCOURSUP, Plateforme.AFFELNET
    recteur, postbac = Statut.A_PUBLIER_RECTEUR, Statut.A_PUBLIER_POSTBAC
    validation, publier = Statut.A_PUBLIER_VALIDATION, Statut.A_PUBLIER
    exclut = Statut.NON_PUBLIABLE
    surcharges = {"17": publier.value, "18": exclut.value, "7": validation.value}
    return [
        *(
            _regle(ps, _LICENCE, _PEUT, publier, f"licences {mot}", mot, academie)
            for academie, mot in (
                (4, "MANAGEMENT"),
                (11, "COMMER"),
                (17, "ASSURANCE"),
                (14, "GEST"),
            )
        ),
        *(_regle(ps, _TITRE, _PEUT, recteur, "titres au recteur", None, un) for un in (10, 24, 9)),
        _regle(ps, _MASTER, _PEUT, postbac, "masters", None, 0),
        _regle(ps, _BTSA, _DOIT, publier, "BTSA en deux ans", None, 0, duree="2"),
        _regle(ps, _BTS, _EXCLUT, exclut, "sans les BTS du tourisme", "TOURISME", 10),
        _regle(ps, _LICENCE, _EXCLUT, exclut, "licences à distance", None, 0, a_distance=True),
        *(
            _regle(af, _BP, _DOIT, publier, f"brevets {mot}", mot, academie)
            for academie, mot in ((2, "COIFFURE"), (8, "BOULANG"), (14, "CUISINE"), (25, "PHARMA"))
        ),
        *(
            _regle(af, _MC, _PEUT, validation, "mentions", None, academie)
            for academie in (12, 70, 3)
        ),
        _regle(af, _BPJEPS, _DOIT, publier, "animateurs", None, 0),
        {
            **_regle(af, _TITRE_3, _PEUT, Statut.A_DEFINIR, "titres aux académies", None, 0),
            "statut_academies": surcharges,
        },
        _regle(af, _CAP, _EXCLUT, exclut, "CAP à distance", None, 0, a_distance=True),
        _regle(af, _PRO, _EXCLUT, exclut, "sans les bacs pro de commerce", "COMMERCE", 12),
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
