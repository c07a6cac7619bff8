"""Compiles a complementary rule into a predicate (domain.md §3.2, `regle_builder.csv`).

The historic form is a Mongo filter kept as JSON text. Here it is a closed language: known fields,
known operators, no code. Two deliberate differences from Mongo, both in favour of the reader:

- criteria joined by a conjunction on one array field hold on the **same** element (the historic
  filter let two MEFs share them); a conjunction of negations alone holds on every element;
- a regular expression costs a time linear in the text (`expressions`).
"""

from collections.abc import Iterable
from typing import Any, Final

from services.export.domain.champs import DETAILS_RNCP, SIMPLES, TABLEAUX
from services.export.domain.filtre_arbre import Critere, Et, FiltreRefuse, Noeud, Non, Ou, Test
from services.export.domain.filtre_dit import dire_critere
from services.export.domain.filtre_operateurs import OPERATEURS, egal, expression, nier, scalaire
from services.export.domain.filtre_predicat import Predicat, predicat_de

PROFONDEUR_MAX: Final = 20
CRITERES_MAX: Final = 200


def compiler(filtre: object) -> Predicat:
    """Compile a filter already read from JSON; `{}` and None admit everything.

    Raises:
        FiltreRefuse: an unknown field or operator, a value of the wrong kind, a refused regular
            expression, or a filter that is too deep or too long.
    """
    return predicat_de(lire(filtre))


def lire(filtre: object) -> Noeud | None:
    """Read a filter as a tree; None for one that admits everything. Raises as `compiler` does."""
    if filtre is None or filtre == {}:
        return None
    return _Lecteur().filtre(filtre, "", 0)


class _Lecteur:
    def __init__(self) -> None:
        self._criteres = 0

    def filtre(self, filtre: object, lieu: str, profondeur: int) -> Noeud:
        if not isinstance(filtre, dict):
            raise FiltreRefuse(lieu, "un objet est attendu")
        if profondeur > PROFONDEUR_MAX:
            raise FiltreRefuse(lieu, "filtre trop profond")
        noeuds: list[Noeud] = []
        for cle, valeur in filtre.items():
            ici = f"{lieu}.{cle}" if lieu else str(cle)
            match cle:
                case "$and":
                    noeuds.append(Et(self._liste(valeur, ici, profondeur)))
                case "$or":
                    noeuds.append(Ou(self._liste(valeur, ici, profondeur)))
                case "$nor":
                    noeuds.append(Non(Ou(self._liste(valeur, ici, profondeur))))
                case str() if not cle.startswith("$"):
                    noeuds.append(self._champ(cle, valeur, ici))
                case _:
                    raise FiltreRefuse(ici, "opérateur non pris en charge")
        return noeuds[0] if len(noeuds) == 1 else Et(tuple(noeuds))

    def _liste(self, valeur: object, lieu: str, profondeur: int) -> tuple[Noeud, ...]:
        if not isinstance(valeur, list) or not valeur:
            raise FiltreRefuse(lieu, "une liste non vide est attendue")
        return tuple(
            self.filtre(element, f"{lieu}[{rang}]", profondeur + 1)
            for rang, element in enumerate(valeur)
        )

    def _champ(self, champ: str, valeur: object, lieu: str) -> Noeud:
        tableau, membre = _situer(champ, lieu)
        if isinstance(valeur, dict) and "$elemMatch" in valeur:
            return self._element(champ, valeur, lieu)
        if tableau and membre is None and TABLEAUX[tableau]:
            raise FiltreRefuse(lieu, "un champ de l'élément est attendu")
        return _conjonction(
            Critere(champ, tableau, membre, test, negatif, dit)
            for test, negatif, dit in self._tests(champ, valeur, lieu)
        )

    def _element(self, champ: str, valeur: dict[str, Any], lieu: str) -> Noeud:
        demande = valeur["$elemMatch"]
        if len(valeur) > 1 or not isinstance(demande, dict) or not TABLEAUX.get(champ):
            raise FiltreRefuse(lieu, "$elemMatch attend un tableau et des critères")
        # The conjunction of criteria on one array already means "on the same element".
        return _conjonction(
            self._champ(f"{champ}.{membre}", critere, f"{lieu}.$elemMatch.{membre}")
            for membre, critere in demande.items()
        )

    def _tests(self, champ: str, valeur: object, lieu: str) -> list[tuple[Test, bool, str]]:
        self._criteres += 1
        if self._criteres > CRITERES_MAX:
            raise FiltreRefuse(lieu, "trop de critères")
        if not isinstance(valeur, dict):
            return [(egal(scalaire(valeur, lieu)), False, dire_critere(champ, "$eq", valeur))]
        inconnus = valeur.keys() - OPERATEURS.keys() - {"$regex", "$options", "$not"}
        if inconnus or not valeur.keys() - {"$options"}:
            raise FiltreRefuse(lieu, f"opérateur non pris en charge {sorted(map(str, inconnus))}")
        tests = [
            (*OPERATEURS[cle](attendu, f"{lieu}.{cle}"), dire_critere(champ, cle, attendu))
            for cle, attendu in valeur.items()
            if cle in OPERATEURS
        ]
        if "$regex" in valeur:
            test = expression(valeur, f"{lieu}.$regex")
            options = str(valeur.get("$options", ""))
            dit = dire_critere(champ, "$regex", valeur["$regex"], options=options)
            tests.append((test, False, dit))
        if "$not" in valeur:
            if not isinstance(valeur["$not"], dict):
                raise FiltreRefuse(lieu, "$not attend un objet")
            nies = self._tests(champ, valeur["$not"], f"{lieu}.$not")
            dit = f"il est faux que {' et '.join(dit for _, _, dit in nies)}"
            tests.append((*nier([(test, negatif) for test, negatif, _ in nies]), dit))
        return tests


def _conjonction(noeuds: Iterable[Noeud]) -> Noeud:
    liste = tuple(noeuds)
    return liste[0] if len(liste) == 1 else Et(liste)


def _situer(champ: str, lieu: str) -> tuple[str | None, str | None]:
    racine, _, reste = champ.partition(".")
    if racine in TABLEAUX and (reste in TABLEAUX[racine] or not reste):
        return racine, reste or None
    if champ in SIMPLES or (racine == "rncp_details" and reste in DETAILS_RNCP):
        return None, None
    raise FiltreRefuse(lieu, "champ inconnu")
