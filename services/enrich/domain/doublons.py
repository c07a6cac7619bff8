"""Offers that probably are one: same certification, place, formateur and period (domain.md §1.1).

Nothing is merged here: two keys that the collector gave stay two offers until it declares which
one replaces the other. What is proposed is which to keep, and why.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import normalize

from services.enrich.domain.qualite.completude import CHAMPS as COMPLETUDE
from services.enrich.domain.qualite.completude import manquants

CHAMPS: Final = tuple(
    dict.fromkeys(
        (
            *COMPLETUDE,
            "cfd_remplace_par",
            "id_certifinfo",
            "etablissement_formateur_siret",
            "etablissement_gestionnaire_siret",
            "periode",
            "published",
            "cle_attribuee",
        )
    )
)
"""The fields of a formation that are compared or told."""

_DITS: Final = (
    ("etablissement_gestionnaire_siret", "le gestionnaire"),
    ("annee", "l'année d'entrée"),
    ("duree", "la durée"),
    ("capacite", "la capacité"),
    ("uai_formation", "l'UAI du lieu"),
    ("rncp_code", "la fiche RNCP"),
    ("published", "la publication"),
)
_MOTS_VIDES: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Offre:
    """A formation to compare: its id, when it was made, its fields."""

    id: str
    creee_le: str
    formation: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Doublon:
    """Offers that probably are one, the one to keep first; what they share and where they differ.

    `mois` are the months that at least two of them share.
    """

    garder: Offre
    autres: tuple[Offre, ...]
    mois: tuple[str, ...]
    differences: tuple[str, ...]

    @property
    def explication(self) -> str:
        """Say in French why these offers look like one."""
        memes = "Même diplôme, même lieu, même formateur, mêmes mois d'entrée"
        if not self.differences:
            return f"{memes} : rien ne les distingue."
        return f"{memes} ; ce qui diffère : {', '.join(self.differences)}."

    @property
    def proposition(self) -> str:
        """Say in French what to do."""
        cle = self.garder.formation.get("cle_ministere_educatif") or self.garder.id
        return (
            f"Gardez {cle}, la plus complète, et déclarez qu'elle remplace les autres "
            "(« cle_me_remplace »)."
        )


def doublons(offres: Iterable[Offre]) -> list[Doublon]:
    """Return the groups of probable duplicates among living offers, in the order of their ids."""
    groupes: dict[tuple[str, ...], list[Offre]] = {}
    for offre in offres:
        if cle := _identite(offre.formation):
            groupes.setdefault(cle, []).append(offre)
    trouves = [
        _decrire(lies) for groupe in groupes.values() if len(groupe) > 1 for lies in _lies(groupe)
    ]
    return sorted(trouves, key=lambda doublon: doublon.garder.id)


def _identite(formation: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return what makes two offers the same but for their period; None when it is not all known."""
    lire = formation.get
    certification = lire("cfd_remplace_par") or lire("cfd") or lire("rncp_code")
    lieu = lire("code_commune_insee")
    formateur = lire("etablissement_formateur_siret")
    adresse = _simplifier(lire("lieu_formation_adresse") or "")
    if not (certification and lieu and formateur and lire("periode")):
        return None
    return (
        certification,
        lire("id_certifinfo") or "",  # the options of one diploma have each their own
        formateur,
        lieu,
        adresse,
        lire("duree") or "",
        lire("annee") or "",
    )


def _simplifier(adresse: str) -> str:
    sans_accents = normalize("NFKD", adresse).encode("ascii", "ignore").decode().lower()
    return _MOTS_VIDES.sub(" ", sans_accents).strip()


def _lies(groupe: Sequence[Offre]) -> list[list[Offre]]:
    """Return the parts of a group whose offers share a month, from one to the next."""
    parts: list[tuple[set[str], list[Offre]]] = []
    for offre in groupe:
        mois = set(offre.formation["periode"])
        touchees = [part for part in parts if part[0] & mois]
        reunies = [autre for part in touchees for autre in part[1]]
        parts = [part for part in parts if part not in touchees]
        parts.append((mois.union(*(part[0] for part in touchees)), [*reunies, offre]))
    return [offres for _, offres in parts if len(offres) > 1]


def _decrire(groupe: list[Offre]) -> Doublon:
    garder, *autres = sorted(groupe, key=_preference)
    vus: set[str] = set()
    partages: set[str] = set()
    for offre in groupe:
        mois = set(offre.formation["periode"])
        partages |= vus & mois
        vus |= mois
    differences = tuple(
        nom
        for champ, nom in _DITS
        if len({str(offre.formation.get(champ)) for offre in groupe}) > 1
    )
    return Doublon(garder, tuple(autres), tuple(sorted(partages)), differences)


def _preference(offre: Offre) -> tuple[object, ...]:
    """Order offers from the one to keep: official clé, published, complete, oldest."""
    lire = offre.formation.get
    sans_cle = not lire("cle_ministere_educatif") or bool(lire("cle_attribuee"))
    non_publiee = lire("published") is False
    return sans_cle, non_publiee, len(manquants(offre.formation)), offre.creee_le, offre.id
