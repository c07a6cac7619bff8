"""The whole effect of a person's command on an offer: status, then what it empties and fills.

The table of domain.md §3.5; names are those of the fields without the platform's prefix.
"""

from dataclasses import dataclass
from typing import Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.decisions import DecisionRefusee, publier, refuser
from services.export.domain.liens_affelnet import CHAMPS
from services.export.domain.motifs import Motif

LONGUEUR_COMMENTAIRE_MAX: Final = 1_000
FORCABLES: Final = frozenset({Statut.ECHEC, Statut.FERME, Statut.PRET})
REINITIALISABLES: Final = frozenset({Statut.ECHEC, Statut.PUBLIE, Statut.REJET})

_EFFACES_A_LA_DEMANDE: Final[dict[Plateforme, tuple[str, ...]]] = {
    Plateforme.PARCOURSUP: ("raison_depublication", "error", "rejection"),
    Plateforme.AFFELNET: ("raison_depublication",),
}


@dataclass(frozen=True, slots=True)
class Effet:
    """What a command does; `seuls` names the only fields changed, None when it is not so bound."""

    statut: Statut
    efface: tuple[str, ...] = ()
    pose: tuple[str, ...] = ()
    seuls: tuple[str, ...] | None = None


def demander_publication(plateforme: Plateforme, statut: Statut, uai: str | None) -> Effet:
    """Return the effect of a request to publish; on Affelnet `publié` takes texts alone.

    Raises:
        DecisionRefusee: see `publier`.
    """
    vers = publier(plateforme, statut, uai)
    if vers is Statut.PUBLIE:
        return Effet(vers, seuls=CHAMPS)
    return Effet(vers, efface=_EFFACES_A_LA_DEMANDE[plateforme])


def refuser_publication(
    plateforme: Plateforme, statut: Statut, motif: Motif, precision: str | None
) -> Effet:
    """Return the effect of a refusal with its motif.

    Raises:
        DecisionRefusee: see `refuser`.
    """
    vers = refuser(plateforme, statut, motif, precision)
    return Effet(vers, efface=("published_date",), pose=("raison_depublication",))


def forcer_envoi(statut: Statut) -> Effet:
    """Return the effect of sending at once to Parcoursup: the status is then its answer's.

    Raises:
        DecisionRefusee: the offer is neither `échec d'envoi`, `fermé` nor `prêt`.
    """
    exiger_statut("forcer l'envoi", statut, FORCABLES)
    return Effet(Statut.PRET)


def reinitialiser(statut: Statut, statut_initial: Statut, commentaire: str) -> Effet:
    """Return the effect of a reinitialisation on Parcoursup, back to what the rules say.

    Raises:
        DecisionRefusee: from another status, or without a comment of at most 1,000 characters.
    """
    exiger_statut("réinitialiser", statut, REINITIALISABLES)
    if not commentaire.strip() or len(commentaire) > LONGUEUR_COMMENTAIRE_MAX:
        raise DecisionRefusee(
            "commentaire_attendu",
            f"Un commentaire d'au plus {LONGUEUR_COMMENTAIRE_MAX} caractères est attendu.",
            "Dites pourquoi l'offre est réinitialisée.",
        )
    return Effet(statut_initial, efface=("id",), pose=("statut_reinitialisation",))


def exiger_statut(quoi: str, statut: Statut, depuis: frozenset[Statut]) -> None:
    """Return if something can be done from a status.

    Raises:
        DecisionRefusee: it cannot; lists the statuses from which it can.
    """
    if statut in depuis:
        return
    admis = ", ".join(f"« {un} »" for un in Statut if un in depuis)
    raise DecisionRefusee(
        "transition_impossible",
        f"On ne peut pas {quoi} depuis le statut « {statut} ».",
        f"Statuts depuis lesquels c'est possible : {admis}.",
    )
