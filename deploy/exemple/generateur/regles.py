"""A dozen made-up rules, in the shape of the historic documents (domain.md §3.2)."""

import json
from pathlib import Path
from typing import Any, Final, TypeAlias

Regle: TypeAlias = dict[str, Any]

_CAP: Final = ("3 (CAP...)", "CERTIFICAT D'APTITUDE PROFESSIONNELLE")
_CAPA: Final = ("3 (CAP...)", "CERTIFICAT D'APTITUDE PROFESSIONNELLE AGRICOLE")
_BAC_PRO: Final = ("4 (BAC...)", "BAC PROFESSIONNEL")
_BAC_PRO_AGRICOLE: Final = ("4 (BAC...)", "BAC PROFESSIONNEL AGRICOLE")
_BP: Final = ("4 (BAC...)", "BREVET PROFESSIONNEL")
_MC: Final = ("4 (BAC...)", "MENTION COMPLEMENTAIRE")
_BTS: Final = ("5 (BTS, DEUST...)", "BREVET DE TECHNICIEN SUPERIEUR")
_BTSA: Final = ("5 (BTS, DEUST...)", "BREVET DE TECHNICIEN SUPERIEUR AGRICOLE")
_LICENCE: Final = ("6 (Licence, BUT...)", "LICENCE PROFESSIONNELLE")

_INTEGRE: Final = ("doit intégrer", "à publier")
_EXCLUT: Final = ("ne doit pas intégrer", "non publiable en l'état")


def ecrire_regles(sortie: Path) -> None:
    """Write the rules, which name themselves as an example."""
    fichier = sortie / "regles/regles.json"
    fichier.parent.mkdir(parents=True, exist_ok=True)
    fichier.write_text(json.dumps(_regles(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _regles() -> list[Regle]:
    return [
        _regle("parcoursup", _BTS, _INTEGRE),
        _regle("parcoursup", _BTSA, _INTEGRE),
        _regle("parcoursup", _BP, _INTEGRE),
        _regle(
            "parcoursup",
            _MC,
            ("peut intégrer", "à publier (vérifier accès direct postbac)"),
        ),
        _regle(
            "parcoursup", _LICENCE, ("peut intégrer", "à publier (soumis à validation Recteur)")
        ),
        _regle(
            "parcoursup",
            _BTS,
            _EXCLUT,
            nom="opticiens",
            filtre={"intitule_long": {"$regex": ".*OPTICIEN.*"}},
        ),
        _regle("affelnet", _CAP, _INTEGRE),
        _regle("affelnet", _CAPA, _INTEGRE),
        _regle("affelnet", _BAC_PRO, _INTEGRE),
        _regle("affelnet", _BAC_PRO_AGRICOLE, _INTEGRE),
        _regle(
            "affelnet",
            _BP,
            ("peut intégrer", "à définir"),
            academies={"4": "à publier", "27": "à publier (soumis à validation)"},
        ),
        _regle(
            "affelnet",
            _CAP,
            ("peut intégrer", "à publier (soumis à validation)"),
            nom="CAP en un an",
            filtre={"bcn_mefs_10.mef10": {"$regex": "^240"}},
        ),
        _regle("affelnet", _MC, _INTEGRE, nom="académie de Lyon", academie=10),
    ]


def _regle(
    plateforme: str,
    diplome: tuple[str, str],
    effet: tuple[str, str],
    *,
    nom: str | None = None,
    filtre: Regle | None = None,
    academie: int = 0,
    academies: dict[str, str] | None = None,
) -> Regle:
    regle: Regle = {
        "plateforme": plateforme,
        "niveau": diplome[0],
        "diplome": diplome[1],
        "statut": effet[1],
        "condition_integration": effet[0],
        "num_academie": academie,
        "is_deleted": False,
        "nom_regle_complementaire": f"Exemple : {nom}" if nom else None,
        "regle_complementaire": json.dumps({"$and": [filtre]}) if filtre else None,
        "duree": None,
        "annee": None,
    }
    return regle | ({"statut_academies": academies} if academies else {})
