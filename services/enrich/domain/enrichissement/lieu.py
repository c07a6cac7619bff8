"""The place of an offer (domain.md §1.2, §2): commune, territory and position.

The declared place wins: declared names and coordinates stay as they are; the position used for the
map is the declared one unless it is far from the declared commune, whose centre then serves.
"""

from typing import Any, Final

from services.enrich.domain.constats import Constat, Constats, constat
from services.enrich.domain.enrichissement.commune import situer
from services.enrich.domain.geographie import Position, distance_metres, lire_position
from services.enrich.domain.references.tables import Commune, References

ELOIGNEE_METRES: Final = 20_000
TRES_ELOIGNEE_METRES: Final = 60_000

_CHAMP_POSITION: Final = "lieu_formation_geo_coordonnees"


def localiser(
    insee: str | None,
    code_postal: str | None,
    localite: str | None,
    coordonnees: str | None,
    references: References,
) -> tuple[dict[str, Any], Constats]:
    """Return the fields of the place from what was collected."""
    situation = situer(insee, code_postal, references)
    commune = situation.commune
    position, champs, constats = _placer(coordonnees, commune)
    return {
        "code_postal": situation.code_postal,
        "code_commune_insee": situation.code_commune_insee,
        "localite": localite or (commune.nom if commune else None),
        **situation.territoire(),
        _CHAMP_POSITION: coordonnees,
        "latitude": position[0] if position else None,
        "longitude": position[1] if position else None,
        **champs,
    }, situation.constats + constats


def _placer(
    coordonnees: str | None, commune: Commune | None
) -> tuple[Position | None, dict[str, Any], Constats]:
    """Return the position to show, the distance to the commune, and what is wrong with it."""
    declaree = lire_position(coordonnees)
    centre = centre_de(commune)
    if declaree is None:
        absente = () if coordonnees else (constat("coordonnees_absentes", _CHAMP_POSITION),)
        return centre, {"distance_commune_metres": None}, absente
    if centre is None:
        return declaree, {"distance_commune_metres": None}, ()
    distance = distance_metres(declaree, centre)
    champs = {"distance_commune_metres": distance}
    if distance <= ELOIGNEE_METRES:
        return declaree, champs, ()
    position = declaree if distance <= TRES_ELOIGNEE_METRES else centre
    return position, champs, (_eloignement(str(coordonnees), declaree, centre, distance),)


def _eloignement(coordonnees: str, declaree: Position, centre: Position, distance: int) -> Constat:
    inversee = declaree[1], declaree[0]
    if abs(inversee[0]) <= 90 and distance_metres(inversee, centre) <= ELOIGNEE_METRES:
        return constat(
            "coordonnees_inversees", _CHAMP_POSITION, coordonnees, f"{inversee[0]},{inversee[1]}"
        )
    tres = distance > TRES_ELOIGNEE_METRES
    code = "coordonnees_tres_eloignees" if tres else "coordonnees_eloignees"
    proposition = f"{centre[0]},{centre[1]}" if tres else None
    return constat(code, _CHAMP_POSITION, f"{round(distance / 1000)} km", proposition)


def centre_de(commune: Commune | None) -> Position | None:
    """Return the centre of a commune, None when no table gives it."""
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    return commune.latitude, commune.longitude
