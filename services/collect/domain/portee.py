"""Who may touch an offer: the gestionnaire, the formateur, or the collector of its territory."""

from collections.abc import Iterator

from contracts import portees
from contracts.identifiants import code_postal, insee
from services.collect.domain.lecture_champs import Offre
from services.collect.domain.territoires import TERRITOIRES


def couvre(scopes: frozenset[str], offre: Offre) -> bool:
    """Tell whether one of the scopes of a key covers an offer, by an organism or by its place."""
    return portees.TOUT in scopes or any(portee in scopes for portee in _portees(offre))


def _portees(offre: Offre) -> Iterator[str]:
    """Yield the scopes that would cover an offer, organisms first: most keys are a CFA's."""
    for role in ("gestionnaire", "formateur"):
        siret = offre.get(f"etablissement_{role}_siret")
        if siret:
            yield portees.siret(siret)
    lieu = insee.departement(offre.get("code_commune_insee"))
    departement = lieu or code_postal.departement(offre.get("code_postal"))
    if departement is None:
        return
    yield portees.departement(departement)
    territoire = TERRITOIRES.get(departement)
    if territoire is not None:
        yield portees.region(territoire.region)
        yield portees.academie(territoire.academie)
        yield portees.academie(territoire.academie.lstrip("0"))
