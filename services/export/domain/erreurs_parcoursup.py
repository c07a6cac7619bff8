"""The refusals of Parcoursup that are known, each with its cause and what to do (domain.md §4.1).

A pattern is searched for in `<status> <message>`; the first that matches wins. The texts are those
of the remote system, line ends are CR LF.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from contracts.statuts import Statut


@dataclass(frozen=True, slots=True)
class Erreur:
    """A known refusal: the status that it gives, why it happens, what the académie can do."""

    code: str
    motif: str
    trouve: Callable[[str], object]
    cause: str
    action: str
    statut: Statut = Statut.REJET


def _erreur(
    code: str, motif: str, cause: str, action: str, statut: Statut = Statut.REJET
) -> Erreur:
    return Erreur(code, motif, re.compile(motif).search, cause, action, statut)


ERREURS: Final[tuple[Erreur, ...]] = (
    _erreur(
        "etablissement-inconnu-maj",
        r"Mise à jour impossible : Code Établissement inconnu ou non renseigné",
        "L'UAI du lieu est fermé au répertoire des établissements (BCE) ou absent de Parcoursup.",
        "Confirmer l'UAI du lieu avec le CFA ; s'il est bon, faire créer l'établissement dans "
        "Parcoursup, puis redemander la publication.",
    ),
    _erreur(
        "filiere-rncp",
        r"La filière n'a pas pu être retrouvée\. Le RNCP : .*, correspond à .* fillière\(s\)\r\n",
        "Le code RNCP ne mène pas à une filière unique de Parcoursup (aucune ou plusieurs).",
        "Vérifier le code RNCP ; s'il est juste, demander au service national Parcoursup (SCN) "
        "la création ou le choix de la filière.",
    ),
    _erreur(
        "etablissement-ferme",
        r"Mise à jour Impossible : Établissement fermé",
        "Parcoursup tient l'établissement pour fermé.",
        "Vérifier l'état de l'UAI dans ACCÉ, puis corriger l'UAI du lieu sur la fiche après avis "
        "du CFA.",
    ),
    _erreur(
        "specialite-filiere",
        r"Mise a jour refusée car la specialité ne correspond pas à la filière lié au g_ta_cod :.*",
        "Le g_ta_cod connu appartient à une autre filière que celle de l'offre.",
        "Écrire à la Moss par la messagerie Parcoursup, avec l'adresse de l'offre, pour "
        "rectifier le rattachement.",
    ),
    _erreur(
        "filiere-cfd-rncp",
        r"La filière n'a pas pu être retrouvée\. Le CFD : .+ correspond à .+ fillières\r\nLe "
        r"RNCP : .*",
        "Ni le CFD ni le RNCP ne désignent la formation que Parcoursup connaît.",
        "S'assurer que l'offre envoyée est bien celle qui existe déjà dans Parcoursup.",
    ),
    _erreur(
        "type-ferme-bcn",
        r'Ce type de formation est marqué "Fermé" dans la BCN\. Vous ne pouvez donc pas créer '
        r"une formation de ce type\.",
        "Le diplôme ou le MEF est fermé dans la nomenclature nationale.",
        "Vérifier que le MEF de l'offre est le plus récent ; signaler les codes trouvés à "
        "Parcoursup.",
    ),
    _erreur(
        "etablissement-inconnu-creation",
        r"Impossible de créer : Établissement inconnu",
        "L'établissement d'accueil n'existe pas dans Parcoursup.",
        "Créer l'établissement dans Parcoursup, puis redemander la publication.",
    ),
    _erreur(
        "but-hors-iut",
        r"L'UAI ne correspond pas à un IUT alors que le type de formation correspond à un BUT",
        "Un BUT est porté par un lieu qui n'est pas un IUT.",
        "Si un IUT porte la formation, corriger l'UAI du lieu et redemander ; sinon refuser "
        "l'offre (non publié).",
    ),
    _erreur(
        "filiere-mef-cfd-rncp",
        r"La filière n'a pas pu être retrouvée\. Le MEF : .*correspond à .* fillières\r\nLe CFD "
        r": .*correspond à .* fillières\r\nLe RNCP : .*",
        "Ni le MEF, ni le CFD, ni le RNCP ne mènent à une filière unique.",
        "Demander à Parcoursup la création de la filière en joignant l'adresse de l'offre.",
    ),
    _erreur(
        "cle-autre-etablissement",
        r"Le code RCO .+ existe dejà sur un autre établissement .+",
        "La même clé ministère éducatif a déjà été envoyée pour un autre UAI.",
        "Demander à Parcoursup d'annuler l'ancien rattachement, puis republier sur le bon UAI.",
    ),
    _erreur(
        "formation-inaccessible",
        r"La formation .+ n'est pas accessible depuis parcoursup",
        "Le g_ta_cod n'est plus actif dans Parcoursup.",
        "Aucune consigne connue : demander à la Moss, au besoin réinitialiser l'identifiant.",
    ),
    _erreur(
        "aucun-utilisateur",
        r"Impossible de retrouver un utilisateur valide pour .+",
        "Personne n'a activé de compte Parcoursup pour cet établissement.",
        "Faire activer au moins un compte sur le site de gestion par l'administrateur de "
        "l'établissement, puis redemander.",
    ),
    _erreur(
        "gestionnaire-non-unique-creation",
        r"Impossible de creer, etablissement gestionnaire non unique pour .+",
        "Le lieu ne mène pas à un seul établissement gestionnaire ; en pratique son UAI est "
        "fermé au répertoire (BCE).",
        "Confirmer l'UAI du lieu avec l'établissement.",
    ),
    _erreur(
        "rattachee-autre-uai",
        r"Mise à jour Impossible : Cette formation n'est plus sur l'UAI .+, mais sur l'UAI .+",
        "Dans Parcoursup le g_ta_cod est rattaché à un autre UAI que celui envoyé.",
        "Vérifier l'UAI du lieu ; s'il est juste, saisir la Moss.",
    ),
    _erreur(
        "etablissement-inconnu-maj-point",
        r"Mise à jour impossible : Code Établissement inconnu ou non renseigné\.",
        "Variante avec point final du premier motif, qui la prend avant elle.",
        "Comme le premier motif.",
    ),
    _erreur(
        "formation-fermee",
        r"Formation déclarée fermée dans Parcoursup : g_ta_cod = +",
        "La formation a été déclarée fermée dans Parcoursup.",
        "Rien à corriger ici : rouvrir dans Parcoursup, ou refuser l'offre.",
        Statut.FERME,
    ),
    _erreur(
        "role-inscription",
        r"Il n'est pas possible de créer une formation sur un établissement d'inscription qui "
        r"n'a pas de rôle d'inscription\.",
        "L'établissement n'a pas le rôle voulu (accueil) dans Parcoursup.",
        "Vérifier, au besoin modifier le rôle dans les données administratives du site de "
        "gestion, puis redemander.",
    ),
    _erreur(
        "gestionnaire-non-unique-ou-inexistant",
        r"Impossible de créer, établissement gestionnaire non unique ou inexistant pour +",
        "Aucun établissement gestionnaire unique : le rôle défini dans Parcoursup ne permet pas "
        "la publication.",
        "Donner à l'établissement le profil d'accueil dans Parcoursup, puis redemander.",
    ),
    _erreur(
        "role-affectation",
        r"Il n'est pas possible de créer une formation sur un établissement d'affectation qui "
        r"n'a pas de rôle d'Affectation\.",
        "Le rôle d'accueil n'a pas pu être activé.",
        "Écrire à Parcoursup avec l'adresse de l'offre.",
    ),
)


@dataclass(frozen=True, slots=True)
class Table:
    """The refusals in force, in the order in which they are tried."""

    erreurs: tuple[Erreur, ...] = ERREURS

    def reconnaitre(self, texte: str) -> Erreur | None:
        """Return the first known refusal that a stored error text holds."""
        return next((erreur for erreur in self.erreurs if erreur.trouve(texte)), None)


CONNUE: Final = Table()


def reconnaitre(texte: str) -> Erreur | None:
    """Return the first built-in refusal that a stored error text holds."""
    return CONNUE.reconnaitre(texte)
