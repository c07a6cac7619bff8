"""Collect's findings on the file, its lines, the depositor's rights and the offer's identity."""

from typing import Final

from contracts.constats.modele import Definition, a_corriger, information, refus

LECTURE: Final[tuple[Definition, ...]] = (
    refus(
        "ligne_illisible",
        "La ligne n'est pas lisible : {valeur}.",
        "Vérifiez le format du fichier à cette ligne, puis déposez-la de nouveau.",
    ),
    refus(
        "ligne_trop_longue",
        "La ligne dépasse la longueur permise : {valeur}.",
        "Vérifiez qu'un guillemet ou un saut de ligne ne manque pas à cet endroit du fichier.",
    ),
    refus(
        "structure_inattendue",
        "La ligne ne décrit pas une offre : {valeur}.",
        "Donnez une offre par ligne, sous les noms de champs de la documentation.",
    ),
    refus(
        "encodage_illisible",
        "La ligne contient des caractères qui ne sont pas de l'UTF-8 : {valeur}.",
        "Enregistrez le fichier au format « UTF-8 », puis déposez-le de nouveau.",
    ),
    refus(
        "nombre_de_cellules",
        "La ligne n'a pas autant de cellules que l'en-tête : {valeur}.",
        "Vérifiez les séparateurs et les guillemets de cette ligne.",
    ),
    information(
        "encodage_suppose",
        "Le fichier n'est pas en UTF-8 ; il a été lu comme {valeur}.",
        "Vérifiez les accents dans le catalogue ; préférez l'UTF-8 au prochain dépôt.",
    ),
    information(
        "colonne_inconnue",
        "La colonne « {valeur} » n'est pas connue ; son contenu n'a pas été repris.",
        "Vérifiez le nom de la colonne si vous comptiez sur son contenu.",
    ),
    a_corriger(
        "colonne_en_double",
        "La colonne « {valeur} » figure plusieurs fois ; seule la première a été lue.",
        "Gardez une seule colonne de ce nom.",
    ),
    information(
        "livree_deux_fois",
        "Cette offre figure plusieurs fois dans le dépôt (lignes {valeur}) ; la dernière est "
        "retenue.",
        "Gardez une seule ligne par offre, ou donnez à chacune sa propre clé.",
    ),
)

DEPUBLICATIONS: Final[tuple[Definition, ...]] = (
    refus(
        "depublication_en_masse",
        "Ce dépôt dépublierait d'un coup {valeur} de vos offres publiées ; elles sont restées "
        "comme elles étaient.",
        "Si c'est bien voulu, déposez de nouveau le fichier avec `depublication=true` ; sinon, "
        "corrigez `published`.",
    ),
)

DROITS: Final[tuple[Definition, ...]] = (
    refus(
        "hors_portee",
        "Votre clé d'accès ne couvre ni le gestionnaire ni le formateur de cette offre ({valeur}).",
        "Déposez cette offre avec la clé de l'organisme, ou demandez l'extension de la vôtre.",
    ),
    refus(
        "offre_d_un_autre_deposant",
        "Cette offre est déjà tenue par un autre déposant.",
        "Mettez-vous d'accord avec lui, ou demandez à un administrateur le transfert de l'offre.",
    ),
)

EDITIONS: Final[tuple[Definition, ...]] = (
    a_corriger(
        "edition_en_conflit",
        "{champ} : votre dépôt donne « {valeur} », une personne a corrigé en « {proposition} ».",
        "Si la correction est juste, reprenez-la dans votre fichier ; sinon, renoncez-y.",
    ),
)

IDENTITE: Final[tuple[Definition, ...]] = (
    a_corriger(
        "cle_remplacee",
        "La clé ministère éducatif {valeur} a été remplacée ; la ligne n'a pas été reprise.",
        "Déposez l'offre sous sa clé actuelle : {proposition}.",
    ),
    a_corriger(
        "alias_deja_pris",
        "{champ} : « {valeur} » désigne déjà une autre offre.",
        "Vérifiez cet identifiant. S'il s'agit de la même offre, déclarez la succession.",
    ),
    information(
        "ids_rco_partages",
        "Les identifiants RCO {valeur} sont aussi ceux d'une autre offre.",
        "Rien à faire si ces offres ont bien des clés ministère éducatif différentes.",
    ),
    information(
        "actions_regroupees",
        "L'offre regroupe des actions qui étaient déposées à part ({valeur}).",
        "Retirez ces offres si celle-ci les remplace.",
    ),
    a_corriger(
        "succession_predecesseur_inconnu",
        "L'offre remplacée {valeur} n'existe pas dans le catalogue ; rien n'a été remplacé.",
        "Vérifiez la clé déclarée dans « {champ} ».",
    ),
    a_corriger(
        "succession_multiple",
        "Plusieurs offres sont déclarées remplacées ({valeur}) ; aucune ne l'a été.",
        "Une offre ne peut en remplacer qu'une seule : gardez la bonne clé.",
    ),
    a_corriger(
        "succession_autre_deposant",
        "L'offre remplacée {valeur} est tenue par un autre déposant ; rien n'a été remplacé.",
        "Demandez d'abord à un administrateur le transfert de cette offre.",
    ),
    a_corriger(
        "succession_impossible",
        "La succession déclarée n'a pas pu être appliquée : {valeur}.",
        "Vérifiez les clés déclarées, puis déposez l'offre de nouveau.",
    ),
)
