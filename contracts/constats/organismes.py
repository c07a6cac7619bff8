"""Enrich's findings on establishments, their UAI and the UAI of the place (domain.md §1.2, §2).

Tables of organisms are not exhaustive: unknown there is an information.
"""

from typing import Final

from contracts.constats.modele import Definition, a_corriger, information

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
