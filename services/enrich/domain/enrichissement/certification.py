"""The diploma of an offer: labels, level, closing date, successor (domain.md §2).

`cfd` stays the code that was collected. Every other field describes the last diploma reached from
it, which `cfd_remplace_par` names when it is another one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from contracts.evenements import Confiance
from services.enrich.domain.constats import Constat, Constats, constat
from services.enrich.domain.enrichissement.fermeture import annoncer
from services.enrich.domain.enrichissement.niveau import cfd_entree, niveau
from services.enrich.domain.enrichissement.remplacement import Info, Remplacement, remplacer
from services.enrich.domain.enrichissement.successions import (
    Proposition,
    Successions,
    au_choix,
    constater,
    diplomes_ouverts,
)
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
    """What the tables say of a diploma; `atteint` is None when they do not know it.

    `suite` is what diploma and fiche should become together.
    """

    champs: dict[str, Any]
    constats: Constats
    atteint: Cfd | None
    suite: Proposition | None = None


def certifier(
    cfd: str | None, rncp: str | None, references: References, jour: date
) -> Certification:
    """Return what the diploma says; without a CFD, that of the fiche when it can be only one."""
    if cfd:
        return _decrire(cfd, rncp, references, jour)
    deduits: Sequence[str] = references.cfds_par_fiche.get(rncp or "", ())
    if len(deduits) > 1:
        deduits = diplomes_ouverts([rncp or ""], references, jour)
    if len(deduits) != 1:
        absent = constater("cfd_absent", "cfd", None, au_choix("cfd", deduits, references))
        suite = Successions(references, jour).proposer(None, rncp)
        return Certification({"cfd": None, **INCONNU}, (absent,), None, suite)
    trouve = _decrire(deduits[0], rncp, references, jour)
    constats = (_deduit(deduits[0], rncp), *trouve.constats)
    return Certification(trouve.champs, constats, trouve.atteint, trouve.suite)


def specialiser(lettre: str | None, references: References) -> dict[str, Any]:
    """Return what the ninth letter of a CFD stands for (`lettre spécialité`)."""
    connue = references.lettres.get(lettre or "")
    return {
        "cfd_specialite_libelle": connue.libelle if connue else None,
        "cfd_specialite_libelle_court": connue.libelle_court if connue else None,
    }


def _decrire(cfd: str, rncp: str | None, references: References, jour: date) -> Certification:
    parcours = remplacer(cfd, references.cfds, jour)
    suite = Successions(references, jour).proposer(parcours, rncp)
    # A known diploma whose successor is not known keeps its own labels: they are facts.
    atteint = parcours.atteint or references.cfds.get(cfd)
    constats = (*_constats(cfd, parcours, suite), *annoncer(parcours, references, jour))
    if atteint is None:
        champs = {**INCONNU, "cfd": cfd, "niveau": niveau(cfd), "cfd_entree": cfd_entree(cfd)}
        return Certification(champs, constats, None, suite)
    champs = {
        "cfd": cfd,
        "cfd_entree": cfd_entree(atteint.cfd),
        "cfd_remplace_par": atteint.cfd if atteint.cfd != cfd else None,
        "cfd_date_fermeture": atteint.date_fermeture,
        "cfd_outdated": parcours.info in {Info.PERIME, Info.NON_TROUVE},
        "intitule_long": atteint.libelle_long,
        "intitule_court": atteint.libelle_stat,
        "libelle_court": atteint.libelle_court,
        "diplome": references.diplomes.get(atteint.niveau_formation_diplome),
        "niveau": niveau(atteint.cfd),
        "niveau_formation_diplome": atteint.niveau_formation_diplome,
        "nsf_code": atteint.groupe_specialite,
    }
    return Certification(champs, constats, atteint, suite)


def _constats(cfd: str, parcours: Remplacement, suite: Proposition | None) -> Constats:
    match parcours.info:
        case Info.TROUVE:
            return ()
        case Info.MIS_A_JOUR:
            code = "cfd_remplace"
        case Info.PERIME:
            code = "cfd_boucle" if parcours.boucle else "cfd_ferme"
        case Info.NON_TROUVE:
            code = "cfd_inconnu" if len(parcours.chemin) == 1 else "cfd_successeur_inconnu"
    return (constater(code, "cfd", cfd, suite),)


def _deduit(cfd: str, rncp: str | None) -> Constat:
    return constat(
        "cfd_deduit",
        "cfd",
        rncp,
        cfd,
        raison=f"C'est le seul diplôme que le kit apprentissage rattache à la fiche {rncp}.",
        confiance=Confiance.HAUTE,
        correction={"cfd": cfd},
    )
