"""The displayed statuses of both assignment platforms, letter for letter (domain.md §3.1)."""

from enum import StrEnum


class Plateforme(StrEnum):
    """One of the State's assignment systems."""

    PARCOURSUP = "parcoursup"
    AFFELNET = "affelnet"


class Statut(StrEnum):
    """A displayed status; which platform uses which is told by `STATUTS`."""

    NON_PUBLIABLE = "non publiable en l'état"
    A_PUBLIER = "à publier"
    PRET = "prêt pour intégration"
    PUBLIE = "publié"
    NON_PUBLIE = "non publié"
    EN_ATTENTE = "en attente de mise à jour"
    A_PUBLIER_POSTBAC = "à publier (vérifier accès direct postbac)"
    A_PUBLIER_RECTEUR = "à publier (soumis à validation Recteur)"
    A_PUBLIER_HABILITATION = "à publier (sous condition habilitation)"
    REJET = "rejet de publication"
    ECHEC = "échec d'envoi"
    FERME = "fermé"
    A_DEFINIR = "à définir"
    A_PUBLIER_VALIDATION = "à publier (soumis à validation)"


_COMMUNS = (
    Statut.NON_PUBLIABLE,
    Statut.A_PUBLIER,
    Statut.PRET,
    Statut.PUBLIE,
    Statut.NON_PUBLIE,
    Statut.EN_ATTENTE,
)

STATUTS: dict[Plateforme, tuple[Statut, ...]] = {
    Plateforme.PARCOURSUP: (
        *_COMMUNS,
        Statut.A_PUBLIER_POSTBAC,
        Statut.A_PUBLIER_RECTEUR,
        Statut.A_PUBLIER_HABILITATION,
        Statut.REJET,
        Statut.ECHEC,
        Statut.FERME,
    ),
    Plateforme.AFFELNET: (*_COMMUNS, Statut.A_DEFINIR, Statut.A_PUBLIER_VALIDATION),
}
