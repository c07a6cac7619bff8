"""Synthetic completion of the historic offers of 2020, so that a whole season can be shown.

Those records carry neither année, durée, start dates nor clé ministère éducatif. What is added here
is invented, by a seed, and is named synthetic wherever it is shown: it is never part of the
product's path, which leaves missing what is missing. Same seed, same records: same result, whatever
the order of the records.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import orjson

from contracts.identifiants import cfd, cle

GRAINE: Final = "catalogue-2020-11-16"
JOUR_METIER: Final = "2020-11-16"
MENTION: Final = "année, durée, dates de début et clé synthétiques"
"""What must be said wherever prepared offers are shown or deposited."""

Offre: TypeAlias = dict[str, Any]
Modalites: TypeAlias = Mapping[str, Sequence[tuple[str, str]]]
"""For each CFD, the (durée, année) of its MEFs that are open on the business day."""

_DUREE_USUELLE: Final = "2"
_ANNEES: Final = ((70, "1"), (82, "2"), (88, "3"), (100, "X"))
"""Cumulative percentages of the entry years."""


class Identite(NamedTuple):
    """What names a historic record; 122 of them are delivered twice."""

    id_formation: str
    id_action: str
    id_certifinfo: str


def offres_preparees(refdata: Path, graine: str = GRAINE) -> Iterator[Offre]:
    """Yield the historic offers of a reference folder, completed, in the order of their file."""
    fichier = refdata / "offres" / f"rco_formations_{JOUR_METIER}.ndjson.gz"
    modalites = modalites_ouvertes(lire_mefs(refdata / "certifications" / "mef.csv"), JOUR_METIER)
    # Two passes rather than one list: the file is small, its 39,510 dictionaries are not.
    numeros = numeroter(lire_offres(fichier))
    return (preparer(offre, modalites, numeros, graine) for offre in lire_offres(fichier))


def lire_offres(fichier: Path) -> Iterator[Offre]:
    """Yield the records of a compressed JSON Lines file."""
    with gzip.open(fichier, "rb") as lignes:
        yield from map(orjson.loads, lignes)


def lire_mefs(fichier: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of the MEF table."""
    with fichier.open(encoding="utf-8", newline="") as lignes:
        yield from csv.DictReader(lignes)


def modalites_ouvertes(mefs: Iterable[Mapping[str, str]], jour: str) -> Modalites:
    """Return the (durée, année) pairs that each CFD may be followed in on a day."""
    modalites: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for mef in mefs:
        if not mef["date_fermeture"] or mef["date_fermeture"] > jour:
            modalites[mef["cfd"]].add((mef["duree_dispositif"], mef["annee_dispositif"]))
    return {code: sorted(paires) for code, paires in modalites.items()}


def numeroter(offres: Iterable[Offre]) -> dict[Identite, int]:
    """Return the parcours of each record: offers that would share a key are told apart by it.

    Année and durée are left out of what "share" means, so that giving its année to a key of year X
    never makes it another offer's.
    """
    groupes: dict[tuple[str, ...], set[Identite]] = defaultdict(set)
    for offre in offres:
        groupes[_parties(offre)].add(identite(offre))
    return {
        nom: rang for noms in groupes.values() for rang, nom in enumerate(sorted(noms), start=1)
    }


def preparer(
    offre: Offre, modalites: Modalites, numeros: Mapping[Identite, int], graine: str = GRAINE
) -> Offre:
    """Return a record completed with année, durée, start dates and clé ministère éducatif."""
    nom = identite(offre)
    annee = _annee(nom, graine)
    duree = _duree(modalites.get(cfd.normaliser(offre.get("cfd")) or "", ()), annee)
    certifinfo, gestionnaire, formateur, insee = _parties(offre)
    clef = cle.construire(
        id_certifinfo=certifinfo,
        parcours=numeros[nom],
        duree=duree,
        annee=annee,
        siret_gestionnaire=gestionnaire,
        siret_formateur=formateur,
        code_commune_insee=insee,
    )
    return {
        **offre,
        "cle_ministere_educatif": clef.texte,
        "duree": duree,
        "annee": annee,
        "date_debut": [f"{mois}-01" for mois in offre["periode"]],
    }


def identite(offre: Offre) -> Identite:
    """Return what names a historic record."""
    return Identite(offre["id_formation"], offre["id_action"], offre["id_certifinfo"])


def _parties(offre: Offre) -> tuple[str, str, str, str]:
    return (
        offre["id_certifinfo"],
        offre["etablissement_gestionnaire_siret"],
        offre["etablissement_formateur_siret"],
        offre["etablissement_lieu_formation_code_insee"],
    )


def _annee(nom: Identite, graine: str) -> str:
    tirage = blake2b("|".join((graine, *nom)).encode(), digest_size=4).digest()
    pour_cent = int.from_bytes(tirage, "big") % 100
    return next(annee for borne, annee in _ANNEES if pour_cent < borne)


def _duree(paires: Sequence[tuple[str, str]], annee: str) -> str:
    """Return the durée of a MEF that has this entry year, the usual one first.

    Without any it is the usual one, or as many years as the entry year asks for.
    """
    durees = [duree for duree, rang in paires if annee in (rang, cle.NON_COLLECTE)]
    if not durees and annee != cle.NON_COLLECTE:
        return max(_DUREE_USUELLE, annee)
    if not durees or _DUREE_USUELLE in durees:
        return _DUREE_USUELLE
    return min(durees)
