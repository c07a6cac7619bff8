"""Training centres that do not exist, with check digits that hold.

Their SIREN begin with 0000 and their UAI end with a serial above 9900, which no register has given.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contracts.identifiants import siret, uai
from deploy.exemple.generateur.geographie import Commune, Geographie
from deploy.exemple.generateur.tables import SOURCE, capitales, ecrire_csv, graine, liste

_VOIES: Final = (
    *("des Acacias", "du Moulin", "de l'Imaginaire", "des Compagnons", "du Lavoir"),
    *("de l'Apprentissage", "du Fournil", "des Ateliers", "des Tilleuls", "du Vieux Puits"),
    *("de la Halle", "des Quatre Vents", "du Clair de lune"),
)
_PREFIXE_UAI: Final = {"2A": "620", "2B": "720"}
_FERME: Final = 11
_INCONNU: Final = 13
_SANS_QUALIOPI: Final = 9


@dataclass(frozen=True, slots=True)
class Etablissement:
    """One establishment of a made-up training centre."""

    siret: str
    uai: str
    raison_sociale: str
    commune: Commune
    code_postal: str
    numero: int
    voie: str
    ferme: bool
    connu: bool
    qualiopi: bool

    @property
    def adresse(self) -> str:
        """Return the line that an envelope bears above the post code."""
        return f"{self.numero} rue {self.voie}"


@dataclass(frozen=True, slots=True)
class Cfa:
    """A training centre: what it teaches, its establishments, the first of which is its seat."""

    familles: tuple[str, ...]
    etablissements: tuple[Etablissement, ...]


def ecrire_organismes(sortie: Path, geographie: Geographie) -> list[Cfa]:
    """Write the tables of establishments; return the training centres."""
    cfas: list[Cfa] = []
    numerotes: Counter[str] = Counter()
    rang = 0
    for numero, seed in enumerate(graine("cfas"), start=1):
        etablissements = []
        for place, code in enumerate(liste(seed["sieges"]), start=1):
            rang += 1
            commune = geographie.communes[code]
            numero_uai = _uai(commune.departement, numerotes)
            etablissements.append(
                _etablissement(seed["nom"], numero, place, rang, commune, numero_uai)
            )
        cfas.append(Cfa(tuple(liste(seed["familles"])), tuple(etablissements)))
    tous = [etablissement for cfa in cfas for etablissement in cfa.etablissements]
    _ecrire_etablissements(sortie, tous)
    _ecrire_uai(sortie, tous)
    return cfas


def _uai(departement: str, numerotes: Counter[str]) -> str:
    """Return the next UAI of a département, which has fewer than a hundred."""
    prefixe = _PREFIXE_UAI.get(departement) or departement.zfill(3)
    numerotes[prefixe] += 1
    chiffres = f"{prefixe}99{numerotes[prefixe]:02d}"
    return chiffres + uai.lettre(chiffres)


def _etablissement(
    nom: str, cfa: int, place: int, rang: int, commune: Commune, numero_uai: str
) -> Etablissement:
    racine = f"0000{cfa:04d}"
    siren = next(racine + c for c in "0123456789" if siret.cle_juste(f"00000{racine}{c}"))
    debut = f"{siren}{place:04d}"
    return Etablissement(
        siret=next(debut + c for c in "0123456789" if siret.cle_juste(debut + c)),
        uai=numero_uai,
        raison_sociale=nom,
        commune=commune,
        code_postal=commune.codes_postaux[rang % len(commune.codes_postaux)],
        numero=1 + (7 * rang) % 90,
        voie=_VOIES[rang % len(_VOIES)],
        ferme=place > 1 and rang % _FERME == 0,
        connu=rang % _INCONNU != 0,
        qualiopi=cfa % _SANS_QUALIOPI != 0,
    )


def _ecrire_etablissements(sortie: Path, etablissements: list[Etablissement]) -> None:
    ecrire_csv(
        sortie / "organismes/etablissements_2022.csv",
        (
            *("siret", "siren", "siret_siege", "siege", "uai", "nda", "raison_sociale"),
            *("enseigne", "numero_voie", "type_voie", "nom_voie", "complement_adresse"),
            *("code_postal", "code_insee", "localite", "cedex", "num_departement"),
            *("num_academie", "region", "naf", "naf_libelle", "forme_juridique_code"),
            *("forme_juridique", "date_creation", "ferme", "qualiopi", "latitude"),
            *("longitude", "source"),
        ),
        (
            {
                "siret": e.siret,
                "siren": siret.siren(e.siret),
                "siege": str(e.siret[9:13] == "0001").lower(),
                "uai": e.uai,
                "raison_sociale": capitales(e.raison_sociale),
                "enseigne": e.raison_sociale,
                "numero_voie": e.numero,
                "type_voie": "RUE",
                "nom_voie": capitales(e.voie),
                "code_postal": e.code_postal,
                "code_insee": e.commune.code,
                "localite": capitales(e.commune.nom),
                "num_departement": e.commune.departement,
                "naf": "85.32Z",
                "naf_libelle": "Enseignement secondaire technique ou professionnel",
                "date_creation": "2015-09-01",
                "ferme": str(e.ferme).lower(),
                "qualiopi": "oui" if e.qualiopi else "non",
                "latitude": e.commune.latitude,
                "longitude": e.commune.longitude,
                "source": SOURCE,
            }
            for e in etablissements
            if e.connu
        ),
    )


def _ecrire_uai(sortie: Path, etablissements: list[Etablissement]) -> None:
    ecrire_csv(
        sortie / "organismes/uai_siret_2024.csv",
        (
            *("uai", "siret", "raison_sociale", "enseigne", "nature", "departement"),
            *("commune", "adresse"),
        ),
        (
            {
                "uai": e.uai,
                "siret": e.siret,
                "raison_sociale": capitales(e.raison_sociale),
                "nature": "responsable_formateur",
                "departement": e.commune.departement,
                "commune": e.commune.nom,
                "adresse": e.adresse,
            }
            for e in etablissements
            if e.connu
        ),
    )
