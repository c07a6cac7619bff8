"""The position of a place: the declared one, held against its commune (domain.md §2, "Geo")."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from contracts.evenements import Confiance
from services.enrich.domain.constats import Constat, Constats, constat
from services.enrich.domain.enrichissement import coordonnees
from services.enrich.domain.enrichissement.coordonnees import (
    NOTATIONS,
    Lecture,
    Nature,
)
from services.enrich.domain.geographie import (
    PROCHE_METRES,
    Position,
    centre_de,
    distance_metres,
    lire_position,
)
from services.enrich.domain.references.tables import Commune

TRES_ELOIGNEE_METRES: Final = 60_000

_CHAMP: Final = "lieu_formation_geo_coordonnees"
_COMPRIS: Final[Mapping[Nature, str]] = {
    Nature.PRESENTATION: "Ces deux nombres, lus comme une latitude et une longitude,",
    Nature.VIRGULE: "Lue avec des points décimaux, cette position",
    Nature.SEXAGESIMALE: "Convertie en degrés décimaux, cette position",
    Nature.PROJETEE: "Convertie de mètres (Lambert-93 ou UTM) en degrés, cette position",
    Nature.INVERSEE: "Lue dans l'autre ordre, cette position",
    Nature.SIGNE: "Avec l'autre signe, cette position",
    Nature.SANS_POINT: "Avec le point décimal rétabli, cette position",
}


class Placement(NamedTuple):
    """The position to show, how far what was declared is from the commune, and what is wrong.

    `repli` tells that nothing declared can be shown: the centre of the commune, if any, stands in.
    """

    position: Position | None
    distance_metres: int | None
    constats: Constats
    repli: bool = False


def placer(texte: str | None, commune: Commune | None) -> Placement:
    """Return where a place is shown.

    The declared position, however it was written, unless it is far from the commune or cannot be
    read: the centre of the commune serves then, and the finding tells it. A mistake that can be
    understood is proposed, never applied.
    """
    centre = centre_de(commune)
    if not texte:
        return Placement(centre, None, (constat("coordonnees_absentes", _CHAMP),), repli=True)
    declaree = lire_position(texte)
    if commune is None or centre is None:
        return _sans_repere(texte, declaree)
    distance = distance_metres(declaree, centre) if declaree else None
    if distance is not None and distance <= PROCHE_METRES:
        return Placement(declaree, distance, ())
    if lecture := coordonnees.reconnaitre(texte, centre):
        return _compris(texte, lecture, distance, commune, centre)
    return _incompris(texte, declaree, distance, commune, centre)


def _sans_repere(texte: str, declaree: Position | None) -> Placement:
    """Return a position that no commune confirms."""
    if declaree is not None:
        return Placement(declaree, None, ())
    lecture = coordonnees.lire(texte)
    if lecture is None:
        return Placement(
            None, None, (constat("coordonnees_illisibles", _CHAMP, texte),), repli=True
        )
    raison = "C'est la seule lecture possible, mais la commune n'est pas connue."
    dit = proposer(lecture.nature.value, texte, lecture.position, raison, Confiance.FAIBLE)
    return Placement(lecture.position, None, (dit,))


def _compris(
    texte: str, lecture: Lecture, distance: int | None, commune: Commune, centre: Position
) -> Placement:
    position = lecture.position
    ecart = distance_metres(position, centre)
    raison = (
        f"{_COMPRIS[lecture.nature]} est à {_kilometres(ecart)} du centre de la commune "
        f"({commune.nom})."
    )
    dit = proposer(lecture.nature.value, texte, position, raison, Confiance.MOYENNE)
    if lecture.nature in NOTATIONS:
        return Placement(position, ecart, (dit,))
    return Placement(centre, distance, (dit,))


def _incompris(
    texte: str,
    declaree: Position | None,
    distance: int | None,
    commune: Commune,
    centre: Position,
) -> Placement:
    lue = declaree or ((lecture := coordonnees.lire(texte)) and lecture.position)
    if distance is None and lue:
        distance = distance_metres(lue, centre)
    if distance is not None and distance <= TRES_ELOIGNEE_METRES:
        dit = constat("coordonnees_eloignees", _CHAMP, _kilometres(distance))
        return Placement(lue or None, distance, (dit,))
    raison = (
        f"C'est le centre de la commune ({commune.nom}), faute d'une position lisible près d'elle."
    )
    if coordonnees.est_nulle(texte):
        code, valeur = "coordonnees_nulles", texte
    elif distance is not None:
        code, valeur = "coordonnees_tres_eloignees", _kilometres(distance)
    else:
        code, valeur = "coordonnees_illisibles", texte
    dit = proposer(code, valeur, centre, raison, Confiance.FAIBLE)
    return Placement(centre, distance, (dit,), repli=True)


def proposer(
    code: str, valeur: str, position: Position, raison: str, confiance: Confiance
) -> Constat:
    """Return a finding that proposes a position."""
    texte = f"{position[0]},{position[1]}"
    return constat(
        code, _CHAMP, valeur, texte, raison=raison, confiance=confiance, correction={_CHAMP: texte}
    )


def _kilometres(metres: int) -> str:
    return f"{round(metres / 1000)} km"
