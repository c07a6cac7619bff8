"""Reads the text of a regular expression into the programme that `expressions` runs."""

import re
from dataclasses import dataclass
from typing import Final

from services.export.domain.expressions import (
    LONGUEUR_MAX,
    PROGRAMME_MAX,
    Accepte,
    Branche,
    Caracteres,
    Debut,
    Expression,
    ExpressionRefusee,
    Fin,
    Instruction,
    Lit,
)

Plages = tuple[tuple[str, str], ...]

_DIGITS: Final[Plages] = (("0", "9"),)
_WORD: Final[Plages] = (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z"))
_BLANK: Final[Plages] = ((" ", " "), ("\t", "\r"), ("\u00a0", "\u00a0"), ("\u2028", "\u2029"))
_CLASSES: Final = {"d": _DIGITS, "w": _WORD, "s": _BLANK}
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}
_ANY: Final = Caracteres((("\n", "\n"), ("\r", "\r")), sauf=True)
_COUNT: Final = re.compile(r"\{(\d{1,4})(?:(,)(\d{0,4}))?\}")
_DEPTH_MAX: Final = 30


@dataclass(frozen=True, slots=True)
class _Suite:
    noeuds: tuple["_Noeud", ...]


@dataclass(frozen=True, slots=True)
class _Choix:
    noeuds: tuple["_Noeud", ...]


@dataclass(frozen=True, slots=True)
class _Repete:
    noeud: "_Noeud"
    minimum: int
    maximum: int | None


@dataclass(frozen=True, slots=True)
class _Ancre:
    debut: bool


_Noeud = _Suite | _Choix | _Repete | _Ancre | Caracteres


def compiler(source: str, *, insensible: bool = False) -> Expression:
    """Compile an expression.

    Raises:
        ExpressionRefusee: malformed, longer than `LONGUEUR_MAX`, a programme above
            `PROGRAMME_MAX`, or a construct that a finite automaton cannot decide.
    """
    if len(source) > LONGUEUR_MAX:
        raise ExpressionRefusee(f"plus de {LONGUEUR_MAX} caractères")
    programme = _Programme()
    depart = programme.pose(_Lecture(source).tout(), programme.ajoute(Accepte()))
    return Expression(tuple(programme.instructions), depart, insensible=insensible)


class _Programme:
    """Lays nodes down backwards: each is given where to go on and tells where it starts."""

    def __init__(self) -> None:
        self.instructions: list[Instruction] = []

    def ajoute(self, instruction: Instruction) -> int:
        if len(self.instructions) >= PROGRAMME_MAX:
            raise ExpressionRefusee("expression trop grande")
        self.instructions.append(instruction)
        return len(self.instructions) - 1

    def pose(self, noeud: _Noeud, suite: int) -> int:
        match noeud:
            case Caracteres():
                return self.ajoute(Lit(noeud, suite))
            case _Ancre(debut):
                return self.ajoute(Debut(suite) if debut else Fin(suite))
            case _Choix(noeuds):
                return self.ajoute(Branche(tuple(self.pose(choix, suite) for choix in noeuds)))
            case _Suite(noeuds):
                for partie in reversed(noeuds):
                    suite = self.pose(partie, suite)
                return suite
            case _Repete():
                return self._pose_repetition(noeud, suite)

    def _pose_repetition(self, repete: _Repete, suite: int) -> int:
        if repete.maximum is None:
            boucle = self.ajoute(Branche(()))
            self.instructions[boucle] = Branche((self.pose(repete.noeud, boucle), suite))
            suite = boucle
        else:
            sortie = suite
            for _ in range(repete.maximum - repete.minimum):
                suite = self.ajoute(Branche((self.pose(repete.noeud, suite), sortie)))
        for _ in range(repete.minimum):
            suite = self.pose(repete.noeud, suite)
        return suite


