"""Whether CFD and RNCP of an offer stand for the same certification (domain.md §2 "RNCP")."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from contracts.evenements import Confiance
from services.enrich.domain.constats import Constat, Constats, constat
from services.enrich.domain.enrichissement.niveau import NIVEAUX, niveau
from services.enrich.domain.noms import forme_de_nom
from services.enrich.domain.references.tables import Cfd, Fiche, References

_TITRE_MAX: Final = 42
_RACINE: Final = 5
_MOT_MIN: Final = 4
_ENTRE_PARENTHESES: Final = re.compile(r"\(.*?\)")
_MOTS_DE_TOUTES: Final = frozenset(
    (
        "AVEC",
        "BREVET",
        "CERTIFICAT",
        "DANS",
        "DIPLOME",
        "FICHE",
        "LICENCE",
        "MASTER",
        "MENTION",
        "NATIONALE",
        "NIVEAU",
        "OPTION",
        "POUR",
        "SPECIALITE",
        "TITRE",
    )
)
"""Words that any two certifications may share."""


def comparer(cfd: str | None, rncp: str | None, references: References) -> Constats:
    """Return a finding when both codes are known and nothing ties them together.

    The kit ties them, directly or by their successors: certifications are renewed, and so are the
    pairs. Told apart: a pair that only successors tie; two codes that the kit ties to others, or
    of two levels; titles that share no word, of codes that the kit does not both know.
    """
    diplome, fiche = references.cfds.get(cfd or ""), references.fiches.get(rncp or "")
    if diplome is None or fiche is None:
        return ()
    liees = references.fiches_par_cfd.get(diplome.cfd, ())
    if fiche.code in liees:
        return ()
    if _niveaux_differents(diplome, fiche):
        return (_dire("cfd_rncp_differents", diplome, fiche, liees),)
    if liees and fiche.code in references.cfds_par_fiche:
        parents = _parents(diplome.cfd, fiche.code, references)
        code = "cfd_rncp_non_lies" if parents else "cfd_rncp_differents"
        return (_dire(code, diplome, fiche, () if parents else liees),)
    if _sans_mot_commun(diplome.libelle_long, fiche.intitule):
        return (_dire("cfd_rncp_intitules_differents", diplome, fiche, liees),)
    return ()


def _niveaux_differents(diplome: Cfd, fiche: Fiche) -> bool:
    attendu = niveau(diplome.cfd)
    return None not in {attendu, fiche.niveau} and NIVEAUX.get(fiche.niveau or "") != attendu


def _parents(cfd: str, rncp: str, references: References) -> bool:
    """Tell whether successors of the one lead to the other, or both to one pair of the kit."""

    def nouveaux(code: str) -> Iterable[str]:
        diplome = references.cfds.get(code)
        return diplome.nouveaux if diplome else ()

    def suivantes(code: str) -> Iterable[str]:
        return references.fiches_suivantes.get(code, ())

    liees = {
        fiche
        for diplome in _descendance([cfd], nouveaux)
        for fiche in references.fiches_par_cfd.get(diplome, ())
    }
    return not liees.isdisjoint(_descendance([rncp], suivantes)) or rncp in _descendance(
        liees, suivantes
    )


def _descendance(codes: Iterable[str], suivants: Callable[[str], Iterable[str]]) -> set[str]:
    """Return these codes and all that succeed to them; ends on any table."""
    vus: set[str] = set()
    a_voir = list(codes)
    while a_voir:
        code = a_voir.pop()
        if code not in vus:
            vus.add(code)
            a_voir += suivants(code)
    return vus


def _sans_mot_commun(titre: str | None, autre: str | None) -> bool:
    racines, autres = _racines(titre), _racines(autre)
    return bool(racines and autres) and racines.isdisjoint(autres)


def _racines(titre: str | None) -> set[str]:
    mots = forme_de_nom(_ENTRE_PARENTHESES.sub(" ", titre or "")).split()
    return {mot[:_RACINE] for mot in mots if len(mot) >= _MOT_MIN and mot not in _MOTS_DE_TOUTES}


def _dire(code: str, diplome: Cfd, fiche: Fiche, liees: Iterable[str]) -> Constat:
    """Return the finding with both titles; it proposes the only fiche of the diploma, if so."""
    valeur = f"{diplome.cfd} « {_abreger(diplome.libelle_long)} » et {fiche.code} « "
    valeur += f"{_abreger(fiche.intitule)} »"
    raison = f"Le CFD {diplome.cfd} désigne « {diplome.libelle_long or 'sans intitulé'} », "
    raison += f"la fiche {fiche.code} « {fiche.intitule or 'sans intitulé'} »."
    liees = tuple(liees)
    if len(liees) != 1:
        return constat(code, "rncp_code", valeur, raison=raison)
    return constat(
        code,
        "rncp_code",
        valeur,
        liees[0],
        raison=raison + f" Si le CFD est le bon, sa fiche est {liees[0]}.",
        confiance=Confiance.FAIBLE,
        correction={"rncp_code": liees[0]},
    )


def _abreger(titre: str | None) -> str:
    if not titre:
        return "sans intitulé"
    return titre if len(titre) <= _TITRE_MAX else titre[: _TITRE_MAX - 1].rstrip() + "…"
