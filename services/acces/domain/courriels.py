"""The mails that people get, in French."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Courriel:
    """A subject and a plain text."""

    sujet: str
    texte: str


def bienvenue(nom: str, identifiant: str, lien: str, jours: int) -> Courriel:
    """Return the mail that invites a person to choose a password."""
    return Courriel(
        "Votre accès au catalogue des formations en apprentissage",
        f"""Bonjour {nom},

Un compte vient d'être ouvert pour vous dans le catalogue des formations en apprentissage.

Votre identifiant : {identifiant}

Choisissez votre mot de passe à cette adresse, valable {jours} jours et une seule fois :

{lien}

Passé ce délai, la page de connexion vous enverra une nouvelle adresse : « Mot de passe oublié ».

Vous n'attendiez pas ce message ? Ne faites rien et signalez-le à la personne qui administre les
comptes de votre service.
""",
    )


def oubli(nom: str, lien: str, minutes: int) -> Courriel:
    """Return the mail that lets a person choose another password."""
    return Courriel(
        "Choisir un nouveau mot de passe",
        f"""Bonjour {nom},

Quelqu'un, sans doute vous, a demandé à changer le mot de passe de votre compte du catalogue des
formations en apprentissage.

Choisissez-en un nouveau à cette adresse, valable {minutes} minutes et une seule fois :

{lien}

Si cette demande ne vient pas de vous, ne faites rien : votre mot de passe reste le même.
""",
    )


def change(nom: str) -> Courriel:
    """Return the mail that tells a person that the password of the account is another one."""
    return Courriel(
        "Votre mot de passe a été changé",
        f"""Bonjour {nom},

Le mot de passe de votre compte du catalogue des formations en apprentissage vient d'être changé,
et toutes vos sessions ouvertes ont été fermées.

Si ce n'est pas vous, demandez aussitôt un nouveau mot de passe par « Mot de passe oublié », et
prévenez la personne qui administre les comptes de votre service.
""",
    )
