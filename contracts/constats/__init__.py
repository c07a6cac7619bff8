"""The findings that a deposited line can receive: one stable code each (design.md §4).

Collect raises what a line says by itself, enrich what needs reference tables. Messages are for a
CFA secretary. A code is never reused for another meaning: reports are kept, partners read them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from contracts.constats import certification, champs, depot, lieu, organismes
from contracts.constats.libelles import LIBELLES, libelle
from contracts.constats.modele import Definition, Gravite
from contracts.evenements import StatutLigne

__all__ = [
    "CATALOGUE",
    "LIBELLES",
    "Definition",
    "Gravite",
    "Rendu",
    "gravite",
    "libelle",
    "rendre",
    "statut_ligne",
]

_LONGUEUR_VALEUR: Final = 120
_TABLES: Final = (
    depot.LECTURE,
    depot.DROITS,
    depot.DEPUBLICATIONS,
    depot.IDENTITE,
    depot.EDITIONS,
    champs.INDISPENSABLES,
    champs.IDENTIFIANTS,
    champs.LIEU,
    champs.ORGANISATION,
    certification.CERTIFICATION,
    certification.MODALITES,
    lieu.LIEU,
    organismes.ETABLISSEMENTS,
)


def _insecable(texte: str) -> str:
    """Return a French text whose punctuation stays with its word at the end of a line."""
    texte = texte.replace("« ", "«\N{NO-BREAK SPACE}")
    for ferme in (" »", " :", " ;", " ?", " !"):
        texte = texte.replace(ferme, "\N{NO-BREAK SPACE}" + ferme[1:])
    return texte


CATALOGUE: Final[dict[str, Definition]] = {
    definition.code: replace(
        definition,
        message=_insecable(definition.message),
        que_faire=_insecable(definition.que_faire),
    )
    for table in _TABLES
    for definition in table
}
"""Every kind of finding, by code, in the order in which a report explains them."""


class Rendu(NamedTuple):
    """A finding as a person reads it."""

    message: str
    que_faire: str


def gravite(code: str) -> Gravite:
    """Return the severity of a code; one that this version does not know asks for nothing."""
    definition = CATALOGUE.get(code)
    return definition.gravite if definition else Gravite.INFORMATION


def statut_ligne(codes: Iterable[str]) -> StatutLigne:
    """Return what these findings make of a line that was new or changed."""
    gravites = {gravite(code) for code in codes}
    if Gravite.REFUS in gravites:
        return StatutLigne.REFUSEE
    if gravites & {Gravite.BLOQUANT, Gravite.A_CORRIGER}:
        return StatutLigne.A_CORRIGER
    return StatutLigne.ACCEPTEE


def rendre(constat: Mapping[str, str | None]) -> Rendu:
    """Return the French message of a finding (`code`, `champ`, `valeur`, `proposition`).

    A proposition that the texts do not mention is added to what should be done. Long values are
    cut. A code that this version does not know is named rather than hidden.
    """
    code = constat["code"] or ""
    definition = CATALOGUE.get(code)
    if definition is None:
        return Rendu(
            _insecable(f"Constat « {code} »."), "Consultez la documentation de cette version."
        )
    proposition = constat.get("proposition")
    mots = {
        "champ": libelle(constat.get("champ")),
        "valeur": _couper(constat.get("valeur") or "vide"),
        "proposition": _couper(proposition or "inconnu"),
    }
    message = definition.message.format_map(mots)
    que_faire = definition.que_faire.format_map(mots)
    if proposition and "{proposition}" not in definition.message + definition.que_faire:
        que_faire += _insecable(f" Proposition : {mots['proposition']}.")
    return Rendu(message, que_faire)


def _couper(valeur: str) -> str:
    return valeur if len(valeur) <= _LONGUEUR_VALEUR else valeur[: _LONGUEUR_VALEUR - 1] + "…"
