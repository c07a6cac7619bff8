"""The nineteen refusals of the real service, as it words them (domain.md §4.1)."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "etablissement-inconnu-maj": (
        "Mise à jour impossible : Code Établissement inconnu ou non renseigné"
    ),
    "filiere-rncp": (
        "La filière n'a pas pu être retrouvée. Le RNCP : {rncp}, correspond à 0 fillière(s)\r\n"
    ),
    "etablissement-ferme": "Mise à jour Impossible : Établissement fermé",
    "specialite-filiere": (
        "Mise a jour refusée car la specialité ne correspond pas à la filière lié au g_ta_cod : "
        "{g_ta_cod}"
    ),
    "filiere-cfd-rncp": (
        "La filière n'a pas pu être retrouvée. Le CFD : {cfd} correspond à 0 fillières\r\n"
        "Le RNCP : {rncp}"
    ),
    "type-ferme-bcn": (
        'Ce type de formation est marqué "Fermé" dans la BCN. Vous ne pouvez donc pas créer une '
        "formation de ce type."
    ),
    "etablissement-inconnu-creation": "Impossible de créer : Établissement inconnu",
    "but-hors-iut": (
        "L'UAI ne correspond pas à un IUT alors que le type de formation correspond à un BUT"
    ),
    "filiere-mef-cfd-rncp": (
        "La filière n'a pas pu être retrouvée. Le MEF : {mef} correspond à 0 fillières\r\n"
        "Le CFD : {cfd} correspond à 0 fillières\r\nLe RNCP : {rncp}"
    ),
    "cle-autre-etablissement": "Le code RCO {rco} existe dejà sur un autre établissement {connu}",
    "formation-inaccessible": "La formation {g_ta_cod} n'est pas accessible depuis parcoursup",
    "aucun-utilisateur": "Impossible de retrouver un utilisateur valide pour {uai}",
    "gestionnaire-non-unique-creation": (
        "Impossible de creer, etablissement gestionnaire non unique pour {uai}"
    ),
    "rattachee-autre-uai": (
        "Mise à jour Impossible : Cette formation n'est plus sur l'UAI {uai}, mais sur l'UAI "
        "{connu}"
    ),
    "etablissement-inconnu-maj-point": (
        "Mise à jour impossible : Code Établissement inconnu ou non renseigné."
    ),
    "formation-fermee": "Formation déclarée fermée dans Parcoursup : g_ta_cod = {g_ta_cod}",
    "role-inscription": (
        "Il n'est pas possible de créer une formation sur un établissement d'inscription qui n'a "
        "pas de rôle d'inscription."
    ),
    "gestionnaire-non-unique-ou-inexistant": (
        "Impossible de créer, établissement gestionnaire non unique ou inexistant pour {uai}"
    ),
    "role-affectation": (
        "Il n'est pas possible de créer une formation sur un établissement d'affectation qui n'a "
        "pas de rôle d'Affectation."
    ),
}
AU_HASARD: Final = tuple(code for code in MESSAGES if code != "formation-fermee")
"""What a drawn refusal may say: none of them says that the formation was closed."""


def message(code: str, charge: Mapping[str, object], connu: str | None = None) -> str:
    """Return the text of a refusal about an offer; `connu` is the UAI that is known for it."""
    return MESSAGES[code].format(
        rncp=charge.get("rncp"),
        cfd=charge.get("cfd"),
        mef=charge.get("mef"),
        rco=charge.get("rco"),
        uai=charge.get("uai"),
        g_ta_cod=charge.get("g_ta_cod") or 0,
        connu=connu,
    )
