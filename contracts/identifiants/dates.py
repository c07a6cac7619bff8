"""Civil dates as depositors write them (domain.md §1.5): all become `AAAA-MM-JJ`."""

import re
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from contracts.identifiants.textes import texte

_PARIS: Final = ZoneInfo("Europe/Paris")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_FRANCAISE: Final = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", re.ASCII)
_COMPACTE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)


def est_valide(valeur: object) -> bool:
    """Tell whether a text is a real day written `AAAA-MM-JJ`."""
    return isinstance(valeur, str) and normaliser(valeur) == valeur


def normaliser(valeur: object) -> str | None:
    """Return the civil date meant, or None.

    Read: `AAAA-MM-JJ`, `JJ/MM/AAAA`, LHÉO's `AAAAMMJJ`, and an instant, whose day is that of Paris:
    sources write a day as its midnight there, which UTC shows on the evening before.
    """
    lu = texte(valeur)
    if trouve := _ISO.fullmatch(lu) or _COMPACTE.fullmatch(lu):
        return _jour(*trouve.groups())
    if trouve := _FRANCAISE.fullmatch(lu):
        jour, mois, annee = trouve.groups()
        return _jour(annee, mois, jour)
    return _jour_d_un_instant(lu) if len(lu) > 10 else None


def _jour(annee: str, mois: str, jour: str) -> str | None:
    try:
        return date(int(annee), int(mois), int(jour)).isoformat()
    except ValueError:
        return None


def _jour_d_un_instant(lu: str) -> str | None:
    try:
        instant = datetime.fromisoformat(lu)
        return (instant.astimezone(_PARIS) if instant.tzinfo else instant).date().isoformat()
    except (ValueError, OverflowError):
        return None
