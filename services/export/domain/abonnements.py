"""Subscriptions to notices: when a mail is due, and what its outcome makes of them.

One mail a day and subscription: its intent is kept before it is sent, and a mail whose outcome is
not known is not sent again the same day; the next notice tells its news again.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from services.export.domain.avis import academie, etablissement

Document = Mapping[str, Any]

_JETON_CHIFFRES: Final = 40
_REPRISES_MAX: Final = 16


class Espece(StrEnum):
    """Whose notice is read."""

    ACADEMIE = "academie"
    ETABLISSEMENT = "etablissement"


class Frequence(StrEnum):
    """How often: each day that has news, or the first such day of a week."""

    QUOTIDIENNE = "quotidienne"
    HEBDOMADAIRE = "hebdomadaire"


class Etat(StrEnum):
    """What a subscription is at; one that is ended is no longer kept."""

    A_CONFIRMER = "a_confirmer"
    ACTIF = "actif"
    SUSPENDU = "suspendu"  # the mail server refuses its address for good


class Objet(StrEnum):
    """What a mail is for."""

    CONFIRMATION = "confirmation"
    AVIS = "avis"


class Usage(StrEnum):
    """What a link does."""

    CONFIRMER = "confirmer"
    DESABONNER = "desabonner"


class Issue(StrEnum):
    """What became of the last mail of a subscription."""

    EN_COURS = "en_cours"  # the intent; it stays so when the process dies, and then is unknown
    ENVOYE = "envoye"
    A_REPRENDRE = "a_reprendre"
    REFUSE = "refuse"
    INCONNUE = "inconnue"


@dataclass(frozen=True, slots=True)
class Rythme:
    """How long a link of confirmation is good for, and how fast a transient fault is retried."""

    confirmation: timedelta
    reprise_min: timedelta
    reprise_max: timedelta


def du(abonnement: Document, jour: date, instant: datetime) -> Objet | None:
    """Return the mail that a subscription has to get now, if any."""
    etat = abonnement["etat"]
    if etat == Etat.SUSPENDU:
        return None
    if etat == Etat.A_CONFIRMER:
        objet = Objet.CONFIRMATION
        return objet if _a_tenter(abonnement, objet, None, instant) else None
    if not _jour_venu(abonnement, jour):
        return None
    return Objet.AVIS if _a_tenter(abonnement, Objet.AVIS, jour, instant) else None


def expire(abonnement: Document, instant: datetime, rythme: Rythme) -> bool:
    """Tell whether a subscription was not confirmed in time."""
    demande_le: datetime = abonnement["demande_le"]
    return abonnement["etat"] == Etat.A_CONFIRMER and instant > demande_le + rythme.confirmation


def intention(abonnement: Document, objet: Objet, jour: date, instant: datetime) -> dict[str, Any]:
    """Return the `courrier` to keep before a mail is sent."""
    avant = abonnement.get("courrier") or {}
    meme = _meme(avant, objet, jour if objet is Objet.AVIS else None)
    return {
        "objet": objet.value,
        "jour": jour.isoformat(),
        "issue": Issue.EN_COURS.value,
        "essais": (avant["essais"] if meme else 0) + 1,
        "commence_le": instant,
        "reprendre_le": None,
        "erreur": None,
    }


def destinataire(espece: Espece, code: str) -> str:
    """Return the reader whose notices a subscription follows."""
    return academie(code) if espece is Espece.ACADEMIE else etablissement(code)


def reprise(courrier: Document, instant: datetime, rythme: Rythme) -> datetime:
    """Return when a mail that met a transient fault is tried again: later each time."""
    doublements = min(int(courrier["essais"]) - 1, _REPRISES_MAX)
    return instant + min(rythme.reprise_max, rythme.reprise_min * (1 << doublements))


def jeton(poivre: str, usage: Usage, abonnement: Document) -> str:
    """Return the token of a link about a subscription; nothing of it is stored.

    A confirmation asked for again has another: the link of the one before is dead.
    """
    demande = abonnement["demandes"] if usage is Usage.CONFIRMER else 0
    message = f"abonnement:{usage}:{abonnement['_id']}:{demande}".encode()
    return hmac.new(poivre.encode(), message, hashlib.sha256).hexdigest()[:_JETON_CHIFFRES]


def jeton_valable(poivre: str, usage: Usage, abonnement: Document, donne: str) -> bool:
    """Tell whether a token is that of this link, in a time that tells nothing of it."""
    return hmac.compare_digest(jeton(poivre, usage, abonnement).encode(), donne.encode())


def _jour_venu(abonnement: Document, jour: date) -> bool:
    examine = abonnement.get("examine")
    if examine is None:
        return True
    dernier = date.fromisoformat(examine)
    if abonnement["frequence"] == Frequence.HEBDOMADAIRE:
        return jour.isocalendar()[:2] != dernier.isocalendar()[:2]
    return jour != dernier


def _a_tenter(abonnement: Document, objet: Objet, jour: date | None, instant: datetime) -> bool:
    courrier = abonnement.get("courrier") or {}
    if not _meme(courrier, objet, jour):
        return True
    return courrier["issue"] == Issue.A_REPRENDRE and bool(courrier["reprendre_le"] <= instant)


def _meme(courrier: Document, objet: Objet, jour: date | None) -> bool:
    """Tell whether the last mail is already this one; one confirmation is asked for, on any day."""
    return courrier.get("objet") == objet and (jour is None or courrier["jour"] == jour.isoformat())
