"""Whether an edition may take the place of the one in use: a damaged file must not get through."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.kernel.french import jour, nombre

BAISSE: Final = "baisse"
CLES_NOUVELLES: Final = "cles_nouvelles"
PLUS_ANCIENNE: Final = "plus_ancienne"
AUTRE_FORMAT: Final = "autre_format"
FICHIER: Final = "fichier_refuse"


@dataclass(frozen=True, slots=True)
class Seuils:
    """Shares, between 0 and 1: of rows that a table may lose, of its keys that may be new."""

    baisse_max: float
    nouvelles_max: float


@dataclass(frozen=True, slots=True)
class Motif:
    """Why a load is refused; `message` is a French sentence."""

    code: str
    table: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Forcage:
    """Someone had a load accepted in spite of `motifs`, and said why."""

    raison: str
    motifs: tuple[Motif, ...]


@dataclass(frozen=True, slots=True)
class Refus:
    """A load that was refused."""

    id: str
    le: datetime
    par: str
    source: str
    motifs: tuple[Motif, ...]


class ChargementRefuse(Exception):
    """A load was refused and noted; the version in use is what it was."""

    def __init__(self, refus: Refus) -> None:
        """Keep what was noted."""
        super().__init__(" ".join(motif.message for motif in refus.motifs))
        self.refus = refus


@dataclass(frozen=True, slots=True)
class Remplacement:
    """An edition that would take the place of another of its table."""

    table: str
    libelle: str
    lignes_avant: int
    lignes_apres: int
    nouvelles: int
    source_avant: str | None
    source_apres: str | None


def juger(remplacement: Remplacement, seuils: Seuils) -> list[Motif]:
    """Return what speaks against a replacement."""
    return [*_baisse(remplacement, seuils), *_nouvelles(remplacement, seuils), *_age(remplacement)]


def juger_le_format(manquantes: Sequence[str]) -> list[Motif]:
    """Return what speaks against a version that cannot take over tables of another shape."""
    if not manquantes:
        return []
    return [
        Motif(
            AUTRE_FORMAT,
            None,
            "Les lignes enregistrées ont une forme antérieure : chargez aussi "
            f"{', '.join(manquantes)}.",
        )
    ]


def _baisse(remplacement: Remplacement, seuils: Seuils) -> Iterable[Motif]:
    avant, apres = remplacement.lignes_avant, remplacement.lignes_apres
    baisse = (avant - apres) / avant if avant else 0.0
    if baisse > seuils.baisse_max:
        yield Motif(
            BAISSE,
            remplacement.table,
            f"{remplacement.libelle} : {nombre(apres)} lignes au lieu de {nombre(avant)}, soit "
            f"{nombre(baisse * 100, 1)} % de moins ; "
            f"le seuil est de {nombre(seuils.baisse_max * 100)} %.",
        )


def _nouvelles(remplacement: Remplacement, seuils: Seuils) -> Iterable[Motif]:
    part = remplacement.nouvelles / remplacement.lignes_apres if remplacement.lignes_apres else 0.0
    if remplacement.lignes_avant and part > seuils.nouvelles_max:
        yield Motif(
            CLES_NOUVELLES,
            remplacement.table,
            f"{remplacement.libelle} : {nombre(part * 100, 1)} % des codes sont inconnus de "
            f"l'édition précédente ; le seuil est de {nombre(seuils.nouvelles_max * 100)} %.",
        )


def _age(remplacement: Remplacement) -> Iterable[Motif]:
    avant, apres = remplacement.source_avant, remplacement.source_apres
    if avant is not None and apres is not None and apres < avant:
        yield Motif(
            PLUS_ANCIENNE,
            remplacement.table,
            f"{remplacement.libelle} : la source date du {jour(apres)}, celle en place "
            f"du {jour(avant)}.",
        )
