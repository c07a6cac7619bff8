"""1 September on Affelnet, on the facts of an offer: a request not made anew lapses (§3.7).

What the history of the old catalogue said is read in the journal of decisions: each entry tells the
status that it was taken from and the one that it gave. A status lost and found again by itself, as
after a bad night, is therefore neither a renewal nor a loss.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from contracts.statuts import Plateforme, Statut
from services.export.domain.decisions_du_systeme import Prise, prendre
from services.export.domain.projections import Juge
from services.export.domain.publication import juger
from services.export.domain.reinitialisation_affelnet import Entree, statut_apres
from services.export.domain.saisons import fait
from services.export.domain.statut import Nature
from services.kernel.french import PARIS

Document = dict[str, Any]

_AF = Plateforme.AFFELNET
_DEMANDEE = ["publication_demandee"]


def premier_septembre(jour: date) -> date:
    """Return the last 1 September up to a day."""
    celui_ci = date(jour.year, 9, 1)
    return celui_ci if celui_ci <= jour else celui_ci.replace(year=jour.year - 1)


def echoir(
    document: Document,
    decisions: Iterable[Mapping[str, Any]],
    premier: date,
    juge: Juge,
    instant: datetime,
) -> tuple[Document, Document] | None:
    """Return the offer with its request lapsed, and the entry of the journal; None if it stands.

    `decisions` are those that the journal has of the offer on Affelnet, in any order. Decisions of
    earlier days are kept as they are: the rules speak again by a decision of the system.
    """
    decision = fait(document, "decisions", _AF.value)
    if decision is None or decision["statut"] != Statut.PRET:
        return None
    montre = _montre(document, juge)
    if montre["explication"] != _DEMANDEE:
        return None
    projection = document["projection"]
    au_flux = bool(projection.get("published", True)) and "etat" not in projection
    apres = statut_apres(Statut.PRET, _historique(decisions), premier, au_flux=au_flux)
    if apres is Statut.PRET:
        return None
    document = {**document}
    campagne = juge.contextes[_AF].campagne.id
    prise = Prise(Nature.ECHEANCE, None, campagne, instant)
    return document, prendre(document, _AF, prise, echue=decision["numero"])


def _historique(decisions: Iterable[Mapping[str, Any]]) -> list[Entree]:
    entrees: list[Entree] = []
    for decision in sorted(decisions, key=lambda une: int(une["numero"])):
        jour = decision["prise_le"].astimezone(PARIS).date()
        if decision["statut"] != decision["depuis"]:
            entrees.append((jour, Statut(decision["depuis"])))
        # Without a status the rules spoke again: the request was left.
        entrees.append((jour, Statut(decision["statut"] or Statut.NON_PUBLIABLE)))
    return entrees


def essayer(
    document: Document,
    decisions: Iterable[Mapping[str, Any]],
    premier: date,
    juge: Juge,
    instant: datetime,
) -> tuple[str, str]:
    """Return what an offer shows, and what it would show after its request lapsed."""
    montre: str = document["publication"]["plateformes"][_AF.value]["statut"]
    echue = echoir(document, decisions, premier, juge, instant)
    return montre, _montre(echue[0], juge)["statut"] if echue else montre


def _montre(document: Document, juge: Juge) -> Document:
    jugement = juger(
        document["projection"],
        document.get("decisions"),
        document.get("retours"),
        juge.jeu,
        {_AF: juge.contextes[_AF]},
    )
    return jugement.plateformes[_AF.value]
