"""Enrich's findings on the certification and its MEF (domain.md §2)."""

from typing import Final

from contracts.constats.modele import Definition, a_corriger, bloquant, information

CERTIFICATION: Final[tuple[Definition, ...]] = (
    bloquant(
        "certification_inconnue",
        "La certification n'est connue ni par son CFD ni par son RNCP ({valeur}).",
        "Vérifiez les deux codes.",
    ),
    a_corriger(
        "cfd_inconnu",
        "Le CFD « {valeur} » n'existe pas dans la Base centrale des nomenclatures.",
        "Vérifiez le code du diplôme.",
    ),
    a_corriger(
        "cfd_absent",
        "Le CFD n'est pas indiqué et ne peut pas être déduit du RNCP.",
        "Donnez le code formation diplôme (CFD), s'il en existe un.",
    ),
    information("cfd_deduit", "Le CFD {proposition} a été déduit du RNCP."),
    a_corriger(
        "cfd_ferme",
        "Le diplôme {valeur} est fermé et n'a pas de successeur.",
        "Donnez le code du diplôme que vous préparez aujourd'hui.",
    ),
    information(
        "cfd_remplace",
        "Le diplôme {valeur} est remplacé par {proposition}.",
        "Déposez l'offre avec le nouveau code : {proposition}.",
    ),
    a_corriger(
        "cfd_successeur_inconnu",
        "Le diplôme {valeur} est fermé, et son successeur n'est pas connu.",
        "Donnez le code du diplôme que vous préparez aujourd'hui.",
    ),
    a_corriger(
        "cfd_boucle",
        "Le diplôme {valeur} est fermé, et ses remplacements tournent en rond dans la table.",
        "Donnez le code du diplôme que vous préparez aujourd'hui.",
    ),
    a_corriger(
        "rncp_inconnu",
        "La fiche « {valeur} » n'est pas connue du répertoire national.",
        "Vérifiez le numéro RNCP.",
    ),
    a_corriger(
        "rncp_absent",
        "Le RNCP n'est pas indiqué et ne peut pas être déduit du CFD.",
        "Donnez le numéro de la fiche RNCP, si le diplôme en a une.",
    ),
    information("rncp_deduit", "La fiche {proposition} a été déduite du CFD."),
    information(
        "rncp_plusieurs_fiches",
        "Plusieurs fiches RNCP correspondent au diplôme ({valeur}).",
        "Donnez le numéro de la fiche que vous préparez.",
    ),
    a_corriger(
        "rncp_perime",
        "L'enregistrement de la fiche {valeur} prend fin avant la session.",
        "Donnez le numéro de la fiche qui lui succède, s'il y en a une.",
    ),
    a_corriger(
        "rncp_inactif",
        "La fiche {valeur} n'est plus active.",
        "Donnez le numéro de la fiche qui lui succède, s'il y en a une.",
    ),
    a_corriger(
        "rncp_hors_apprentissage",
        "La fiche {valeur} n'est pas ouverte à l'apprentissage.",
        "Vérifiez le numéro RNCP.",
    ),
    information(
        "cfd_rncp_non_lies",
        "Le CFD et le RNCP ne sont pas liés dans le kit apprentissage ({valeur}).",
        "Vérifiez que les deux codes désignent la même certification.",
    ),
    information("rome_absent", "Aucun métier (ROME) n'est connu pour la fiche {valeur}."),
)

MODALITES: Final[tuple[Definition, ...]] = (
    information("mef_absente", "Aucun MEF n'est connu pour le diplôme {valeur}."),
    a_corriger(
        "duree_incoherente",
        "La durée « {valeur} » ne correspond à aucun MEF du diplôme.",
        "Vérifiez la durée du parcours.",
    ),
    a_corriger(
        "annee_incoherente",
        "L'année d'entrée « {valeur} » ne correspond à aucun MEF du diplôme.",
        "Vérifiez l'année d'entrée dans le parcours.",
    ),
)
