"""The diploma of an offer: labels, level, closing date, successor (domain.md §2).

`cfd` stays the code that was collected. Every other field describes the last diploma reached from
it, which `cfd_remplace_par` names when it is another one.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.enrich.domain.constats import Constats, constat
from services.enrich.domain.enrichissement.niveau import cfd_entree, niveau
from services.enrich.domain.enrichissement.remplacement import Info, Remplacement, remplacer
from services.enrich.domain.references.tables import Cfd, References

INCONNU: Final[dict[str, Any]] = {
    "cfd_entree": None,
    "cfd_remplace_par": None,
    "cfd_date_fermeture": None,
    "cfd_outdated": None,
    "intitule_long": None,
    "intitule_court": None,
    "libelle_court": None,
    "diplome": None,
    "niveau": None,
    "niveau_formation_diplome": None,
    "nsf_code": None,
}


@dataclass(frozen=True, slots=True)
class Certification:
    """What the tables say of a diploma; `atteint` is None when they do not know it."""

    champs: dict[str, Any]
    constats: Constats
    atteint: Cfd | None


def certifier(
    cfd: str | None, rncp: str | None, references: References, jour: date
) -> Certification:
    """Return what the diploma says; without a CFD, that of the fiche when it has exactly one."""
    if cfd:
        return _decrire(cfd, references, jour)
    deduits = references.cfds_par_fiche.get(rncp or "", ())
    if len(deduits) != 1:
        return Certification({"cfd": None, **INCONNU}, (constat("cfd_absent", "cfd"),), None)
    trouve = _decrire(deduits[0], references, jour)
    deduit = constat("cfd_deduit", "cfd", rncp, deduits[0])
    return Certification(trouve.champs, (deduit, *trouve.constats), trouve.atteint)


def _decrire(cfd: str, references: References, jour: date) -> Certification:
    remplacement = remplacer(cfd, references.cfds, jour)
    # A known diploma whose successor is not known keeps its own labels: they are facts.
    atteint = remplacement.atteint or references.cfds.get(cfd)
    constats = _constats(cfd, remplacement)
    if atteint is None:
        champs = {**INCONNU, "cfd": cfd, "niveau": niveau(cfd), "cfd_entree": cfd_entree(cfd)}
        return Certification(champs, constats, None)
    champs = {
        "cfd": cfd,
        "cfd_entree": cfd_entree(atteint.cfd),
        "cfd_remplace_par": atteint.cfd if atteint.cfd != cfd else None,
        "cfd_date_fermeture": atteint.date_fermeture,
        "cfd_outdated": remplacement.info in {Info.PERIME, Info.NON_TROUVE},
        "intitule_long": atteint.libelle_long,
        "intitule_court": atteint.libelle_stat,
        "libelle_court": atteint.libelle_court,
        "diplome": references.diplomes.get(atteint.niveau_formation_diplome),
        "niveau": niveau(atteint.cfd),
        "niveau_formation_diplome": atteint.niveau_formation_diplome,
        "nsf_code": atteint.groupe_specialite,
    }
    return Certification(champs, constats, atteint)


def _constats(cfd: str, remplacement: Remplacement) -> Constats:
    match remplacement.info:
        case Info.TROUVE:
            return ()
        case Info.MIS_A_JOUR:
            return (constat("cfd_remplace", "cfd", cfd, remplacement.chemin[-1]),)
        case Info.PERIME:
            code = "cfd_boucle" if remplacement.boucle else "cfd_ferme"
            return (constat(code, "cfd", cfd),)
        case Info.NON_TROUVE:
            code = "cfd_inconnu" if len(remplacement.chemin) == 1 else "cfd_successeur_inconnu"
            return (constat(code, "cfd", cfd),)
