"""The texts and links that an académie adds to an offer on Affelnet (domain.md §3.5)."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from services.export.domain.decisions import DecisionRefusee

TEXTES: Final = ("infos_offre", "modalites_offre")
LIENS: Final = ("url_infos_offre", "url_modalites_offre")
CHAMPS: Final = (*TEXTES, *LIENS)
LONGUEUR_TEXTE_MAX: Final = 1_000
LONGUEUR_LIEN_MAX: Final = 250

# fmt: off
_ACADEMIES: Final = (
    "paris", "aix-marseille", "besancon", "bordeaux", "caen", "clermont-ferrand", "dijon",
    "grenoble", "lille", "lyon", "montpellier", "nancy-metz", "poitiers", "rennes", "strasbourg",
    "toulouse", "nantes", "orleans-tours", "reims", "amiens", "rouen", "limoges", "nice",
    "creteil", "versailles", "corse", "reunion", "martinique", "guadeloupe", "guyane", "noumea",
    "mayotte", "normandie", "polynesie", "spm",
)
# « franche-compte » is how the region writes its own site.
_REGIONS: Final = (
    "auvergne-rhone-alpes", "auvergnerhonealpes", "bourgogne-franche-compte", "bretagne",
    "centre-val-de-loire", "grand-est", "hauts-de-france", "ile-de-france", "nouvelle-aquitaine",
    "occitanie", "pays-de-la-loire", "provence-alpes-cote-azur",
)
_AUSSI_REGIONS: Final = (
    "corse", "guadeloupe", "guyane", "reunion", "martinique", "mayotte", "normandie",
)
# fmt: on
_TLD: Final = ("fr", "net", "eu", "nc", "pf", "pm", "wf")
_SOUS_DOMAINES_DE: Final = frozenset(
    (
        *(f"ac-{nom}.{tld}" for nom in _ACADEMIES for tld in _TLD),
        *(f"ent.{nom}.{tld}" for nom in (*_ACADEMIES, *_REGIONS) for tld in _TLD),
        *(f"region-academique-{nom}.fr" for nom in (*_REGIONS, *_AUSSI_REGIONS)),
        "monbureaunumerique.fr",
        "monavenirdanslenucleaire.fr",
        "index-education.com",
        "index-education.net",
    )
)
_HOTES: Final = frozenset({"onisep.fr", "www.onisep.fr", "enedis.fr", "www.enedis.fr"})


def lien_admis(lien: str) -> bool:
    """Tell whether a link is a web address of an allowed host; the host alone is judged."""
    try:
        parties = urlsplit(lien)
        hote = (parties.hostname or "").lower()
    except ValueError:
        return False
    if parties.scheme not in ("http", "https") or "\\" in lien or "@" in parties.netloc:
        return False
    etiquettes = hote.split(".")
    if not all(etiquettes):
        return False
    return hote in _HOTES or any(
        ".".join(etiquettes[debut:]) in _SOUS_DOMAINES_DE for debut in range(1, len(etiquettes))
    )


def controler(saisie: Mapping[str, str | None]) -> None:
    """Check the texts and links given, by their names in `CHAMPS`.

    Raises:
        DecisionRefusee: one is too long, or a link leads to a host that is not allowed.
    """
    for champ in TEXTES:
        _longueur(champ, saisie.get(champ), LONGUEUR_TEXTE_MAX)
    for champ in LIENS:
        lien = saisie.get(champ)
        _longueur(champ, lien, LONGUEUR_LIEN_MAX)
        if lien and not lien_admis(lien):
            raise DecisionRefusee(
                "lien_non_admis",
                f"L'adresse « {lien} » n'est pas sur un site admis.",
                "Donnez une adresse d'un site d'académie, de région académique ou de l'Onisep.",
            )


def _longueur(champ: str, valeur: str | None, maximum: int) -> None:
    if len(valeur or "") > maximum:
        raise DecisionRefusee(
            "texte_trop_long", f"{champ} dépasse {maximum} caractères.", "Raccourcissez-le."
        )
