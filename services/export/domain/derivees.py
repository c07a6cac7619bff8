"""What lists and tables tell of an offer that none of its fields holds as it is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.campagne import Campagne
from services.export.domain.projections import Juge
from services.export.domain.regles import NATIONALE, JeuDeRegles
from services.export.domain.relations import Relation
from services.kernel.french import PARIS
from services.kernel.ids import first_ulid

RANG_DU_MINISTERE: Final = 2
"""Which character of a CFD tells of the ministry, counted from 0."""
AGRICOLE: Final = "3"
ACTIF: Final = "actif"
INACTIF: Final = "inactif"
_UN_AN: Final = timedelta(days=365)
_RDV_AFFELNET: Final = frozenset({Statut.PUBLIE, Statut.PRET, Statut.A_PUBLIER})
_RDV_MEFS: Final = re.compile(r"24[27]\d{5}31|276\d{5}31|241\d{5}21|271\d{5}21")


class Lien(StrEnum):
    """What an offer is to others: it replaces some, one replaces it (domain.md §1.1)."""

    SUCCESSEUR = "Successeur"
    PREDECESSEUR = "Prédécesseur"
    LES_DEUX = "Successeur et prédécesseur"
    AUCUN = "Aucun"


@dataclass(frozen=True, slots=True)
class Reperes:
    """What some facts of an offer are told by: the campaign, the rules, the applications.

    `premiere_nouvelle` is the smallest id of a new offer. `relations` are those of applications, by
    pair of establishments, and `retenues` the offers that a criterion on them selects; both are
    read only when asked for.
    """

    premiere_nouvelle: str
    regles_academiques: frozenset[str]
    relations: Mapping[str, Relation] = field(default_factory=dict)
    retenues: list[str] = field(default_factory=list)


def reperes_de(juge: Juge, plateforme: Plateforme | None) -> Reperes:
    """Return what the campaign and the rules in force tell; by default Parcoursup's campaign."""
    campagne = juge.contextes[plateforme or Plateforme.PARCOURSUP].campagne
    return Reperes(first_ulid(nouvelle_depuis(campagne)), regles_academiques(juge.jeu))


def nouvelle_depuis(campagne: Campagne) -> datetime:
    """Return from when on an offer that appeared is new to a campaign (domain.md §2)."""
    return datetime.combine(campagne.debut, time(), PARIS) - _UN_AN


def regles_academiques(jeu: JeuDeRegles) -> frozenset[str]:
    """Return the rules of Affelnet that académies decide on: « à définir », or one's own."""
    return frozenset(
        regle.id
        for regle in jeu.regles
        if regle.plateforme is Plateforme.AFFELNET
        and (regle.statut is Statut.A_DEFINIR or regle.num_academie != NATIONALE)
    )


def siret_actif(actifs: Iterable[object]) -> str | None:
    """Tell whether establishments are all open; None when none is closed and one not known."""
    lus = list(actifs)
    if False in lus:
        return INACTIF
    return None if None in lus else ACTIF


def agriculture(ministere: str) -> bool | None:
    """Tell by that character of its CFD whether a diploma is of the ministry of agriculture.

    None of an offer whose CFD is not known, or is too short to tell.
    """
    return ministere == AGRICOLE if ministere else None


def lien(*, succede: object, remplacee: object) -> Lien:
    """Return what an offer is to others, historically `cle_me_link`."""
    if succede:
        return Lien.LES_DEUX if remplacee else Lien.SUCCESSEUR
    return Lien.PREDECESSEUR if remplacee else Lien.AUCUN


def session_renouvelee(
    precedent: str | None, *, perimetre: object, en_session_alors: object, en_session: object
) -> bool | None:
    """Tell whether an offer in the perimeter, published last season, has a session in this one.

    None of any other offer, or of one that had no session then.
    """
    if precedent != Statut.PUBLIE or not perimetre or not en_session_alors:
        return None
    return bool(en_session)


def rendez_vous(plateforme: Plateforme, statut: str, mefs: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether appointments may be taken for an offer found on a platform (domain.md §2)."""
    if plateforme is Plateforme.PARCOURSUP:
        return statut == Statut.PUBLIE
    return statut in _RDV_AFFELNET and any(_RDV_MEFS.fullmatch(mef["mef10"]) for mef in mefs)
