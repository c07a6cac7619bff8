"""A person's commands on offers: judged, written and told in one transaction (domain.md §3.5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from contracts.statuts import Plateforme, Statut
from services.export.domain.acces import AccesRefuse, Acteur
from services.export.domain.commandes import (
    Commande,
    Saisie,
    Situation,
    Verdict,
    autoriser,
    juger,
    situer,
    tenant,
)
from services.export.domain.decisions import DecisionRefusee
from services.export.domain.faits import (
    DECISIONS,
    Acte,
    ecrire_textes,
    prendre_decision,
    tenir_rejet,
    textes_saisis,
    textes_tenus,
    version,
)
from services.export.domain.motifs import trouver
from services.export.domain.projections import Juge, rejuger
from services.export.ports import Base, Document, Juges, Transaction
from services.export.usecases.faits import ecrire_faits
from services.kernel.clock import Clock, now_as_stored
from services.kernel.halves import in_halves
from services.kernel.ids import Ids
from services.kernel.problem import Conflict, Forbidden, NotFound, PreconditionFailed, Problem


@dataclass(frozen=True, slots=True)
class Demande:
    """What is asked; `version` is the one that the asker saw, None to decide on any."""

    formation: str
    plateforme: Plateforme
    commande: Commande
    saisie: Saisie = field(default_factory=Saisie)
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Prise:
    """A command that was obeyed: the offer as it is after all, and whether this changed it."""

    document: Document
    changee: bool


class VersionDepassee(PreconditionFailed):
    """The offer changed since the asker saw it; carries the present version and decision."""

    default_title = "L'offre a changé"


@dataclass(frozen=True, slots=True)
class Moyens:
    """What commands are carried out with."""

    base: Base
    juges: Juges
    horloge: Clock
    ids: Ids


async def decider(demande: Demande, acteur: Acteur, moyens: Moyens) -> Prise:
    """Carry out one command; asked again by the same person, it changes nothing.

    Raises:
        NotFound, Forbidden: no such offer; another académie's, or a right that is not held.
        VersionDepassee: the version seen is not the present one.
        Conflict: not possible now, with the reason and what is needed.
    """
    (issue,) = await decider_ensemble([demande], acteur, moyens)
    if isinstance(issue, Problem):
        raise issue
    return issue


async def decider_ensemble(
    demandes: Sequence[Demande], acteur: Acteur, moyens: Moyens
) -> list[Prise | Problem]:
    """Carry out commands, those that are refused apart; answer in order.

    They are one transaction, or halves of it while others write the same offers. The commands on
    one offer stay together: they come from one reading of it.
    """
    par_offre: dict[str, list[int]] = {}
    for rang, demande in enumerate(demandes):
        par_offre.setdefault(demande.formation, []).append(rang)
    juge = await moyens.juges.courant()
    issues: dict[int, Prise | Problem] = {}

    async def ensemble(offres: Sequence[list[int]]) -> None:
        rangs = [rang for siens in offres for rang in siens]
        voulues = [demandes[rang] for rang in rangs]

        async def travail(transaction: Transaction) -> list[Prise | Problem]:
            return await decider_dans(transaction, voulues, acteur, moyens, juge)

        issues.update(zip(rangs, await moyens.base.transaction(travail), strict=True))

    for _, erreur in await in_halves(list(par_offre.values()), ensemble):
        raise erreur
    return [issues[rang] for rang in range(len(demandes))]


async def decider_dans(
    transaction: Transaction,
    demandes: Sequence[Demande],
    acteur: Acteur,
    moyens: Moyens,
    juge: Juge,
) -> list[Prise | Problem]:
    """Carry out commands within a transaction of the caller."""
    tenues = await transaction.formations(list({un.formation for un in demandes}))
    seance = _Seance(acteur, juge, now_as_stored(moyens.horloge), moyens.ids, tenues)
    issues = seance.repondre(demandes)
    for acte in seance.actes:
        await transaction.noter_acte(acte)
    if seance.changees:
        await ecrire_faits(
            transaction,
            list(seance.changees.values()),
            juge,
            seance.instant,
            moyens.horloge,
            journal=seance.journal,
        )
    return seance.rendre(demandes, issues)


def essayer(
    demandes: Sequence[Demande],
    tenues: dict[str, Document],
    acteur: Acteur,
    moyens: Moyens,
    juge: Juge,
) -> list[Prise | Problem]:
    """Answer as `decider_dans` would from the offers given, which stay as they are."""
    seance = _Seance(acteur, juge, now_as_stored(moyens.horloge), moyens.ids, tenues)
    issues = seance.repondre(demandes)
    for document in seance.changees.values():
        rejuger(document, juge, seance.instant, origine=None)
    return seance.rendre(demandes, issues)


class _Seance:
    """The commands of one transaction, judged one after the other on what is held."""

    def __init__(
        self, acteur: Acteur, juge: Juge, instant: datetime, ids: Ids, tenues: dict[str, Document]
    ) -> None:
        self._acteur = acteur
        self._juge = juge
        self._ids = ids
        self._tenues = tenues
        self.instant = instant
        self.changees: dict[str, Document] = {}
        self.journal: list[Document] = []
        self.actes: list[Document] = []

    def repondre(self, demandes: Sequence[Demande]) -> list[bool | Problem]:
        """Carry out commands; tell whether each changed anything, or why it is refused."""
        return [self._repondre(demande) for demande in demandes]

    def rendre(
        self, demandes: Sequence[Demande], issues: Sequence[bool | Problem]
    ) -> list[Prise | Problem]:
        """Return what came of each command, with the offers as they are after all of them."""
        documents = self._tenues | self.changees
        return [
            issue
            if isinstance(issue, Problem)
            else Prise(documents[demande.formation], changee=issue)
            for demande, issue in zip(demandes, issues, strict=True)
        ]

    def _repondre(self, demande: Demande) -> bool | Problem:
        try:
            return self._faire(demande)
        except Problem as probleme:
            return probleme

    def _faire(self, demande: Demande) -> bool:
        tenue = self._tenues.get(demande.formation)
        if tenue is None:
            raise NotFound(f"Aucune formation « {demande.formation} ».", code="formation_inconnue")
        document = {**self.changees.get(demande.formation, tenue)}
        # Judged now: what is stored may predate a change of rules that the sweep has not reached.
        rejuger(document, self._juge, self.instant, origine=None)
        situation = situer(document, demande.plateforme)
        acte = Acte(
            demande.plateforme,
            self._acteur.titulaire,
            self.instant,
            self._juge.contextes[demande.plateforme].campagne.id,
        )
        try:
            autoriser(demande.commande, situation, self._acteur)
            if _deja_faite(document, demande, acte, situation.statut):
                return False
            self._verifier_version(demande, document, tenue)
            verdict = juger(demande.commande, situation, self._acteur, demande.saisie)
        except DecisionRefusee as refus:
            raise _probleme(refus, situation) from refus
        changee = self._appliquer(document, demande, verdict, acte)
        document["publication"] = tenue["publication"]
        if changee:
            self.changees[demande.formation] = document
        return changee

    def _verifier_version(self, demande: Demande, document: Document, tenue: Document) -> None:
        if demande.version is None:
            return
        nom = demande.plateforme.value
        decision = (document.get("decisions") or {}).get(nom)
        # A list may decide of one offer on both platforms from one reading, of each once.
        reprise = decision != (tenue.get("decisions") or {}).get(nom)
        if demande.version == version(tenue) and not reprise:
            return
        raise VersionDepassee(
            "Cette offre a changé depuis que vous l'avez lue ; relisez-la avant de décider.",
            extra={
                "version": version({**document, "publication": tenue["publication"]}),
                "decision": decision,
                "statut": document["publication"]["plateformes"][nom]["statut"],
            },
        )

    def _appliquer(
        self, document: Document, demande: Demande, verdict: Verdict, acte: Acte
    ) -> bool:
        """Write what the command changes; tell whether anything does."""
        note: Document | None = None
        decision = demande.commande in DECISIONS
        if demande.commande is Commande.ECRIRE_TEXTES or demande.saisie.textes is not None:
            note = ecrire_textes(document, demande.saisie, acte)
        elif not decision:
            note = tenir_rejet(document, demande.commande, acte)
        if note is not None:
            self.actes.append({"_id": self._ids.new(), **note})
        if not decision or _textes_seuls(demande, verdict.statut):
            return note is not None
        entree = prendre_decision(document, demande.commande, verdict, demande.saisie, acte)
        self.journal.append({"_id": self._ids.new(), **entree})
        return True


def _textes_seuls(demande: Demande, statut: Statut) -> bool:
    """Tell whether a request to publish only writes texts: the offer is `publié` on Affelnet."""
    affelnet = demande.plateforme is Plateforme.AFFELNET
    return affelnet and demande.commande is Commande.PUBLIER and statut is Statut.PUBLIE


def _deja_faite(document: Document, demande: Demande, acte: Acte, statut: Statut) -> bool:
    """Tell whether this person asked for it already and it is still what was said last."""
    saisie = demande.saisie
    publies = saisie.textes is not None and _textes_seuls(demande, statut)
    if publies or demande.commande is Commande.ECRIRE_TEXTES:
        return textes_tenus(document) == textes_saisis(saisie)
    if demande.commande is Commande.PRENDRE_REJET:
        return tenant(document) == acte.auteur
    if demande.commande is Commande.RENDRE_REJET:
        tenu = (document.get("rejets") or {}).get(demande.plateforme.value) or {}
        return tenant(document) is None and tenu.get("rendu_par") == acte.auteur
    nom = demande.plateforme.value
    decision = (document.get("decisions") or {}).get(nom)
    retour = (document.get("retours") or {}).get(nom)
    if decision is None or (retour is not None and retour["decision"] >= decision["numero"]):
        return False
    motif = trouver(saisie.motif or "") if demande.commande is Commande.REFUSER else None
    meme = (demande.commande.value, acte.auteur, acte.campagne)
    return (
        (decision.get("nature"), decision["auteur"], decision["campagne"]) == meme
        and decision["motif"] == (motif.libelle if motif else None)
        and (demande.commande is not Commande.REFUSER or decision["precision"] == saisie.precision)
        and (saisie.textes is None or textes_tenus(document) == textes_saisis(saisie))
    )


def _probleme(refus: DecisionRefusee, situation: Situation) -> Problem:
    if isinstance(refus, AccesRefuse):
        return Forbidden(refus.raison, code=refus.code, extra={"que_faire": refus.que_faire})
    return Conflict(
        refus.raison,
        code=refus.code,
        title="Décision impossible",
        extra={"que_faire": refus.que_faire, "statut": situation.statut.value},
    )
