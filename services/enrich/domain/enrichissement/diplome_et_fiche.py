"""The certification of an offer as a whole: its diploma, its fiche, and what they say together."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.enrich.domain.constats import Constats, constat
from services.enrich.domain.enrichissement.certification import certifier, specialiser
from services.enrich.domain.enrichissement.coherence import comparer
from services.enrich.domain.enrichissement.rncp import enregistrer
from services.enrich.domain.references.tables import References


@dataclass(frozen=True, slots=True)
class Certifie:
    """The fields and findings of a certification, and what other rules ask of it.

    `cfd` is the diploma whose MEF are to be listed, `fiche` the one that tells who is habilité.
    """

    champs: dict[str, Any]
    constats: Constats
    cfd: str | None
    fiche: str | None
    code_type_certif: str | None


def certifier_ensemble(
    cfd: str | None,
    rncp: str | None,
    specialite: str | None,
    references: References,
    jour: date,
) -> Certifie:
    """Return what the tables say of the codes that an offer declares."""
    diplome = certifier(cfd, rncp, references, jour)
    fiche, sur_fiche = enregistrer(rncp, diplome.atteint, references, jour, diplome.suite)
    constats = (*diplome.constats, *sur_fiche, *comparer(cfd, rncp, references, jour))
    details = fiche["rncp_details"]
    if diplome.atteint is None and details is None:
        codes = ", ".join(filter(None, (cfd, rncp)))
        constats = (*constats, constat("certification_inconnue", None, codes or None))
    return Certifie(
        {**diplome.champs, **fiche, **specialiser(specialite, references)},
        constats,
        diplome.atteint.cfd if diplome.atteint else None,
        fiche["rncp_code"],
        details["code_type_certif"] if details else None,
    )
