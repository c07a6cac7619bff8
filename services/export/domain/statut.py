"""The displayed status: a pure function of the three facts and of the campaign (design.md §4)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.campagne import Contexte
from services.export.domain.eligibilite import Eligibilite

Explication = tuple[str, ...]

_CONSERVES: Final = frozenset({Statut.NON_PUBLIE, Statut.EN_ATTENTE})
_CODES: Final[dict[Statut, str]] = {
    Statut.PRET: "publication_demandee",
    Statut.NON_PUBLIE: "publication_refusee",
    Statut.EN_ATTENTE: "mise_a_jour_attendue",
    Statut.PUBLIE: "acceptee_par_la_plateforme",
    Statut.REJET: "rejetee_par_la_plateforme",
    Statut.ECHEC: "envoi_en_echec",
    Statut.FERME: "fermee_par_la_plateforme",
}
RENOUVELLEMENT: Final = "renouvellement_automatique"
DECISION_CONSERVEE: Final = "decision_conservee"


class Nature(StrEnum):
    """What a decision does; the last three are the system's, each by a rule of the field."""

    PUBLIER = "publier"
    REFUSER = "refuser"
    FORCER = "forcer"
    REINITIALISER = "reinitialiser"
    REMPLACER = "remplacer"  # by a newer offer, or of an older one (domain.md §3.6)
    ECHEANCE = "echeance"  # a request of Affelnet not renewed on 1 September (§3.7)
    RECONDUIRE = "reconduire"  # an offer already replaced, left out of a campaign's reset (§3.7)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of an offer on one platform. Nothing ever erases it.

    `statut` is `prêt`, `publié` (a replacement while sending is off), `non publié`, `en attente`,
    or None: the rules speak again. `numero` counts the decisions of one offer on one platform from
    1; the journal keeps them all.
    """

    numero: int
    statut: Statut | None
    campagne: str
    auteur: str
    prise_le: datetime
    motif: str | None = None
    precision: str | None = None
    nature: Nature = Nature.PUBLIER


@dataclass(frozen=True, slots=True)
class Retour:
    """What the platform answered last, after the decision numbered `decision`.

    `identifiant` is the platform's own id, kept when a later answer brings none. A `statut` of
    None means that the platform undid what it had published. `reconnue` is what the table of
    refusals knew of the error (`erreurs_reconnues`).
    """

    decision: int
    statut: Statut | None
    campagne: str
    recu_le: datetime
    identifiant: str | None = None
    erreur: str | None = None
    publiee_le: datetime | None = None
    reclasse_le: datetime | None = None  # when a table that grew gave its error another status
    reconnue: dict[str, str] | None = None


def statut_affiche(
    eligibilite: Eligibilite,
    decision: Decision | None,
    retour: Retour | None,
    contexte: Contexte,
) -> tuple[Statut, Explication]:
    """Return the status shown and the codes that explain it (domain.md §3.4 d, §3.7).

    What the platform or an instructor said last is shown as long as the rules admit the offer; it
    reappears as it was when they admit it again. `non publié` outlives everything; on Parcoursup
    `fermé` and a publication that has an identifier outlive the loss of eligibility.
    """
    selon_regles = _par_les_regles(eligibilite)
    if eligibilite.statut is Statut.NON_PUBLIE or (decision is None and retour is None):
        return eligibilite.statut, selon_regles
    dit = _dernier_mot(eligibilite, decision, retour, contexte)
    if dit is not None and se_montre(dit, eligibilite.statut, contexte.plateforme):
        return dit, (_CODES[dit],)
    if dit is not None:
        return eligibilite.statut, (*selon_regles, DECISION_CONSERVEE)
    if eligibilite.statut is Statut.A_PUBLIER and retour is not None and retour.identifiant:
        return Statut.PRET, (RENOUVELLEMENT, *selon_regles)
    return eligibilite.statut, selon_regles


def _par_les_regles(eligibilite: Eligibilite) -> Explication:
    if eligibilite.obstacles:
        return eligibilite.obstacles
    return (f"regle:{eligibilite.regle}",)


def se_montre(dit: Statut, selon_regles: Statut, plateforme: Plateforme) -> bool:
    """Tell whether what a person or the platform said is shown, the rules saying `selon_regles`."""
    if dit is Statut.NON_PUBLIE:
        return True
    if plateforme is Plateforme.PARCOURSUP and dit in (Statut.PUBLIE, Statut.FERME):
        return True
    return selon_regles not in (Statut.NON_PUBLIABLE, Statut.A_DEFINIR)


def _dernier_mot(
    eligibilite: Eligibilite,
    decision: Decision | None,
    retour: Retour | None,
    contexte: Contexte,
) -> Statut | None:
    """Return what the later of the two facts still says in this campaign."""
    if retour is not None and (decision is None or retour.decision >= decision.numero):
        statut = retour.statut
        if statut is Statut.PUBLIE and not retour.identifiant:
            statut = None
        campagne = retour.campagne
    elif decision is not None:
        statut, campagne = decision.statut, decision.campagne
    else:
        return None
    if statut is None or campagne == contexte.campagne.id or statut in _CONSERVES:
        return statut
    return _d_une_campagne_passee(statut, eligibilite, contexte.plateforme)


def _d_une_campagne_passee(
    statut: Statut, eligibilite: Eligibilite, plateforme: Plateforme
) -> Statut | None:
    if plateforme is Plateforme.AFFELNET:
        return Statut.PRET if statut is Statut.PRET else None
    # A publication is renewed by itself when the offer starts in the new session.
    return Statut.PRET if statut is Statut.PUBLIE and eligibilite.session else None


def lire_decision(document: dict[str, Any] | None) -> Decision | None:
    """Read a stored decision."""
    if document is None:
        return None
    lire = document.get
    statut = lire("statut")
    return Decision(
        numero=document["numero"],
        statut=Statut(statut) if statut else None,
        campagne=document["campagne"],
        auteur=document["auteur"],
        prise_le=document["prise_le"],
        motif=lire("motif"),
        precision=lire("precision"),
        nature=_nature(lire("nature"), statut),
    )


def _nature(dite: str | None, statut: str | None) -> Nature:
    # Decisions taken before natures were kept are an instructor's.
    if dite is None:
        return Nature.REFUSER if statut in _CONSERVES else Nature.PUBLIER
    return Nature(dite)


def lire_retour(document: dict[str, Any] | None) -> Retour | None:
    """Read a stored answer of a platform."""
    if document is None:
        return None
    statut = document.get("statut")
    return Retour(**{**document, "statut": Statut(statut) if statut else None})
