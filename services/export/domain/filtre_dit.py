"""One criterion of a complementary rule, said in the words of the rule builder."""

import re
from collections.abc import Mapping
from typing import Final

_LIBELLES: Final[Mapping[str, str]] = {
    "intitule_long": "l'intitulé de la formation",
    "libelle_court": "le libellé court",
    "niveau_formation_diplome": "le niveau formation diplôme",
    "bcn_mefs_10.mef10": "le MEF 10",
    "rncp_code": "le code RNCP",
    "rncp_details.nsf_code": "le groupe de spécialité (NSF)",
    "cfd": "le CFD",
}
_OPERATEURS: Final[Mapping[str, str]] = {
    "$eq": "correspond à",
    "$ne": "est différent de",
    "$in": "est parmi",
    "$nin": "n'est pas parmi",
    "$gt": "est après",
    "$gte": "est à partir de",
    "$lt": "est avant",
    "$lte": "est jusqu'à",
}
_ECHAPPE: Final = re.compile(r"\\(.)")
_LITTERAL: Final = re.compile(r"(?:\\[^\w]|[^\\\[\]{}()*+?.^$|])*")


def dire_critere(champ: str, operateur: str, valeur: object, *, options: str = "") -> str:
    """Return one criterion as a sentence, in the words of the rule builder."""
    quoi = _LIBELLES.get(champ, f"« {champ} »")
    if operateur == "$exists":
        return f"{quoi} est connu" if valeur else f"{quoi} est inconnu"
    if operateur == "$regex":
        casse = " sans égard à la casse" if options else ""
        return f"{quoi} {_dire_expression(str(valeur))}{casse}"
    return f"{quoi} {_OPERATEURS[operateur]} {_dire_valeur(valeur)}"


def _dire_expression(source: str) -> str:
    for debut, fin, verbe in (
        ("^", "$", "correspond à"),
        ("^", "", "commence par"),
        (".*", ".*", "contient"),
        ("", "$", "finit par"),
        ("", "", "contient"),
    ):
        milieu = source.removeprefix(debut).removesuffix(fin)
        entoure = source == f"{debut}{milieu}{fin}"
        if entoure and _LITTERAL.fullmatch(milieu):
            texte = _ECHAPPE.sub(r"\1", milieu)
            return f"{verbe} « {texte} »"
    return f"vérifie l'expression « {source} »"


def _dire_valeur(valeur: object) -> str:
    match valeur:
        case list():
            return ", ".join(map(_dire_valeur, valeur)) or "aucune valeur"
        case None:
            return "rien"
        case bool():
            return "vrai" if valeur else "faux"
        case _:
            return f"« {valeur} »"
