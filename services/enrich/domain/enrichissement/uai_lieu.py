"""The UAI of the place where an offer is taught (domain.md §2, "UAI lieu")."""

from contracts.identifiants import uai as uai_
from services.enrich.domain.constats import Constat, Constats, constat


def uai_du_lieu(
    edite: str | None, collecte: str | None, uai_formateur: str | None, *, meme_commune: bool
) -> str | None:
    """Return an instructor's edit, else the collected UAI, else the formateur's in its commune."""
    return edite or collecte or (uai_formateur if meme_commune else None)


def constater(uai: str | None, num_departement: str | None) -> Constats:
    """Return what is worth saying of the UAI retained for a place."""
    constats: list[Constat] = []
    if uai is None:
        constats.append(constat("uai_lieu_inconnu", "uai_formation"))
    elif num_departement and uai_.departement(uai) not in {None, num_departement}:
        constats.append(constat("uai_autre_departement", "uai_formation", uai))
    return tuple(constats)
