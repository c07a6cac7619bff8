"""What people corrected: an edit wins over what is collected, and never silently (domain.md §2).

An edit remembers what the source said on that day: when the source comes to say something else,
the disagreement is a finding, and the edit still holds until a person decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias
from zlib import crc32

import orjson

from contracts.evenements import Confiance
from services.enrich.domain.constats import Constat, constat

Editions: TypeAlias = Mapping[str, Mapping[str, Any]]
"""By field of the offer: `valeur`, `collectee` (what the source said then), `auteur`, `le`; and
`heritee_de` for one taken over from the formation that this one replaced (`domain.heritage`)."""

EDITABLES: Final = frozenset(
    (
        "cfd",
        "rncp_code",
        "intitule_rco",
        *(
            f"etablissement_{role}_{champ}"
            for role in ("gestionnaire", "formateur")
            for champ in (
                "siret",
                "uai",
                "adresse",
                "code_postal",
                "code_commune_insee",
                "localite",
                "courriel",
            )
        ),
        "lieu_formation_adresse",
        "code_postal",
        "code_commune_insee",
        "localite",
        "lieu_formation_geo_coordonnees",
        "etablissement_lieu_formation_siret",
        "etablissement_lieu_formation_uai",
        "uai_formation",
        "duree",
        "annee",
        "periode",
        "date_debut",
        "date_fin",
        "modalites_entrees_sorties",
        "capacite",
        "effectif_minimal",
        "capacite_simultanee",
        "capacite_cumulee",
        "entierement_a_distance",
        "ids_action",
    )
)
"""The fields that a person may correct: neither what identifies an offer nor whether it lives."""


COURRIELS: Final = frozenset(
    ("etablissement_gestionnaire_courriel", "etablissement_formateur_courriel")
)
"""Fields that nobody sees but those who may correct them: what is published never quotes them."""

_MASQUEE: Final = "adresse non montrée"


def sans_les_adresses(constats: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return findings as they may be published: those on an e-mail address do not quote it."""
    return [
        {**constat_, "valeur": _MASQUEE} if constat_.get("champ") in COURRIELS else constat_
        for constat_ in constats
    ]


def version(sequence: int, editions: Editions | None) -> str:
    """Return the version of a formation for those who correct it.

    It moves with the sequence, and with corrections that change no state: an e-mail address is in
    none, and a value that the source gives as well is pinned without being seen.
    """
    if not editions:
        return str(sequence)
    empreinte = crc32(orjson.dumps(editions, option=orjson.OPT_SORT_KEYS))
    return f"{sequence}.{empreinte:08x}"


def appliquer(offre: Mapping[str, Any], editions: Editions) -> dict[str, Any]:
    """Return the offer with the values that people gave it."""
    return {**offre, **{champ: edition["valeur"] for champ, edition in editions.items()}}


def dater(
    valeurs: Mapping[str, Any], offre: Mapping[str, Any], auteur: str, le: datetime
) -> dict[str, dict[str, Any]]:
    """Return edits that give fields these values, with what the offer now says of them."""
    return {
        champ: {"valeur": valeur, "collectee": offre.get(champ), "auteur": auteur, "le": le}
        for champ, valeur in valeurs.items()
    }


def ajouter(
    editions: Editions, nouvelles: Mapping[str, dict[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """Return corrections with others added.

    One that says again what stands, of the same source, keeps its author and its day.
    """
    redites = {
        champ
        for champ, nouvelle in nouvelles.items()
        if (tenue := editions.get(champ)) is not None
        and all(tenue[nom] == nouvelle[nom] for nom in ("valeur", "collectee"))
    }
    return {**editions, **{c: une for c, une in nouvelles.items() if c not in redites}}


def sans_les_corriges(
    constats: Sequence[Mapping[str, Any]], editions: Editions
) -> list[Mapping[str, Any]]:
    """Return the findings of collect but those on a value that a person replaced."""
    return [constat_ for constat_ in constats if constat_.get("champ") not in editions]


def conflits(offre: Mapping[str, Any], editions: Editions) -> list[Constat]:
    """Return a finding for each field whose source now says a third thing."""
    return [
        constat(
            "edition_en_conflit",
            champ,
            _texte(offre.get(champ)) if champ not in COURRIELS else _MASQUEE,
            _texte(edition["valeur"]) if champ not in COURRIELS else _MASQUEE,
            raison="La valeur corrigée dans le catalogue est gardée jusqu'à ce que vous tranchiez.",
            confiance=Confiance.MOYENNE,
        )
        for champ, edition in editions.items()
        if not _d_accord(offre.get(champ), edition)
    ]


def _d_accord(collectee: object, edition: Mapping[str, Any]) -> bool:
    return collectee in (edition["collectee"], edition["valeur"])


def _texte(valeur: object) -> str:
    if isinstance(valeur, list):
        return ", ".join(map(str, valeur))
    return "" if valeur is None else str(valeur)
