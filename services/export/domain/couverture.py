"""The coverage of Affelnet by the catalogue, as what an import would change (domain.md §4.3).

Nothing is cleared first: identifiers play no part in the match, so that the difference depends on
the file and the offers alone, and a second import of the same file finds nothing to change.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from contracts.statuts import Statut
from services.export.domain.academies import numero
from services.export.domain.couverture_rapprochement import (
    Candidate,
    Catalogue,
    LigneAffelnet,
    Rapprochement,
)


@dataclass(frozen=True, slots=True)
class Couverte:
    """An offer as it is on Affelnet before the import."""

    candidate: Candidate
    statut: Statut
    identifiant: str | None = None
    secteur: str | None = None
    code_nature: str | None = None
    mef: str | None = None
    infos: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What an offer becomes; told for those alone of which something changes."""

    id: str
    statut: Statut
    identifiant: str | None
    secteur: str | None
    code_nature: str | None
    mef: str | None
    infos: str | None


@dataclass(frozen=True, slots=True)
class Couverture:
    """The preview of an import: a match per row, in their order, and the differences by offer.

    `prises` tells by offer the rank of the row that covers it.
    """

    lignes: tuple[Rapprochement, ...]
    differences: tuple[Difference, ...]
    prises: Mapping[str, int]


def couvrir(
    offres: Iterable[Couverte],
    lignes: Sequence[LigneAffelnet],
    academies: Container[str] | None = None,
) -> Couverture:
    """Match the rows, those that name their offer first, then the others in their order.

    `academies` are those whose instances the rows tell the whole of (None: every one): an offer
    that another instance published is not absent, it is not spoken of.
    """
    connues = list(offres)
    catalogue = Catalogue(une.candidate for une in connues)
    prises: dict[str, int] = {}
    trouves = [catalogue.par_cle(ligne) for ligne in lignes]
    _prendre(prises, ((trouve.publiees[:1], rang) for rang, trouve in enumerate(trouves)))
    _prendre(prises, ((trouve.publiees[1:], rang) for rang, trouve in enumerate(trouves)))
    for rang, ligne in enumerate(lignes):
        if trouves[rang].force is None:
            trouves[rang] = catalogue.par_mef(ligne, prises.keys())
            _prendre(prises, [(trouves[rang].publiees, rang)])
    par = {identifiant: lignes[rang] for identifiant, rang in prises.items()}
    differences = (
        _difference(une, par.get(une.candidate.id))
        for une in connues
        if une.candidate.id in par or _concernee(une, academies)
    )
    return Couverture(tuple(trouves), tuple(un for un in differences if un is not None), prises)


def _concernee(une: Couverte, academies: Container[str] | None) -> bool:
    return academies is None or numero((une.identifiant or "").partition("/")[0]) in academies


def _prendre(prises: dict[str, int], publiees: Iterable[tuple[Sequence[Candidate], int]]) -> None:
    for candidates, rang in publiees:
        for candidate in candidates:
            prises.setdefault(candidate.id, rang)


def _difference(avant: Couverte, ligne: LigneAffelnet | None) -> Difference | None:
    apres = _absente(avant) if ligne is None else _couverte(avant, ligne)
    return None if apres == _tel_quel(avant) else apres


def _tel_quel(avant: Couverte) -> Difference:
    return Difference(
        avant.candidate.id,
        avant.statut,
        avant.identifiant,
        avant.secteur,
        avant.code_nature,
        avant.mef,
        avant.infos,
    )


def _absente(avant: Couverte) -> Difference:
    tombe = avant.statut is Statut.PUBLIE
    return replace(
        _tel_quel(avant),
        statut=Statut.NON_PUBLIABLE if tombe else avant.statut,
        identifiant=None,
    )


def _couverte(avant: Couverte, ligne: LigneAffelnet) -> Difference:
    refusee = avant.statut is Statut.NON_PUBLIE
    return Difference(
        avant.candidate.id,
        Statut.NON_PUBLIE if refusee else Statut.PUBLIE,
        ligne.identifiant,
        "PR" if ligne.prive else "PU",
        ligne.code_nature,
        ligne.mef or avant.mef,
        avant.infos or ligne.informations,
    )
