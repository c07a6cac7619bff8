"""How each facet is read in MongoDB, and what asking for some of its values selects."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.derivees import (
    ACTIF,
    AGRICOLE,
    INACTIF,
    RANG_DU_MINISTERE,
    Lien,
    Reperes,
    agriculture,
    lien,
    session_renouvelee,
    siret_actif,
)
from services.export.domain.facettes import FACETTES, champ
from services.export.domain.relations import identifiant, statut_candidatures
from services.export.ports import Document

Expressions = tuple[Any, ...]

_GESTIONNAIRE: Final = "projection.etablissement_gestionnaire"
_FORMATEUR: Final = "projection.etablissement_formateur"
_SUCCEDE: Final = "projection.predecesseurs"
_REMPLACEE: Final = "projection.remplacee_par"
_CFD: Final = "projection.cfd"
_REGLE: Final = "eligibilites.affelnet.regle"
_PERIMETRE_AFFELNET: Final = "eligibilites.affelnet.perimetre"
_DEBUT_DE_CFD: Final = f"^.{{{RANG_DU_MINISTERE}}}"


@dataclass(frozen=True, slots=True)
class Lue:
    """What MongoDB groups offers by for a facet, and the values that the offers of a group have."""

    expressions: Expressions
    valeurs: Callable[[Sequence[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class _Derivee:
    expressions: Callable[[Reperes, str], Expressions]
    valeur: Callable[[Sequence[Any], Reperes], Any]
    critere: Callable[[Any, Reperes, str], Document]


def lire(nom: str, plateforme: Plateforme | None, reperes: Reperes) -> Lue:
    """Return how a facet is read."""
    derivee = _DERIVEES.get(nom)
    if derivee is not None:
        p = plateforme.value if plateforme else ""
        return Lue(derivee.expressions(reperes, p), lambda brut: (derivee.valeur(brut, reperes),))
    return Lue((f"${champ(FACETTES[nom], plateforme)}",), partial(_valeurs, FACETTES[nom].absent))


def _valeurs(absent: str | bool | None, brut: Sequence[Any]) -> Iterable[Any]:  # noqa: FBT001
    lu = brut[0]
    if isinstance(lu, list):  # an offer has each of its values once
        return dict.fromkeys(lu) or (absent,)
    return (absent if lu is None else lu,)


def selectionner(
    nom: str, plateforme: Plateforme | None, valeurs: Sequence[Any], reperes: Reperes
) -> Document:
    """Return the filter of the offers that have one of these values; None is to have none."""
    derivee = _DERIVEES.get(nom)
    if derivee is None:
        return _critere(champ(FACETTES[nom], plateforme), valeurs, FACETTES[nom].absent)
    p = plateforme.value if plateforme else ""
    parties = [derivee.critere(valeur, reperes, p) for valeur in valeurs]
    return {"$or": parties} if len(parties) > 1 else parties[0]


def _critere(chemin: str, valeurs: Sequence[Any], absent: str | bool | None) -> Document:  # noqa: FBT001
    presentes = [valeur for valeur in valeurs if absent is None or valeur != absent]
    if len(presentes) == len(valeurs):
        return {chemin: {"$in": presentes}}
    # In a sparse index the absent value is not there: it is asked for apart.
    absente: Document = {chemin: {"$exists": False}}
    return {"$or": [absente, {chemin: {"$in": presentes}}]} if presentes else absente


def _siret(valeur: str | None, _: Reperes, __: str) -> Document:
    actifs = [f"{role}_actif" for role in (_GESTIONNAIRE, _FORMATEUR)]
    ouverts: Document = dict.fromkeys(actifs, True)
    ferme: Document = {"$or": [{actif: False} for actif in actifs]}
    return {ACTIF: ouverts, INACTIF: ferme}.get(valeur or "", {"$nor": [ouverts, ferme]})


def _agricole(valeur: bool | None, _: Reperes, __: str) -> Document:  # noqa: FBT001
    if valeur is None:
        return {_CFD: {"$not": re.compile(f"{_DEBUT_DE_CFD}.")}}
    voulu = AGRICOLE if valeur else f"[^{AGRICOLE}]"
    return {_CFD: re.compile(f"{_DEBUT_DE_CFD}{voulu}")}


def _nouvelle(valeur: bool, reperes: Reperes, _: str) -> Document:  # noqa: FBT001
    return {"_id": {"$gte" if valeur else "$lt": reperes.premiere_nouvelle}}


def _lien(valeur: str, _: Reperes, __: str) -> Document:
    succede = valeur in (Lien.SUCCESSEUR, Lien.LES_DEUX)
    remplacee = valeur in (Lien.PREDECESSEUR, Lien.LES_DEUX)
    return {_SUCCEDE: {"$exists": succede}, _REMPLACEE: {"$exists": remplacee}}


def _renouvelee(valeur: bool | None, _: Reperes, p: str) -> Document:  # noqa: FBT001
    publiee: Document = {
        f"precedents.{p}.statut": Statut.PUBLIE.value,
        f"eligibilites.{p}.perimetre": True,
        f"eligibilites.{p}.session_precedente": True,
    }
    if valeur is None:
        return {"$nor": [publiee]}
    return {**publiee, f"eligibilites.{p}.session": valeur}


def _academique(valeur: bool, reperes: Reperes, _: str) -> Document:  # noqa: FBT001
    return {_REGLE: {"$in" if valeur else "$nin": sorted(reperes.regles_academiques)}}


_PAIRE: Final = tuple(
    {"$cond": [f"${_PERIMETRE_AFFELNET}", f"${role}_siret", None]}
    for role in (_GESTIONNAIRE, _FORMATEUR)
)

_DERIVEES: Final[dict[str, _Derivee]] = {
    "siret_actif": _Derivee(
        lambda _, __: (f"${_GESTIONNAIRE}_actif", f"${_FORMATEUR}_actif"),
        lambda brut, _: siret_actif(brut),
        _siret,
    ),
    "agriculture": _Derivee(
        lambda _, __: ({"$substrCP": [f"${_CFD}", RANG_DU_MINISTERE, 1]},),
        lambda brut, _: agriculture(brut[0]),
        _agricole,
    ),
    "nouvelle_fiche": _Derivee(
        lambda reperes, _: ({"$gte": ["$_id", reperes.premiere_nouvelle]},),
        lambda brut, _: brut[0],
        _nouvelle,
    ),
    "lien": _Derivee(
        lambda _, __: tuple({"$gt": [f"${chemin}", None]} for chemin in (_SUCCEDE, _REMPLACEE)),
        lambda brut, _: lien(succede=brut[0], remplacee=brut[1]),
        _lien,
    ),
    "session_renouvelee": _Derivee(
        lambda _, p: (
            f"$precedents.{p}.statut",
            *(f"$eligibilites.{p}.{un}" for un in ("perimetre", "session_precedente", "session")),
        ),
        lambda brut, _: session_renouvelee(
            brut[0], perimetre=brut[1], en_session_alors=brut[2], en_session=brut[3]
        ),
        _renouvelee,
    ),
    "regle_academique": _Derivee(
        lambda reperes, _: ({"$in": [f"${_REGLE}", sorted(reperes.regles_academiques)]},),
        lambda brut, _: brut[0],
        _academique,
    ),
    "candidatures": _Derivee(
        lambda _, __: (f"${_PERIMETRE_AFFELNET}", *_PAIRE),
        lambda brut, reperes: statut_candidatures(
            reperes.relations.get(identifiant(str(brut[1]), str(brut[2]))),
            perimetre=bool(brut[0]),
        ),
        lambda _, reperes, __: {"_id": {"$in": reperes.retenues}},
    ),
}
