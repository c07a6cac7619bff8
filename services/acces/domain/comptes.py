"""An account: who the person is, what he may do and where (refdata `metier/roles.csv`)."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contracts.droits import LECTEURS
from contracts.portees import TOUT, Role, academie, est_portee
from services.kernel.problem import Erreur

FONCTIONS: Final = (
    "SAIO / SRFD : chef de service",
    "SAIO / SRFD : adjoint chef de service",
    "SAIO / SRFD : chargé de mission ou assimilé",
)
AUTRE: Final = "Autre"
TAGS_1: Final = ("SAIO Education", "SRFD Agriculture", "Sports", AUTRE)
TAGS_2: Final = (
    "Dgesco/A1-4",
    "DNE",
    "DNE/Nancy",
    "InserJeunes",
    "DGEFP/LBA",
    "Dgesip/Moss",
    "RCO",
    "SCN/Parcoursup",
)
_AVEC_FONCTION: Final = frozenset(TAGS_1) - {AUTRE}
NATIONAUX: Final = frozenset((Role.ADMINISTRATEUR, Role.MOSS, Role.DGESCO))
_D_ACADEMIE: Final = frozenset(LECTEURS) - NATIONAUX
_ACADEMIE: Final = academie("")
_IDENTIFIANT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{1,127}")


@dataclass(frozen=True, slots=True)
class Profil:
    """What an administrator says of a person."""

    nom: str
    courriel: str
    role: Role
    portees: tuple[str, ...] = ()
    fonction: str | None = None
    tag_1: str | None = None
    tag_2: str | None = None
    actif: bool = True

    @property
    def administre(self) -> bool:
        """Tell whether the person may manage accounts."""
        return self.actif and self.role is Role.ADMINISTRATEUR

    @property
    def pouvoirs(self) -> tuple[Role, frozenset[str], bool]:
        """Return what nobody gives to himself."""
        return self.role, frozenset(self.portees), self.actif


@dataclass(frozen=True, slots=True)
class Compte:
    """An account; `empreinte` is the hash of its password, None until one is chosen."""

    id: str
    identifiant: str
    profil: Profil
    empreinte: str | None
    mot_de_passe_le: datetime | None
    version: int
    cree_le: datetime
    modifie_le: datetime
    modifie_par: str
    vu_le: datetime | None = None

    @property
    def noms(self) -> tuple[str, ...]:
        """Return the names under which the person signs in, each of one account only."""
        return tuple(dict.fromkeys((forme(self.identifiant), forme(self.profil.courriel))))


@dataclass(frozen=True, slots=True)
class Etape:
    """What an account was from a version on, and who made it so."""

    version: int
    profil: Profil
    par: str
    le: datetime


def forme(nom: str) -> str:
    """Return a name of sign-in without case nor surrounding blanks."""
    return unicodedata.normalize("NFKC", nom).strip().casefold()


def erreurs_d_identifiant(identifiant: str) -> Iterator[Erreur]:
    """Yield what is wrong with the name chosen for an account."""
    if not _IDENTIFIANT.fullmatch(identifiant):
        yield Erreur(
            "identifiant",
            "identifiant_invalide",
            "L'identifiant a de 2 à 128 lettres sans accent, chiffres ou « . _ @ + - ».",
            "Commencez-le par une lettre ou un chiffre ; l'adresse de courriel convient.",
        )


def erreurs_de_profil(profil: Profil) -> Iterator[Erreur]:
    """Yield what is wrong with a profile; its address is judged by who writes to it."""
    if not profil.nom.strip():
        yield Erreur("nom", "nom_absent", "Le nom est vide.", "Donnez le nom de la personne.")
    yield from _erreurs_de_portees(profil)
    yield from _erreurs_de_service(profil)


def _erreurs_de_portees(profil: Profil) -> Iterator[Erreur]:
    inconnues = [portee for portee in profil.portees if not est_portee(portee)]
    if inconnues:
        yield Erreur(
            "portees",
            "portee_inconnue",
            f"Portée inconnue : {', '.join(inconnues)}.",
            "Formes admises : academie:10, region:84, departement:2A, siret:…, ou *.",
        )
    elif profil.role in NATIONAUX and profil.portees != (TOUT,):
        yield Erreur(
            "portees",
            "portee_nationale",
            f"Le rôle « {profil.role} » est national.",
            "Donnez-lui la seule portée « * ».",
        )
    elif profil.role in _D_ACADEMIE and not any(map(_est_d_academie, profil.portees)):
        yield Erreur(
            "portees",
            "academie_absente",
            f"Le rôle « {profil.role} » s'exerce dans une académie au moins.",
            "Donnez une portée academie:NN par académie, ou « * » pour toutes.",
        )
    elif profil.role is Role.DEPOSANT and not profil.portees:
        yield Erreur(
            "portees",
            "portee_absente",
            "Un déposant dépose pour des établissements ou un territoire.",
            "Donnez siret:…, departement:… ou region:….",
        )


def _est_d_academie(portee: str) -> bool:
    return portee == TOUT or portee.startswith(_ACADEMIE)


def _erreurs_de_service(profil: Profil) -> Iterator[Erreur]:
    if profil.tag_1 is not None and profil.tag_1 not in TAGS_1:
        yield _hors_liste("tag_1", TAGS_1)
    if profil.fonction is not None and profil.fonction not in FONCTIONS:
        yield _hors_liste("fonction", FONCTIONS)
    elif profil.tag_1 in _AVEC_FONCTION and profil.fonction is None:
        yield Erreur(
            "fonction",
            "fonction_absente",
            "La fonction est exigée quand le service n'est pas « Autre ».",
            f"Choisissez : {' ; '.join(FONCTIONS)}.",
        )
    if profil.tag_1 == AUTRE and profil.tag_2 not in TAGS_2:
        yield _hors_liste("tag_2", TAGS_2)
    elif profil.tag_1 != AUTRE and profil.tag_2 is not None:
        yield Erreur(
            "tag_2",
            "tag_2_sans_autre",
            "Le tag 2 précise le service « Autre » et aucun autre.",
            "Retirez-le, ou choisissez « Autre » comme tag 1.",
        )


def _hors_liste(champ: str, admis: tuple[str, ...]) -> Erreur:
    return Erreur(
        champ,
        f"{champ}_inconnu",
        "La valeur n'est pas dans la liste.",
        f"Valeurs admises : {' ; '.join(admis)}.",
    )
