"""The UAI of the place where an offer is taught (domain.md §2, "UAI lieu")."""

from contracts.evenements import Confiance
from contracts.identifiants import uai as uai_
from services.enrich.domain.constats import Constats, constat
from services.enrich.domain.enrichissement.uai_connus import Connus

_CHAMP = "uai_formation"


def uai_du_lieu(
    edite: str | None, collecte: str | None, uai_formateur: str | None, *, meme_commune: bool
) -> str | None:
    """Return an instructor's edit, else the collected UAI, else the formateur's in its commune."""
    return edite or collecte or (uai_formateur if meme_commune else None)


def constater(uai: str | None, num_departement: str | None, lieu: Connus | None = None) -> Constats:
    """Return what is worth saying of the UAI retained for a place.

    `lieu` is what the tables know of the establishment that the offer names at the place.
    """
    if uai is None:
        connu = lieu.retenu if lieu else None
        if connu is None:
            return (constat("uai_lieu_inconnu", _CHAMP),)
        return (
            constat(
                "uai_lieu_inconnu",
                _CHAMP,
                proposition=connu,
                raison="C'est l'UAI connu pour le SIRET du lieu de formation.",
                confiance=Confiance.MOYENNE,
                correction={_CHAMP: connu},
            ),
        )
    if num_departement and uai_.departement(uai) not in {None, num_departement}:
        return (constat("uai_autre_departement", _CHAMP, uai),)
    return ()
