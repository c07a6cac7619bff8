"""The Parcoursup web service: what is sent, in which order, what an answer means (§4.1)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from contracts.statuts import Statut
from services.export.domain.erreurs_reconnues import Reconnue, juger_erreur
from services.export.domain.relecture_parcoursup import Etat, Ligne
from services.export.domain.statut import Nature

SANS_MESSAGE: Final = "erreur de création"
LONGUEUR_ERREUR_MAX: Final = 1_000
_BRUT_MAX: Final = 2_000
_ORIGINE: Final = datetime(1, 1, 1, tzinfo=UTC)
# An outage meets whoever is first; what fails alone for so long no longer holds up those behind it.
PANNES_SEULE: Final = 20
SEULE_DEPUIS: Final = timedelta(hours=2)
SEULE_REPRISE: Final = timedelta(minutes=5)


class Issue(StrEnum):
    """What a sending came to."""

    ACCEPTEE = "acceptee"
    REFUSEE = "refusee"
    A_REPRENDRE = "a_reprendre"
    INCONNUE = "inconnue"
    ARRET = "arret"


@dataclass(frozen=True, slots=True)
class Reponse:
    """An answer as classified: the status it gives, the platform's id, the text of the error.

    `reconnue` is what the table of refusals knows of that text (`erreurs_reconnues`); `brut` is
    what came, cut: kept with the exchange, never told outside.
    """

    issue: Issue
    statut: Statut | None = None
    identifiant: str | None = None
    erreur: str | None = None
    reconnue: Reconnue | None = None
    brut: str | None = field(default=None, compare=False)


CHAMPS_ENVOYES: Final = (
    "parcoursup_mefs_10",
    "rncp_code",
    "cfd_entree",
    "cfd",
    "uai_formation",
    "cle_ministere_educatif",
)
"""What of a projection makes the payload and the place in the queue."""


def charge_utile(
    projection: Mapping[str, Any], *, identifiant: str | None, demandeur: str | None
) -> dict[str, Any]:
    """Return the payload of one offer; `demandeur` asked for the publication.

    Only MEF of the trusted list are told, and one alone: Parcoursup goes by CFD and RNCP otherwise.
    """
    mefs = projection.get("parcoursup_mefs_10") or []
    rncp = "".join(filter(str.isdigit, projection.get("rncp_code") or ""))
    return {
        "g_ta_cod": int(identifiant) if identifiant else None,
        "user": demandeur or "",
        "rncp": [int(rncp)] if rncp else [],
        "cfd": projection.get("cfd_entree") or projection.get("cfd"),
        "uai": projection.get("uai_formation"),
        "rco": projection.get("cle_ministere_educatif"),
        "mef": mefs[0] if len(mefs) == 1 else "",
    }


def est_forcee(document: Mapping[str, Any]) -> bool:
    """Tell whether the sending of an offer was forced, and not answered since."""
    decision = (document.get("decisions") or {}).get("parcoursup") or {}
    retour = (document.get("retours") or {}).get("parcoursup")
    return decision.get("nature") == Nature.FORCER and (
        retour is None or retour["decision"] < decision["numero"]
    )


Rang = tuple[bool, bool, datetime, str]


def rang(
    *, en_erreur: bool, mise_a_jour: datetime | None, cle: str | None, forcee: bool = False
) -> Rang:
    """Return the place in the queue: forced first, earlier errors last, then the oldest, by key."""
    return not forcee, en_erreur and not forcee, mise_a_jour or _ORIGINE, cle or ""


def place(document: Mapping[str, Any], *, a_part: bool) -> Rang:
    """Return the place of a stored offer; one put apart goes with those that met an error."""
    decision = (document.get("decisions") or {}).get("parcoursup") or {}
    retour = (document.get("retours") or {}).get("parcoursup") or {}
    return rang(
        en_erreur=bool(retour.get("erreur")) or a_part,
        mise_a_jour=decision.get("prise_le"),
        cle=document["projection"].get("cle_ministere_educatif"),
        forcee=est_forcee(document),
    )


def classer(status: int, corps: bytes) -> Reponse:
    """Say what an HTTP answer means for the offer that was sent, by the built-in refusals."""
    brut = f"{status} {corps[:_BRUT_MAX].decode('utf-8', 'replace')}"
    return replace(_classer(status, corps), brut=brut)


def _classer(status: int, corps: bytes) -> Reponse:
    contenu = _json(corps)
    texte = _texte(status, corps, contenu)
    if 200 <= status < 300:
        return _succes(contenu, texte)
    if status in (401, 403):
        return Reponse(Issue.ARRET, erreur=texte)
    if status == 429 or status >= 500:
        return Reponse(Issue.A_REPRENDRE, erreur=texte)
    statut, reconnue = juger_erreur(texte)
    return Reponse(Issue.REFUSEE, statut, erreur=texte, reconnue=reconnue)


def reponse_de_relecture(lignes: Sequence[Ligne]) -> Reponse:
    """Say what the rows of a complete read-back tell of an offer whose answer was lost (§4.2).

    An offer that it does not list, or lists only as withdrawn, may be sent again.
    """
    vivantes = [ligne for ligne in lignes if ligne.etat not in (Etat.ANNULEE, Etat.FERMEE)]
    if vivantes:
        identifiant = max(vivantes, key=lambda ligne: int(ligne.identifiant)).identifiant
        return Reponse(Issue.ACCEPTEE, Statut.PUBLIE, identifiant=identifiant)
    if any(ligne.etat == Etat.FERMEE for ligne in lignes):
        return Reponse(Issue.REFUSEE, Statut.FERME, erreur=Etat.FERMEE.value)
    return Reponse(Issue.A_REPRENDRE, erreur="absente de la relecture complète")


def _succes(contenu: object, texte: str) -> Reponse:
    if contenu is _ILLISIBLE:
        # A maintenance page comes with 200: nothing was published.
        return Reponse(Issue.A_REPRENDRE, erreur=texte)
    identifiant = contenu.get("g_ta_cod") if isinstance(contenu, dict) else None
    if identifiant is None or isinstance(identifiant, bool) or not str(identifiant).isdigit():
        return Reponse(Issue.REFUSEE, Statut.ECHEC, erreur=texte)
    return Reponse(Issue.ACCEPTEE, Statut.PUBLIE, identifiant=str(identifiant))


_ILLISIBLE: Final = object()


def _json(corps: bytes) -> object:
    try:
        return json.loads(corps)
    except ValueError:
        return _ILLISIBLE


def _texte(status: int, corps: bytes, contenu: object) -> str:
    message: object = None
    if isinstance(contenu, dict):
        message = contenu.get("message")
    elif contenu is _ILLISIBLE:
        message = corps.decode("utf-8", "replace").strip()
    return f"{status} {message or SANS_MESSAGE}"[:LONGUEUR_ERREUR_MAX]
