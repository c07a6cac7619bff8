"""What an instructor may do with an offer, judged on its displayed status (domain.md §3.5)."""

from typing import Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.motifs import Motif

LONGUEUR_UAI: Final = 8
LONGUEUR_PRECISION_MAX: Final = 1_000

_A_PUBLIER_PARCOURSUP: Final = frozenset(
    {
        Statut.A_PUBLIER,
        Statut.A_PUBLIER_POSTBAC,
        Statut.A_PUBLIER_RECTEUR,
        Statut.A_PUBLIER_HABILITATION,
    }
)
_A_PUBLIER_AFFELNET: Final = frozenset({Statut.A_PUBLIER, Statut.A_PUBLIER_VALIDATION})
_REFUSEES: Final = frozenset({Statut.NON_PUBLIE, Statut.EN_ATTENTE})

PUBLIABLES: Final[dict[Plateforme, frozenset[Statut]]] = {
    Plateforme.PARCOURSUP: _A_PUBLIER_PARCOURSUP | _REFUSEES | {Statut.REJET, Statut.FERME},
    Plateforme.AFFELNET: _A_PUBLIER_AFFELNET | _REFUSEES | {Statut.PRET, Statut.PUBLIE},
}
REFUSABLES: Final[dict[Plateforme, frozenset[Statut]]] = {
    Plateforme.PARCOURSUP: _A_PUBLIER_PARCOURSUP
    | _REFUSEES
    | {Statut.PRET, Statut.PUBLIE, Statut.REJET, Statut.FERME},
    Plateforme.AFFELNET: _A_PUBLIER_AFFELNET | _REFUSEES | {Statut.PRET, Statut.PUBLIE},
}


class DecisionRefusee(Exception):
    """The decision is not possible; says why and what would be needed."""

    def __init__(self, code: str, raison: str, que_faire: str) -> None:
        """Keep a stable code and two French sentences."""
        super().__init__(raison)
        self.code = code
        self.raison = raison
        self.que_faire = que_faire


def publier(plateforme: Plateforme, statut: Statut, uai_formation: str | None) -> Statut:
    """Return the status that a request to publish gives, from the one displayed.

    On Affelnet an offer that is `publié` stays so.

    Raises:
        DecisionRefusee: the table has no such transition, or the place has no UAI of 8 characters.
    """
    if statut not in PUBLIABLES[plateforme]:
        raise transition_absente("publication", statut, PUBLIABLES[plateforme])
    if uai_formation is None or len(uai_formation) != LONGUEUR_UAI:
        raise DecisionRefusee(
            "uai_du_lieu_absent",
            "L'UAI du lieu de formation manque ou n'a pas 8 caractères.",
            "Faites corriger l'UAI du lieu (7 chiffres et une lettre), puis demandez de nouveau.",
        )
    return Statut.PUBLIE if statut is Statut.PUBLIE else Statut.PRET


def refuser(plateforme: Plateforme, statut: Statut, motif: Motif, precision: str | None) -> Statut:
    """Return the status that a refusal gives: the one that its motif says.

    Raises:
        DecisionRefusee: the table has no such transition, the motif is not one of this platform,
            or the precision that it demands is missing or too long.
    """
    if statut not in REFUSABLES[plateforme]:
        raise transition_absente("refus", statut, REFUSABLES[plateforme])
    if plateforme not in motif.plateformes:
        raise DecisionRefusee(
            "motif_d_une_autre_plateforme",
            f"Le motif « {motif.libelle} » n'existe pas pour {plateforme.capitalize()}.",
            "Choisissez un motif de cette plateforme (GET /v1/motifs).",
        )
    if motif.obligatoire and not (precision or "").strip():
        raise DecisionRefusee(
            "precision_absente",
            f"Le motif « {motif.libelle} » demande une précision.",
            f"Ajoutez la précision : {motif.precision}.",
        )
    if len(precision or "") > LONGUEUR_PRECISION_MAX:
        raise DecisionRefusee(
            "precision_trop_longue",
            f"La précision dépasse {LONGUEUR_PRECISION_MAX} caractères.",
            "Raccourcissez-la.",
        )
    return motif.statut


def choix_affiche(statut: Statut) -> bool | None:
    """Return what the publication choice shows: yes, no, or nothing yet."""
    if statut in (Statut.PUBLIE, Statut.PRET):
        return True
    return False if statut in _REFUSEES else None


def transition_absente(quoi: str, statut: Statut, depuis: frozenset[Statut]) -> DecisionRefusee:
    """Return the refusal of a decision that the table does not know from this status."""
    admis = ", ".join(f"« {admis} »" for admis in Statut if admis in depuis)
    return DecisionRefusee(
        "transition_impossible",
        f"Une offre au statut « {statut} » ne peut pas recevoir de décision de {quoi}.",
        f"Statuts depuis lesquels elle est possible : {admis}.",
    )
