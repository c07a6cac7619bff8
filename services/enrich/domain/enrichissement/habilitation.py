"""Who may prepare for a fiche: domain.md §1.4, "Habilité"."""

from collections.abc import Iterable
from typing import Final

from services.enrich.domain.noms import forme_de_nom
from services.enrich.domain.references.tables import Certificateur, Partenaire, References

MINISTERES_DU_TRAVAIL: Final = frozenset(
    forme_de_nom(nom)
    for nom in (
        "Ministère du travail",
        "Ministère chargé de l'Emploi",
        (
            "Ministère du Travail - "
            "Délégation Générale à l'Emploi et à la Formation Professionnelle (DGEFP)"
        ),
        "MINISTERE DU TRAVAIL DE L'EMPLOI ET DE L'INSERTION",
    )
)
"""The labour ministry, in its four spellings: its titles may be prepared by everyone."""

_HABILITATIONS: Final = frozenset(("HABILITATION_ORGA_FORM", "HABILITATION_FORMER"))
"""To organise (`HABILITATION_ORGANISER`) is to hold the exams: it is not enough."""


def habilite(
    siret: str | None,
    certificateurs: Iterable[Certificateur] | None,
    partenaires: Iterable[Partenaire] | None,
) -> bool | None:
    """Tell whether an establishment may prepare for a fiche.

    None for `certificateurs` or `partenaires` means that no source lists them: what they could
    have said stays unknown.
    """
    for certificateur in certificateurs or ():
        if forme_de_nom(certificateur.nom) in MINISTERES_DU_TRAVAIL:
            return True
        if siret and certificateur.siret == siret:
            return True
    for partenaire in partenaires or ():
        if siret and partenaire.siret == siret and partenaire.habilitation in _HABILITATIONS:
            return True
    return None if certificateurs is None or partenaires is None else False


def habilite_pour(siret: str | None, fiche: str | None, references: References) -> bool | None:
    """Tell whether an establishment may prepare for a fiche; None without one of them."""
    if not siret or not fiche:
        return None
    connus, lies = references.certificateurs, references.partenaires
    return habilite(
        siret,
        None if connus is None else connus.get(fiche, ()),
        None if lies is None else lies.get(fiche, ()),
    )
