"""What a list of offers may be narrowed by (refdata `metier/facettes.csv`), and its views."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.decisions import LONGUEUR_UAI
from services.export.domain.multicriteres import Combinateur, Ligne


class Vue(StrEnum):
    """The work lists of an académie."""

    TOUTES = "toutes"
    A_DECIDER = "a_decider"  # the rules admit it, nobody has decided
    A_CORRIGER = "a_corriger"  # held before sending, or without the UAI that it needs
    REJETEES = "rejetees"  # the platform said no
    EN_ATTENTE = "en_attente"  # waits for an update that was asked of the organism


class Tri(StrEnum):
    """The orders of a list, ascending, ties by id."""

    DEFAUT = "defaut"
    ACADEMIE = "academie"
    INTITULE = "intitule"
    CFD = "cfd"
    UAI_GESTIONNAIRE = "uai_gestionnaire"
    UAI_FORMATEUR = "uai_formateur"
    UAI_LIEU = "uai_lieu"
    COMMUNE = "commune"


A_DECIDER: Final = frozenset(
    {
        Statut.A_PUBLIER,
        Statut.A_PUBLIER_POSTBAC,
        Statut.A_PUBLIER_RECTEUR,
        Statut.A_PUBLIER_HABILITATION,
        Statut.A_PUBLIER_VALIDATION,
    }
)
REJETEES: Final = frozenset({Statut.REJET, Statut.ECHEC, Statut.FERME})
A_TRANSMETTRE: Final = A_DECIDER | {Statut.PRET}
UAI_COMPLET: Final = f"^.{{{LONGUEUR_UAI}}}$"


@dataclass(frozen=True, slots=True)
class Recherche:
    """A selection of offers; within a criterion one of several values, all criteria hold.

    `academies`, None for all, are those of who asks, whichever he chooses among them. What is said
    of a platform (`vue` aside) is said of `plateforme`.
    """

    academies: tuple[str, ...] | None
    plateforme: Plateforme | None = None
    plateformes_vues: tuple[Plateforme, ...] = tuple(Plateforme)
    vue: Vue = Vue.TOUTES
    criteres: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    """Values by facet (`facettes.FACETTES`)."""
    statut_du: date | None = None
    statut_au: date | None = None
    publiee_du: date | None = None
    publiee_au: date | None = None
    debut_du: date | None = None
    debut_au: date | None = None
    texte: str | None = None
    lignes: tuple[Ligne, ...] = ()
    combinateur: Combinateur = Combinateur.ET


_BASES: Final = {"a": "àâä", "c": "ç", "e": "éèêë", "i": "îï", "o": "ôö", "u": "ùûü", "y": "ÿ"}


def mots(texte: str) -> list[str]:
    """Return the words of a free text; every one has to be found."""
    return texte.split()


def souple(mot: str) -> str:
    """Return an expression that finds a word whatever its case and accents; it is never raw."""
    nu = "".join(c for c in unicodedata.normalize("NFD", mot) if not unicodedata.combining(c))
    return "".join(_classe(lettre) for lettre in nu.lower())


def _classe(lettre: str) -> str:
    if lettre in _BASES:
        accentuees = _BASES[lettre]
        return f"[{lettre}{accentuees}{lettre.upper()}{accentuees.upper()}]"
    if lettre in "'\N{RIGHT SINGLE QUOTATION MARK}":
        return "['\N{RIGHT SINGLE QUOTATION MARK}]"
    return re.escape(lettre) if not lettre.isalpha() else f"[{lettre}{lettre.upper()}]"


def code(mot: str) -> str | None:
    """Return a word as a code is stored, None when it is no code: one holds a digit."""
    if not any(c.isdigit() for c in mot) or len(mot) < 5:
        return None
    return mot.upper()
