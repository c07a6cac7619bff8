"""The rules of perimeter: their document, and the set in force, indexed (domain.md §3.2)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from contracts.statuts import STATUTS, Plateforme, Statut
from services.export.domain.filtre import lire
from services.export.domain.filtre_arbre import FiltreRefuse, Noeud
from services.export.domain.filtre_predicat import Predicat, predicat_de

NATIONALE: Final = 0
EXCLUT: Final = "ne doit pas intégrer"

PRIORITES: Final[dict[Plateforme, tuple[Statut, ...]]] = {
    Plateforme.PARCOURSUP: (
        Statut.A_PUBLIER,
        Statut.A_PUBLIER_RECTEUR,
        Statut.A_PUBLIER_POSTBAC,
        Statut.A_PUBLIER_HABILITATION,
        Statut.NON_PUBLIABLE,
    ),
    Plateforme.AFFELNET: (
        Statut.A_PUBLIER,
        Statut.A_PUBLIER_VALIDATION,
        Statut.A_DEFINIR,
        Statut.NON_PUBLIABLE,
    ),
}
"""Which status wins when several rules match, the first first: never the order of insertion."""

# An académie's refusal beats all, its other words beat the national ones (domain.md §3.4 a, d).
_PRIORITES_ACADEMIE: Final = (
    Statut.NON_PUBLIABLE,
    Statut.A_PUBLIER,
    Statut.A_PUBLIER_VALIDATION,
)


class RegleRefusee(ValueError):
    """A rule document that may not be applied, with the reason."""


@dataclass(frozen=True, slots=True)
class Regle:
    """One rule; `num_academie` 0 means national, `duree` and `annee` None mean any."""

    id: str
    plateforme: Plateforme
    niveau: str
    diplome: str
    statut: Statut
    condition_integration: str
    predicat: Predicat
    complementaire: Noeud | None = None
    version: int = 1
    num_academie: int = NATIONALE
    statut_academies: tuple[tuple[int, Statut], ...] = ()
    duree: str | None = None
    annee: str | None = None
    nom: str | None = None

    def convient(self, formation: dict[str, Any]) -> bool:
        """Tell whether durée, année and the complementary rule admit an offer of its diploma."""
        if self.duree is not None and formation.get("duree") != self.duree:
            return False
        if self.annee is not None and formation.get("annee") != self.annee:
            return False
        return self.predicat(formation)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule as one académie sees it: the status it gives there, and whose word that is."""

    regle: Regle
    statut: Statut
    surchargee: bool


def lire_regle(document: dict[str, Any], *, id: str, version: int = 1) -> Regle:  # noqa: A002 - the field's own name
    """Read one rule document.

    Raises:
        RegleRefusee: a value that is missing or unknown, or a complementary rule that cannot be
            compiled: applied without it, the rule would admit offers that it excludes.
    """
    try:
        plateforme = Plateforme(_texte(document, "plateforme"))
        statut = _statut(plateforme, document)
        academies = document.get("statut_academies") or {}
        complementaire = lire(_complementaire(document.get("regle_complementaire")))
        return Regle(
            id=id,
            version=version,
            plateforme=plateforme,
            niveau=_texte(document, "niveau"),
            diplome=_texte(document, "diplome"),
            statut=statut,
            condition_integration=_texte(document, "condition_integration"),
            predicat=predicat_de(complementaire),
            complementaire=complementaire,
            num_academie=int(document.get("num_academie") or NATIONALE),
            statut_academies=tuple(
                sorted((int(numero), Statut(valeur)) for numero, valeur in academies.items())
            ),
            duree=_optionnel(document.get("duree")),
            annee=_optionnel(document.get("annee")),
            nom=document.get("nom_regle_complementaire"),
        )
    except FiltreRefuse as refus:
        raise RegleRefusee(f"règle complémentaire : {refus}") from refus
    except ValueError as erreur:
        raise RegleRefusee(str(erreur)) from erreur


def _statut(plateforme: Plateforme, document: dict[str, Any]) -> Statut:
    if document.get("condition_integration") == EXCLUT:
        return Statut.NON_PUBLIABLE
    statut = Statut(_texte(document, "statut"))
    if statut not in PRIORITES[plateforme] or statut not in STATUTS[plateforme]:
        raise RegleRefusee(f"statut « {statut} » impossible sur {plateforme}")
    return statut


