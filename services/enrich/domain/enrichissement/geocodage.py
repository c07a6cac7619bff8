"""What an address service answered, judged against what was declared (domain.md §2, "Geo").

The declared place wins: an answer elsewhere than in the declared commune, or of which the service
is not sure, is refused, and said. Without an accepted answer a place is shown at the centre of its
commune; Corsica, which the service hardly covers, loses nothing more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final

from services.enrich.domain.enrichissement.codes_communes import est_dans
from services.enrich.domain.enrichissement.commune import situer
from services.enrich.domain.geographie import (
    PROCHE_METRES,
    Position,
    centre_de,
    distance_metres,
    lire_position,
)
from services.enrich.domain.noms import forme_de_nom
from services.enrich.domain.references.tables import Commune, References

_ADRESSE_MIN: Final = 3
_ESSAI_S: Final = 30.0
_ESSAI_MAX_S: Final = 6 * 3600.0


class Issue(StrEnum):
    """What becomes of an answer."""

    ACCEPTEE = "acceptee"
    SANS_OBJET = "sans_objet"
    MAL_FORMEE = "mal_formee"
    PANNE = "panne"
    INTROUVABLE = "introuvable"
    SCORE_FAIBLE = "score_faible"
    AUTRE_DEPARTEMENT = "autre_departement"
    AUTRE_COMMUNE = "autre_commune"
    ELOIGNEE = "eloignee"


INCOHERENTES: Final = frozenset((Issue.AUTRE_DEPARTEMENT, Issue.AUTRE_COMMUNE, Issue.ELOIGNEE))
"""The answers that contradict what was declared."""

RAISONS: Final[Mapping[Issue, str]] = {
    Issue.ACCEPTEE: "La réponse est dans la commune déclarée.",
    Issue.SANS_OBJET: "Il n'y a ni adresse ni position à chercher.",
    Issue.MAL_FORMEE: "La position déclarée n'est pas lisible.",
    Issue.PANNE: "Le service d'adresses n'a pas répondu.",
    Issue.INTROUVABLE: "Le service d'adresses ne connaît pas cette adresse.",
    Issue.SCORE_FAIBLE: "Le service d'adresses n'est pas sûr de sa réponse.",
    Issue.AUTRE_DEPARTEMENT: "La réponse est dans un autre département que la commune déclarée.",
    Issue.AUTRE_COMMUNE: "La réponse est dans une autre commune que la commune déclarée.",
    Issue.ELOIGNEE: "La réponse est loin de la commune déclarée.",
}
"""Why, in French, for each outcome."""


class Panne(Exception):
    """The service failed: too many requests, unavailable, too slow, unreadable.

    `apres` is the number of seconds that it asked to wait, if it did.
    """

    def __init__(self, raison: str, apres: float | None = None) -> None:
        """Say for the log what happened."""
        super().__init__(raison)
        self.apres = apres


@dataclass(frozen=True, slots=True)
class Adresse:
    """A declared place to look for."""

    adresse: str
    code_postal: str | None = None
    code_commune_insee: str | None = None
    localite: str | None = None

    @property
    def cle(self) -> str:
        """Return the same key for the same address, however it was typed."""
        lieu = self.code_commune_insee or self.code_postal or ""
        forme = f"{lieu}|{forme_de_nom(self.adresse)}"
        return blake2b(forme.encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Reponse:
    """What the service found; null is what it did not say. `score` goes from 0 to 1."""

    code_commune_insee: str | None = None
    code_postal: str | None = None
    localite: str | None = None
    position: Position | None = None
    score: float | None = None
    libelle: str | None = None


@dataclass(frozen=True, slots=True)
class Geocodage:
    """The last word on an address: the answer, its outcome and the day it was given."""

    issue: Issue
    reponse: Reponse | None
    le: str


def adresse_de(formation: Mapping[str, Any]) -> Adresse | None:
    """Return the address to look for of a place; None when there is too little to find it by."""
    adresse = formation.get("lieu_formation_adresse") or ""
    insee, code_postal = formation.get("code_commune_insee"), formation.get("code_postal")
    if len(forme_de_nom(adresse)) < _ADRESSE_MIN or not (insee or code_postal):
        return None
    return Adresse(adresse, code_postal, insee, formation.get("localite"))


def juger(
    adresse: Adresse, reponse: Reponse | None, references: References, score_min: float = 0.0
) -> Issue:
    """Return whether an answer may be kept for a declared address."""
    if reponse is None:
        return Issue.INTROUVABLE
    declaree = situer(adresse.code_commune_insee, adresse.code_postal, references)
    trouvee = situer(reponse.code_commune_insee, reponse.code_postal, references)
    declare, trouve = declaree.departement, trouvee.departement
    if declare and trouve and declare.code != trouve.code:
        return Issue.AUTRE_DEPARTEMENT
    if not _meme_commune(declaree.commune, trouvee.commune, reponse.code_commune_insee):
        return Issue.AUTRE_COMMUNE
    centre = centre_de(declaree.commune)
    loin = centre and reponse.position and distance_metres(reponse.position, centre)
    if loin and loin > PROCHE_METRES:
        return Issue.ELOIGNEE
    if reponse.score is not None and reponse.score < score_min:
        return Issue.SCORE_FAIBLE
    return Issue.ACCEPTEE


def resoudre(
    coordonnees: str | None,
    adresse: Adresse,
    reponse: Reponse | Panne | None,
    references: References,
) -> Issue:
    """Return the outcome of looking for the commune of coordinates: the historic step, whole."""
    if isinstance(reponse, Panne):
        return Issue.PANNE
    if coordonnees is not None and not coordonnees.strip():
        return Issue.SANS_OBJET
    if coordonnees is not None and lire_position(coordonnees) is None:
        return Issue.MAL_FORMEE
    return juger(adresse, reponse, references)


def prochain_essai(essais: int, maintenant: datetime, apres: float | None, alea: float) -> datetime:
    """Return when to ask again after `essais` failures; `alea`, from 0 to 1, spreads the requests.

    Twice as late each time, half of it drawn, never before the service allows it.
    """
    attente = min(_ESSAI_S * 2 ** min(essais, 20), _ESSAI_MAX_S)
    return maintenant + timedelta(seconds=(apres or 0.0) + attente * (0.5 + 0.5 * alea))


def _meme_commune(declaree: Commune | None, trouvee: Commune | None, insee: str | None) -> bool:
    """Tell whether an answer lies where it was declared; what is not known contradicts nothing."""
    if declaree is None or insee is None:
        return True
    if trouvee is None:
        return insee == declaree.code
    return trouvee.code == declaree.code or est_dans(trouvee.code, declaree.code)
