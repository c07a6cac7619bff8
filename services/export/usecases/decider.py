"""An instructor's commands: publish or refuse an offer on a platform (domain.md §3.5)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from contracts.statuts import Plateforme, Statut
from services.export.domain.decisions import DecisionRefusee, publier, refuser
from services.export.domain.motifs import Motif, trouver
from services.export.domain.projections import Juge, rejuger
from services.export.domain.statut import Decision, Nature
from services.export.ports import Base, Document, Juges, Transaction
from services.export.usecases.faits import ecrire_faits
from services.kernel.clock import Clock, now_as_stored
from services.kernel.ids import Ids
from services.kernel.problem import Conflict, Forbidden, NotFound, PreconditionFailed


@dataclass(frozen=True, slots=True)
class Demande:
    """What is asked; `version` is the one that the asker saw, None to decide on any."""

    formation: str
    plateforme: Plateforme
    action: Literal["publier", "refuser"]
    motif: str | None = None
    precision: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Acteur:
    """Who asks: a stable holder, and whether an académie is theirs."""

    titulaire: str
    couvre: Callable[[str | None], bool]


class VersionDepassee(PreconditionFailed):
    """The offer changed since the asker saw it; carries the present version and decision."""

    default_title = "L'offre a changé"


def version(document: Document) -> str:
    """Return the version of an offer's facts, for `If-Match`."""
    numeros = "-".join(
        str(((document.get("decisions") or {}).get(plateforme.value) or {}).get("numero", 0))
        for plateforme in Plateforme
    )
    return f"{document['publication']['sequence']}-{numeros}"


async def decider(
    demande: Demande, acteur: Acteur, base: Base, juges: Juges, horloge: Clock, ids: Ids
) -> tuple[Document, bool]:
    """Take a decision; return the offer as it then is, and whether anything changed.

    The decision, its entry in the history, the displayed status and the publication event are one
    transaction. The same decision asked again changes nothing.

    Raises:
        NotFound, Forbidden: no such offer, or it is another académie's.
        VersionDepassee: the version seen is not the present one.
        Conflict: not possible from the displayed status, with the reason and what is needed.
    """
    juge = await juges.courant()
    identifiant = ids.new()

    async def travail(transaction: Transaction) -> tuple[Document, bool]:
        tenues = await transaction.formations([demande.formation])
        document = _accessible(demande, acteur, tenues)
        instant = now_as_stored(horloge)
        motif = _motif(demande)
        if _deja_prise(document, demande, motif):
            return document, False
        # Judged now: what is stored may predate a change of rules that the sweep has not reached.
        rejuger(document, juge, instant, origine=None)
        _verifier_version(document, demande, tenues[demande.formation])
        affiche = Statut(_montre(document, demande.plateforme)["statut"])
        statut = _permise(demande, affiche, motif, document["projection"].get("uai_formation"))
        if demande.action == "publier" and statut is Statut.PUBLIE:
            return tenues[demande.formation], False
        decision = _noter(document, demande, acteur, statut, motif, juge, instant)
        entree = {
            "_id": identifiant,
            "formation": demande.formation,
            "plateforme": demande.plateforme.value,
            "depuis": affiche.value,
            "tag": motif.tag if motif else None,
            **decision,
        }
        document["publication"] = tenues[demande.formation]["publication"]
        await ecrire_faits(transaction, [document], juge, instant, horloge, journal=[entree])
        return document, True

    return await base.transaction(travail)


def _accessible(demande: Demande, acteur: Acteur, tenues: dict[str, Document]) -> Document:
    tenue = tenues.get(demande.formation)
    if tenue is None:
        raise NotFound(f"Aucune formation « {demande.formation} ».", code="formation_inconnue")
    academie = tenue["projection"].get("num_academie")
    if not acteur.couvre(academie):
        raise Forbidden(
            f"Cette offre est de l'académie {academie or 'inconnue'}, qui n'est pas la vôtre.",
            code="autre_academie",
        )
    return {**tenue}


def _motif(demande: Demande) -> Motif | None:
    if demande.action == "publier":
        return None
    motif = trouver(demande.motif or "")
    if motif is None:
        raise Conflict(
            "Un refus demande un motif de la liste.",
            code="motif_inconnu",
            extra={"que_faire": "Choisissez un motif de GET /v1/motifs."},
        )
    return motif


def _deja_prise(document: Document, demande: Demande, motif: Motif | None) -> bool:
    """Tell whether the decision in force is this one and still what is said last."""
    nom = demande.plateforme.value
    decision = (document.get("decisions") or {}).get(nom)
    retour = (document.get("retours") or {}).get(nom)
    if decision is None or (retour is not None and retour["decision"] >= decision["numero"]):
        return False
    voulu = motif.statut if motif else Statut.PRET
    return bool(
        decision["statut"] == voulu.value
        and decision["motif"] == (motif.libelle if motif else None)
        and decision["precision"] == demande.precision
    )


def _verifier_version(document: Document, demande: Demande, tenue: Document) -> None:
    if demande.version is None or demande.version == version(tenue):
        return
    raise VersionDepassee(
        "Cette offre a changé depuis que vous l'avez lue ; relisez-la avant de décider.",
        extra={
            "version": version(tenue),
            "decision": (document.get("decisions") or {}).get(demande.plateforme.value),
            "statut": _montre(tenue, demande.plateforme)["statut"],
        },
    )


def _permise(
    demande: Demande, affiche: Statut, motif: Motif | None, uai_formation: str | None
) -> Statut:
    try:
        if motif is None:
            return publier(demande.plateforme, affiche, uai_formation)
        return refuser(demande.plateforme, affiche, motif, demande.precision)
    except DecisionRefusee as refus:
        raise Conflict(
            refus.raison,
            code=refus.code,
            title="Décision impossible",
            extra={"que_faire": refus.que_faire, "statut": affiche.value},
        ) from refus


def _noter(
    document: Document,
    demande: Demande,
    acteur: Acteur,
    statut: Statut,
    motif: Motif | None,
    juge: Juge,
    instant: datetime,
) -> Document:
    nom = demande.plateforme.value
    decisions = document.get("decisions") or {}
    decision = asdict(
        Decision(
            numero=(decisions.get(nom) or {}).get("numero", 0) + 1,
            statut=statut,
            campagne=juge.contextes[demande.plateforme].campagne.id,
            auteur=acteur.titulaire,
            prise_le=instant,
            motif=motif.libelle if motif else None,
            precision=demande.precision,
            nature=Nature(demande.action),
        )
    )
    decision["statut"] = statut.value
    decision["nature"] = demande.action
    document["decisions"] = {**decisions, nom: decision}
    return decision


def _montre(document: Document, plateforme: Plateforme) -> Document:
    montre: Document = document["publication"]["plateformes"][plateforme.value]
    return montre
