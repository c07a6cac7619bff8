"""Every command of a person on an offer: whether it is possible, and what it then does.

One judgement serves the command itself and the list of what is possible now, so that a page shows
exactly what the server will accept (domain.md §3.5).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from contracts.droits import Droit, peut
from contracts.statuts import Plateforme, Statut
from services.export.domain.acces import Acteur, exiger_academie, exiger_droit
from services.export.domain.decisions import REFUSABLES, DecisionRefusee, transition_absente
from services.export.domain.liens_affelnet import controler
from services.export.domain.motifs import Motif, trouver
from services.export.domain.transitions import (
    REINITIALISABLES,
    demander_publication,
    exiger_statut,
    forcer_envoi,
    refuser_publication,
    reinitialiser,
)


class Commande(StrEnum):
    """What a person may ask of an offer."""

    PUBLIER = "publier"
    REFUSER = "refuser"
    ECRIRE_TEXTES = "ecrire_textes"
    FORCER = "forcer"
    REINITIALISER = "reinitialiser"
    PRENDRE_REJET = "prendre_rejet"
    RENDRE_REJET = "rendre_rejet"


COMMANDES: Final[dict[Plateforme, tuple[Commande, ...]]] = {
    Plateforme.PARCOURSUP: (
        Commande.PUBLIER,
        Commande.REFUSER,
        Commande.FORCER,
        Commande.REINITIALISER,
        Commande.PRENDRE_REJET,
        Commande.RENDRE_REJET,
    ),
    Plateforme.AFFELNET: (Commande.PUBLIER, Commande.REFUSER, Commande.ECRIRE_TEXTES),
}
_REJET: Final = (Droit.INSTRUIRE, Droit.PRENDRE_TOUT_REJET)
DROITS: Final[dict[Commande, tuple[Droit, ...]]] = {
    Commande.PUBLIER: (Droit.INSTRUIRE,),
    Commande.REFUSER: (Droit.INSTRUIRE,),
    Commande.ECRIRE_TEXTES: (Droit.INSTRUIRE,),
    Commande.FORCER: (Droit.FORCER_ENVOI,),
    Commande.REINITIALISER: (Droit.REINITIALISER,),
    Commande.PRENDRE_REJET: _REJET,
    Commande.RENDRE_REJET: _REJET,
}
_AVEC_TEXTES: Final = frozenset({Commande.PUBLIER, Commande.ECRIRE_TEXTES})
# Where texts may be written alone: they change no status there, elsewhere they go with the request.
TEXTES_SEULS: Final = frozenset({Statut.PRET, Statut.PUBLIE})


@dataclass(frozen=True, slots=True)
class Situation:
    """What a judgement reads of an offer on one platform; `tenu_par` handles its rejection."""

    plateforme: Plateforme
    statut: Statut
    selon_regles: Statut
    uai_formation: str | None
    academie: str | None
    tenu_par: str | None = None


@dataclass(frozen=True, slots=True)
class Saisie:
    """What a person gives with a command; `textes` by the names of `liens_affelnet.CHAMPS`."""

    motif: str | None = None
    precision: str | None = None
    commentaire: str | None = None
    textes: Mapping[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a possible command gives: the status then shown, and the motif when it has one."""

    statut: Statut
    motif: Motif | None = None


def juger(
    commande: Commande, situation: Situation, acteur: Acteur, saisie: Saisie | None
) -> Verdict:
    """Say what a command gives; without `saisie`, as if what it asks for were well given.

    Raises:
        AccesRefuse: another académie's offer, or a right that the role does not hold.
        DecisionRefusee: not from this status, or what it asks for is missing or wrong.
    """
    autoriser(commande, situation, acteur)
    verdict = _JUGEMENTS[commande](situation, acteur, saisie)
    if saisie is not None and saisie.textes is not None:
        _exiger_des_textes(commande, situation.plateforme)
        controler(saisie.textes)
    return verdict


def autoriser(commande: Commande, situation: Situation, acteur: Acteur) -> None:
    """Return if the person may give this command, whatever the state of the offer.

    Raises:
        AccesRefuse: as `juger`.
        DecisionRefusee: the platform has no such command.
    """
    _exiger_plateforme(commande, situation.plateforme)
    exiger_droit(acteur.role, DROITS[commande], situation.plateforme)
    exiger_academie(acteur, situation.academie)


def _exiger_plateforme(commande: Commande, plateforme: Plateforme) -> None:
    if commande in COMMANDES[plateforme]:
        return
    raise DecisionRefusee(
        "commande_d_une_autre_plateforme",
        f"La commande « {commande} » n'existe pas pour {plateforme.capitalize()}.",
        f"Commandes de cette plateforme : {', '.join(COMMANDES[plateforme])}.",
    )


def _exiger_des_textes(commande: Commande, plateforme: Plateforme) -> None:
    if plateforme is Plateforme.AFFELNET and commande in _AVEC_TEXTES:
        return
    raise DecisionRefusee(
        "textes_sans_objet",
        f"Sur {plateforme.capitalize()}, la commande « {commande} » ne prend ni texte ni adresse.",
        "Retirez-les de la demande.",
    )


