"""The clé that the catalogue gives to an offer that has none (domain.md §1.1, decision 11).

It has the structure of an official one and is made of the offer's own parts. Its parcours counts
down from 99: the collectors only ever used 00 to 02, so that no offer stands under a clé that will
be another's.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from contracts.identifiants import insee, modalite, siret
from services.collect.domain.identite import CLE, resoudre
from services.collect.domain.lecture_champs import Offre
from services.collect.domain.lignes import Ligne
from services.collect.domain.tenue import Tenue

_PARCOURS: Final = range(99, 49, -1)
_SITES: Final = range(1, 100)
_CERTIFINFO_MAX: Final = 6


class Base(NamedTuple):
    """The text of a clé around its parcours, and around its site that ends it."""

    debut: str
    suite: str


def base(offre: Offre) -> Base | None:
    """Return the clé that the parts of an offer make; None when one of them is not known.

    Durée and année may be unknown: the structure has a letter for that.
    """
    certifinfo = offre.get("id_certifinfo", "")
    gestionnaire = offre.get("etablissement_gestionnaire_siret")
    formateur = offre.get("etablissement_formateur_siret")
    commune = offre.get("code_commune_insee")
    connues = (
        certifinfo.isascii()
        and certifinfo.isdecimal()
        and len(certifinfo) <= _CERTIFINFO_MAX
        and siret.est_valide(gestionnaire)
        and siret.est_valide(formateur)
        and insee.est_valide(commune)
    )
    if not connues:
        return None
    duree = offre.get("duree", modalite.NON_COLLECTE)
    annee = offre.get("annee", modalite.NON_COLLECTE)
    return Base(
        f"{certifinfo.zfill(_CERTIFINFO_MAX)}P",
        f"{duree}{annee}{gestionnaire}{formateur}-{commune}#L",
    )


def candidates(parties: Base) -> Iterator[str]:
    """Yield the clés that an offer of these parts may be given, in the order of preference."""
    debut, suite = parties
    for site in _SITES:
        for parcours in _PARCOURS:
            yield f"{debut}{parcours}{suite}{site:02d}"


def premiere_libre(parties: Base, prises: Collection[str]) -> str | None:
    """Return the first clé of which no alias is taken; None when all are."""
    return next((cle for cle in candidates(parties) if CLE + cle not in prises), None)


def besoins(lignes: Iterable[Ligne], vue: Mapping[str, Tenue]) -> Counter[Base]:
    """Return how many lines of a batch, at most, are to be given a clé, by its parts."""
    compte: Counter[Base] = Counter()
    for ligne in lignes:
        if ligne.offre is None or ligne.aliases is None or "cle_ministere_educatif" in ligne.offre:
            continue
        tenue = resoudre(ligne.aliases, None, vue)
        parties = base(ligne.offre) if tenue is None or tenue.cle is None else None
        if parties is not None and sans_cle(ligne):
            compte[parties] += 1
    return compte


def a_chercher(
    compte: Mapping[Base, int], vue: Mapping[str, Tenue], cherches: AbstractSet[str]
) -> set[str]:
    """Return the aliases to look up until enough of those looked up are free for each need."""
    noms: set[str] = set()
    for parties, nombre in compte.items():
        libres = 0
        for cle in candidates(parties):
            nom = CLE + cle
            if nom in vue:
                continue
            if nom not in cherches:
                noms.add(nom)
            libres += 1
            if libres == nombre:
                break
    return noms


def sans_cle(ligne: Ligne) -> bool:
    """Tell whether a line gives no clé at all; one that is malformed is to be mended instead."""
    return any(dit["code"] == "cle_absente" for dit in ligne.constats)
