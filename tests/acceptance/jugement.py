"""How an answer is judged against a case (cases README, "The runner"). Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

Cas = Mapping[str, Any]
Donnees = Mapping[str, Any]

_VOULU: Final = "desired_"
_RACONTE: Final = ("historic_", "must")
_ABSENT: Final = object()
_PARIS: Final = ZoneInfo("Europe/Paris")
_EXPLIQUEE: Final = re.compile(r"(.+?) \(([^()]*)\)")
_JOUR: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?")
_IDENTIFIANT: Final = re.compile(r"(parcoursup_id|affelnet_id|id)")
_COMMENCE: Final = "starts with "


class Verdict(StrEnum):
    """What becomes of a case."""

    REUSSI = "passed"
    ECHOUE = "failed"
    SAUTE = "skipped"


@dataclass(frozen=True, slots=True)
class Jugement:
    """A verdict, and each thing to say of it."""

    verdict: Verdict
    raisons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Regard:
    """How a group is compared: keys in any order, keys that need only be included, keys unjudged.

    The cases README says them, group by group.
    """

    sans_ordre: frozenset[str] = frozenset()
    inclus: frozenset[str] = frozenset()
    partiels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choix:
    """A recorded decision for a questionable behaviour: its group, which cases, its record."""

    groupe: str
    concerne: Callable[[Donnees], bool]
    decision: str


def juger(cas: Cas, reponse: Donnees, regard: Regard, choix: Sequence[Choix] = ()) -> Jugement:
    """Return the verdict on an answer."""
    attendu = {cle: valeur for cle, valeur in cas["expect"].items() if not cle.startswith(_RACONTE)}
    voulus = {
        cle.removeprefix(_VOULU): valeur
        for cle, valeur in attendu.items()
        if cle.startswith(_VOULU)
    }
    simples = {cle: valeur for cle, valeur in attendu.items() if not cle.startswith(_VOULU)}
    if cas.get("historic_bug"):
        return _bug(simples, voulus, reponse, regard)
    ecarts = _ecarts({**simples, **voulus}, reponse, regard)
    if not ecarts:
        return Jugement(Verdict.REUSSI)
    for pris in choix if cas.get("note") else ():
        if pris.groupe == cas["group"] and pris.concerne(cas["given"]):
            return Jugement(Verdict.SAUTE, (pris.decision,))
    return Jugement(Verdict.ECHOUE, tuple(ecarts))


def _bug(simples: Donnees, voulus: Donnees, reponse: Donnees, regard: Regard) -> Jugement:
    """Judge a counter-example: ours differs from the record, and is what is desired.

    What is desired where the record holds nothing (the old system never answered) differs from it.
    """
    muet = any(cle in reponse and cle not in simples for cle in voulus)
    if not muet and not _ecarts(simples, reponse, regard):
        return Jugement(Verdict.SAUTE, ("reproduces the historic value",))
    manques = [
        f"desired {cle} not met: got {reponse.get(cle)!r}"
        for cle, valeur in voulus.items()
        if not _contient(valeur, reponse.get(cle))
    ]
    if manques:
        return Jugement(Verdict.SAUTE, tuple(manques))
    return Jugement(Verdict.REUSSI)


def _ecarts(attendu: Donnees, reponse: Donnees, regard: Regard) -> list[str]:
    return [
        f"{cle}: expected {valeur!r}, got {_montrer(reponse, cle)}"
        for cle, valeur in attendu.items()
        if not _conforme(cle, valeur, reponse.get(cle, _ABSENT), regard)
    ]


def _montrer(reponse: Donnees, cle: str) -> str:
    return repr(reponse[cle]) if cle in reponse else "nothing"


def _conforme(cle: str, attendu: object, recu: object, regard: Regard) -> bool:
    if recu is _ABSENT:
        return False
    if cle in regard.inclus:
        return isinstance(recu, Sequence) and all(element in recu for element in attendu)  # type: ignore[attr-defined]
    if cle in regard.sans_ordre:
        return _comme_ensemble(attendu) == _comme_ensemble(recu)
    if cle in regard.partiels:
        return _contient(attendu, recu)
    if _IDENTIFIANT.fullmatch(cle):
        return egal(_en_texte(attendu), _en_texte(recu))
    return egal(attendu, recu)


def _comme_ensemble(valeur: object) -> object:
    return sorted(map(repr, valeur)) if isinstance(valeur, (list, tuple)) else valeur


def _en_texte(valeur: object) -> object:
    return str(valeur) if isinstance(valeur, int) and not isinstance(valeur, bool) else valeur


def _contient(attendu: object, recu: object) -> bool:
    """Tell whether a value holds at least the members that are asked for."""
    if isinstance(attendu, Mapping):
        return isinstance(recu, Mapping) and all(
            cle in recu and _contient(_en_texte(valeur), _en_texte(recu[cle]))
            for cle, valeur in attendu.items()
        )
    if isinstance(attendu, list) and isinstance(recu, list):
        return len(attendu) == len(recu) and all(map(_contient, attendu, recu))
    return egal(attendu, recu)


def egal(attendu: object, recu: object) -> bool:
    """Tell whether two values are the same: instants whatever their form, dictionaries whole."""
    if isinstance(attendu, bool) or isinstance(recu, bool):
        return attendu is recu
    if isinstance(attendu, Mapping) and isinstance(recu, Mapping):
        return attendu.keys() == recu.keys() and all(egal(attendu[c], recu[c]) for c in attendu)
    if isinstance(attendu, list) and isinstance(recu, list):
        return len(attendu) == len(recu) and all(map(egal, attendu, recu))
    if isinstance(attendu, str) and attendu.startswith(_COMMENCE):
        return isinstance(recu, str) and recu.startswith(attendu.removeprefix(_COMMENCE))
    if attendu == recu:
        return True
    instant = _instant(attendu)
    return instant is not None and instant == _instant(recu)


def _instant(valeur: object) -> datetime | None:
    """Return the instant of a text; a text that says so is midnight in Paris."""
    if not isinstance(valeur, str):
        return None
    texte, expliquee = valeur, _EXPLIQUEE.fullmatch(valeur)
    fuseau = ZoneInfo("UTC")
    if expliquee:
        texte = expliquee[1]
        fuseau = _PARIS if "Paris" in expliquee[2] else fuseau
    if not (_JOUR.fullmatch(texte) or _INSTANT.fullmatch(texte)):
        return None
    try:
        lu = datetime.fromisoformat(texte)
    except ValueError:
        return None
    return lu if lu.tzinfo else lu.replace(tzinfo=fuseau)
