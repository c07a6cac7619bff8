"""A correction as a person types it: what it means, or why it is refused and what is proposed.

The forms are those of `contracts.identifiants`, as for what is collected. Unlike a deposit, which
is kept with a finding, a wrong correction is refused: its author is there to set it right.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from contracts.identifiants import (
    cfd,
    code_postal,
    dates,
    insee,
    modalite,
    periode,
    rncp,
    siret,
    uai,
)
from contracts.identifiants.textes import texte
from services.enrich.domain.geographie import lire_position

LONGUEUR_MAX: Final = 400
ELEMENTS_MAX: Final = 100

_COURRIEL: Final = re.compile(r"[^@\s,;<>\"]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,63}")
_COURRIEL_MAX: Final = 254
_ILLISIBLE: Final = re.compile(r"[\x00-\x1f\x7f\ufffd]")

Lecture: TypeAlias = Callable[[Any], Any]


class SaisieRefusee(Exception):
    """A value that a field does not take: a stable code, why in French, what is proposed."""

    def __init__(self, code: str, message: str, proposition: str | None = None) -> None:
        """Keep what will be told."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.proposition = proposition


def lire(champ: str, valeur: object) -> Any:  # noqa: ANN401 - as the field of `contracts.offre.Offre`
    """Return the value of an editable field as the offer would carry it.

    Null and an empty text say that there is none. Raises `SaisieRefusee`.
    """
    en_liste = champ in _LISTES
    if valeur is None or valeur == "":
        return [] if en_liste else None
    if not en_liste:
        return _LECTURES[_genre(champ)](valeur)
    if not isinstance(valeur, list) or len(valeur) > ELEMENTS_MAX:
        raise SaisieRefusee("liste_attendue", f"Donnez une liste d'au plus {ELEMENTS_MAX} valeurs.")
    return [_LISTES[champ](element) for element in valeur]


def courriel(valeur: object) -> str:
    """Return an e-mail address. Raises `SaisieRefusee`."""
    lu = texte(valeur).lower()
    if len(lu) > _COURRIEL_MAX or not _COURRIEL.fullmatch(lu):
        raise SaisieRefusee("courriel_invalide", "Ce n'est pas une adresse de courriel.")
    return lu


def _genre(champ: str) -> str:
    """Return the kind of a field: its whole name, or the end of it that tells."""
    return next((fin for fin in _LECTURES if champ == fin or champ.endswith("_" + fin)), "texte")


def _uai(valeur: object) -> str:
    lu = uai.normaliser(valeur)
    if lu is None:
        raise SaisieRefusee("uai_mal_forme", "Un UAI a sept chiffres et une lettre.")
    if not uai.est_valide(lu):
        juste = lu[:7] + uai.lettre(lu[:7])
        raise SaisieRefusee(
            "uai_lettre_fausse",
            f"La lettre de « {lu} » ne va pas avec ses chiffres : ils appellent « {juste} ».",
            juste,
        )
    return lu


def _siret(valeur: object) -> str:
    lu = siret.lire(valeur)
    if lu.siret is None or lu.defaut is not None:
        raise SaisieRefusee(
            f"siret_{(lu.defaut or siret.Defaut.MAL_FORME).value}",
            "Un SIRET a quatorze chiffres, dont les clés doivent être justes.",
            lu.propose,
        )
    return lu.siret


def _selon(normaliser: Callable[[object], str | None], code: str, message: str) -> Lecture:
    def lecture(valeur: object) -> str:
        lu = normaliser(valeur)
        if lu is None:
            raise SaisieRefusee(code, message)
        return lu

    return lecture


def _coordonnees(valeur: object) -> str:
    position = lire_position(texte(valeur))
    if position is None:
        raise SaisieRefusee(
            "coordonnees_illisibles", "Donnez « latitude,longitude » en degrés : 48.8566,2.3522."
        )
    return f"{position[0]},{position[1]}"


def _capacite(valeur: object) -> int:
    lu = modalite.capacite(valeur)
    if lu is None:
        raise SaisieRefusee("capacite_illisible", "Donnez un nombre de places, 0 compris.")
    return lu


def _mois(valeur: object) -> str:
    lue = periode.lire(texte(valeur))
    if lue.illisibles or len(lue.mois) != 1:
        raise SaisieRefusee("periode_illisible", "Donnez un mois par élément : AAAA-MM.")
    return next(iter(lue.mois))


def _oui_ou_non(valeur: object) -> bool:
    if not isinstance(valeur, bool):
        raise SaisieRefusee("oui_ou_non_attendu", "Répondez par vrai ou faux.")
    return valeur


def _texte(valeur: object) -> str:
    lu = texte(valeur)
    if not lu or len(lu) > LONGUEUR_MAX or _ILLISIBLE.search(lu):
        raise SaisieRefusee(
            "texte_refuse", f"Donnez un texte lisible d'au plus {LONGUEUR_MAX} caractères."
        )
    return lu


def _nombre(valeur: object) -> int | None:
    return None if valeur is None else _capacite(valeur)


_DATE: Final = _selon(dates.normaliser, "date_illisible", "Une date s'écrit AAAA-MM-JJ.")
_ANNEES: Final = _selon(
    modalite.normaliser, "modalite_illisible", "Donnez un nombre d'années de 1 à 9, ou X."
)

_LECTURES: Final[Mapping[str, Lecture]] = {
    "code_commune_insee": _selon(
        insee.normaliser, "insee_mal_forme", "Un code commune INSEE a cinq caractères."
    ),
    "code_postal": _selon(
        code_postal.normaliser, "code_postal_mal_forme", "Un code postal a cinq chiffres."
    ),
    "geo_coordonnees": _coordonnees,
    "siret": _siret,
    "uai": _uai,
    "uai_formation": _uai,
    "courriel": courriel,
    "cfd": _selon(cfd.normaliser, "cfd_mal_forme", "Un code diplôme a huit caractères."),
    "rncp_code": _selon(rncp.normaliser, "rncp_mal_forme", "Un code RNCP s'écrit RNCP12345."),
    "duree": _ANNEES,
    "annee": _ANNEES,
    "capacite": lambda valeur: str(_capacite(valeur)),
    "entierement_a_distance": _oui_ou_non,
    "texte": _texte,
}
_LISTES: Final[Mapping[str, Lecture]] = {
    "periode": _mois,
    "date_debut": _DATE,
    "date_fin": _DATE,
    "modalites_entrees_sorties": _oui_ou_non,
    "effectif_minimal": _nombre,
    "capacite_simultanee": _nombre,
    "capacite_cumulee": _nombre,
    "ids_action": _texte,
}
