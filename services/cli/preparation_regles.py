"""Some twenty synthetic rules of the kinds that the rules written for measurements lack.

Those are national, without name or exclusion. These are named, belong to an académie, or exclude
("ne doit pas intégrer"). They are no official rules; each name begins with `Synthétique`.
"""

import json
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from contracts.statuts import Plateforme, Statut

Regle: TypeAlias = dict[str, Any]

PREFIXE: Final = "Synthétique"
_BTS: Final = ("5 (BTS, DEUST...)", "BREVET DE TECHNICIEN SUPERIEUR")
_BTSA: Final = ("5 (BTS, DEUST...)", "BREVET DE TECHNICIEN SUPERIEUR AGRICOLE")
_LICENCE_PRO: Final = ("6 (Licence, BUT...)", "LICENCE PROFESSIONNELLE")
_CAP: Final = ("3 (CAP...)", "CERTIFICAT D'APTITUDE PROFESSIONNELLE")
_BAC_PRO: Final = ("4 (BAC...)", "BAC PROFESSIONNEL")
_BP: Final = ("4 (BAC...)", "BREVET PROFESSIONNEL")

_INTEGRE: Final = "doit intégrer"
_PEUT: Final = "peut intégrer"
_EXCLUT: Final = "ne doit pas intégrer"


def regles_synthetiques() -> list[Regle]:
    """Return the rules, in a fixed order, in the shape of the historic documents."""
    return [*_exclusions(), *_nommees(), *_academiques()]


def _exclusions() -> Iterator[Regle]:
    filtres: tuple[tuple[Plateforme, tuple[str, str], str, Regle], ...] = (
        (Plateforme.PARCOURSUP, _BTS, "diplômes du tourisme", _intitule("TOURISME")),
        (Plateforme.PARCOURSUP, _BTSA, "spécialités viticoles", _intitule("VITICULTURE")),
        (Plateforme.PARCOURSUP, _LICENCE_PRO, "métiers du notariat", _intitule("NOTARIAT")),
        (Plateforme.PARCOURSUP, _BTS, "diplômes de l'aéronautique", _intitule("AERONAUTIQUE")),
        (Plateforme.AFFELNET, _CAP, "taxidermie", _intitule("TAXIDERM")),
        (Plateforme.AFFELNET, _BAC_PRO, "perruquier posticheur", _intitule("POSTICHE")),
        (Plateforme.AFFELNET, _BP, "brevets de la sécurité", _intitule("SECURITE")),
    )
    for plateforme, diplome, nom, filtre in filtres:
        yield _regle(plateforme, diplome, Statut.NON_PUBLIABLE, _EXCLUT, nom=nom, filtre=filtre)


def _nommees() -> Iterator[Regle]:
    lignes: tuple[tuple[Plateforme, tuple[str, str], Statut, str, str, Regle], ...] = (
        (Plateforme.PARCOURSUP, _BTS, Statut.A_PUBLIER, _INTEGRE, "BTS en deux ans", _mef("^311")),
        (
            Plateforme.PARCOURSUP,
            _BTS,
            Statut.A_PUBLIER_HABILITATION,
            _PEUT,
            "optique",
            _intitule("OPTICIEN"),
        ),
        (
            Plateforme.PARCOURSUP,
            _LICENCE_PRO,
            Statut.A_PUBLIER_RECTEUR,
            _PEUT,
            "licences du commerce",
            _cfd("^...312"),
        ),
        (
            Plateforme.AFFELNET,
            _CAP,
            Statut.A_PUBLIER,
            _INTEGRE,
            "métiers de bouche",
            _cfd("^50022"),
        ),
        (
            Plateforme.AFFELNET,
            _BAC_PRO,
            Statut.A_PUBLIER_VALIDATION,
            _PEUT,
            "métiers de l'hôtellerie",
            _cfd("^40033"),
        ),
        (Plateforme.AFFELNET, _BP, Statut.A_DEFINIR, _PEUT, "coiffure", _intitule("COIFFURE")),
    )
    for plateforme, diplome, statut, condition, nom, filtre in lignes:
        yield _regle(plateforme, diplome, statut, condition, nom=nom, filtre=filtre)


def _academiques() -> Iterator[Regle]:
    lignes: tuple[tuple[int, Plateforme, tuple[str, str], Statut, str], ...] = (
        (10, Plateforme.PARCOURSUP, _BTS, Statut.A_PUBLIER_RECTEUR, _PEUT),
        (27, Plateforme.PARCOURSUP, _BTS, Statut.A_PUBLIER, _INTEGRE),
        (28, Plateforme.PARCOURSUP, _LICENCE_PRO, Statut.A_PUBLIER_POSTBAC, _PEUT),
        (4, Plateforme.AFFELNET, _CAP, Statut.A_PUBLIER_VALIDATION, _PEUT),
        (16, Plateforme.AFFELNET, _BAC_PRO, Statut.A_PUBLIER, _INTEGRE),
        (27, Plateforme.AFFELNET, _CAP, Statut.A_PUBLIER, _INTEGRE),
        (28, Plateforme.AFFELNET, _BP, Statut.A_PUBLIER_VALIDATION, _PEUT),
    )
    for academie, plateforme, diplome, statut, condition in lignes:
        yield _regle(
            plateforme, diplome, statut, condition, nom=f"académie {academie}", academie=academie
        )


def _regle(
    plateforme: Plateforme,
    diplome: tuple[str, str],
    statut: Statut,
    condition: str,
    *,
    nom: str,
    filtre: Regle | None = None,
    academie: int = 0,
) -> Regle:
    return {
        "plateforme": plateforme.value,
        "niveau": diplome[0],
        "diplome": diplome[1],
        "statut": statut.value,
        "condition_integration": condition,
        "num_academie": academie,
        "is_deleted": False,
        "nom_regle_complementaire": f"{PREFIXE} : {nom}",
        "regle_complementaire": json.dumps({"$and": [filtre]}) if filtre else None,
        "duree": None,
        "annee": None,
    }


def _intitule(contenu: str) -> Regle:
    return {"intitule_long": {"$regex": f".*{contenu}.*"}}


def _cfd(motif: str) -> Regle:
    return {"cfd": {"$regex": motif}}


def _mef(motif: str) -> Regle:
    return {"bcn_mefs_10.mef10": {"$regex": motif}}
