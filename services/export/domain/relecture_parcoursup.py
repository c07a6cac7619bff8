"""What Parcoursup says of its publications, read each day and whole (domain.md §4.2).

A row counts once: read again it changes nothing, so that what was decided since stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from contracts.statuts import Statut
from services.export.domain.statut import Retour, lire_retour


class Etat(StrEnum):
    """The five texts that a row may hold, in the order in which rows of one offer are applied."""

    RIEN = "Aucune donnée à mettre à jour"
    VISIBLE = "Publié sur le MDR"
    ANNULEE = "Publication annulée suite à suppression de la formation dans Parcoursup"
    FERMEE = "Formation déclarée fermée dans Parcoursup"
    CLE_AJOUTEE = "Clé ME ajoutée manuellement dans Parcoursup"


_RANGS: Final = {etat: rang for rang, etat in enumerate(Etat)}
_PAR_IDENTIFIANT: Final = frozenset({Etat.ANNULEE, Etat.FERMEE})


@dataclass(frozen=True, slots=True)
class Ligne:
    """One row: Parcoursup's own id, the text, the key as Parcoursup knows it."""

    identifiant: str
    etat: str
    cle: str | None


@dataclass(frozen=True, slots=True)
class Suivie:
    """An offer as last read back; `lues` are the rows of that day, `decision` its last number."""

    id: str
    cle: str
    decision: int = 0
    retour: Retour | None = None
    visible: bool = False
    lues: frozenset[tuple[str, str]] = frozenset()


def suivie(document: Mapping[str, Any]) -> Suivie:
    """Return a stored offer as the read-back sees it."""
    relecture = (document.get("relecture") or {}).get("parcoursup") or {}
    decision = (document.get("decisions") or {}).get("parcoursup") or {}
    return Suivie(
        document["_id"],
        document["projection"].get("cle_ministere_educatif") or "",
        decision.get("numero", 0),
        lire_retour((document.get("retours") or {}).get("parcoursup")),
        relecture.get("visible", False),
        frozenset((etat, identifiant) for etat, identifiant in relecture.get("lues") or ()),
    )


@dataclass(frozen=True, slots=True)
class Changement:
    """What a read-back changes of an offer; a `statut` of None leaves the one shown."""

    id: str
    retour: Retour | None
    visible: bool
    lues: frozenset[tuple[str, str]]
    statut: Statut | None = None


@dataclass(slots=True)
class Relecture:
    """The changes to apply, then what could not be used: rows without offer, texts unknown."""

    changements: list[Changement] = field(default_factory=list)
    sans_offre: list[Ligne] = field(default_factory=list)
    inconnues: list[Ligne] = field(default_factory=list)
    perimee: bool = False


def relire(
    suivies: Iterable[Suivie],
    lignes: Sequence[Ligne],
    campagne: str,
    lue_le: datetime,
    precedente: datetime | None = None,
) -> Relecture:
    """Compare the whole answer of one day with what is known.

    An answer that is not newer than the `precedente` changes nothing and is told `perimee`.
    """
    if precedente is not None and lue_le <= precedente:
        return Relecture(perimee=True)
    offres = list(suivies)
    relecture = Relecture()
    par_offre = rapprocher(offres, lignes, relecture)
    for offre in offres:
        change = relue(offre, par_offre.get(offre.id, ()), campagne, lue_le)
        if change is not None:
            relecture.changements.append(change)
    return relecture


def rapprocher(
    offres: Sequence[Suivie], lignes: Sequence[Ligne], relecture: Relecture
) -> Mapping[str, Sequence[Ligne]]:
    """Return the rows of each offer that has some; note in `relecture` those of none."""
    par_cle = {offre.cle: offre.id for offre in offres if offre.cle}
    par_identifiant = _identifiants(offres, par_cle, lignes)
    # A row found once stays the offer's, who else bears its identifier since: else it would be new.
    lus: dict[tuple[str, str], list[str]] = {}
    for offre in offres:
        for lue in offre.lues:
            lus.setdefault(lue, []).append(offre.id)
    trouvees: dict[str, list[Ligne]] = {}
    for ligne in lignes:
        if ligne.etat not in _RANGS:
            relecture.inconnues.append(ligne)
            continue
        siennes = [par_cle[ligne.cle]] if ligne.cle in par_cle else []
        if not siennes and ligne.etat in _PAR_IDENTIFIANT:
            porteuse = par_identifiant.get(ligne.identifiant)
            siennes = lus.get((ligne.etat, ligne.identifiant)) or ([porteuse] if porteuse else [])
        if not siennes:
            relecture.sans_offre.append(ligne)
        for une in siennes:
            trouvees.setdefault(une, []).append(ligne)
    return trouvees


def _identifiants(
    offres: Sequence[Suivie], par_cle: Mapping[str, str], lignes: Sequence[Ligne]
) -> Mapping[str, str]:
    """Return the offer of each identifier: given today, or borne, which counts for more."""
    donnes = {
        ligne.identifiant: par_cle[ligne.cle]
        for ligne in lignes
        if ligne.etat == Etat.CLE_AJOUTEE and ligne.cle is not None and ligne.cle in par_cle
    }
    portes = {
        offre.retour.identifiant: offre.id
        for offre in offres
        if offre.retour is not None and offre.retour.identifiant
    }
    return {**donnes, **portes}


def relue(
    offre: Suivie, lignes: Sequence[Ligne], campagne: str, lue_le: datetime
) -> Changement | None:
    """Return what the rows of one offer change of it; None when it is as they say."""
    retour, statut = offre.retour, None
    lues = frozenset((ligne.etat, ligne.identifiant) for ligne in lignes)
    for etat, identifiant in sorted(lues - offre.lues, key=lambda lue: (_RANGS[Etat(lue[0])], lue)):
        suivant = _effet(Etat(etat), identifiant, retour)
        if suivant is None:
            continue
        dit, porte = suivant
        if dit is None and retour is not None:
            retour = replace(retour, identifiant=porte)
        elif dit is not None:
            retour, statut = Retour(offre.decision, dit, campagne, lue_le, porte), dit
    visible = any(etat == Etat.VISIBLE for etat, _ in lues)
    if retour == offre.retour and visible is offre.visible and lues == offre.lues:
        return None
    return Changement(offre.id, retour, visible, lues, statut)


def _effet(
    etat: Etat, identifiant: str, retour: Retour | None
) -> tuple[Statut | None, str | None] | None:
    """Return the status and identifier that a new row gives; no status: the identifier alone."""
    connu = retour.identifiant if retour is not None else None
    if etat is Etat.CLE_AJOUTEE and identifiant != connu:
        return Statut.PRET, identifiant
    if etat is Etat.FERMEE:
        return Statut.FERME, None
    if etat is Etat.ANNULEE and identifiant == connu:
        return None, None
    return None
