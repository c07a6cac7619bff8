"""The place of an offer (domain.md §1.2, §2): commune, territory and position.

The declared place wins: declared names and coordinates stay as they are.
"""

from typing import Any

from services.enrich.domain.constats import Constats
from services.enrich.domain.enrichissement.codes_communes import Indices
from services.enrich.domain.enrichissement.commune import situer
from services.enrich.domain.enrichissement.position import placer
from services.enrich.domain.geographie import lire_position
from services.enrich.domain.references.tables import References

_CHAMPS = ("code_commune_insee", "code_postal")


def localiser(
    insee: str | None,
    code_postal: str | None,
    localite: str | None,
    coordonnees: str | None,
    references: References,
    siret_formateur: str | None = None,
) -> tuple[dict[str, Any], Constats]:
    """Return the fields of the place from what was collected."""
    formateur = references.etablissements.get(siret_formateur or "")
    indices = Indices(
        localite, lire_position(coordonnees), formateur.code_postal if formateur else None
    )
    situation = situer(insee, code_postal, references, _CHAMPS, indices)
    commune = situation.commune
    place = placer(coordonnees, commune)
    return {
        "code_postal": situation.code_postal,
        "code_commune_insee": situation.code_commune_insee,
        "localite": localite or (commune.nom if commune else None),
        **situation.territoire(),
        "lieu_formation_geo_coordonnees": coordonnees,
        "latitude": place.position[0] if place.position else None,
        "longitude": place.position[1] if place.position else None,
        "distance_commune_metres": place.distance_metres,
    }, situation.constats + place.constats
