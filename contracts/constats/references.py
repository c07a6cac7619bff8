"""Enrich's findings: what the reference tables say of an offer (domain.md §2).

Tables of organisms and occupations are not exhaustive: unknown there is an information.
"""

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

LIEU: Final[tuple[Definition, ...]] = (
    a_corriger(
        "commune_inconnue",
        "{champ} : « {valeur} » n'est le code d'aucune commune.",
        "Recopiez le code INSEE de la commune.",
    ),
    information(
        "commune_ancienne",
        "{champ} : la commune {valeur} a été réunie à {proposition}.",
        "Remplacez le code par celui de la commune actuelle.",
    ),
    information(
        "code_postal_autre_commune",
        "{champ} : « {valeur} » n'est pas un code postal de la commune (CEDEX, peut-être).",
        "Donnez de préférence le code postal du lieu lui-même.",
    ),
    a_corriger(
        "code_postal_autre_departement",
        "{champ} : « {valeur} » est dans un autre département que la commune.",
        "Vérifiez le code postal et le code INSEE : l'un des deux est faux.",
    ),
    a_corriger(
        "code_postal_inconnu",
        "{champ} : « {valeur} » n'est le code postal d'aucune commune.",
        "Vérifiez le code postal.",
    ),
    a_corriger(
        "insee_en_code_postal",
        "{champ} : « {valeur} » est un code INSEE, non un code postal.",
        "Remplacez-le par le code postal.",
    ),
    information("commune_deduite", "La commune {proposition} a été déduite du code postal."),
    a_corriger(
        "commune_indeterminee",
        "Plusieurs communes ont le code postal {valeur}.",
        "Donnez le code INSEE de la commune.",
    ),
    information(
        "coordonnees_absentes",
        "La position du lieu n'est pas indiquée.",
        "Donnez la latitude et la longitude pour paraître sur la carte.",
    ),
    a_corriger(
        "coordonnees_eloignees",
        "La position indiquée est à {valeur} de la commune.",
        "Vérifiez la position ou la commune.",
    ),
    a_corriger(
        "coordonnees_tres_eloignees",
        "La position indiquée est à {valeur} de la commune : l'une des deux est fausse.",
        "Corrigez la position ou la commune.",
    ),
    a_corriger(
        "coordonnees_inversees",
        "La position « {valeur} » semble donner la longitude avant la latitude.",
        "Donnez la latitude d'abord.",
    ),
)

ETABLISSEMENTS: Final[tuple[Definition, ...]] = (
    information(
        "siret_gestionnaire_inconnu",
        "{champ} : {valeur} ne figure pas dans nos tables.",
        "Vérifiez le SIRET ; rien à faire s'il est juste.",
    ),
    information(
        "siret_formateur_inconnu",
        "{champ} : {valeur} ne figure pas dans nos tables.",
        "Vérifiez le SIRET ; rien à faire s'il est juste.",
    ),
    a_corriger(
        "etablissement_ferme",
        "{champ} : l'établissement {valeur} est fermé.",
        "Donnez le SIRET de l'établissement qui lui succède.",
    ),
    a_corriger(
        "uai_different",
        "{champ} : « {valeur} » n'est pas l'UAI connu pour ce SIRET.",
        "Vérifiez l'UAI de l'établissement.",
    ),
    information(
        "uai_lieu_inconnu",
        "L'UAI du lieu de formation n'est pas connu : l'offre ne pourra pas être publiée.",
        "Donnez l'UAI du lieu où se déroule la formation.",
    ),
    information(
        "uai_autre_departement",
        "{champ} : « {valeur} » a été numéroté dans un autre département que le lieu.",
        "Vérifiez que cet UAI est bien celui du lieu.",
    ),
    information(
        "gestionnaire_non_certifie",
        "L'organisme gestionnaire n'est pas connu comme certifié Qualiopi.",
        "Vérifiez la certification auprès de votre organisme certificateur.",
    ),
)