class _Lecture:
    """Recursive descent over the source."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._rang = 0

    def tout(self) -> _Noeud:
        noeud = self._choix(0)
        if self._rang < len(self._source):
            raise ExpressionRefusee("parenthèse fermante sans ouvrante")
        return noeud

    def _choix(self, profondeur: int) -> _Noeud:
        if profondeur > _DEPTH_MAX:
            raise ExpressionRefusee("parenthèses trop profondes")
        noeuds = [self._suite(profondeur)]
        while self._avale("|"):
            noeuds.append(self._suite(profondeur))
        return noeuds[0] if len(noeuds) == 1 else _Choix(tuple(noeuds))

    def _suite(self, profondeur: int) -> _Noeud:
        noeuds: list[_Noeud] = []
        while self._rang < len(self._source) and self._source[self._rang] not in "|)":
            noeuds.append(self._repetition(self._atome(profondeur)))
        return _Suite(tuple(noeuds))

    def _atome(self, profondeur: int) -> _Noeud:
        caractere = self._suivant()
        match caractere:
            case "(":
                return self._groupe(profondeur)
            case "[":
                return self._classe()
            case ".":
                return _ANY
            case "^" | "$":
                return _Ancre(debut=caractere == "^")
            case "*" | "+" | "?":
                raise ExpressionRefusee("répétition de rien")
            case "\\":
                plages, sauf = self._echappement()
                return Caracteres(plages, sauf=sauf)
            case _:
                return Caracteres(((caractere, caractere),))

    def _groupe(self, profondeur: int) -> _Noeud:
        if self._avale("?") and not self._avale(":"):
            raise ExpressionRefusee("groupe spécial non pris en charge")
        noeud = self._choix(profondeur + 1)
        if not self._avale(")"):
            raise ExpressionRefusee("parenthèse non fermée")
        return noeud

    def _repetition(self, noeud: _Noeud) -> _Noeud:
        bornes = self._bornes()
        if bornes is None:
            return noeud
        # A lazy mark changes what a match spans, not whether there is one.
        self._avale("?")
        if self._bornes() is not None:
            raise ExpressionRefusee("répétition d'une répétition")
        return _Repete(noeud, *bornes)

    def _bornes(self) -> tuple[int, int | None] | None:
        for signe, bornes in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._avale(signe):
                return bornes
        compte = _COUNT.match(self._source, self._rang)
        if compte is None:
            return None
        self._rang = compte.end()
        minimum = int(compte[1])
        if not compte[2]:
            return minimum, minimum
        maximum = int(compte[3]) if compte[3] else None
        if maximum is not None and maximum < minimum:
            raise ExpressionRefusee("bornes de répétition inversées")
        return minimum, maximum

    def _classe(self) -> Caracteres:
        sauf = self._avale("^")
        plages: list[tuple[str, str]] = []
        while not self._avale("]"):
            bas = self._element_de_classe()
            if len(bas) > 1 or bas[0][0] != bas[0][1] or not self._tiret_de_plage():
                plages.extend(bas)
                continue
            haut = self._element_de_classe()
            if len(haut) > 1 or haut[0][0] != haut[0][1] or haut[0][0] < bas[0][0]:
                raise ExpressionRefusee("plage de caractères invalide")
            plages.append((bas[0][0], haut[0][0]))
        return Caracteres(tuple(plages), sauf=sauf)

    def _element_de_classe(self) -> Plages:
        caractere = self._suivant()
        if caractere != "\\":
            return ((caractere, caractere),)
        plages, sauf = self._echappement()
        if sauf:
            raise ExpressionRefusee("négation dans une classe non prise en charge")
        return plages

    def _tiret_de_plage(self) -> bool:
        if self._source[self._rang : self._rang + 1] != "-":
            return False
        if self._source[self._rang + 1 : self._rang + 2] == "]":
            return False
        self._rang += 1
        return True

    def _echappement(self) -> tuple[Plages, bool]:
        caractere = self._suivant()
        if caractere.lower() in _CLASSES:
            return _CLASSES[caractere.lower()], caractere.isupper()
        if caractere in _CONTROLS:
            return ((_CONTROLS[caractere],) * 2,), False
        if caractere.isalnum():
            raise ExpressionRefusee(f"échappement \\{caractere} non pris en charge")
        return ((caractere, caractere),), False

    def _suivant(self) -> str:
        if self._rang >= len(self._source):
            raise ExpressionRefusee("expression inachevée")
        self._rang += 1
        return self._source[self._rang - 1]

    def _avale(self, attendu: str) -> bool:
        if self._source[self._rang : self._rang + 1] != attendu:
            return False
        self._rang += 1
        return True
