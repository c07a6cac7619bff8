"""Counts of facets in MongoDB: few passes, each over a few facets and their combinations."""

import asyncio
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.export.adapters.facettes import lire
from services.export.adapters.mongo import Collection
from services.export.adapters.selection import filtrer
from services.export.domain.derivees import Reperes
from services.export.domain.facettes import FACETTES
from services.export.domain.recherche import Recherche

_ENSEMBLE: Final = (
    frozenset(
        {"academie", "region", "departement", "etat", "siret_actif", "nouvelle_fiche", "lien"}
    ),
    frozenset(nom for nom, facette in FACETTES.items() if facette.par_plateforme)
    - {"candidatures"},
)
"""What is counted in one pass: facets whose values go together, so that combinations are few."""
_LOT: Final = 5_000
_SEULES: Final = frozenset({"candidatures"})
"""What has too many combinations with anything else."""


@dataclass(frozen=True, slots=True)
class Comptes:
    """How many offers are selected, and for each facet how many have each value."""

    total: int
    facettes: dict[str, dict[Any, int]]


async def compter(
    formations: Collection, recherche: Recherche, noms: Sequence[str], reperes: Reperes
) -> Comptes:
    """Count a selection; a facet without its own criterion, so that others may be chosen too."""
    passes = _passes(noms, recherche.criteres)
    comptees = await asyncio.gather(
        *(_passer(formations, recherche, une, reperes) for une in passes)
    )
    totaux = [
        une.total
        for une, groupe in zip(comptees, passes, strict=True)
        if not any(nom in recherche.criteres for nom in groupe)
    ]
    total = totaux[0] if totaux else await formations.count_documents(filtrer(recherche, reperes))
    return Comptes(total, {nom: un for une in comptees for nom, un in une.facettes.items()})


def _passes(noms: Sequence[str], criteres: Container[str]) -> list[tuple[str, ...]]:
    """Return which facets are counted together: those that have no criterion of their own."""
    seules = [nom for nom in noms if nom in criteres or nom in _SEULES]
    reste = [nom for nom in noms if nom not in seules]
    groupes = [
        *(tuple(nom for nom in reste if nom in ensemble) for ensemble in _ENSEMBLE),
        tuple(nom for nom in reste if not any(nom in ensemble for ensemble in _ENSEMBLE)),
    ]
    return [*filter(None, groupes), *((nom,) for nom in seules)]


async def _passer(
    formations: Collection, recherche: Recherche, groupe: tuple[str, ...], reperes: Reperes
) -> Comptes:
    lues = {nom: lire(nom, recherche.plateforme, reperes) for nom in groupe}
    # One expression is read once, whoever needs it; an array is grouped by faster than an object.
    expressions: list[Any] = []
    for lue in lues.values():
        expressions += [une for une in lue.expressions if une not in expressions]
    places = {nom: [expressions.index(une) for une in lue.expressions] for nom, lue in lues.items()}
    curseur = await formations.aggregate(
        [
            {"$match": filtrer(recherche, reperes, sauf=groupe)},
            {"$group": {"_id": expressions, "nombre": {"$sum": 1}}},
        ],
        batchSize=_LOT,
    )
    comptes: dict[str, Counter[Any]] = {nom: Counter() for nom in groupe}
    total = 0
    async for compte in curseur:
        brut, nombre = compte["_id"], compte["nombre"]
        total += nombre
        for nom, lue in lues.items():
            for valeur in lue.valeurs([brut[place] for place in places[nom]]):
                comptes[nom][valeur] += nombre
    return Comptes(total, {nom: dict(un) for nom, un in comptes.items()})
