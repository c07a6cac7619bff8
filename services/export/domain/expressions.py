r"""The regular expressions of complementary rules, matched in time linear in the text.

A rule is written by a person, so its expression may not cost more than a look at the text
(domain.md §3.2). What a finite automaton can decide is accepted: literals, classes, groups,
alternatives, repetitions, `^` and `$`. Back-references, look-around, `\b` and inline flags are
refused with `ExpressionRefusee`. Case and accents count, unless `insensible` is asked for.
"""

from dataclasses import dataclass
from typing import Final

LONGUEUR_MAX: Final = 500
PROGRAMME_MAX: Final = 2_000
CACHE_MAX: Final = 20_000


class ExpressionRefusee(ValueError):
    """The expression is malformed, too large, or needs more than a finite automaton."""


@dataclass(frozen=True, slots=True)
class Caracteres:
    """A set of characters, as closed ranges, possibly negated."""

    plages: tuple[tuple[str, str], ...]
    sauf: bool = False

    def contient(self, caractere: str) -> bool:
        """Tell whether one character belongs to the set."""
        return any(bas <= caractere <= haut for bas, haut in self.plages) is not self.sauf


@dataclass(frozen=True, slots=True)
class Lit:
    """Consume one character of a set, then go on at `suite`."""

    caracteres: Caracteres
    suite: int


@dataclass(frozen=True, slots=True)
class Branche:
    """Go on at each of `suites` without consuming; none of them for a dead end."""

    suites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Debut:
    """Go on only at the start of the text."""

    suite: int


@dataclass(frozen=True, slots=True)
class Fin:
    """Go on only at the end of the text."""

    suite: int


@dataclass(frozen=True, slots=True)
class Accepte:
    """The expression was found."""


Instruction = Lit | Branche | Debut | Fin | Accepte


class _Etat:
    """One state of the lazily built automaton: the instructions that are alive."""

    __slots__ = ("accepte", "accepte_en_fin", "suivants", "vivantes")

    def __init__(self, vivantes: frozenset[int], *, accepte: bool, accepte_en_fin: bool) -> None:
        self.vivantes = vivantes
        self.accepte = accepte
        self.accepte_en_fin = accepte_en_fin
        self.suivants: dict[str, _Etat] = {}


class Expression:
    """A compiled expression; `trouve` tells whether it occurs anywhere in a text."""

    def __init__(
        self, programme: tuple[Instruction, ...], depart: int, *, insensible: bool
    ) -> None:
        self._programme = programme
        self._depart = depart
        self._insensible = insensible
        self._etats: dict[frozenset[int], _Etat] = {}
        self._transitions = 0
        self._initial = self._etat_neuf(self._fermeture({depart}, debut=True), debut=True)
        self._reponses: dict[str, bool] = {}

    def trouve(self, texte: str) -> bool:
        """Tell whether the expression occurs in `texte`, in time linear in its length."""
        reponse = self._reponses.get(texte)
        if reponse is None:
            # Labels and codes repeat from offer to offer: most answers are known already.
            if len(self._reponses) >= CACHE_MAX:
                self._reponses.clear()
            reponse = self._reponses[texte] = self._parcourt(texte)
        return reponse

    def _parcourt(self, texte: str) -> bool:
        etat = self._initial
        for caractere in texte:
            if etat.accepte:
                return True
            etat = etat.suivants.get(caractere) or self._avance(etat, caractere)
        return etat.accepte or etat.accepte_en_fin

    def _avance(self, etat: _Etat, caractere: str) -> _Etat:
        atteintes = {self._depart}
        for rang in etat.vivantes:
            instruction = self._programme[rang]
            if isinstance(instruction, Lit) and self._convient(instruction.caracteres, caractere):
                atteintes.add(instruction.suite)
        if self._transitions >= CACHE_MAX:
            self._etats.clear()
            self._initial.suivants.clear()
            self._transitions = 0
        suivant = self._etat(self._fermeture(atteintes, debut=False))
        etat.suivants[caractere] = suivant
        self._transitions += 1
        return suivant

    def _convient(self, caracteres: Caracteres, caractere: str) -> bool:
        if not self._insensible:
            return caracteres.contient(caractere)
        formes = {caractere, caractere.lower(), caractere.upper()}
        trouve = any(
            any(bas <= forme <= haut for bas, haut in caracteres.plages) for forme in formes
        )
        return trouve is not caracteres.sauf

    def _etat(self, vivantes: frozenset[int]) -> _Etat:
        etat = self._etats.get(vivantes)
        if etat is None:
            etat = self._etats[vivantes] = self._etat_neuf(vivantes, debut=False)
        return etat

    def _etat_neuf(self, vivantes: frozenset[int], *, debut: bool) -> _Etat:
        en_fin = self._fermeture(set(vivantes), debut=debut, fin=True)
        return _Etat(
            vivantes, accepte=self._accepte(vivantes), accepte_en_fin=self._accepte(en_fin)
        )

    def _accepte(self, vivantes: frozenset[int]) -> bool:
        return any(isinstance(self._programme[rang], Accepte) for rang in vivantes)

    def _fermeture(self, rangs: set[int], *, debut: bool, fin: bool = False) -> frozenset[int]:
        vues = set(rangs)
        a_voir = list(rangs)
        while a_voir:
            for suite in _sans_lire(self._programme[a_voir.pop()], debut=debut, fin=fin):
                if suite not in vues:
                    vues.add(suite)
                    a_voir.append(suite)
        return frozenset(vues)


def _sans_lire(instruction: Instruction, *, debut: bool, fin: bool) -> tuple[int, ...]:
    match instruction:
        case Branche(suites):
            return suites
        case Debut(suite) if debut:
            return (suite,)
        case Fin(suite) if fin:
            return (suite,)
        case _:
            return ()
