"""The historic judgement of an offer's establishments (domain.md §2 "SIRET").

It kept an offer from being updated. Ours keeps the offer and says each fault as a finding
(`etablissements`); partners who compare both catalogues find the former judgement here.
"""

from collections.abc import Mapping
from enum import StrEnum


class Defaut(StrEnum):
    """Why an offer was not updated."""

    SIRET_ABSENT = "siret_absent"
    DEUX_INCONNUS = "deux_inconnus"
    GESTIONNAIRE_INCONNU = "gestionnaire_inconnu"
    FORMATEUR_INCONNU = "formateur_inconnu"
    GESTIONNAIRE_FERME = "gestionnaire_ferme"
    FORMATEUR_FERME = "formateur_ferme"


class Statut(StrEnum):
    """What the state's service says of an establishment."""

    ACTIF = "actif"
    FERME = "fermé"
    INDISPONIBLE = "indisponible"


class ServiceEnEchec(Exception):
    """The service failed: nothing may be concluded of the establishment."""


_ETATS = {"A": Statut.ACTIF, "F": Statut.FERME}
_RETIRE_POUR_RAISON_LEGALE = 451
_ERREURS = 400


def juger_le_lien(
    gestionnaire: str | None, formateur: str | None, fermes: Mapping[str, bool]
) -> Defaut | None:
    """Return the first fault of the pair; `fermes` tells of each known SIRET whether it is closed.

    The gestionnaire is judged first; both unknown are told together.
    """
    if not gestionnaire or not formateur:
        return Defaut.SIRET_ABSENT
    if gestionnaire not in fermes and formateur not in fermes:
        return Defaut.DEUX_INCONNUS
    if gestionnaire not in fermes:
        return Defaut.GESTIONNAIRE_INCONNU
    if fermes[gestionnaire]:
        return Defaut.GESTIONNAIRE_FERME
    if formateur not in fermes:
        return Defaut.FORMATEUR_INCONNU
    return Defaut.FORMATEUR_FERME if fermes[formateur] else None


def statut_administratif(etat: str | None, http_status: int = 200) -> Statut:
    """Return what an answer says of an establishment.

    Raises `ServiceEnEchec` for a failure, from which nothing follows; 451 is no failure: the
    establishment asked not to be shown.
    """
    if http_status == _RETIRE_POUR_RAISON_LEGALE:
        return Statut.INDISPONIBLE
    if http_status >= _ERREURS or etat not in _ETATS:
        raise ServiceEnEchec(f"HTTP {http_status}, état {etat}")
    return _ETATS[etat]
