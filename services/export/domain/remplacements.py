"""A newer offer replaces an older one, on each platform apart (domain.md §3.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contracts.statuts import Plateforme, Statut

MOTIF: Final = "Non publication automatique (offre remplacée par une plus récente)"


@dataclass(frozen=True, slots=True)
class Engagee:
    """An offer of a replacement as one platform shows it; `traitee` is of this platform alone."""

    statut: Statut
    perimetre: bool
    au_flux: bool = True
    traitee: bool = False


@dataclass(frozen=True, slots=True)
class Remplacement:
    """What is to be done: None leaves the status of the successor as it is.

    `ecarte_l_ancienne` tells that the predecessor becomes `non publié` with `MOTIF` and loses its
    identifier on this platform.
    """

    statut: Statut | None
    ecarte_l_ancienne: bool


def remplacer(
    plateforme: Plateforme,
    successeur: Engagee,
    predecesseurs: Sequence[Engagee],
    *,
    envoi_actif: bool,
) -> Remplacement | None:
    """Return what a replacement does on one platform, or None when nothing is automatic.

    It is automatic for one predecessor only, and while the successor is in the flux, in the
    perimeter and not yet treated on this platform.
    """
    if successeur.traitee or not (successeur.au_flux and successeur.perimetre):
        return None
    if len(predecesseurs) != 1:
        return None
    ancienne = predecesseurs[0]
    return Remplacement(
        statut=_statut_transmis(plateforme, ancienne, envoi_actif=envoi_actif),
        ecarte_l_ancienne=ancienne.perimetre,
    )


def _statut_transmis(
    plateforme: Plateforme, ancienne: Engagee, *, envoi_actif: bool
) -> Statut | None:
    if ancienne.statut is not Statut.PUBLIE:
        return None
    if plateforme is Plateforme.PARCOURSUP and not envoi_actif:
        return Statut.PUBLIE
    return Statut.PRET
