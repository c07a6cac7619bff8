"""Whether CFD and RNCP of an offer stand for the same certification (domain.md §2 "RNCP")."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final

from contracts.evenements import Confiance
from services.enrich.domain.constats import Constat, Constats, constat
from services.enrich.domain.enrichissement.niveau import NIVEAUX, niveau
from services.enrich.domain.enrichissement.successions import fiches_valides
from services.enrich.domain.noms import forme_de_nom
from services.enrich.domain.references.tables import Cfd, Fiche, References

_TITRE_MAX: Final = 32
"""So that both titles are read in a report, which cuts long values."""
_SANS_TITRE: Final = "sans intitulé"
_MENTION_COMPLEMENTAIRE: Final = "010"
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


def comparer(cfd: str | None, rncp: str | None, references: References, jour: date) -> Constats:
    """Return a finding when both codes are known and the kit does not tie them together.

    Certifications are renewed, and so are the pairs. Told apart: a pair that only successors tie;
    two codes that the kit ties to others, or of two levels; titles that share no word, of codes
    that the kit does not both know.
    """
    diplome, fiche = references.cfds.get(cfd or ""), references.fiches.get(rncp or "")
    if diplome is None or fiche is None:
        return ()
    liees = references.fiches_par_cfd.get(diplome.cfd, ())
    if fiche.code in liees:
        return ()
    code = "cfd_rncp_differents"
    if not _niveaux_differents(diplome, fiche):
        if liees and fiche.code in references.cfds_par_fiche:
            if _parents(diplome.cfd, fiche.code, references):
                return (_dire("cfd_rncp_non_lies", diplome, fiche, ()),)
        elif _sans_mot_commun(diplome.libelle_long, fiche.intitule):
            code = "cfd_rncp_intitules_differents"
        else:
            return ()
    return (_dire(code, diplome, fiche, fiches_valides(diplome.cfd, references, jour)),)


def _niveaux_differents(diplome: Cfd, fiche: Fiche) -> bool:
    """Tell whether the levels differ; a mention complémentaire does not tell its level by its code.

    Nor does a fiche of the very type of the diploma: its level is then what the source got wrong.
    """
    if diplome.cfd.startswith(_MENTION_COMPLEMENTAIRE):
        return False
    if fiche.code_type_certif and fiche.code_type_certif == diplome.libelle_court:
        return False
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
    """Tell whether no beginning of a word of one title stands in the other, blanks left out."""
    racines, autres = _racines(titre), _racines(autre)
    if not racines or not autres:
        return False
    accole, autre_accole = "".join(_mots(titre)), "".join(_mots(autre))
    return not any(racine in autre_accole for racine in racines) and not any(
        racine in accole for racine in autres
    )


def _racines(titre: str | None) -> set[str]:
    return {
        mot[:_RACINE] for mot in _mots(titre) if len(mot) >= _MOT_MIN and mot not in _MOTS_DE_TOUTES
    }


def _mots(titre: str | None) -> list[str]:
    return forme_de_nom(_ENTRE_PARENTHESES.sub(" ", titre or "")).split()


def _dire(code: str, diplome: Cfd, fiche: Fiche, liees: Sequence[str]) -> Constat:
    """Return the finding with both titles; it proposes the fiche of the diploma if it has one."""
    niveau_cfd, niveau_fiche = _dire_niveaux(diplome, fiche)
    valeur = f"{diplome.cfd} « {_abreger(diplome.libelle_long)} »{niveau_cfd} et "
    valeur += f"{fiche.code} « {_abreger(fiche.intitule)} »{niveau_fiche}"
    raison = f"Le CFD {diplome.cfd} désigne « {diplome.libelle_long or _SANS_TITRE} »{niveau_cfd}, "
    raison += f"la fiche {fiche.code} « {fiche.intitule or _SANS_TITRE} »{niveau_fiche}."
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


def _dire_niveaux(diplome: Cfd, fiche: Fiche) -> tuple[str, str]:
    """Return both levels where they are what sets the codes apart; else nothing."""
    attendu = niveau(diplome.cfd)
    if attendu is None or not _niveaux_differents(diplome, fiche):
        return "", ""
    return f" (niveau {attendu[0]})", f" (niveau {fiche.niveau})"


def _abreger(titre: str | None) -> str:
    if not titre:
        return _SANS_TITRE
    return titre if len(titre) <= _TITRE_MAX else titre[: _TITRE_MAX - 1].rstrip() + "…"
