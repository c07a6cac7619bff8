"""What the routes of the Affelnet imports give (OpenAPI)."""

from datetime import datetime

from pydantic import BaseModel


class Compte(BaseModel):
    """Combien d'offres d'une académie passent d'un statut à un autre, selon les règles du jour."""

    num_academie: str | None
    statut_avant: str
    statut_apres: str
    nombre: int


class DifferenceLue(BaseModel):
    """Ce qu'un import change d'une offre ; `ligne` est celle du fichier qui la nomme."""

    id: str
    cle_ministere_educatif: str | None
    intitule: str | None
    num_academie: str | None
    nom_academie: str | None
    ligne: int | None
    statut_avant: str
    statut_apres: str
    identifiant_avant: str | None
    identifiant_apres: str | None
    secteur: str | None
    code_nature: str | None
    mef: str | None
    infos: str | None


class Apercu(BaseModel):
    """Ce que l'import changerait ; `version` est à donner en `If-Match` pour l'appliquer."""

    version: str
    calcule_le: datetime
    lignes: dict[str, int]
    changements: int
    comptes: list[Compte]


class Application(BaseModel):
    """Une application de l'import."""

    version: str
    par: str
    le: datetime
    changements: int


class ImportResume(BaseModel):
    """Un fichier d'Affelnet déposé."""

    id: str
    nom: str
    octets: int
    empreinte: str
    academie: str | None
    depose_par: str
    depose_le: datetime
    nombre_de_lignes: int
    apercu: Apercu | None = None
    applications: list[Application]


class ImportLu(ImportResume):
    """Un import, avec les premières différences."""

    exemples: list[DifferenceLue]


class LigneJugee(BaseModel):
    """Ce qui est dit d'une ligne du fichier."""

    ligne: int
    identifiant: str | None
    code: str
    message: str
    force: int | None
    offres: list[str]
    sites: list[str]
    nombre_d_offres: int


class Rapport(BaseModel):
    """Une page du rapport ; `suivant` à donner en `apres`, nul à la fin."""

    lignes: list[LigneJugee]
    suivant: int | None
