"""The start of a campaign on one platform, on the facts of an offer (domain.md §3.7).

Nothing is reset: the campaign has changed, hence what is shown. Of the facts, only those change
that a campaign does not survive.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from contracts.statuts import Plateforme, Statut
from services.export.domain.campagne import Campagne
from services.export.domain.campagnes import Veille, demarrer
from services.export.domain.decisions_du_systeme import Prise, prendre
from services.export.domain.projections import Juge
from services.export.domain.publication import juger
from services.export.domain.saisons import composer, depassee, fait, photographier
from services.export.domain.statut import Decision, Nature, Retour, lire_decision, lire_retour

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Demarrage:
    """The campaign that starts on a platform, after which."""

    plateforme: Plateforme
    avant: Campagne
    apres: Campagne


@dataclass(frozen=True, slots=True)
class Depart:
    """An offer whose facts are those of the campaign that starts.

    `saison` is its snapshot as it should be; `journal` what was decided anew; `sortes` what
    changed beside the status.
    """

    document: Document
    saison: Document | None
    journal: tuple[Document, ...]
    sortes: tuple[str, ...]


def partir(
    document: Document,
    saison: Document | None,
    demarrage: Demarrage,
    juge: Juge,
    instant: datetime,
) -> Depart:
    """Carry an offer over into the campaign; done twice, the second time changes nothing.

    A decision or an answer that came between the snapshot and the start belongs to the season that
    ended: the snapshot is made right. One of the campaign itself leaves it as it was.
    """
    nom = demarrage.plateforme.value
    saison = _juste(document, saison, demarrage, juge, instant)
    decision = lire_decision(fait(document, "decisions", nom))
    retour = lire_retour(fait(document, "retours", nom))
    veille = Veille(
        Statut(saison["statut"]) if saison else Statut.NON_PUBLIABLE,
        perimetre=bool(saison and saison["perimetre"]),
        decision=decision,
        retour=retour,
        remplacee=bool((fait(document, "remplacements", nom) or {}).get("par")),
    )
    depart = demarrer(document["projection"], veille, demarrage.plateforme, demarrage.apres)
    apres = {**document}
    journal: list[Document] = []
    sortes: list[str] = []
    if saison is not None:
        _poser(apres, "precedents", nom, _precedent(saison))
    if depart.retour is not None and depart.retour != retour:
        efface = retour is not None and retour.identifiant and not depart.retour.identifiant
        sortes.append("identifiants_effaces" if efface else "reponses_reconduites")
        _poser(apres, "retours", nom, _stocke(depart.retour))
    if depart.decision is not None and decision is not None and depart.decision != decision:
        journal.append(_reconduite(apres, demarrage, decision, instant))
        sortes.append("decisions_reconduites")
    importee_depuis = retour is not None and retour.campagne == demarrage.apres.id
    couverte = fait(document, "couverture", nom) and not importee_depuis
    if demarrage.plateforme is Plateforme.AFFELNET and couverte:
        apres["couverture"] = {
            autre: un for autre, un in document["couverture"].items() if autre != nom
        }
        sortes.append("couvertures_effacees")
    return Depart(apres, saison, tuple(journal), tuple(sortes))


def essayer(
    document: Document, demarrage: Demarrage, juge: Juge, instant: datetime
) -> tuple[str, str, tuple[str, ...]]:
    """Return what an offer shows, what it would after the start, and what else would change."""
    nom = demarrage.plateforme.value
    saison = photographier(document, demarrage.plateforme, demarrage.avant.id, instant)
    depart = partir(document, saison, demarrage, juge, instant)
    apres = _statut(depart.document, demarrage.plateforme, demarrage.apres, juge)
    montre: str = document["publication"]["plateformes"][nom]["statut"]
    return montre, apres[0], depart.sortes


def _juste(
    document: Document,
    saison: Document | None,
    demarrage: Demarrage,
    juge: Juge,
    instant: datetime,
) -> Document | None:
    plateforme = demarrage.plateforme
    faits = [fait(document, nom, plateforme.value) for nom in ("decisions", "retours")]
    if any(un is not None and un["campagne"] == demarrage.apres.id for un in faits):
        return saison
    if not depassee(saison, document, plateforme):
        return saison
    statut, eligibilite = _statut(document, plateforme, demarrage.avant, juge)
    return composer(document, plateforme, demarrage.avant.id, instant, statut, eligibilite)


def _statut(
    document: Document, plateforme: Plateforme, campagne: Campagne, juge: Juge
) -> tuple[str, Mapping[str, Any]]:
    contexte = replace(juge.contextes[plateforme], campagne=campagne)
    jugement = juger(
        document["projection"],
        document.get("decisions"),
        document.get("retours"),
        juge.jeu,
        {plateforme: contexte},
    )
    nom = plateforme.value
    return jugement.plateformes[nom]["statut"], jugement.eligibilites[nom]._asdict()


def _reconduite(
    document: Document, demarrage: Demarrage, decision: Decision, instant: datetime
) -> Document:
    prise = Prise(
        Nature.RECONDUIRE,
        decision.statut,
        demarrage.apres.id,
        instant,
        motif=decision.motif,
        precision=decision.precision,
    )
    return prendre(document, demarrage.plateforme, prise, reconduit=decision.numero)


def _precedent(saison: Document) -> Document:
    return {champ: saison[champ] for champ in ("campagne", "statut", "perimetre")}


def _stocke(retour: Retour) -> Document:
    return {**asdict(retour), "statut": retour.statut.value if retour.statut else None}


def _poser(document: Document, nom: str, plateforme: str, valeur: Document) -> None:
    document[nom] = {**(document.get(nom) or {}), plateforme: valeur}
