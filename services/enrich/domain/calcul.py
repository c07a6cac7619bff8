"""The state of a formation that follows from an offer event, and its digest."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson

from contracts.constats import statut_ligne
from contracts.evenements import Etat, Operation
from services.enrich.domain.constats import Constat
from services.enrich.domain.editions import Editions, sans_les_adresses, sans_les_corriges
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.enrichissement.propositions import completer
from services.enrich.domain.evenement import Evenement


@dataclass(slots=True)
class Calcul:
    """An event and what it makes of its formation.

    `etat` is the state that is compared, stored and published: everything but sequence, origin and
    time. `texte` is its JSON with sorted keys, of which `empreinte` is the digest. `constats` are
    those of the enrichment alone, `completes` those of collect that the tables had a proposal for;
    `statut` is that of the line with all of them.
    """

    evenement: Evenement
    etat: dict[str, Any]
    texte: bytes
    empreinte: str
    constats: list[Constat]
    completes: list[Constat]
    statut: str


def calculer(
    evenement: Evenement, enrichisseur: Enrichisseur, editions: Editions | None = None
) -> Calcul:
    """Return what an event makes of its formation, whatever that was before.

    `editions` are the corrections that people made to that formation.
    """
    formation, constats = enrichisseur.enrichir(evenement.offre, evenement.anciennes_cles, editions)
    lus = sans_les_corriges(evenement.constats, editions) if editions else evenement.constats
    collectes = completer(lus, evenement.offre, enrichisseur.references)
    tous = [*sans_les_adresses(collectes), *constats]
    etat = {
        "etat": _etat(evenement),
        "motif_retrait": evenement.motif if evenement.operation == Operation.RETRAIT else None,
        "remplacee_par": evenement.remplacee_par,
        "predecesseurs": evenement.predecesseurs,
        "formation": formation,
        "constats": tous,
    }
    texte = orjson.dumps(etat, option=orjson.OPT_SORT_KEYS)
    return Calcul(
        evenement,
        etat,
        texte,
        blake2b(texte, digest_size=16).hexdigest(),
        constats,
        [apres for apres, avant in zip(collectes, lus, strict=True) if apres is not avant],
        statut_ligne(constat["code"] for constat in tous),
    )


def _etat(evenement: Evenement) -> str:
    if evenement.operation == Operation.RETRAIT:
        return Etat.RETIREE.value
    return Etat.REMPLACEE.value if evenement.remplacee_par else Etat.ACTIVE.value
