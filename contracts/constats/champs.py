"""Collect's findings on the fields: what a line says by itself, without any reference table."""

from typing import Final

from contracts.constats.modele import Definition, a_corriger, bloquant, information, refus

_RETROUVER_SIRET: Final = (
    "Recopiez les 14 chiffres du SIRET de l'établissement (Annuaire des entreprises)."
)
_RETROUVER_UAI: Final = "Recopiez l'UAI de l'établissement (7 chiffres et une lettre)."

INDISPENSABLES: Final[tuple[Definition, ...]] = (
    refus("siret_gestionnaire_manquant", "{champ} : il manque.", _RETROUVER_SIRET),
    refus(
        "siret_gestionnaire_mal_forme",
        "{champ} : « {valeur} » n'a pas 14 chiffres.",
        _RETROUVER_SIRET,
    ),
    refus("siret_formateur_manquant", "{champ} : il manque.", _RETROUVER_SIRET),
    refus(
        "siret_formateur_mal_forme",
        "{champ} : « {valeur} » n'a pas 14 chiffres.",
        _RETROUVER_SIRET,
    ),
    refus(
        "siret_siren_seul",
        "{champ} : « {valeur} » est un SIREN, le numéro de l'entreprise ; il manque les 5 chiffres "
        "de l'établissement.",
        _RETROUVER_SIRET,
    ),
    refus(
        "lieu_absent",
        "Le lieu de formation n'est pas indiqué.",
        "Donnez le code INSEE de la commune, ou à défaut le code postal.",
    ),
    refus(
        "certification_absente",
        "La certification n'est pas indiquée : ni CFD ni RNCP lisible.",
        "Donnez le code formation diplôme (CFD) ou le numéro RNCP.",
    ),
)

IDENTIFIANTS: Final[tuple[Definition, ...]] = (
    bloquant(
        "siret_cle_fausse",
        "{champ} : « {valeur} » contient une erreur (sa clé de contrôle est fausse).",
        _RETROUVER_SIRET,
    ),
    bloquant(
        "siret_siren_faux",
        "{champ} : « {valeur} » contient une erreur dans ses 9 premiers chiffres (le SIREN).",
        _RETROUVER_SIRET,
    ),
    # 14 digits stand there, of which 5 say nothing: the offer can be kept and shown, not sent.
    bloquant(
        "siret_siren_complete",
        "{champ} : « {valeur} » est un SIREN complété par des zéros ; aucun établissement ne porte "
        "ce numéro.",
        _RETROUVER_SIRET,
    ),
    bloquant(
        "siret_fictif",
        "{champ} : « {valeur} » est un numéro de remplissage, pas celui d'un établissement.",
        _RETROUVER_SIRET,
    ),
    a_corriger(
        "siret_lieu_mal_forme", "{champ} : « {valeur} » n'a pas 14 chiffres.", _RETROUVER_SIRET
    ),
    a_corriger(
        "siret_lieu_siren_seul",
        "{champ} : « {valeur} » est un SIREN, le numéro de l'entreprise ; il manque les 5 chiffres "
        "de l'établissement.",
        _RETROUVER_SIRET,
    ),
    a_corriger(
        "uai_mal_forme",
        "{champ} : « {valeur} » n'est pas un UAI (7 chiffres et une lettre).",
        _RETROUVER_UAI,
    ),
    bloquant(
        "uai_lettre_fausse",
        "{champ} : la lettre de « {valeur} » ne correspond pas à ses chiffres.",
        "Vérifiez les 7 chiffres et la lettre de l'UAI.",
    ),
    a_corriger(
        "cfd_mal_forme",
        "{champ} : « {valeur} » n'est pas un code formation diplôme (8 caractères).",
        "Recopiez le code de la Base centrale des nomenclatures, par exemple 50022137.",
    ),
    a_corriger(
        "rncp_mal_forme",
        "{champ} : « {valeur} » n'est pas un numéro RNCP.",
        "Recopiez le numéro de la fiche, par exemple RNCP38663.",
    ),
    bloquant(
        "cle_absente",
        "L'offre n'a pas de clé ministère éducatif : aucune plateforme ne peut la recevoir.",
        "Demandez la clé à votre Carif-Oref, puis déposez l'offre de nouveau.",
    ),
    information(
        "cle_attribuee",
        "Le catalogue a attribué à l'offre la clé {valeur}, en attendant celle du Carif-Oref.",
        "Rien à faire : la clé officielle la remplacera dès que vous la déposerez. D'ici là, les "
        "plateformes ne connaissent pas cette clé.",
    ),
    bloquant(
        "cle_mal_formee",
        "{champ} : « {valeur} » n'a pas la forme d'une clé ministère éducatif.",
        "Recopiez la clé entière, « # » et site compris, telle que l'a donnée le Carif-Oref.",
    ),
    a_corriger(
        "cle_incoherente",
        "{champ} : « {valeur} », alors que la clé ministère éducatif dit « {proposition} ».",
        "Corrigez le champ, ou demandez la nouvelle clé à votre Carif-Oref.",
    ),
    information(
        "zero_restaure",
        "{champ} : le zéro perdu en tête de « {valeur} » a été rétabli ({proposition}).",
        "Mettez la colonne au format « texte » dans votre tableur.",
    ),
    information("valeur_normalisee", "{champ} : « {valeur} » a été compris comme {proposition}."),
    information(
        "code_dans_un_texte",
        "{champ} : dans « {valeur} », le code {proposition} a été retenu.",
        "Ne laissez que le code dans cette colonne.",
    ),
    information(
        "actions_multiples",
        "Une seule ligne joint {valeur} actions.",
        "Rien à faire si ces actions décrivent la même offre ; sinon, déposez une ligne par "
        "action : {proposition}.",
    ),
)

