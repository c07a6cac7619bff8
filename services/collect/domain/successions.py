"""Declared successions, judged at the end of a delivery in key order (decision 3).

`cle_me_remplace` of a line names the offers that it replaces, `cle_me_remplace_par` the one that
replaces it: both say the same pair. A pair is applied when the successor has exactly one known
predecessor, both of one depositor; anything else is a finding on the line that declared it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from contracts.evenements import Etat
from services.collect.domain.constat import Constat, constat
from services.collect.domain.identite import CLE
from services.collect.domain.lecture_champs import Offre
from services.collect.domain.tenue import Tenue


class Declaree(NamedTuple):
    """A succession that a line declares, by the two clés; `champ` is where it says so."""

    successeur: str
    predecesseur: str
    rang: int
    champ: str


class Jugement(NamedTuple):
    """What a successor's declarations lead to: a pair to apply, or findings by rank, or nothing."""

    predecesseur: Tenue | None
    successeur: Tenue | None
    constats: list[tuple[int, Constat]]


def declarees(rang: int, offre: Offre) -> Iterator[Declaree]:
    """Yield what a line declares; an offer without clé cannot declare."""
    cle = offre.get("cle_ministere_educatif")
    if cle is None:
        return
    for autre in offre.get("cle_me_remplace", ()):
        yield Declaree(cle, autre, rang, "cle_me_remplace")
    for autre in offre.get("cle_me_remplace_par", ()):
        yield Declaree(autre, cle, rang, "cle_me_remplace_par")


def regrouper(toutes: Iterable[Declaree]) -> list[list[Declaree]]:
    """Return the declarations by successor in key order, each pair once, by its first line."""
    paires: dict[tuple[str, str], Declaree] = {}
    for declaree in sorted(toutes, key=lambda d: (d.successeur, d.predecesseur, d.rang)):
        paires.setdefault((declaree.successeur, declaree.predecesseur), declaree)
    groupes: dict[str, list[Declaree]] = {}
    for declaree in paires.values():
        groupes.setdefault(declaree.successeur, []).append(declaree)
    return list(groupes.values())


def disputes(groupes: list[list[Declaree]]) -> frozenset[str]:
    """Return the clés that several successors of one delivery claim: none of them gets it."""
    fois = Counter(declaree.predecesseur for groupe in groupes for declaree in groupe)
    return frozenset(cle for cle, nombre in fois.items() if nombre > 1)


def juger(
    groupe: list[Declaree], vue: Mapping[str, Tenue], deposant: str, disputees: frozenset[str]
) -> Jugement:
    """Judge the declarations about one successor on a view of the alias table."""
    successeur = vue.get(CLE + groupe[0].successeur)
    connus = {
        declaree: vue[CLE + declaree.predecesseur]
        for declaree in groupe
        if CLE + declaree.predecesseur in vue
    }
    if successeur is not None and any(tenue is successeur for tenue in connus.values()):
        return Jugement(None, None, [])  # done in an earlier delivery: the clé is a former one
    if not connus:
        return _refuser(groupe, "succession_predecesseur_inconnu")
    if len(connus) > 1:
        cles = ", ".join(declaree.predecesseur for declaree in connus)
        return _refuser(list(connus)[:1], "succession_multiple", cles)
    ((declaree, predecesseur),) = connus.items()
    empechement = _empechement(declaree, predecesseur, successeur, disputees)
    if empechement is not None:
        return _refuser([declaree], "succession_impossible", empechement)
    if successeur is None or {predecesseur.deposant, successeur.deposant} != {deposant}:
        return _refuser([declaree], "succession_autre_deposant")
    return Jugement(predecesseur, successeur, [])


def appliquer(predecesseur: Tenue, successeur: Tenue, instant: datetime) -> None:
    """Let the successor take all aliases of the predecessor, and link both; each changes state."""
    successeur.aliases += predecesseur.aliases
    predecesseur.aliases = [f"id:{predecesseur.id}"]
    predecesseur.etat = Etat.REMPLACEE
    predecesseur.remplacee_par = successeur.id
    successeur.predecesseurs.append(predecesseur.id)
    for tenue in (predecesseur, successeur):
        tenue.sequence += 1
        tenue.recue_le = instant


def _empechement(
    declaree: Declaree,
    predecesseur: Tenue,
    successeur: Tenue | None,
    disputees: frozenset[str],
) -> str | None:
    if declaree.predecesseur in disputees:
        return f"plusieurs offres remplacent {declaree.predecesseur}"
    if successeur is None:
        return f"l'offre {declaree.successeur} n'est pas dans le catalogue"
    if successeur.etat != Etat.ACTIVE or successeur.cle != declaree.successeur:
        return f"l'offre {declaree.successeur} est retirée ou a changé de clé"
    if predecesseur.cle != declaree.predecesseur:
        return f"l'offre {declaree.predecesseur} est connue maintenant sous {predecesseur.cle}"
    return None


def _refuser(groupe: list[Declaree], code: str, valeur: str | None = None) -> Jugement:
    constats = [
        (declaree.rang, constat(code, declaree.champ, valeur or declaree.predecesseur))
        for declaree in groupe
    ]
    return Jugement(None, None, constats)
