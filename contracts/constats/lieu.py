"""Enrich's findings on the place of an offer and its position (domain.md §2, "Geo")."""

from typing import Final

from contracts.constats.modele import Definition, a_corriger, information

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
