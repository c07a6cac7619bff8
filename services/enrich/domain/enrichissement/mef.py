"""The MEF of a diploma, and what durée and année make of them (domain.md §2)."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from contracts.evenements import Confiance
from contracts.identifiants.modalite import NON_COLLECTE
from services.enrich.domain.constats import Constat, Constats, constat
from services.enrich.domain.enrichissement.onisep import relier
from services.enrich.domain.references.tables import Mef, References

_MOIS_DE_RENTREE = 8


_INDETERMINEES: Final = frozenset("09")
"""What the nomenclature writes for a durée or année of no meaning: nothing to ask of anyone."""


@dataclass(frozen=True, slots=True)
class Filtre:
    """The MEF kept, and whether durée or année, each judged alone, agrees with none of them."""

    gardes: tuple[Mef, ...]
    duree_incoherente: bool
    annee_incoherente: bool


def filtrer(mefs: Sequence[Mef], duree: str | None, annee: str | None) -> Filtre:
    """Keep the MEF that agree with what was collected; empty or `X` agrees with all."""
    duree = None if duree == NON_COLLECTE else duree
    annee = None if annee == NON_COLLECTE else annee
    return Filtre(
        gardes=tuple(
            mef
            for mef in mefs
            if (not duree or mef.duree == duree) and (not annee or mef.annee == annee)
        ),
        duree_incoherente=bool(mefs and duree) and all(mef.duree != duree for mef in mefs),
        annee_incoherente=bool(mefs and annee) and all(mef.annee != annee for mef in mefs),
    )


def mefs_8(mefs: Iterable[Mef]) -> list[str]:
    """Return the distinct MEF of eight characters, ascending."""
    return sorted({mef.mef10[:8] for mef in mefs})


def mefs_11(mefs: Iterable[Mef]) -> list[str]:
    """Return the distinct statistical MEF, of eleven characters, ascending."""
    return sorted({mef.mef_stat_11 for mef in mefs if mef.mef_stat_11})


def approcher(cfd: str, references: References) -> tuple[Mef, ...]:
    """Return the MEF of other diplomas whose statistical form ends as this CFD does."""
    return references.mefs_par_fin_stat.get(cfd[3:8], ())


def mef_perimee(date_fermeture: str | None, fin_de_session: str) -> bool:
    """Tell whether a MEF is closed on or before the last day of a session."""
    return date_fermeture is not None and date_fermeture <= fin_de_session


def fin_de_session(jour: date) -> str:
    """Return the last day of the session that the campaign of a school year prepares.

    A campaign starts in autumn; its session runs until 31 July of the second year after that.
    """
    rentree = jour.year if jour.month >= _MOIS_DE_RENTREE else jour.year - 1
    return f"{rentree + 2:04d}-07-31"


def de_confiance(mefs_10: Iterable[str], liste: Container[str]) -> list[str]:
    """Return the MEF that are in the list that Parcoursup trusts, in their order."""
    return [mef for mef in mefs_10 if mef in liste]


def lister(
    cfd: str | None, duree: str | None, annee: str | None, references: References, jour: date
) -> tuple[dict[str, Any], Constats]:
    """Return the MEF fields of a diploma; the flags are null while no MEF can contradict.

    Approximations are told apart and judge nothing: they are MEF of other diplomas.
    """
    mefs = references.mefs.get(cfd, ()) if cfd else ()
    if not mefs:
        return _sans_mef(cfd, duree, annee, references)
    filtre = filtrer(mefs, duree, annee)
    fin = fin_de_session(jour)
    codes = [mef.mef10 for mef in filtre.gardes]
    champs = {
        "bcn_mefs_10": [
            {
                "mef10": mef.mef10,
                "duree": mef.duree,
                "annee": mef.annee,
                "date_fermeture": mef.date_fermeture,
                "mef_outdated": mef_perimee(mef.date_fermeture, fin),
            }
            for mef in filtre.gardes
        ],
        "mefs_8": mefs_8(filtre.gardes),
        "mefs_11": (onze := mefs_11(filtre.gardes)),
        "mefs_10_approches": [],
        "parcoursup_mefs_10": _de_parcoursup(codes, references),
        "duree_incoherente": filtre.duree_incoherente,
        "annee_incoherente": filtre.annee_incoherente,
        **relier((*codes, *onze, cfd or ""), references),
    }
    return champs, _constats(mefs, filtre, duree, annee, references)


def _sans_mef(
    cfd: str | None, duree: str | None, annee: str | None, references: References
) -> tuple[dict[str, Any], Constats]:
    proches = approcher(cfd, references) if cfd else ()
    approches = [mef.mef10 for mef in filtrer(proches, duree, annee).gardes]
    champs = {
        "bcn_mefs_10": [],
        "mefs_8": [],
        "mefs_11": [],
        "mefs_10_approches": approches,
        "parcoursup_mefs_10": _de_parcoursup([], references),
        "duree_incoherente": None,
        "annee_incoherente": None,
        **relier((cfd,) if cfd else (), references),
    }
    if cfd is None:
        return champs, ()
    code = "mef_approchee" if approches else "mef_absente"
    return champs, (constat(code, "cfd", cfd),)


def _de_parcoursup(codes: Iterable[str], references: References) -> list[str] | None:
    liste = references.mefs_parcoursup
    return None if liste is None else de_confiance(codes, liste)


def _constats(
    mefs: Sequence[Mef],
    filtre: Filtre,
    duree: str | None,
    annee: str | None,
    references: References,
) -> Constats:
    constats: list[Constat] = []
    if filtre.duree_incoherente:
        durees = {mef.duree for mef in filtrer(mefs, None, annee).gardes}
        constats += _incoherence("duree", duree, durees or {mef.duree for mef in mefs})
    if filtre.annee_incoherente:
        annees = {mef.annee for mef in filtrer(mefs, duree, None).gardes}
        constats += _incoherence("annee", annee, annees or {mef.annee for mef in mefs})
    partages = [mef.mef10 for mef in filtre.gardes if mef.mef10 in references.mefs_partages]
    if partages:
        constats.append(constat("mef_plusieurs_cfd", "cfd", ", ".join(partages)))
    return tuple(constats)


def _incoherence(champ: str, valeur: str | None, possibles: Iterable[str]) -> Constats:
    """Return the finding with what the MEF allow: a correction when it is a single value.

    None when the nomenclature gives the diploma no value: the offer cannot be wrong about it.
    """
    valeurs = sorted(set(possibles) - _INDETERMINEES)
    if not valeurs:
        return ()
    seule = len(valeurs) == 1
    return (
        constat(
            f"{champ}_incoherente",
            champ,
            valeur,
            " ou ".join(valeurs),
            raison="Ce sont les valeurs des MEF que la nomenclature donne à ce diplôme.",
            confiance=Confiance.MOYENNE if seule else Confiance.FAIBLE,
            correction={champ: valeurs[0]} if seule else None,
        ),
    )
