"""The RNCP fiche of an offer (domain.md §1.4, §2): choice, validity, type, eligibility, ROME."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from services.enrich.domain.constats import Constat, Constats, constat
from services.enrich.domain.dates import fin_d_annee_scolaire
from services.enrich.domain.enrichissement.niveau import NIVEAUX
from services.enrich.domain.references.tables import Cfd, Fiche, References

ACTIVE: Final = "ACTIVE"
INACTIVE: Final = "INACTIVE"
DE_DROIT: Final = "Enregistrement de droit"
TITRE_PROFESSIONNEL: Final = "TP"
_DIPLOME_DE_TITRE: Final = "TH"

INCONNUE: Final[dict[str, Any]] = {
    "rncp_intitule": None,
    "rncp_outdated": None,
    "rncp_eligible_apprentissage": None,
    "rncp_details": None,
    "romes": [],
}


def enregistrer(
    rncp: str | None, cfd: Cfd | None, references: References, jour: date
) -> tuple[dict[str, Any], Constats]:
    """Return what the fiche says; without a declared one, that of the diploma."""
    if rncp:
        return _declaree(rncp, cfd, references, jour)
    if cfd is None:
        return {"rncp_code": None, **INCONNUE}, (constat("rncp_absent", "rncp_code"),)
    candidates = references.fiches_par_cfd.get(cfd.cfd, ())
    choisie = choisir(candidates, references, jour)
    if choisie is None:
        return {"rncp_code": None, **INCONNUE}, (_sans_choix(candidates),)
    champs, constats = _decrire(choisie, cfd, references, jour)
    return champs, (constat("rncp_deduit", "rncp_code", cfd.cfd, choisie.code), *constats)


def choisir(codes: Iterable[str], references: References, jour: date) -> Fiche | None:
    """Return the fiche of a diploma: the only one it has, else the only one that is active.

    Before the date of its source a status is not known; validity then follows from the dates.
    """
    fiches = [fiche for code in codes if (fiche := references.fiches.get(code))]
    if len(fiches) > 1:
        fiches = [fiche for fiche in fiches if _en_cours(fiche, jour)]
    return fiches[0] if len(fiches) == 1 else None


def statut_connu(fiche: Fiche, jour: date) -> str | None:
    """Return ACTIVE or INACTIVE; None before the date of the source, which cannot know."""
    return fiche.statut if jour.isoformat() >= fiche.source_le else None


def perimee(fiche: Fiche, jour: date) -> bool:
    """Tell whether a fiche ends before 31 August of the year of the day."""
    return bool(fiche.date_fin_validite) and str(fiche.date_fin_validite) < fin_d_annee_scolaire(
        jour
    )


def eligible_apprentissage(
    type_enregistrement: str | None, *, jury_apprentissage: bool | None
) -> bool | None:
    """Tell whether a certification may be prepared in apprenticeship (domain.md §1.4).

    "De droit": yes. "Sur demande": when it has an apprenticeship jury, unknown when that is. A
    source that does not tell the registration tells the access at most.
    """
    if type_enregistrement == DE_DROIT:
        return True
    return jury_apprentissage


def type_de_certification(fiche: Fiche, diplome: str | None) -> str | None:
    """Return the type of a fiche; TP when it has none and its diploma is a `TH` title."""
    if not fiche.code_type_certif and (diplome or "").startswith(_DIPLOME_DE_TITRE):
        return TITRE_PROFESSIONNEL
    return fiche.code_type_certif


def _en_cours(fiche: Fiche, jour: date) -> bool:
    statut = statut_connu(fiche, jour)
    if statut is not None:
        return statut == ACTIVE
    commencee = not fiche.date_debut_parcours or fiche.date_debut_parcours <= jour.isoformat()
    return commencee and not perimee(fiche, jour)


def _sans_choix(candidates: tuple[str, ...]) -> Constat:
    if len(candidates) > 1:
        return constat("rncp_plusieurs_fiches", "rncp_code", ", ".join(candidates))
    return constat("rncp_absent", "rncp_code")


def _declaree(
    code: str, cfd: Cfd | None, references: References, jour: date
) -> tuple[dict[str, Any], Constats]:
    fiche = references.fiches.get(code)
    if fiche is None:
        inconnu = constat("rncp_inconnu", "rncp_code", code)
        return {"rncp_code": code, **INCONNUE}, (inconnu,)
    champs, constats = _decrire(fiche, cfd, references, jour)
    if cfd is not None and _non_lies(cfd, code, references):
        constats = (*constats, constat("cfd_rncp_non_lies", "rncp_code", f"{cfd.cfd}, {code}"))
    return champs, constats


def _non_lies(cfd: Cfd, code: str, references: References) -> bool:
    """Tell whether the kit knows both codes, but not together."""
    fiches = references.fiches_par_cfd.get(cfd.cfd)
    return fiches is not None and code in references.cfds_par_fiche and code not in fiches


def _decrire(
    fiche: Fiche, cfd: Cfd | None, references: References, jour: date
) -> tuple[dict[str, Any], Constats]:
    diplome = references.diplomes.get(cfd.niveau_formation_diplome) if cfd else None
    perimee_ = perimee(fiche, jour)
    eligible = eligible_apprentissage(
        fiche.type_enregistrement, jury_apprentissage=fiche.acces_apprentissage
    )
    statut = statut_connu(fiche, jour)
    champs = {
        "rncp_code": fiche.code,
        "rncp_intitule": fiche.intitule,
        "rncp_outdated": perimee_,
        "rncp_eligible_apprentissage": eligible,
        "rncp_details": {
            "date_fin_validite_enregistrement": fiche.date_fin_validite,
            "active_inactive": statut,
            "niveau_europe": f"niveau{fiche.niveau}" if fiche.niveau else None,
            "code_type_certif": type_de_certification(fiche, diplome),
            "type_certif": fiche.type_certif,
            "type_enregistrement": fiche.type_enregistrement,
            "nsf_code": fiche.nsf,
        },
        # Old fiches name ROME v3 codes that v4 no longer has: kept, without a label.
        "romes": [{"rome": rome, "libelle": references.romes.get(rome)} for rome in fiche.romes],
    }
    if cfd is None and fiche.niveau in NIVEAUX:
        champs["niveau"] = NIVEAUX[fiche.niveau]
    codes = (
        ("rncp_perime", perimee_),
        ("rncp_inactif", statut == INACTIVE),
        ("rncp_hors_apprentissage", eligible is False),
        ("rome_absent", not fiche.romes),
    )
    return champs, tuple(constat(code, "rncp_code", fiche.code) for code, vrai in codes if vrai)
