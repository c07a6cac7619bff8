"""Enrich's findings on the certification and its MEF (domain.md §2)."""

from typing import Final

from contracts.constats.modele import Definition, a_corriger, bloquant, information

CERTIFICATION: Final[tuple[Definition, ...]] = (
    bloquant(
        "certification_inconnue",
        "Nous ne connaissons la certification ni par son CFD ni par son numéro RNCP ({valeur}).",
        "Vérifiez les deux codes : sans certification connue, l'offre n'est envoyée ni à "
        "Parcoursup ni à Affelnet.",
    ),
    a_corriger(
        "cfd_inconnu",
        "Le CFD « {valeur} » n'existe pas dans la Base centrale des nomenclatures.",
        "Vérifiez le code du diplôme sur le référentiel ou la convention de formation. Un diplôme "
        "tout récent peut ne pas encore y figurer : l'offre est gardée.",
    ),
    a_corriger(
        "cfd_absent",
        "Le CFD n'est pas indiqué et ne peut pas être déduit du numéro RNCP.",
        "Donnez le code formation diplôme (CFD), si la certification en a un.",
    ),
    information("cfd_deduit", "Le CFD {proposition} a été déduit de la fiche {valeur}."),
    a_corriger(
        "cfd_ferme",
        "Le diplôme {valeur} est fermé et n'a pas de successeur dans la Base centrale des "
        "nomenclatures.",
        "Donnez le code du diplôme que vous préparez aujourd'hui.",
    ),
    information(
        "cfd_remplace",
        "Le diplôme {valeur} est fermé ; {proposition} le remplace.",
        "Redéposez l'offre avec le nouveau code, {proposition}, et la fiche RNCP qui va avec.",
    ),
    a_corriger(
        "cfd_successeur_inconnu",
        "Le diplôme {valeur} est fermé, et le code qui le remplace n'existe pas dans la Base "
        "centrale des nomenclatures.",
        "Donnez le code du diplôme que vous préparez aujourd'hui.",
    ),
    a_corriger(
        "cfd_boucle",
        "Le diplôme {valeur} est fermé, et la table de ses remplaçants revient à lui-même.",
        "Donnez le code du diplôme que vous préparez aujourd'hui.",
    ),
    information(
        "cfd_ferme_bientot",
        "La fermeture du diplôme est annoncée ({valeur}).",
        "Rien à faire aujourd'hui ; les prochaines sessions seront à déposer avec un autre code.",
    ),
    a_corriger(
        "rncp_inconnu",
        "La fiche « {valeur} » n'existe pas dans le répertoire national.",
        "Vérifiez le numéro RNCP sur le site de France compétences.",
    ),
    a_corriger(
        "rncp_absent",
        "Le numéro RNCP n'est pas indiqué et ne peut pas être déduit du CFD.",
        "Donnez le numéro de la fiche RNCP, si le diplôme en a une.",
    ),
    information("rncp_deduit", "La fiche {proposition} a été déduite du diplôme {valeur}."),
    information(
        "rncp_plusieurs_fiches",
        "Plusieurs fiches RNCP actives correspondent au diplôme {valeur}.",
        "Donnez le numéro de la fiche que vous préparez.",
    ),
    a_corriger(
        "rncp_aucune_active",
        "Aucune fiche RNCP du diplôme n'est en vigueur ({valeur}).",
        "Donnez le numéro de la fiche que vous préparez aujourd'hui.",
    ),
    a_corriger(
        "rncp_perime",
        "L'enregistrement de la fiche {valeur} ne couvre pas la rentrée de cette année.",
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
        "Vérifiez le numéro RNCP. S'il est juste, demandez au certificateur si la voie de "
        "l'apprentissage est enregistrée.",
    ),
    information(
        "cfd_rncp_non_lies",
        "Le CFD et la fiche RNCP ne forment plus un couple du kit apprentissage : l'un des deux "
        "a été renouvelé ({valeur}).",
        "Vérifiez que les deux codes sont ceux de la même version du diplôme.",
    ),
    a_corriger(
        "cfd_rncp_differents",
        "Le CFD et la fiche RNCP désignent deux certifications différentes : {valeur}.",
        "Corrigez celui des deux codes qui n'est pas celui de votre formation.",
    ),
    information(
        "cfd_rncp_intitules_differents",
        "Le CFD et la fiche RNCP portent des intitulés sans rapport : {valeur}.",
        "Vérifiez que les deux codes désignent votre formation.",
    ),
    information("rome_absent", "Aucun métier (code ROME) n'est connu pour la fiche {valeur}."),
    information(
        "rome_ancien",
        "La fiche cite des métiers d'une ancienne version du ROME ({valeur}) : ils sont gardés "
        "sans libellé.",
    ),
    information(
        "catalogue_divergent",
        "Votre Carif-Oref répond « {valeur} » pour le catalogue réglementaire, alors que la règle "
        "de qualité conduit à la réponse contraire.",
        "En cas de doute, vérifiez la certification Qualiopi et l'habilitation de l'organisme.",
    ),
)

MODALITES: Final[tuple[Definition, ...]] = (
    information("mef_absente", "Aucun code MEF n'est connu pour le diplôme {valeur}."),
    information(
        "mef_approchee",
        "Aucun code MEF n'est rattaché au diplôme {valeur} ; ceux de diplômes proches sont "
        "montrés à titre indicatif.",
    ),
    information(
        "mef_plusieurs_cfd",
        "La nomenclature donne plusieurs diplômes pour un même code MEF ({valeur}).",
    ),
    a_corriger(
        "duree_incoherente",
        "La durée « {valeur} » n'existe pas pour ce diplôme dans la nomenclature des MEF.",
        "Vérifiez la durée du parcours, en années.",
    ),
    a_corriger(
        "annee_incoherente",
        "L'année d'entrée « {valeur} » n'existe pas pour ce diplôme dans la nomenclature des MEF.",
        "Vérifiez l'année d'entrée dans le parcours.",
    ),
)
