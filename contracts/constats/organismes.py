"""Enrich's findings on establishments, their UAI and the UAI of the place (domain.md §1.2, §2).

Tables of organisms are not exhaustive: unknown there is an information.
"""

from typing import Final

from contracts.constats.modele import Definition, a_corriger, information

_SIRET_INCONNU: Final = (
    "{champ} : {valeur} ne figure pas dans nos tables.",
    "Vérifiez le SIRET ; rien à faire s'il est juste.",
)
_VERIFIER_UAI: Final = (
    "Vérifiez l'UAI. Un organisme peut en avoir plusieurs : gardez le vôtre s'il est juste."
)

ETABLISSEMENTS: Final[tuple[Definition, ...]] = (
    information("siret_gestionnaire_inconnu", *_SIRET_INCONNU),
    information("siret_formateur_inconnu", *_SIRET_INCONNU),
    a_corriger(
        "etablissement_ferme",
        "{champ} : l'établissement {valeur} est fermé.",
        "Donnez le SIRET de l'établissement qui lui succède.",
    ),
    information(
        "gestionnaire_non_certifie",
        "L'organisme gestionnaire n'est pas connu comme certifié Qualiopi.",
        "Vérifiez la certification auprès de votre organisme certificateur.",
    ),
    information(
        "qualiopi_inconnue",
        "Nos tables ne disent pas si l'organisme gestionnaire est certifié Qualiopi.",
        "Rien à faire si votre certification est en cours de validité.",
    ),
    a_corriger(
        "uai_different",
        "{champ} : « {valeur} » n'est pas l'UAI que la liste des établissements connaît pour ce "
        "SIRET.",
        _VERIFIER_UAI,
    ),
    information(
        "uai_autre_correspondance",
        "{champ} : « {valeur} » n'est pas l'UAI que la table UAI – SIRET connaît pour ce SIRET.",
        _VERIFIER_UAI,
    ),
    information(
        "uai_sources_divergentes",
        "{champ} : la table UAI – SIRET confirme « {valeur} », la liste des établissements non.",
        "Rien à faire si l'UAI est juste.",
    ),
    information(
        "uai_lieu_inconnu",
        "L'UAI du lieu de formation n'est pas connu : l'offre ne pourra pas être publiée.",
        "Donnez l'UAI du lieu où se déroule la formation.",
    ),
    information(
        "uai_hors_registre",
        "{champ} : « {valeur} » ne figure pas dans le registre des UAI (ACCE).",
        "Vérifiez l'UAI ; rien à faire s'il vient d'être attribué.",
    ),
    a_corriger(
        "uai_ferme",
        "{champ} : l'UAI {valeur} est fermé.",
        "Donnez l'UAI du lieu où se déroule la formation aujourd'hui.",
    ),
    information(
        "uai_autre_commune",
        "{champ} : « {valeur} » est l'UAI d'un établissement d'une autre commune que le lieu.",
        "Vérifiez que cet UAI est bien celui du lieu.",
    ),
    information(
        "uai_autre_departement",
        "{champ} : « {valeur} » a été numéroté dans un autre département que le lieu.",
        "Vérifiez que cet UAI est bien celui du lieu.",
    ),
)
