"""Applies batches of formation states to what export holds, as a plan of writes and events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from contracts.constats import gravite
from contracts.constats.modele import Gravite
from contracts.statuts import Statut
from services.export.domain.champs import projeter
from services.export.domain.eligibilite import Eligibilite
from services.export.domain.historique import Cause, changements
from services.export.domain.precontrole_parcoursup import alertes
from services.export.domain.publication import (
    JAMAIS_DITE,
    Contextes,
    Document,
    etat,
    evenement,
    juger,
    sans_objet,
)
from services.export.domain.regles import JeuDeRegles
from services.export.domain.suivi import suivre
from services.kernel.digest import digest
from services.kernel.newer import Verdict, newer_only

_NON_PUBLIABLE: Final = Statut.NON_PUBLIABLE.value
_A_VOIR: Final = frozenset({Gravite.BLOQUANT, Gravite.A_CORRIGER})
FAITS: Final = (
    "decisions",
    "retours",
    "textes",
    "rejets",
    "relecture",
    "retenue",
    "couverture",
    "precedents",
    "remplacements",
    "publication",
)
"""What is kept of an offer beside its projection: a newer state of the formation erases none."""
LIENS: Final = ("predecesseurs", "remplacee_par")
"""What an event tells of a succession beside its formation; absent from nearly all."""
DERIVES: Final = ("eligibilites", "affiche", "suivi", "publication")
"""What a judgement writes, beside its mark."""


@dataclass(slots=True)
class Plan:
    """What is to be written in one transaction, and told: publication events by (key, sequence)."""

    nouvelles: list[Document] = field(default_factory=list)
    remplacees: list[Document] = field(default_factory=list)
    publications: list[Document] = field(default_factory=list)
    historique: list[Document] = field(default_factory=list)
    reparees: int = 0


@dataclass(frozen=True, slots=True)
class Juge:
    """The rules and contexts in force, and the mark by which stale evaluations are found."""

    jeu: JeuDeRegles
    contextes: Contextes
    marque: str

    @classmethod
    def de(cls, jeu: JeuDeRegles, contextes: Contextes) -> "Juge":
        """Return the judge of a set of rules; equal marks mean equal judgements."""
        textes = {str(plateforme): un.marque for plateforme, un in contextes.items()}
        return cls(jeu, contextes, digest({"regles": jeu.revision, **textes})[:16])


def planifier(
    formations: Iterable[Document],
    tenues: Mapping[str, Document],
    juge: Juge,
    maintenant: datetime,
) -> Plan:
    """Judge the states that are newer than those held (one per formation), older ones are left."""
    plan = Plan()
    for formation in formations:
        tenue = tenues.get(formation["id"])
        verdict = newer_only(
            tenue["sequence"] if tenue else None,
            tenue["empreinte"] if tenue else None,
            formation["sequence"],
            formation["empreinte"],
        )
        if not verdict.writes:
            continue
        plan.reparees += verdict is Verdict.REPAIR
        document = _document(formation, tenue)
        (plan.remplacees if tenue else plan.nouvelles).append(document)
        if rejuger(document, juge, maintenant, origine=formation.get("origine")):
            plan.publications.append(evenement(document))
            if tenue:
                plan.historique += changements(tenue["publication"], document, Cause.LIVRAISON)
    return plan


def reevaluer(tenues: Iterable[Document], juge: Juge, maintenant: datetime) -> Plan:
    """Judge stored documents again under other rules, campaign or day; what differs is planned."""
    plan = Plan()
    for tenue in tenues:
        document = {**tenue}
        if rejuger(document, juge, maintenant, origine=None):
            plan.publications.append(evenement(document))
            plan.historique += changements(tenue["publication"], document, Cause.REEVALUATION)
        if any(document[derive] != tenue.get(derive) for derive in DERIVES):
            plan.remplacees.append(document)
    return plan


def _document(formation: Document, tenue: Document | None) -> Document:
    projection = projeter(formation["formation"])
    if formation["etat"] != "active":
        projection["etat"] = formation["etat"]
    for lien in LIENS:
        if formation.get(lien):
            projection[lien] = formation[lien]
    constats = formation.get("constats") or ()
    _retenir_constats(projection, constats)
    if suivies := alertes(constats):
        projection["alertes"] = suivies
    document: Document = {
        "_id": formation["id"],
        "sequence": formation["sequence"],
        "empreinte": formation["empreinte"],
        "projection": projection,
    }
    if tenue:
        for fait in FAITS:
            if fait in tenue:
                document[fait] = tenue[fait]
    return document


def _retenir_constats(projection: Document, constats: Iterable[Document]) -> None:
    """Keep the findings that an académie has to see, and the codes of those that block."""
    a_voir = [constat for constat in constats if gravite(constat["code"]) in _A_VOIR]
    if not a_voir:
        return
    projection["constats"] = [
        {champ: constat.get(champ) for champ in ("code", "champ", "valeur")} for constat in a_voir
    ]
    bloquants = [un["code"] for un in a_voir if gravite(un["code"]) is Gravite.BLOQUANT]
    if bloquants:
        projection["bloquants"] = bloquants


def rejuger(
    document: Document, juge: Juge, maintenant: datetime, *, origine: dict[str, Any] | None
) -> bool:
    """Judge a document in place from its projection and facts; tell whether it is to be told.

    A state that changed is, unless it says only what silence says already (decision 9).
    """
    projection = document["projection"]
    jugement = juger(
        projection, document.get("decisions"), document.get("retours"), juge.jeu, juge.contextes
    )
    document["marque"] = juge.marque
    document["eligibilites"] = {
        nom: _en_document(eligibilite) for nom, eligibilite in jugement.eligibilites.items()
    }
    document["affiche"] = {
        nom: montre["statut"]
        for nom, montre in jugement.plateformes.items()
        if montre["statut"] != _NON_PUBLIABLE
    }
    document["suivi"] = suivre(document, jugement.plateformes)
    empreinte = digest(etat(document["_id"], projection, jugement.plateformes))
    publication = document.get("publication")
    if publication is not None and publication["empreinte"] == empreinte:
        return False
    dites = publication["sequence"] if publication else JAMAIS_DITE
    tue = dites == JAMAIS_DITE and sans_objet(jugement.plateformes)
    document["publication"] = {
        "sequence": JAMAIS_DITE if tue else dites + 1,
        "empreinte": empreinte,
        "formation_sequence": document["sequence"],
        "modifiee_le": maintenant,
        "origine": origine,
        "plateformes": jugement.plateformes,
        "depuis": _depuis(publication, jugement.plateformes, maintenant),
    }
    return not tue


def _depuis(
    avant: Document | None, plateformes: Mapping[str, Document], maintenant: datetime
) -> dict[str, datetime]:
    """Return since when each platform shows its status; silence has no beginning."""
    depuis: dict[str, datetime] = {}
    for nom, montre in plateformes.items():
        montrait = avant["plateformes"][nom]["statut"] if avant else _NON_PUBLIABLE
        if montre["statut"] != montrait:
            depuis[nom] = maintenant
        elif avant and nom in (connus := avant.get("depuis") or {}):
            depuis[nom] = connus[nom]
    return depuis


def _en_document(eligibilite: Eligibilite) -> Document:
    return {
        "perimetre": eligibilite.perimetre,
        "session": eligibilite.session,
        "session_precedente": eligibilite.session_precedente,
        "statut_initial": eligibilite.statut_initial.value,
        "statut": eligibilite.statut.value,
        "regle": eligibilite.regle,
        "version": eligibilite.version,
        "obstacles": [obstacle.value for obstacle in eligibilite.obstacles],
    }
