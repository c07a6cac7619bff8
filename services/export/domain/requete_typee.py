"""Translates a historic query into a filter over stored offers: known fields, known operators.

The historic routes handed the client's filter to the database, odd operators renamed. Here it is a
closed language: what is not understood is refused, telling where; a regular expression is a text to
find, anchored or not, never a pattern that costs (decision 26).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from services.export.domain.requete_champs import BOOLEENS, CHAMPS, STATUTS, TABLEAUX_D_OBJETS
from services.export.domain.requete_lecture import ANCIENS_STATUTS, RequeteRefusee

Filtre = dict[str, Any]

PROFONDEUR_MAX: Final = 8
CRITERES_MAX: Final = 100
VALEURS_MAX: Final = 1_000
TEXTE_MAX: Final = 300
_ACADEMIE: Final = "num_academie"
_LITTERAL: Final = re.compile(r"(\^?)((?:[^\\^$.|?*+()\[\]{}]|\\[^A-Za-z0-9])*)(\$?)")
_ECHAPPE: Final = re.compile(r"\\(.)")
_COMPARAISONS: Final = frozenset({"$gt", "$gte", "$lt", "$lte"})


def traduire(
    requete: Mapping[str, Any],
    champs: Mapping[str, str] = CHAMPS,
    tableaux: Mapping[str, str] = TABLEAUX_D_OBJETS,
) -> Filtre:
    """Return the filter of a query already read; `{}` admits everything.

    Raises:
        RequeteRefusee: an unknown field or operator, a value of the wrong kind, a query too deep
            or too long.
    """
    return _Traducteur(champs, tableaux).objet(requete, "", 0)


def litteral(source: object, lieu: str, *, insensible: bool) -> Filtre:
    """Return the test of a text that holds, begins or ends with another one."""
    trouve = _LITTERAL.fullmatch(source) if isinstance(source, str) else None
    if trouve is None or len(trouve[2]) > TEXTE_MAX:
        raise RequeteRefusee(lieu, "seul un texte à chercher est admis, avec « ^ » ou « $ »")
    texte = re.escape(_ECHAPPE.sub(r"\1", trouve[2]))
    return {"$regex": f"{trouve[1]}{texte}{trouve[3]}", "$options": "i" if insensible else ""}


class _Traducteur:
    def __init__(self, champs: Mapping[str, str], tableaux: Mapping[str, str]) -> None:
        self._champs = champs
        self._tableaux = tableaux
        self._criteres = 0

    def objet(self, requete: object, lieu: str, profondeur: int) -> Filtre:
        if not isinstance(requete, Mapping):
            raise RequeteRefusee(lieu, "un objet est attendu")
        if profondeur > PROFONDEUR_MAX:
            raise RequeteRefusee(lieu, "requête trop profonde")
        parties: list[Filtre] = []
        for cle, valeur in requete.items():
            ici = f"{lieu}.{cle}" if lieu else cle
            if cle in {"$and", "$or", "$nor"}:
                parties.append({cle: self._liste(valeur, ici, profondeur)})
            elif cle.startswith("$"):
                raise RequeteRefusee(ici, "opérateur non pris en charge")
            else:
                parties.append(self._champ(cle, valeur, ici))
        return parties[0] if len(parties) == 1 else {"$and": parties} if parties else {}

    def _liste(self, valeur: object, lieu: str, profondeur: int) -> list[Filtre]:
        if not isinstance(valeur, list) or not valeur:
            raise RequeteRefusee(lieu, "une liste non vide est attendue")
        return [
            self.objet(element, f"{lieu}[{rang}]", profondeur + 1)
            for rang, element in enumerate(valeur)
        ]

    def _champ(self, champ: str, valeur: object, lieu: str) -> Filtre:
        self._criteres += 1
        if self._criteres > CRITERES_MAX:
            raise RequeteRefusee(lieu, "trop de critères")
        if champ in self._tableaux:
            return {self._tableaux[champ]: self._element(champ, valeur, lieu)}
        if champ not in self._champs:
            raise RequeteRefusee(lieu, "champ inconnu")
        return {self._champs[champ]: self._tests(champ, valeur, lieu)}

    def _element(self, champ: str, valeur: object, lieu: str) -> Filtre:
        seul = valeur if isinstance(valeur, Mapping) and len(valeur) == 1 else {}
        match seul:
            case {"$elemMatch": dict() as criteres}:
                ici = f"{lieu}.$elemMatch"
                tests: Filtre = {}
                for membre, test in criteres.items():
                    if f"{champ}.{membre}" not in self._champs:
                        raise RequeteRefusee(f"{ici}.{membre}", "champ inconnu")
                    tests[membre] = self._tests(f"{champ}.{membre}", test, f"{ici}.{membre}")
                return {"$elemMatch": tests}
            case {"$size": int() as taille} if not isinstance(taille, bool):
                return {"$size": taille}
            case {"$exists": bool() as present}:
                return {"$exists": present}
        raise RequeteRefusee(lieu, "un critère sur un élément ($elemMatch) est attendu")

    def _tests(self, champ: str, valeur: object, lieu: str) -> Filtre:
        if not isinstance(valeur, Mapping):
            return {"$in": _formes(champ, valeur, lieu)}
        if not valeur:
            raise RequeteRefusee(lieu, "un critère est attendu")
        tests: Filtre = {}
        for operateur, operande in valeur.items():
            ici = f"{lieu}.{operateur}"
            if operateur == "$options":
                if "$regex" not in valeur or operande not in {"", "i"}:
                    raise RequeteRefusee(ici, "l'option « i » de $regex est la seule")
            elif operateur == "$not":
                if not isinstance(operande, Mapping):
                    raise RequeteRefusee(ici, "un objet est attendu")
                tests["$not"] = self._tests(champ, operande, ici)
            elif operateur == "$regex":
                insensible = valeur.get("$options") == "i"
                tests |= litteral(operande, ici, insensible=insensible)
            elif operateur in _OPERATEURS:
                _ajouter(tests, _OPERATEURS[operateur](champ, operande, ici), ici)
            else:
                raise RequeteRefusee(ici, "opérateur non pris en charge")
        return tests


def _ajouter(tests: Filtre, nouveaux: Filtre, lieu: str) -> None:
    if tests.keys() & nouveaux.keys():
        raise RequeteRefusee(lieu, "deux critères de même sens sur un champ : employez $and")
    tests |= nouveaux


def _valeur(champ: str, valeur: object, lieu: str) -> str | bool | None:
    if champ in BOOLEENS:
        if valeur is None or isinstance(valeur, bool):
            return valeur
        raise RequeteRefusee(lieu, "vrai ou faux est attendu")
    if isinstance(valeur, bool) or not isinstance(valeur, str | int | None):
        raise RequeteRefusee(lieu, "un texte est attendu")
    texte = None if valeur is None else str(valeur)
    if texte is not None and len(texte) > TEXTE_MAX:
        raise RequeteRefusee(lieu, "texte trop long")
    return ANCIENS_STATUTS.get(texte, texte) if texte and champ in STATUTS else texte


def _formes(champ: str, valeur: object, lieu: str) -> list[str | bool | None]:
    """Return the ways in which a value is stored: an académie with and without its zero."""
    lue = _valeur(champ, valeur, lieu)
    if champ == _ACADEMIE and isinstance(lue, str):
        nue = lue.lstrip("0")
        return [*sorted({nue, nue.zfill(2)})]
    return [lue]


def _plusieurs(champ: str, valeur: object, lieu: str) -> list[str | bool | None]:
    if not isinstance(valeur, list) or len(valeur) > VALEURS_MAX:
        raise RequeteRefusee(lieu, f"une liste d'au plus {VALEURS_MAX} valeurs est attendue")
    return [forme for une in valeur for forme in _formes(champ, une, lieu)]


def _borne(operateur: str) -> Callable[[str, object, str], Filtre]:
    def test(champ: str, valeur: object, lieu: str) -> Filtre:
        lue = _valeur(champ, valeur, lieu)
        if not isinstance(lue, str):
            raise RequeteRefusee(lieu, "un texte est attendu")
        return {operateur: lue}

    return test


def _taille(_: str, valeur: object, lieu: str) -> Filtre:
    if isinstance(valeur, bool) or not isinstance(valeur, int) or valeur < 0:
        raise RequeteRefusee(lieu, "un nombre d'éléments est attendu")
    return {"$size": valeur}


def _presence(_: str, valeur: object, lieu: str) -> Filtre:
    if not isinstance(valeur, bool):
        raise RequeteRefusee(lieu, "vrai ou faux est attendu")
    return {"$exists": valeur}


_OPERATEURS: Final[Mapping[str, Callable[[str, object, str], Filtre]]] = {
    "$eq": lambda champ, valeur, lieu: {"$in": _formes(champ, valeur, lieu)},
    "$ne": lambda champ, valeur, lieu: {"$nin": _formes(champ, valeur, lieu)},
    "$in": lambda champ, valeur, lieu: {"$in": _plusieurs(champ, valeur, lieu)},
    "$nin": lambda champ, valeur, lieu: {"$nin": _plusieurs(champ, valeur, lieu)},
    "$all": lambda champ, valeur, lieu: {"$all": _plusieurs(champ, valeur, lieu)},
    "$size": _taille,
    "$exists": _presence,
    **{operateur: _borne(operateur) for operateur in sorted(_COMPARAISONS)},
}
