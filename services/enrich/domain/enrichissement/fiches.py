"""What a fiche of the RNCP says of itself on a day (domain.md §1.4, §2 "RNCP")."""

from datetime import date
from typing import Final

from services.enrich.domain.dates import fin_d_annee_scolaire
from services.enrich.domain.references.tables import Fiche

ACTIVE: Final = "ACTIVE"
INACTIVE: Final = "INACTIVE"
DE_DROIT: Final = "Enregistrement de droit"
SUR_DEMANDE: Final = "Enregistrement sur demande"
TITRE_PROFESSIONNEL: Final = "TP"
_DIPLOME_DE_TITRE: Final = "TH"


def statut_connu(fiche: Fiche, jour: date) -> str | None:
    """Return ACTIVE or INACTIVE; None before the date of the source, which cannot know."""
    return fiche.statut if jour.isoformat() >= fiche.source_le else None


def perimee(fiche: Fiche, jour: date) -> bool:
    """Tell whether a fiche ends before 31 August of the year of the day."""
    fin = fiche.date_fin_validite
    return bool(fin) and str(fin) < fin_d_annee_scolaire(jour)


def en_cours(fiche: Fiche, jour: date) -> bool:
    """Tell whether a fiche is active, or by its dates where its status is not known."""
    statut = statut_connu(fiche, jour)
    if statut is not None:
        return statut == ACTIVE
    commencee = not fiche.date_debut_parcours or fiche.date_debut_parcours <= jour.isoformat()
    return commencee and not perimee(fiche, jour)


def valide(fiche: Fiche | None, jour: date) -> bool:
    """Tell whether an offer may name a fiche without a word: known, active, not at its end."""
    return fiche is not None and en_cours(fiche, jour) and not perimee(fiche, jour)


def eligible_apprentissage(
    type_enregistrement: str | None, *, jury_apprentissage: bool | None
) -> bool | None:
    """Tell whether a certification may be prepared in apprenticeship (domain.md §1.4).

    "De droit": yes. "Sur demande": when it has an apprenticeship jury, unknown when that is. A
    source that does not tell the registration tells the access at most. Any other: no.
    """
    if type_enregistrement == DE_DROIT:
        return True
    return jury_apprentissage if type_enregistrement in (SUR_DEMANDE, None) else False


def type_de_certification(fiche: Fiche, diplome: str | None) -> str | None:
    """Return the type of a fiche; TP when it has none and its diploma is a `TH` title."""
    if not fiche.code_type_certif and (diplome or "").startswith(_DIPLOME_DE_TITRE):
        return TITRE_PROFESSIONNEL
    return fiche.code_type_certif
