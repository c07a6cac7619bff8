"""The RNCP fiche of an offer (domain.md §2): which one it is, and what it says."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from contracts.evenements import Confiance
from services.enrich.domain.constats import Constat, Constats, constat
from services.enrich.domain.enrichissement.fiches import (
    INACTIVE,
    eligible_apprentissage,
    en_cours,
    perimee,
    statut_connu,
    type_de_certification,
    valide,
)
from services.enrich.domain.enrichissement.niveau import NIVEAUX
from services.enrich.domain.enrichissement.successions import (
    Proposition,
    Successions,
    au_choix,
    constater,
)
from services.enrich.domain.references.tables import Cfd, Fiche, References

INCONNUE: Final[dict[str, Any]] = {
    "rncp_intitule": None,
    "rncp_outdated": None,
    "rncp_eligible_apprentissage": None,
    "rncp_details": None,
    "romes": [],
}


def enregistrer(
    rncp: str | None,
    cfd: Cfd | None,
    references: References,
    jour: date,
    suite: Proposition | None = None,
) -> tuple[dict[str, Any], Constats]:
    """Return what the fiche says; without a declared one, that of the diploma.

    `suite` is what a declared fiche should become, with its diploma.
    """
    if rncp:
        return _declaree(rncp, cfd, references, jour, suite)
    if cfd is None:
        return {"rncp_code": None, **INCONNUE}, (constat("rncp_absent", "rncp_code"),)
    codes = references.fiches_par_cfd.get(cfd.cfd, ())
    candidates = candidates_de(codes, references, jour)
    if len(candidates) != 1:
        absente = _sans_choix(cfd, candidates, references, jour)
        return {"rncp_code": None, **INCONNUE}, (absente,)
    choisie = candidates[0]
    suite = Successions(references, jour).proposer(None, choisie.code)
    champs, constats = _decrire(choisie, cfd, references, jour, suite)
    return champs, (_deduite(choisie, cfd, codes, jour), *constats)


def candidates_de(codes: Sequence[str], references: References, jour: date) -> list[Fiche]:
    """Return the fiches that a diploma may mean: the only one it has, else those that are active.

    Before the date of its source a status is not known; validity then follows from the dates. An
    only one that no session to come can prepare yet gives way to those that it replaces.
    """
    fiches = [fiche for code in codes if (fiche := references.fiches.get(code))]
    if len(fiches) > 1:
        return [fiche for fiche in fiches if en_cours(fiche, jour)]
    if fiches and _commence_plus_tard(fiches[0], jour):
        anciennes = [references.fiches.get(code) for code in fiches[0].anciennes]
        return [fiche for fiche in anciennes if fiche and valide(fiche, jour)]
    return fiches


def _commence_plus_tard(fiche: Fiche, jour: date) -> bool:
    """Tell whether a fiche begins after the civil year that follows a day."""
    return (fiche.date_debut_parcours or "") > f"{jour.year + 1:04d}-12-31"


def _sans_choix(
    cfd: Cfd, candidates: Sequence[Fiche], references: References, jour: date
) -> Constat:
    """Say why no fiche follows from a diploma: it has several, none that is active, or none."""
    if candidates:
        codes = [fiche.code for fiche in candidates]
        choix = au_choix("rncp_code", codes, references)
        return constater("rncp_plusieurs_fiches", "rncp_code", cfd.cfd, choix)
    if finies := references.fiches_par_cfd.get(cfd.cfd):
        suite = _avant_elle(finies, references, jour)
        suite = suite or Successions(references, jour).proposer(None, finies[-1])
        return constater(
            "rncp_aucune_active", "rncp_code", f"{cfd.cfd} : {', '.join(finies)}", suite
        )
    return constat("rncp_absent", "rncp_code")


def _avant_elle(codes: Sequence[str], references: References, jour: date) -> Proposition | None:
    """Return what an only fiche still to begin replaces, as far as no table describes it."""
    fiche = references.fiches.get(codes[0]) if len(codes) == 1 else None
    if fiche is None or not _commence_plus_tard(fiche, jour):
        return None
    inconnues = [code for code in fiche.anciennes if code not in references.fiches]
    if not inconnues:
        return None
    raison = (
        f"{fiche.code}, la fiche du diplôme, n'est pas encore en vigueur ; elle remplace "
        f"{' et '.join(inconnues)}, que nos tables ne décrivent pas."
    )
    return Proposition({"rncp_code": " ou ".join(inconnues)}, raison, Confiance.FAIBLE)


def _deduite(fiche: Fiche, cfd: Cfd, codes: Sequence[str], jour: date) -> Constat:
    """Say which fiche is taken; less surely when it is not in force, or not the one of the kit."""
    seule = "la seule fiche" if len(codes) == 1 else "la seule fiche active"
    raison = f"C'est {seule} que le kit apprentissage rattache au diplôme {cfd.cfd}."
    sure = valide(fiche, jour)
    if fiche.code not in codes:
        sure = False
        raison = (
            f"La fiche que le kit apprentissage rattache au diplôme {cfd.cfd}, {', '.join(codes)}, "
            f"n'est pas encore en vigueur ; elle remplace {fiche.code}."
        )
    return constat(
        "rncp_deduit",
        "rncp_code",
        cfd.cfd,
        fiche.code,
        raison=raison,
        confiance=Confiance.HAUTE if sure else Confiance.MOYENNE,
        correction={"rncp_code": fiche.code},
    )


def _declaree(
    code: str, cfd: Cfd | None, references: References, jour: date, suite: Proposition | None
) -> tuple[dict[str, Any], Constats]:
    fiche = references.fiches.get(code)
    if fiche is None:
        inconnue = constater("rncp_inconnu", "rncp_code", code, suite)
        return {"rncp_code": code, **INCONNUE}, (inconnue,)
    return _decrire(fiche, cfd, references, jour, suite)


def _decrire(
    fiche: Fiche, cfd: Cfd | None, references: References, jour: date, suite: Proposition | None
) -> tuple[dict[str, Any], Constats]:
    diplome = references.diplomes.get(cfd.niveau_formation_diplome) if cfd else None
    eligible = eligible_apprentissage(
        fiche.type_enregistrement, jury_apprentissage=fiche.acces_apprentissage
    )
    statut = statut_connu(fiche, jour)
    champs = {
        "rncp_code": fiche.code,
        "rncp_intitule": fiche.intitule,
        "rncp_outdated": perimee(fiche, jour),
        "rncp_eligible_apprentissage": eligible,
        "rncp_details": {
            "date_fin_validite_enregistrement": fiche.date_fin_validite,
            "active_inactive": statut,
            "niveau_europe": f"niveau{fiche.niveau}" if fiche.niveau else None,
            "code_type_certif": type_de_certification(fiche, diplome),
            "type_certif": fiche.type_certif,
            "type_enregistrement": fiche.type_enregistrement,
            "nsf_code": fiche.nsf,
            "ancienne_fiche": list(fiche.anciennes),
            "nouvelle_fiche": list(references.fiches_suivantes.get(fiche.code, ())),
            "certificateurs": [
                {"certificateur": certificateur.nom, "siret_certificateur": certificateur.siret}
                for certificateur in (references.certificateurs or {}).get(fiche.code, ())
            ],
        },
        # Old fiches name ROME v3 codes that v4 no longer has: kept, without a label.
        "romes": [{"rome": rome, "libelle": references.romes.get(rome)} for rome in fiche.romes],
    }
    if cfd is None and fiche.niveau in NIVEAUX:
        champs["niveau"] = NIVEAUX[fiche.niveau]
    return champs, _constats(fiche, champs, references, suite)


def _constats(
    fiche: Fiche, champs: dict[str, Any], references: References, suite: Proposition | None
) -> Constats:
    code = fiche.code
    constats = []
    if champs["rncp_outdated"]:
        constats.append(constater("rncp_perime", "rncp_code", code, suite))
    if champs["rncp_details"]["active_inactive"] == INACTIVE:
        constats.append(constater("rncp_inactif", "rncp_code", code, suite))
    if champs["rncp_eligible_apprentissage"] is False:
        constats.append(constat("rncp_hors_apprentissage", "rncp_code", code))
    if not fiche.romes:
        constats.append(constat("rome_absent", "rncp_code", code))
    elif references.romes and (anciens := sorted(set(fiche.romes) - references.romes.keys())):
        constats.append(constat("rome_ancien", "rncp_code", f"{code} : {', '.join(anciens)}"))
    return tuple(constats)