LIEU: Final[tuple[Definition, ...]] = (
    a_corriger(
        "code_postal_mal_forme",
        "{champ} : « {valeur} » n'a pas 5 chiffres.",
        "Recopiez le code postal du lieu.",
    ),
    a_corriger(
        "insee_mal_forme",
        "{champ} : « {valeur} » n'est pas un code INSEE de commune.",
        "Recopiez le code INSEE (5 caractères), qui n'est pas le code postal.",
    ),
    a_corriger(
        "coordonnees_illisibles",
        "{champ} : « {valeur} » n'est pas un texte ; la position n'a pas été reprise.",
        "Donnez « latitude,longitude » en degrés décimaux, par exemple 48.8566,2.3522.",
    ),
    a_corriger(
        "courriel_mal_forme",
        "{champ} : « {valeur} » n'est pas une adresse électronique.",
        "Vérifiez l'adresse.",
    ),
)

ORGANISATION: Final[tuple[Definition, ...]] = (
    a_corriger(
        "duree_illisible",
        "{champ} : « {valeur} » n'est pas un nombre d'années.",
        "Donnez un nombre de 1 à 9, ou X tant que la durée n'est pas connue.",
    ),
    a_corriger(
        "annee_illisible",
        "{champ} : « {valeur} » n'est pas une année d'entrée.",
        "Donnez un nombre de 1 à 9, ou X tant que l'année d'entrée n'est pas connue.",
    ),
    information(
        "duree_en_mois",
        "{champ} : « {valeur} » est un nombre de mois ; la durée retenue, en années, est "
        "{proposition}.",
        "Donnez la durée en années au prochain dépôt.",
    ),
    a_corriger(
        "duree_probablement_en_mois",
        "{champ} : « {valeur} » n'est pas un nombre d'années ; c'est sans doute un nombre de mois.",
        "Donnez la durée en années : {proposition} si c'est bien un nombre de mois.",
    ),
    a_corriger(
        "annee_superieure_a_la_duree",
        "L'année d'entrée dépasse la durée de la formation ({valeur}).",
        "Donnez la durée de la formation entière, et l'année de cette formation où l'apprenti "
        "entre.",
    ),
    information(
        "duree_non_collectee",
        "La durée n'est pas connue.",
        "Donnez la durée en années dès qu'elle est connue.",
    ),
    information(
        "annee_non_collectee",
        "L'année d'entrée n'est pas connue.",
        "Donnez l'année d'entrée dès qu'elle est connue : la clé en dépend.",
    ),
    a_corriger(
        "capacite_illisible",
        "{champ} : « {valeur} » n'est pas un nombre de places.",
        "Donnez un nombre entier.",
    ),
    a_corriger(
        "booleen_illisible",
        "{champ} : « {valeur} » n'est ni oui ni non.",
        "Donnez « oui » ou « non » (ou true, false, 1, 0).",
    ),
    a_corriger(
        "valeur_illisible",
        "{champ} : « {valeur} » n'est pas du type attendu ; la valeur n'a pas été reprise.",
        "Vérifiez ce champ dans la documentation.",
    ),
    a_corriger(
        "date_illisible",
        "{champ} : « {valeur} » n'est pas une date.",
        "Donnez les dates sous la forme AAAA-MM-JJ.",
    ),
    a_corriger(
        "date_fin_avant_debut",
        "Une session finit avant de commencer ({valeur}).",
        "Vérifiez les dates de début et de fin.",
    ),
    a_corriger(
        "listes_inegales",
        "Les listes des sessions n'ont pas toutes la même longueur ({valeur}).",
        "Donnez une valeur par session dans chaque liste, dans le même ordre.",
    ),
    a_corriger(
        "periode_invalide",
        "{champ} : « {valeur} » n'est pas un mois.",
        "Donnez les mois d'entrée sous la forme AAAA-MM.",
    ),
    a_corriger(
        "periode_annee_scolaire",
        "{champ} : « {valeur} » est une année scolaire, pas un mois d'entrée.",
        "Donnez les mois où des apprentis entrent, sous la forme AAAA-MM, par exemple "
        "{proposition}.",
    ),
    a_corriger(
        "date_debut_lointaine",
        "{champ} : « {valeur} » est loin de toute rentrée proche ; l'année est sans doute fausse.",
        "Vérifiez l'année.",
    ),
    a_corriger(
        "plus_de_24_mois",
        "L'offre a plus de 24 mois d'entrée ({valeur}).",
        "Gardez les mois où des apprentis entrent vraiment.",
    ),
    a_corriger(
        "dates_absentes",
        "Aucune date de début n'est indiquée : l'offre n'entre dans aucune session.",
        "Donnez au moins une date de début de session.",
    ),
)
