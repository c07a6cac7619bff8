"""Enrich's findings on the place of an offer and its position (domain.md §2, "Geo")."""

from typing import Final

from contracts.constats.modele import Definition, a_corriger, information

_ADOPTER: Final = "Acceptez la position proposée, ou relevez-la sur une carte."
_DEGRES: Final = "Donnez « latitude,longitude » en degrés décimaux, par exemple 48.8566,2.3522."

COMMUNE: Final[tuple[Definition, ...]] = (
    a_corriger(
        "commune_inconnue",
        "{champ} : « {valeur} » n'est le code d'aucune commune.",
        "Recopiez le code INSEE de la commune, qui n'est pas son code postal.",
    ),
    information(
        "commune_ancienne",
        "{champ} : le code {valeur} n'est plus en vigueur ; c'est aujourd'hui {proposition}.",
        "Remplacez le code par celui de la commune actuelle. Le nom du lieu, lui, peut rester.",
    ),
    information(
        "commune_sans_arrondissement",
        "{champ} : {valeur} désigne la ville entière.",
        "Donnez le code INSEE de l'arrondissement où se déroule la formation.",
    ),
    a_corriger(
        "code_postal_en_insee",
        "{champ} : « {valeur} » est un code postal, non un code INSEE.",
        "Remplacez-le par le code INSEE de la commune.",
    ),
    information("commune_deduite", "La commune {proposition} a été déduite du code postal."),
    a_corriger(
        "commune_indeterminee",
        "Plusieurs communes ont le code postal {valeur}.",
        "Donnez le code INSEE de la commune.",
    ),
    information(
        "code_postal_cedex",
        "{champ} : « {valeur} » est sans doute un CEDEX, qui ne dit pas où est le lieu.",
        "Donnez de préférence le code postal de la commune.",
    ),
    information(
        "code_postal_autre_commune",
        "{champ} : « {valeur} » est le code postal d'une autre commune du département.",
        "Vérifiez le code postal et le code INSEE : ils ne désignent pas la même commune.",
    ),
    a_corriger(
        "code_postal_autre_departement",
        "{champ} : « {valeur} » est dans un autre département que la commune.",
        "Vérifiez le code postal et le code INSEE : l'un des deux est faux.",
    ),
    a_corriger(
        "code_postal_inconnu",
        "{champ} : « {valeur} » n'est le code postal d'aucune commune.",
        "Donnez le code INSEE de la commune et vérifiez le code postal.",
    ),
    information(
        "code_postal_ancien",
        "{champ} : « {valeur} » n'est plus utilisé ; c'est aujourd'hui {proposition}.",
        "Remplacez-le par le code postal actuel.",
    ),
    a_corriger(
        "insee_en_code_postal",
        "{champ} : « {valeur} » est le code INSEE de la commune.",
        "Remplacez-le par le code postal.",
    ),
)

POSITION: Final[tuple[Definition, ...]] = (
    information(
        "coordonnees_absentes",
        "La position du lieu n'est pas indiquée : la carte montre le centre de la commune.",
        "Donnez la latitude et la longitude du lieu pour qu'il soit à sa place sur la carte.",
    ),
    a_corriger(
        "coordonnees_eloignees",
        "La position indiquée est à {valeur} du centre de la commune.",
        "Vérifiez la position et la commune.",
    ),
    a_corriger(
        "coordonnees_tres_eloignees",
        "La position indiquée est à {valeur} de la commune : l'une des deux est fausse. "
        "La carte montre le centre de la commune.",
        "Corrigez la position ou la commune.",
    ),
    a_corriger(
        "coordonnees_nulles",
        "La position « {valeur} » est au large de l'Afrique : elle n'a sans doute pas été saisie. "
        "La carte montre le centre de la commune.",
        "Donnez la position du lieu, ou laissez le champ vide.",
    ),
    a_corriger(
        "coordonnees_inversees",
        "La position « {valeur} » semble donner la longitude avant la latitude.",
        f"Donnez la latitude d'abord. {_ADOPTER}",
    ),
    a_corriger(
        "coordonnees_signe",
        "La position « {valeur} » semble avoir un signe faux (est et ouest, ou nord et sud).",
        f"Mettez un signe moins à l'ouest de Greenwich et au sud de l'équateur. {_ADOPTER}",
    ),
    a_corriger(
        "coordonnees_sans_point",
        "La position « {valeur} » semble avoir perdu ses points décimaux.",
        f"Mettez la colonne au format « texte » dans votre tableur. {_ADOPTER}",
    ),
    information(
        "coordonnees_virgule",
        "La position « {valeur} » est écrite avec des virgules ; elle a été comprise comme "
        "{proposition}.",
        _DEGRES,
    ),
    information(
        "coordonnees_sexagesimales",
        "La position « {valeur} » est en degrés, minutes et secondes ; elle a été comprise comme "
        "{proposition}.",
        _DEGRES,
    ),
    information(
        "coordonnees_projetees",
        "La position « {valeur} » est en mètres (Lambert-93 ou UTM) ; elle a été comprise comme "
        "{proposition}.",
        _DEGRES,
    ),
    information(
        "coordonnees_presentation",
        "La position « {valeur} » n'est pas écrite comme attendu ; elle a été comprise comme "
        "{proposition}.",
        _DEGRES,
    ),
)

GEOCODAGE: Final[tuple[Definition, ...]] = (
    information(
        "geocodage_refuse",
        "Le service d'adresses n'a pas su placer « {valeur} » : sa réponse n'a pas été retenue.",
        "Vérifiez l'adresse et la commune du lieu.",
    ),
    information(
        "geocodage_propose",
        "Le service d'adresses place « {valeur} » à la position {proposition}.",
        "Acceptez la position proposée si elle est juste.",
    ),
)

LIEU: Final = COMMUNE + POSITION + GEOCODAGE
