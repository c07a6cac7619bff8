"""Why the rules say what they say of an offer: every clause, the winner, each other rule's reason.

Computed on demand and never stored; it agrees with `eligibilite.evaluer` by a property test. Made
for a person (French sentences) and for a program (codes, what was expected, what was seen).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contracts.statuts import Statut
from services.export.domain.campagne import Contexte
from services.export.domain.eligibilite import Clause, Eligibilite, evaluer
from services.export.domain.explications import phrase, phrase_tenue
from services.export.domain.faits_des_clauses import faits
from services.export.domain.filtre_lecture import Manque, dire, manques
from services.export.domain.regles import (
    NATIONALE,
    Candidate,
    JeuDeRegles,
    Regle,
    force,
    numero_d_academie,
    vue_par,
)

Document = dict[str, Any]


class Motif(StrEnum):
    """Why a rule of the offer's diploma does not decide."""

    AUTRE_ACADEMIE = "autre_academie"
    AUTRE_DUREE = "autre_duree"
    AUTRE_ANNEE = "autre_annee"
    REGLE_COMPLEMENTAIRE = "regle_complementaire"
    MOINS_PRIORITAIRE = "moins_prioritaire"


@dataclass(frozen=True, slots=True)
class Raison:
    """One reason for which a rule does not decide: what it wants and what the offer has."""

    motif: Motif
    phrase: str
    attendu: Any
    vu: Any


@dataclass(frozen=True, slots=True)
class RegleExpliquee:
    """A rule of the diploma as the offer's académie sees it; it decides if nothing prevents it."""

    regle: Regle
    statut: Statut
    surchargee: bool
    en_clair: str
    raisons: tuple[Raison, ...]

    @property
    def gagnante(self) -> bool:
        """Tell whether this rule decides."""
        return not self.raisons


@dataclass(frozen=True, slots=True)
class ClauseExpliquee:
    """A clause that held or not, in French, with the facts that it looked at."""

    clause: Clause
    tenue: bool
    phrase: str
    faits: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Explication:
    """The eligibility, every clause in order, every rule of the diploma, the strongest first."""

    eligibilite: Eligibilite
    clauses: tuple[ClauseExpliquee, ...]
    regles: tuple[RegleExpliquee, ...]

    @property
    def gagnante(self) -> RegleExpliquee | None:
        """Return the rule that decides, if any admits the offer."""
        return next((une for une in self.regles if une.gagnante), None)


def expliquer(formation: Document, jeu: JeuDeRegles, contexte: Contexte) -> Explication:
    """Explain the judgement of an offer, given as its projection, on the platform of `contexte`."""
    eligibilite = evaluer(formation, jeu, contexte)
    manquees = frozenset(eligibilite.obstacles)
    return Explication(
        eligibilite,
        tuple(
            ClauseExpliquee(
                clause,
                clause not in manquees,
                phrase(clause) if clause in manquees else phrase_tenue(clause),
                faits(clause, formation, contexte),
            )
            for clause in Clause
        ),
        tuple(_regles(formation, jeu, contexte)),
    )


def _regles(formation: Document, jeu: JeuDeRegles, contexte: Contexte) -> Iterator[RegleExpliquee]:
    niveau, diplome = formation.get("niveau"), formation.get("diplome")
    if niveau is None or diplome is None:
        return
    numero = numero_d_academie(formation.get("num_academie"))
    vues = (vue_par(une, numero) for une in jeu.du_diplome(contexte.plateforme, niveau, diplome))
    gagnante: Candidate | None = None
    for candidate in sorted(vues, key=force):
        raisons = [*_ecarts(candidate.regle, formation, numero)]
        if not raisons and gagnante is not None:
            raisons.append(_priorite(candidate, gagnante))
        if not raisons:
            gagnante = candidate
        yield RegleExpliquee(
            candidate.regle,
            candidate.statut,
            candidate.surchargee,
            dire(candidate.regle.complementaire),
            tuple(raisons),
        )


def _ecarts(regle: Regle, formation: Document, numero: int | None) -> Iterator[Raison]:
    if regle.num_academie not in (NATIONALE, numero):
        yield Raison(
            Motif.AUTRE_ACADEMIE,
            f"Elle ne vaut que pour l'académie {regle.num_academie:02}.",
            regle.num_academie,
            numero,
        )
    for motif, quoi, attendu, vu in (
        (Motif.AUTRE_DUREE, "durée", regle.duree, formation.get("duree")),
        (Motif.AUTRE_ANNEE, "année d'entrée", regle.annee, formation.get("annee")),
    ):
        if attendu is not None and vu != attendu:
            yield Raison(
                motif, f"Elle demande : {quoi} « {attendu} » ; vu : {_vu(vu)}.", attendu, vu
            )
    for manque in manques(regle.complementaire, formation):
        yield Raison(Motif.REGLE_COMPLEMENTAIRE, _manque(manque), manque.phrase, manque.vu)


def _manque(manque: Manque) -> str:
    if manque.champ is not None:
        return f"Il faut : {manque.phrase} ; vu : {_vu(manque.vu)}."
    vus = ", ".join(f"{champ} {_vu(valeur)}" for champ, valeur in manque.vu.items())
    return f"Il faut : {manque.phrase} ; vu : {vus}."


def _vu(valeur: object) -> str:
    match valeur:
        case None | []:
            return "rien"
        case list():
            return ", ".join(map(_vu, valeur))
        case _:
            return f"« {valeur} »"


def _priorite(candidate: Candidate, gagnante: Candidate) -> Raison:
    return Raison(
        Motif.MOINS_PRIORITAIRE,
        f"La règle {gagnante.regle.id} l'emporte : {_titre(candidate, gagnante)}.",
        gagnante.regle.id,
        candidate.regle.id,
    )


def _titre(candidate: Candidate, gagnante: Candidate) -> str:
    """Return by what the winner is stronger, as `regles.force` sorts."""
    if force(gagnante)[0] < force(candidate)[0]:
        return "c'est le choix de l'académie"
    if gagnante.statut is not candidate.statut:
        return f"« {gagnante.statut} » passe avant « {candidate.statut} »"
    if bool(gagnante.regle.num_academie) is not bool(candidate.regle.num_academie):
        return "elle est propre à l'académie"
    return "à égalité, l'ordre des identifiants décide"
