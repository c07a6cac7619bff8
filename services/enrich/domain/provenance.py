"""Where each value of a formation comes from: collected, corrected, computed, or from nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from contracts.offre import Offre
from services.enrich.domain.editions import Editions, appliquer
from services.enrich.domain.enrichissement.adresses import AdresseConnue, adresses
from services.enrich.domain.enrichissement.geocodage import Geocodage
from services.enrich.domain.provenance_modele import Regle
from services.enrich.domain.provenance_regles import REGLES
from services.enrich.domain.references.tables import References

CORRIGEE: Final = "corrigee"
_PAR_DEFAUT: Final = {nom: champ.default for nom, champ in Offre.model_fields.items()}
"""What an offer says by a field that it does not carry."""

_DU_LIEU: Final = frozenset(
    (
        "lieu_formation_adresse",
        "code_postal",
        "code_commune_insee",
        "localite",
        "lieu_formation_geo_coordonnees",
        "etablissement_lieu_formation_siret",
        "etablissement_formateur_siret",
    )
)


class Nature(StrEnum):
    """Where a value comes from."""

    COLLECTEE = "collectee"
    CORRIGEE = "corrigee"
    CALCULEE = "calculee"
    ABSENTE = "absente"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the value of a field comes from.

    `le` is when it was collected (as the event said) or corrected; what is computed is as old as
    its tables. `champ` is the field of the offer that gave it. `source` is what the offer says of a
    corrected field, `heritee_de` the formation that it inherited the correction from. `corriges`
    are the corrected fields that a computed value rests on. `pourquoi` tells why there is none.
    """

    nature: Nature
    regle: Regle
    le: str | datetime | None = None
    champ: str | None = None
    source: Any = None
    auteur: str | None = None
    heritee_de: str | None = None
    corriges: tuple[str, ...] = ()
    pourquoi: str | None = None


def provenances(
    formation: Mapping[str, Any],
    offre: Mapping[str, Any],
    editions: Editions,
    recue_le: str,
) -> dict[str, Provenance]:
    """Return the provenance of every field of a formation.

    `offre` is the offer as collected, last told at `recue_le`.
    """
    effective = appliquer({**_PAR_DEFAUT, **offre}, editions)
    return {
        champ: _une(formation.get(champ), regle, offre, effective, editions, recue_le)
        if champ != "cle_ministere_educatif" or not formation.get("cle_attribuee")
        else Provenance(Nature.CALCULEE, regle)
        for champ, regle in REGLES.items()
    }


def _une(
    valeur: object,
    regle: Regle,
    offre: Mapping[str, Any],
    effective: Mapping[str, Any],
    editions: Editions,
    recue_le: str,
) -> Provenance:
    source = next((nom for nom in regle.sources if effective.get(nom) == valeur), None)
    if source is not None and (edition := editions.get(source)) is not None:
        return Provenance(
            Nature.CORRIGEE,
            regle,
            edition["le"],
            source,
            source=offre.get(source),
            auteur=edition["auteur"],
            heritee_de=edition.get("heritee_de"),
        )
    corriges = tuple(nom for nom in regle.d_apres if nom in editions)
    if _vide(valeur):
        pourquoi = _pourquoi(regle, effective)
        return Provenance(Nature.ABSENTE, regle, corriges=corriges, pourquoi=pourquoi)
    if source is not None:
        return Provenance(Nature.COLLECTEE, regle, recue_le, source)
    return Provenance(Nature.CALCULEE, regle, corriges=corriges)


def _pourquoi(regle: Regle, offre: Mapping[str, Any]) -> str:
    if all(_vide(offre.get(nom)) for nom in regle.d_apres):
        return f"L'offre ne donne pas : {', '.join(regle.d_apres)}."
    return regle.absente


def _vide(valeur: object) -> bool:
    return valeur is None or valeur in ([], "")


def adresses_du_lieu(
    offre: Mapping[str, Any],
    editions: Editions,
    references: References,
    geocodages: Mapping[str, Geocodage],
    recue_le: str,
) -> list[AdresseConnue]:
    """Return what each source says of the place: declared, corrected if it was, referenced, found.

    The declared place wins over those of tables and of the address service, a correction over it.
    """
    declaree = adresses(offre, references, geocodages, recue_le)
    corrections = [edition["le"] for champ, edition in editions.items() if champ in _DU_LIEU]
    if not corrections:
        return declaree
    effective, *autres = adresses(appliquer(offre, editions), references, geocodages)
    corrigee = replace(
        effective,
        origine=CORRIGEE,
        source="Correction dans le catalogue",
        le=max(corrections).date().isoformat(),
    )
    return [declaree[0], corrigee, *autres]
