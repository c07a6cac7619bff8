"""The MEF of a diploma, and what durée and année make of them (domain.md §2)."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.identifiants.modalite import NON_COLLECTE
from services.enrich.domain.constats import Constats, constat
from services.enrich.domain.references.tables import Mef, References


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


def mefs_8(mefs: Sequence[Mef]) -> list[str]:
    """Return the distinct MEF of eight characters, ascending."""
    return sorted({mef.mef10[:8] for mef in mefs})


def mef_perimee(date_fermeture: str | None, fin_de_session: str) -> bool:
    """Tell whether a MEF is closed on or before the last day of a session."""
    return date_fermeture is not None and date_fermeture <= fin_de_session


def de_confiance(mefs_10: Sequence[str], liste: Container[str]) -> list[str]:
    """Return the MEF that are in the list that Parcoursup trusts, in their order."""
    return [mef for mef in mefs_10 if mef in liste]


def lister(
    cfd: str | None, duree: str | None, annee: str | None, references: References
) -> tuple[dict[str, Any], Constats]:
    """Return the MEF fields of a diploma; the flags are null while no MEF can contradict."""
    mefs = references.mefs.get(cfd, ()) if cfd else ()
    if not mefs:
        constats = (constat("mef_absente", "cfd", cfd),) if cfd else ()
        vide: dict[str, Any] = {
            "bcn_mefs_10": [],
            "duree_incoherente": None,
            "annee_incoherente": None,
        }
        return vide, constats
    filtre = filtrer(mefs, duree, annee)
    champs = {
        "bcn_mefs_10": [
            {
                "mef10": mef.mef10,
                "duree": mef.duree,
                "annee": mef.annee,
                "date_fermeture": mef.date_fermeture,
            }
            for mef in filtre.gardes
        ],
        "duree_incoherente": filtre.duree_incoherente,
        "annee_incoherente": filtre.annee_incoherente,
    }
    return champs, _constats(filtre, duree, annee)


def _constats(filtre: Filtre, duree: str | None, annee: str | None) -> Constats:
    constats = []
    if filtre.duree_incoherente:
        constats.append(constat("duree_incoherente", "duree", duree))
    if filtre.annee_incoherente:
        constats.append(constat("annee_incoherente", "annee", annee))
    return tuple(constats)
