"""The place of an offer (domain.md §1.2, §2): commune, territory and position.

The declared place wins: declared names and coordinates stay as they are. What the address service
knows of an address serves where nothing declared can be shown.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from contracts.evenements import Confiance
from services.enrich.domain.constats import Constats, constat
from services.enrich.domain.enrichissement.codes_communes import Indices
from services.enrich.domain.enrichissement.commune import Situation, situer
from services.enrich.domain.enrichissement.geocodage import (
    RAISONS,
    Adresse,
    Geocodage,
    Issue,
    adresse_de,
)
from services.enrich.domain.enrichissement.position import Placement, placer, proposer
from services.enrich.domain.geographie import lire_position
from services.enrich.domain.references.tables import References

_CHAMPS: Final = ("code_commune_insee", "code_postal")
_SANS_GEOCODAGE: Final[Mapping[str, Geocodage]] = {}


class Declare(NamedTuple):
    """What an offer says of its place, and the SIRET of who teaches there."""

    code_commune_insee: str | None = None
    code_postal: str | None = None
    localite: str | None = None
    coordonnees: str | None = None
    siret_formateur: str | None = None
    adresse: str | None = None


def localiser(
    declare: Declare,
    references: References,
    geocodages: Mapping[str, Geocodage] = _SANS_GEOCODAGE,
) -> tuple[dict[str, Any], Constats]:
    """Return the fields of the place from what was collected.

    `geocodages` holds, by `Adresse.cle`, the last word of the address service.
    """
    formateur = references.etablissements.get(declare.siret_formateur or "")
    indices = Indices(
        declare.localite,
        lire_position(declare.coordonnees),
        formateur.code_postal if formateur else None,
    )
    situation = situer(
        declare.code_commune_insee, declare.code_postal, references, _CHAMPS, indices
    )
    commune = situation.commune
    place = placer(declare.coordonnees, commune)
    if geocodages and place.repli:
        place = _geocoder(place, _adresse(declare, situation), geocodages)
    return {
        "code_postal": situation.code_postal,
        "code_commune_insee": situation.code_commune_insee,
        "localite": declare.localite or (commune.nom if commune else None),
        **situation.territoire(),
        "lieu_formation_geo_coordonnees": declare.coordonnees,
        "latitude": place.position[0] if place.position else None,
        "longitude": place.position[1] if place.position else None,
        "distance_commune_metres": place.distance_metres,
    }, situation.constats + place.constats


def _adresse(declare: Declare, situation: Situation) -> Adresse | None:
    return adresse_de(
        {
            "lieu_formation_adresse": declare.adresse,
            "code_commune_insee": situation.code_commune_insee,
            "code_postal": situation.code_postal,
        }
    )


def _geocoder(
    place: Placement, adresse: Adresse | None, geocodages: Mapping[str, Geocodage]
) -> Placement:
    """Return the place as the address service knows it, or why its answer is not kept."""
    connu = geocodages.get(adresse.cle) if adresse else None
    if connu is None or adresse is None:
        return place
    reponse = connu.reponse
    if connu.issue is Issue.ACCEPTEE and reponse and reponse.position:
        raison = f"Réponse du {connu.le} : {reponse.libelle}. {RAISONS[connu.issue]}"
        dit = proposer(
            "geocodage_propose", adresse.adresse, reponse.position, raison, Confiance.MOYENNE
        )
        return place._replace(position=reponse.position, constats=(*place.constats, dit))
    raison = f"Réponse du {connu.le}. {RAISONS[connu.issue]}"
    dit = constat("geocodage_refuse", "lieu_formation_adresse", adresse.adresse, raison=raison)
    return place._replace(constats=(*place.constats, dit))
