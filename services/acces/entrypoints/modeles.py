"""Bodies of the routes of acces."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from contracts.droits import Droit, droits
from contracts.portees import TOUT, Role, academie
from contracts.statuts import Plateforme
from services.acces.domain.comptes import Compte, Etape, Profil
from services.kernel.auth import Identity

_ACADEMIE = academie("")
Texte = Annotated[str, Field(max_length=1_000)]
MotDePasse = Annotated[str, Field(max_length=4_096, json_schema_extra={"format": "password"})]
Choix = Annotated[str | None, Field(max_length=200)]


def droits_de(role: str) -> dict[Plateforme, list[Droit]]:
    """Return the rights of a role, by platform."""
    return {une: sorted(droits(role, une)) for une in Plateforme}


class _Recu(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Connexion(_Recu):
    """L'identifiant, ou l'adresse de courriel, et le mot de passe."""

    identifiant: Texte
    mot_de_passe: MotDePasse


class Oubli(_Recu):
    """De qui le mot de passe est oublié."""

    identifiant: Texte


class NouveauMotDePasse(_Recu):
    """Le jeton reçu par courriel et le mot de passe choisi."""

    jeton: Texte
    nouveau: MotDePasse


class ChangementDeMotDePasse(_Recu):
    """Le mot de passe présent et le suivant."""

    actuel: MotDePasse
    nouveau: MotDePasse


class Accuse(BaseModel):
    """Ce qui a été entendu."""

    message: str


class QuiSuisJe(BaseModel):
    """Qui appelle et ce qu'il peut, par plateforme ; `academies` nul : toutes."""

    titulaire: str
    nom: str
    role: str
    portees: list[str]
    academies: list[str] | None
    droits: dict[Plateforme, list[Droit]]

    @classmethod
    def de(cls, identite: Identity) -> Self:
        """Tell an identity."""
        portees = sorted(identite.scopes)
        siennes = [un.removeprefix(_ACADEMIE) for un in portees if un.startswith(_ACADEMIE)]
        return cls(
            titulaire=identite.titulaire,
            nom=identite.label,
            role=identite.role,
            portees=portees,
            academies=None if TOUT in portees else siennes,
            droits=droits_de(identite.role),
        )


class ProfilDemande(_Recu):
    """Ce qu'un administrateur dit d'une personne."""

    nom: str = Field(max_length=200)
    courriel: str = Field(max_length=254)
    role: Role
    portees: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=500)
    fonction: Choix = None
    tag_1: Choix = None
    tag_2: Choix = None
    actif: bool = True

    def profil(self) -> Profil:
        """Return it as the domain knows it."""
        return Profil(
            nom=self.nom.strip(),
            courriel=self.courriel.strip(),
            role=self.role,
            portees=tuple(sorted(set(self.portees))),
            fonction=self.fonction,
            tag_1=self.tag_1,
            tag_2=self.tag_2,
            actif=self.actif,
        )


class CompteDemande(ProfilDemande):
    """Un compte à ouvrir ; `empreinte` reprend le mot de passe d'un compte historique."""

    identifiant: str = Field(max_length=128)
    empreinte: str | None = Field(
        default=None, max_length=140, description="SHA-512 crypt, « $6$… »."
    )


class CompteVue(BaseModel):
    """Un compte. Ni mot de passe, ni empreinte."""

    id: str
    identifiant: str
    nom: str
    courriel: str
    role: Role
    portees: list[str]
    fonction: str | None
    tag_1: str | None
    tag_2: str | None
    actif: bool
    mot_de_passe_choisi: bool
    version: int
    cree_le: datetime
    modifie_le: datetime
    modifie_par: str
    vu_le: datetime | None

    @classmethod
    def de(cls, compte: Compte) -> Self:
        """Tell an account."""
        profil = compte.profil
        return cls(
            id=compte.id,
            identifiant=compte.identifiant,
            nom=profil.nom,
            courriel=profil.courriel,
            role=profil.role,
            portees=list(profil.portees),
            fonction=profil.fonction,
            tag_1=profil.tag_1,
            tag_2=profil.tag_2,
            actif=profil.actif,
            mot_de_passe_choisi=compte.empreinte is not None,
            version=compte.version,
            cree_le=compte.cree_le,
            modifie_le=compte.modifie_le,
            modifie_par=compte.modifie_par,
            vu_le=compte.vu_le,
        )


class EtapeVue(ProfilDemande):
    """Ce qu'un compte était à partir d'une version, et qui l'a décidé."""

    version: int
    par: str
    le: datetime

    @classmethod
    def de(cls, etape: Etape) -> Self:
        """Tell a step."""
        dit = asdict(etape.profil) | {"portees": list(etape.profil.portees)}
        return cls(version=etape.version, par=etape.par, le=etape.le, **dit)


class RoleVu(BaseModel):
    """Un rôle : ses droits par plateforme, et s'il est national."""

    role: Role
    national: bool
    droits: dict[Plateforme, list[Droit]]


class Vocabulaire(BaseModel):
    """Ce qui peut être dit d'une personne."""

    roles: list[RoleVu]
    fonctions: list[str]
    tags_1: list[str]
    tags_2: list[str]


class Invitation(StrEnum):
    """Ce qu'est devenu le courriel de bienvenue."""

    ENVOYEE = "envoyee"
    A_RENVOYER = "a_renvoyer"
    SANS_OBJET = "sans_objet"


class CompteOuvert(BaseModel):
    """Le compte, et ce qu'est devenu son courriel de bienvenue."""

    compte: CompteVue
    invitation: Invitation


class ListeDeComptes(BaseModel):
    """Des comptes, par nom."""

    nombre: int
    tronquee: bool
    comptes: list[CompteVue]