def _texte(document: dict[str, Any], champ: str) -> str:
    valeur = document.get(champ)
    if not isinstance(valeur, str) or not valeur:
        raise RegleRefusee(f"{champ} : un texte est attendu")
    return valeur


def _optionnel(valeur: object) -> str | None:
    return None if valeur in (None, "") else str(valeur)


def _complementaire(valeur: object) -> object:
    if not isinstance(valeur, str):
        return valeur
    try:
        return json.loads(valeur) if valeur.strip() else None
    except json.JSONDecodeError as erreur:
        raise RegleRefusee(f"règle complémentaire illisible : {erreur}") from erreur


class JeuDeRegles:
    """The rules in force: for an offer, the few that may win, the strongest first."""

    def __init__(self, regles: Iterable[Regle], revision: int = 0) -> None:
        self.revision = revision
        self.regles = tuple(sorted(regles, key=lambda regle: regle.id))
        self._par_diplome: dict[tuple[Plateforme, str, str], list[Regle]] = {}
        for regle in self.regles:
            cle = (regle.plateforme, regle.niveau, regle.diplome)
            self._par_diplome.setdefault(cle, []).append(regle)
        self._par_academie: dict[tuple[object, ...], tuple[Candidate, ...]] = {}

    def gagnante(self, plateforme: Plateforme, formation: dict[str, Any]) -> Candidate | None:
        """Return the rule that decides for an offer, or None when no rule admits it."""
        niveau, diplome = formation.get("niveau"), formation.get("diplome")
        if niveau is None or diplome is None:
            return None
        academie = formation.get("num_academie")
        cle = (plateforme, niveau, diplome, academie)
        candidates = self._par_academie.get(cle)
        if candidates is None:
            candidates = self._par_academie[cle] = self._classer(
                plateforme, niveau, diplome, academie
            )
        for candidate in candidates:
            if candidate.regle.convient(formation):
                return candidate
        return None

    def du_diplome(self, plateforme: Plateforme, niveau: str, diplome: str) -> tuple[Regle, ...]:
        """Return every rule of a diploma, whatever its académie."""
        return tuple(self._par_diplome.get((plateforme, niveau, diplome), ()))

    def avec(self, *regles: Regle, sans: Iterable[str] = ()) -> "JeuDeRegles":
        """Return the set with these rules, in the place of those of the same id, and without some.

        It keeps the revision: it is a supposition, not a set in force.
        """
        ecartees = {regle.id for regle in regles} | set(sans)
        restent = (regle for regle in self.regles if regle.id not in ecartees)
        return JeuDeRegles((*restent, *regles), self.revision)

    def _classer(
        self, plateforme: Plateforme, niveau: str, diplome: str, academie: str | None
    ) -> tuple[Candidate, ...]:
        numero = numero_d_academie(academie)
        candidates = [
            vue_par(regle, numero)
            for regle in self.du_diplome(plateforme, niveau, diplome)
            if regle.num_academie in (NATIONALE, numero)
        ]
        return tuple(sorted(candidates, key=force))


def numero_d_academie(texte: str | None) -> int | None:
    """Return the number of an académie as rules write it; None when it is not known."""
    return int(texte) if texte and texte.isdigit() else None


def vue_par(regle: Regle, numero: int | None) -> Candidate:
    """Return a rule as an académie sees it.

    Only the « à définir » rules of Affelnet may be overridden (domain.md §3.2).
    """
    if regle.statut is Statut.A_DEFINIR:
        for academie, statut in regle.statut_academies:
            if academie == numero:
                return Candidate(regle, statut, surchargee=True)
    return Candidate(regle, regle.statut, surchargee=False)


def force(candidate: Candidate) -> tuple[int, int, int, str]:
    """Return what rules are sorted by, the strongest first."""
    regle = candidate.regle
    locale = 0 if regle.num_academie else 1
    if candidate.surchargee and candidate.statut in _PRIORITES_ACADEMIE:
        return 0, _PRIORITES_ACADEMIE.index(candidate.statut), locale, regle.id
    return 1, PRIORITES[regle.plateforme].index(candidate.statut), locale, regle.id
