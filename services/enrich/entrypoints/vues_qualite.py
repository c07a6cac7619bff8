"""Figures of quality as the API answers them and as pages draw them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel

from contracts.constats import CATALOGUE, Gravite, gravite
from services.enrich.adapters.qualite import Figures
from services.enrich.domain.doublons import Doublon
from services.enrich.domain.qualite.bilan import SANS_CONSTAT, Bilan
from services.enrich.domain.qualite.completude import ELEMENTS
from services.enrich.domain.qualite.priorites import Tache

GRAVITES: Final = (
    (Gravite.BLOQUANT.value, "Au moins un constat bloquant", "bloquant"),
    (Gravite.A_CORRIGER.value, "Au moins un constat à corriger", "attention"),
    (Gravite.INFORMATION.value, "Informations seulement", "info"),
    (SANS_CONSTAT, "Aucun constat", "succes"),
)
NOMS_GRAVITES: Final = {
    Gravite.BLOQUANT: "bloquant",
    Gravite.A_CORRIGER: "à corriger",
    Gravite.INFORMATION: "information",
    Gravite.REFUS: "refus",
}
_CHAMP_EN_TETE: Final = "{champ}\N{NO-BREAK SPACE}: "
COLONNES: Final = (
    "ensemble",
    "nom",
    "academie",
    "jour",
    "offres",
    "completes",
    "completude_pourcent",
    "bloquant",
    "a_corriger",
    "information",
    "aucun_constat",
)


class ConstatCompte(BaseModel):
    """How many offers have a finding."""

    code: str
    gravite: Gravite
    libelle: str
    offres: int


class LacuneComptee(BaseModel):
    """How many offers do not tell a fact."""

    code: str
    libelle: str
    recommande: bool
    offres: int


class Qualite(BaseModel):
    """The figures of one set of offers on a day. `completude` is a share, from 0 to 1."""

    ensemble: str
    nom: str | None
    academie: str | None
    jour: str
    mesuree_le: datetime
    offres: int
    completes: int
    completude: float | None
    gravites: dict[str, int]
    constats: list[ConstatCompte]
    lacunes: list[LacuneComptee]


class Point(BaseModel):
    """The figures of a past day on which they changed."""

    jour: str
    offres: int
    completes: int
    completude: float | None
    gravites: dict[str, int]


class QualiteSuivie(Qualite):
    """Figures and how they came to be."""

    tendance: list[Point]


class TacheVue(BaseModel):
    """Something to mend, and where. `correction` is what accepting the proposal would write."""

    code: str
    gravite: Gravite
    champ: str | None
    valeur: str | None
    message: str
    que_faire: str
    proposition: str | None
    raison: str | None
    confiance: str | None
    correction: dict[str, Any] | None
    offres: list[str]


class DoublonVu(BaseModel):
    """Offers that probably are one: ids, the months they share, why, and what to do."""

    garder: str
    autres: list[str]
    cles: list[str | None]
    mois: list[str]
    explication: str
    proposition: str


def doublon_vu(doublon: Doublon) -> DoublonVu:
    """Return a group of duplicates as it is told; `cles` are those of the kept one, then others."""
    offres = (doublon.garder, *doublon.autres)
    return DoublonVu(
        garder=doublon.garder.id,
        autres=[autre.id for autre in doublon.autres],
        cles=[offre.formation.get("cle_ministere_educatif") for offre in offres],
        mois=list(doublon.mois),
        explication=doublon.explication,
        proposition=doublon.proposition,
    )


def qualite(figures: Figures) -> Qualite:
    """Return figures as they are told."""
    bilan = figures.bilan
    return Qualite(
        ensemble=str(figures.portee),
        nom=figures.nom,
        academie=figures.academie,
        jour=figures.jour,
        mesuree_le=figures.mesuree_le,
        offres=bilan.offres,
        completes=bilan.completes,
        completude=bilan.completude,
        gravites=_gravites(bilan),
        constats=constats(bilan),
        lacunes=lacunes(bilan),
    )


def suivie(figures: Figures, tendance: Sequence[tuple[str, Bilan]]) -> QualiteSuivie:
    """Return figures with their trend."""
    return QualiteSuivie(
        **qualite(figures).model_dump(),
        tendance=[
            Point(
                jour=jour,
                offres=bilan.offres,
                completes=bilan.completes,
                completude=bilan.completude,
                gravites=_gravites(bilan),
            )
            for jour, bilan in tendance
        ],
    )


def rangee(figures: Figures) -> list[object]:
    """Return figures as a row of `COLONNES`."""
    bilan, gravites = figures.bilan, _gravites(figures.bilan)
    taux = bilan.completude
    return [
        str(figures.portee),
        figures.nom,
        figures.academie,
        figures.jour,
        bilan.offres,
        bilan.completes,
        "" if taux is None else f"{taux * 100:.1f}".replace(".", ","),
        *(gravites[code] for code, _, _ in GRAVITES),
    ]


def constats(bilan: Bilan) -> list[ConstatCompte]:
    """Return the findings, those that ask for something first, then by number of offers."""
    ordre = list(Gravite)
    comptes = [
        ConstatCompte(code=code, gravite=gravite(code), libelle=libelle(code), offres=nombre)
        for code, nombre in bilan.constats.items()
    ]
    return sorted(comptes, key=lambda c: (ordre.index(c.gravite), -c.offres, c.code))


def lacunes(bilan: Bilan) -> list[LacuneComptee]:
    """Return what offers do not tell, what is lacking most first."""
    comptees = [
        LacuneComptee(
            code=element.code,
            libelle=element.libelle,
            recommande=element.recommande,
            offres=bilan.lacunes[element.code],
        )
        for element in ELEMENTS
        if bilan.lacunes[element.code]
    ]
    return sorted(comptees, key=lambda lacune: -lacune.offres)


def libelle(code: str) -> str:
    """Return the message of a code without a value: what a table shows."""
    definition = CATALOGUE.get(code)
    if definition is None:
        return code
    message = definition.message.removeprefix(_CHAMP_EN_TETE)
    texte = message.format_map({"champ": "ce champ", "valeur": "…", "proposition": "…"})
    return texte[:1].upper() + texte[1:]


def tache_vue(tache: Tache) -> TacheVue:
    """Return something to mend as it is told."""
    lire = tache.constat.get
    return TacheVue(
        code=tache.constat["code"],
        gravite=tache.gravite,
        champ=lire("champ"),
        valeur=lire("valeur"),
        message=tache.message,
        que_faire=tache.que_faire,
        proposition=lire("proposition"),
        raison=lire("raison"),
        confiance=lire("confiance"),
        correction=lire("correction"),
        offres=[identifiant for identifiant, _, _ in tache.offres],
    )


def _gravites(bilan: Bilan) -> dict[str, int]:
    return {code: bilan.gravites[code] for code, _, _ in GRAVITES}
