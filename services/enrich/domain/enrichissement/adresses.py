"""The addresses that each source gives of a place, side by side (domain.md §1.2, §2 "Geo").

None replaces another: the declared place wins, the others are shown beside it with their source
and day, so that a person can compare them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.enrich.domain.enrichissement.commune import situer
from services.enrich.domain.enrichissement.geocodage import RAISONS, Adresse, Geocodage, Issue
from services.enrich.domain.geographie import Position, lire_position
from services.enrich.domain.references.tables import References

DECLAREE: Final = "declaree"
REFERENCEE: Final = "referencee"
GEOCODEE: Final = "geocodee"

_SIRETS: Final = (
    ("etablissement_lieu_formation_siret", "SIRET du lieu"),
    ("etablissement_formateur_siret", "SIRET du formateur"),
)


@dataclass(frozen=True, slots=True)
class AdresseConnue:
    """What one source says of a place; null is what it does not say.

    `source` names it in French, `le` is its day. `refus` tells why an answer is not retained.
    """

    origine: str
    source: str
    le: str | None
    adresse: str | None
    code_postal: str | None
    code_commune_insee: str | None
    localite: str | None
    position: Position | None
    refus: str | None = None


def adresses(
    offre: Mapping[str, Any],
    references: References,
    geocodages: Mapping[str, Geocodage],
    recue_le: str | None = None,
) -> list[AdresseConnue]:
    """Return the declared address, then those of the tables by SIRET, then the geocoded one."""
    return [
        _declaree(offre, recue_le),
        *_referencees(offre, references),
        *_geocodee(offre, references, geocodages),
    ]


def _declaree(offre: Mapping[str, Any], recue_le: str | None) -> AdresseConnue:
    lire = offre.get
    return AdresseConnue(
        DECLAREE,
        "Dépôt",
        recue_le,
        lire("lieu_formation_adresse"),
        lire("code_postal"),
        lire("code_commune_insee"),
        lire("localite"),
        lire_position(lire("lieu_formation_geo_coordonnees")),
    )


def _referencees(offre: Mapping[str, Any], references: References) -> list[AdresseConnue]:
    trouvees: dict[str, AdresseConnue] = {}
    for champ, nom in _SIRETS:
        connu = references.etablissements.get(offre.get(champ) or "")
        if connu is None or connu.siret in trouvees:
            continue
        trouvees[connu.siret] = AdresseConnue(
            REFERENCEE,
            f"Liste des établissements, {nom} {connu.siret}",
            connu.source_le,
            connu.adresse,
            connu.code_postal,
            connu.code_commune_insee,
            connu.localite,
            lire_position(connu.geo_coordonnees),
        )
    return list(trouvees.values())


def _geocodee(
    offre: Mapping[str, Any], references: References, geocodages: Mapping[str, Geocodage]
) -> list[AdresseConnue]:
    lire = offre.get
    if not (adresse := lire("lieu_formation_adresse")):
        return []
    lieu = situer(lire("code_commune_insee"), lire("code_postal"), references)
    cle = Adresse(adresse, lieu.code_postal, lieu.code_commune_insee).cle
    if (connu := geocodages.get(cle)) is None:
        return []
    reponse = connu.reponse
    return [
        AdresseConnue(
            GEOCODEE,
            "Service d'adresses",
            connu.le,
            reponse.libelle if reponse else None,
            reponse.code_postal if reponse else None,
            reponse.code_commune_insee if reponse else None,
            reponse.localite if reponse else None,
            reponse.position if reponse else None,
            None if connu.issue is Issue.ACCEPTEE else RAISONS[connu.issue],
        )
    ]
