"""One decision on a selection of offers: a dry run, then the same applied, offer by offer told."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from contracts.statuts import Plateforme
from services.export.domain.acces import Acteur
from services.export.domain.commandes import Commande, Saisie
from services.export.domain.faits import version
from services.export.domain.lots import Essai
from services.export.domain.projections import Juge
from services.export.ports import Document, Lots, Transaction
from services.export.usecases.decider import Demande, Moyens, Prise, decider_dans, essayer
from services.kernel.batches import slices
from services.kernel.clock import now_as_stored
from services.kernel.halves import in_halves
from services.kernel.problem import Conflict, NotFound, Problem

_DITS: Final = ("code", "status", "detail", "que_faire", "decision")


async def essayer_lot(
    demande: Document, offres: Sequence[Document], acteur: Acteur, moyens: Moyens, lots: Lots
) -> Document:
    """Say what `demande` would give on these offers, and keep it to be applied by its token."""
    selection = tuple((offre["_id"], version(offre)) for offre in offres)
    essai = Essai(acteur.titulaire, demande, selection)
    juge = await moyens.juges.courant()
    tenues = {offre["_id"]: offre for offre in offres}
    demandes = _demandes(demande, selection)
    issues = essayer(demandes, tenues, acteur, moyens, juge)
    await lots.garder(essai.document(now_as_stored(moyens.horloge)))
    return {"jeton": essai.jeton, "resultats": _resultats(demandes, issues)}


async def appliquer_lot(
    jeton: str, demande: Document, acteur: Acteur, moyens: Moyens, lots: Lots, *, taille: int
) -> Document:
    """Apply a trial in transactions of `taille` offers, of fewer while others write the same ones.

    Applied again, it goes on where it had stopped.

    An offer changed since the trial is left as it is and told of (412).

    Raises:
        NotFound: no such trial of this person, or too old.
        Conflict: the demand is not the one that was tried.
    """
    lot = await lots.lire(jeton)
    if lot is None or lot["titulaire"] != acteur.titulaire:
        raise NotFound("Aucun essai à ce jeton ; refaites l'essai.", code="lot_inconnu")
    if lot["demande"] != demande:
        raise Conflict(
            "Ce n'est pas la demande qui a été essayée sous ce jeton.",
            code="lot_different",
            extra={"que_faire": "Redonnez la même demande, ou essayez la nouvelle."},
        )
    demandes = list(enumerate(_demandes(demande, lot["selection"])))
    for paquet in slices(demandes[len(lot["resultats"]) :], taille):
        juge = await moyens.juges.courant()
        appliquer = partial(_appliquer, jeton, acteur, moyens, juge)
        for _, erreur in await in_halves(paquet, appliquer):
            raise erreur
    fait = await lots.lire(jeton)
    return {"jeton": jeton, "resultats": fait["resultats"] if fait else []}


async def _appliquer(
    jeton: str, acteur: Acteur, moyens: Moyens, juge: Juge, paquet: Sequence[tuple[int, Demande]]
) -> None:
    demandes = [demande for _, demande in paquet]

    async def travail(transaction: Transaction) -> None:
        lot = await transaction.lot(jeton)
        # Another application of the same token was faster.
        if lot is None or len(lot["resultats"]) != paquet[0][0]:
            return
        issues = await decider_dans(transaction, demandes, acteur, moyens, juge)
        await transaction.avancer_lot(jeton, _resultats(demandes, issues))

    await moyens.base.transaction(travail)


def _demandes(demande: Document, selection: Sequence[Sequence[str]]) -> list[Demande]:
    saisie = Saisie(demande["motif"], demande["precision"], demande["commentaire"])
    plateforme, commande = Plateforme(demande["plateforme"]), Commande(demande["action"])
    return [Demande(id_, plateforme, commande, saisie, vue) for id_, vue in selection]


def _resultats(demandes: Sequence[Demande], issues: Sequence[Prise | Problem]) -> list[Document]:
    return [_resultat(demande, issue) for demande, issue in zip(demandes, issues, strict=True)]


def _resultat(demande: Demande, issue: Prise | Problem) -> Document:
    resultat: Document = {"formation": demande.formation, "version": demande.version}
    if isinstance(issue, Problem):
        dit = issue.document()
        probleme = {nom: dit[nom] for nom in _DITS if nom in dit}
        return {**resultat, "statut": dit.get("statut"), "changee": False, "probleme": probleme}
    montre = issue.document["publication"]["plateformes"][demande.plateforme.value]
    return {**resultat, "statut": montre["statut"], "changee": issue.changee, "probleme": None}