def _publier(situation: Situation, acteur: Acteur, saisie: Saisie | None) -> Verdict:
    del acteur, saisie
    vers = demander_publication(situation.plateforme, situation.statut, situation.uai_formation)
    return Verdict(vers.statut)


def _refuser(situation: Situation, acteur: Acteur, saisie: Saisie | None) -> Verdict:
    del acteur
    plateforme, statut = situation.plateforme, situation.statut
    if statut not in REFUSABLES[plateforme]:
        raise transition_absente("refus", statut, REFUSABLES[plateforme])
    if saisie is None:
        return Verdict(Statut.NON_PUBLIE)
    motif = trouver(saisie.motif or "")
    if motif is None:
        raise DecisionRefusee(
            "motif_inconnu",
            "Un refus demande un motif de la liste.",
            "Choisissez un motif de GET /v1/motifs.",
        )
    return Verdict(
        refuser_publication(plateforme, statut, motif, saisie.precision).statut, motif=motif
    )


def _ecrire_textes(situation: Situation, acteur: Acteur, saisie: Saisie | None) -> Verdict:
    del acteur, saisie
    exiger_statut("écrire les seuls textes", situation.statut, TEXTES_SEULS)
    return Verdict(situation.statut)


def _forcer(situation: Situation, acteur: Acteur, saisie: Saisie | None) -> Verdict:
    del acteur, saisie
    return Verdict(forcer_envoi(situation.statut).statut)


def _reinitialiser(situation: Situation, acteur: Acteur, saisie: Saisie | None) -> Verdict:
    del acteur
    if saisie is None:
        exiger_statut("réinitialiser", situation.statut, REINITIALISABLES)
        return Verdict(situation.selon_regles)
    effet = reinitialiser(situation.statut, situation.selon_regles, saisie.commentaire or "")
    return Verdict(effet.statut)


def _prendre_rejet(situation: Situation, acteur: Acteur, saisie: Saisie | None) -> Verdict:
    del saisie
    _exiger_un_rejet(situation)
    if situation.tenu_par in (None, acteur.titulaire) or _prend_tout(acteur):
        return Verdict(situation.statut)
    raise DecisionRefusee(
        "rejet_deja_pris",
        f"Ce rejet est déjà pris en charge par « {situation.tenu_par} ».",
        "Demandez-lui de le rendre ; l'administrateur et la Moss peuvent le reprendre.",
    )


def _rendre_rejet(situation: Situation, acteur: Acteur, saisie: Saisie | None) -> Verdict:
    del saisie
    _exiger_un_rejet(situation)
    if situation.tenu_par is None:
        raise DecisionRefusee(
            "rejet_libre", "Personne n'a pris ce rejet en charge.", "Il n'y a rien à rendre."
        )
    if situation.tenu_par == acteur.titulaire or _prend_tout(acteur):
        return Verdict(situation.statut)
    raise DecisionRefusee(
        "rejet_d_un_autre",
        f"Ce rejet est pris en charge par « {situation.tenu_par} ».",
        "Seuls cette personne, l'administrateur et la Moss peuvent le rendre.",
    )


def _exiger_un_rejet(situation: Situation) -> None:
    exiger_statut("prendre ou rendre un rejet", situation.statut, frozenset({Statut.REJET}))


def _prend_tout(acteur: Acteur) -> bool:
    return peut(acteur.role, Droit.PRENDRE_TOUT_REJET, Plateforme.PARCOURSUP)


_JUGEMENTS: Final[dict[Commande, Callable[[Situation, Acteur, Saisie | None], Verdict]]] = {
    Commande.PUBLIER: _publier,
    Commande.REFUSER: _refuser,
    Commande.ECRIRE_TEXTES: _ecrire_textes,
    Commande.FORCER: _forcer,
    Commande.REINITIALISER: _reinitialiser,
    Commande.PRENDRE_REJET: _prendre_rejet,
    Commande.RENDRE_REJET: _rendre_rejet,
}


def situer(document: Mapping[str, Any], plateforme: Plateforme) -> Situation:
    """Return what a judgement reads of a stored offer, as it was judged last."""
    nom = plateforme.value
    montre = document["publication"]["plateformes"][nom]
    return Situation(
        plateforme,
        Statut(montre["statut"]),
        Statut(document["eligibilites"][nom]["statut"]),
        document["projection"].get("uai_formation"),
        document["projection"].get("num_academie"),
        tenant(document) if plateforme is Plateforme.PARCOURSUP else None,
    )


def tenant(document: Mapping[str, Any]) -> str | None:
    """Return who handles the present rejection; one taken before the last answer was another."""
    nom = Plateforme.PARCOURSUP.value
    prise = (document.get("rejets") or {}).get(nom)
    retour = (document.get("retours") or {}).get(nom)
    if prise is None or prise["pris_par"] is None or retour is None:
        return None
    pris_par: str = prise["pris_par"]
    return pris_par if prise["pris_le"] >= retour["recu_le"] else None
