"""What a row of an Affelnet file says (refdata `metier/colonnes_affelnet_import.csv`).

Phone and e-mail are read over and never kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from contracts.identifiants import code_postal, uai
from services.export.domain.academies import numero
from services.export.domain.couverture_rapprochement import LigneAffelnet, lire_mef
from services.export.domain.entetes import EnteteRefusee, exiger_colonnes, nom_de_colonne

COLONNES: Final[Mapping[str, str]] = {
    "CODE_MEF": "code_mef",
    "CP": "code_postal",
    "UAI": "uai",
    "UAI_FORMATEUR": "uai_formateur",
    "UAI_RESPONSABLE": "uai_responsable",
    "CODE_VOIE": "code_voie",
    "CODE_SPECIALITE": "code_specialite",
    "CLE_MINISTERE_EDUCATIF": "cle_ministere_educatif",
    "ACADEMIE": "academie",
    "CODE_OFFRE": "code_offre",
    "LIBELLE_TYPE_ETABLISSEMENT": "libelle_type_etablissement",
    "LIBELLE_ETABLISSEMENT": "libelle_etablissement",
    "ADRESSE": "adresse",
    "COMMUNE": "commune",
    "MINISTERE": "ministere",
    "PUBLIC_PRIVE": "etablissement_type",
    "TYPE_CONTRAT": "type_contrat",
    "CODE_TYPE_ETABLISSEMENT": "code_type_etablissement",
    "CODE_NATURE": "code_nature",
    "CODE_DISTRICT": "code_district",
    "CODE_BASSIN": "code_bassin",
    "CIO": "cio",
    "INTERNAT": "internat",
    "RESEAU_AMBITION_REUSSITE": "reseau_ambition_reussite",
    "MNEMONIQUE": "libelle_mnemonique",
    "LIBELLE_BAN": "libelle_ban",
    "LIBELLE_VOIE": "type_voie",
    "SAISIE_POSSIBLE_3EME": "saisie_possible_3eme",
    "SAISIE_RESREVEE_SEGPA": "saisie_reservee_segpa",
    "SAISIE_POSSIBLE_2DE": "saisie_possible_2nde",
    "VISIBLE_PORTAIL": "visible_tsa",
    "LIBELLE_FORMATION": "libelle_formation",
    "URL_ONISEP_FORMATION": "url_onisep_formation",
    "URL_ONISEP_ETABLISSEMENT": "url_onisep_etablissement",
    "LIBELLE_VILLE": "ville",
    "CAMPUS_METIER": "campus_metier",
    "MODALITES_PARTICULIERES": "modalites",
    "INFORMATIONS": "informations",
    "SIRET_UAI_GESTIONNAIRE": "siret_uai_gestionnaire",
    "INTEGREE_CATALOGUE": "integree_catalogue",
    "COORDONNEES_GPS_LATITUDE": "coordonnees_gps_latitude",
    "COORDONNEES_GPS_LONGITUDE": "coordonnees_gps_longitude",
}
NON_CONSERVEES: Final = frozenset({"TELEPHONE", "MEL"})
_AUTRES_NOMS: Final = {"SAISIE_RESERVEE_SEGPA": "SAISIE_RESREVEE_SEGPA"}
_NECESSAIRES: Final = ("ACADEMIE", "CODE_OFFRE", "UAI", "CODE_MEF", "CLE_MINISTERE_EDUCATIF", "CP")
_PRIVE: Final = "PR"


@dataclass(frozen=True, slots=True)
class LigneLue:
    """A row: its number in the file, what is kept of it, and either what it says or why not."""

    numero: int
    cellules: Mapping[str, str]
    academie: str | None
    dite: LigneAffelnet | None
    refus: str | None = None


def lire_entete(cellules: Sequence[str]) -> dict[str, int]:
    """Return the place of each known column, by field; columns unknown or not kept are left out.

    Raises:
        EnteteRefusee: a column without which nothing can be matched is missing, or comes twice.
    """
    noms = [_AUTRES_NOMS.get(nom, nom) for nom in map(nom_de_colonne, cellules)]
    exiger_colonnes(noms, _NECESSAIRES)
    doubles = sorted({nom for nom in noms if nom in COLONNES and noms.count(nom) > 1})
    if doubles:
        raise EnteteRefusee(f"Colonnes en double : {', '.join(doubles)}.")
    return {COLONNES[nom]: rang for rang, nom in enumerate(noms) if nom in COLONNES}


def lire_lignes(
    rangees: Iterable[tuple[int, Sequence[str]]], academie: str | None = None
) -> Iterator[LigneLue]:
    """Read the numbered rows of a file, the header first; rows of another académie are refused.

    Raises:
        EnteteRefusee: nothing can be matched with these columns, or there is no row at all.
    """
    reste = iter(rangees)
    _, entete = next(reste, (0, ()))
    places = lire_entete(entete)
    connus: set[str] = set()
    for numero_, cellules in reste:
        lue = lire_ligne(
            numero_,
            {
                champ: cellules[rang]
                for champ, rang in places.items()
                if rang < len(cellules) and cellules[rang]
            },
        )
        refus = lue.refus
        if refus is None and academie is not None and lue.academie != academie:
            refus = "autre_academie"
        if lue.dite is not None and refus is None:
            if lue.dite.identifiant in connus:
                refus = "identifiant_en_double"
            connus.add(lue.dite.identifiant)
        yield replace(lue, refus=refus)


def lire_ligne(numero_: int, cellules: Mapping[str, str]) -> LigneLue:
    """Read the cells of a row, by field; one that cannot name an offer says why in `refus`."""
    lire = cellules.get
    academie = numero(lire("academie"))
    if lire("academie") is None or lire("code_offre") is None:
        return LigneLue(numero_, cellules, academie, None, "sans_identifiant")
    if academie is None:
        return LigneLue(numero_, cellules, None, None, "academie_inconnue")
    dite = LigneAffelnet(
        identifiant=f"{cellules['academie']}/{cellules['code_offre']}",
        uai=uai.normaliser(lire("uai")) or lire("uai"),
        cle=lire("cle_ministere_educatif"),
        mef=lire_mef(lire("code_mef")),
        code_postal=code_postal.normaliser(lire("code_postal")) or lire("code_postal"),
        prive=(lire("etablissement_type") or "").upper().startswith(_PRIVE),
        code_nature=lire("code_nature"),
        informations=lire("informations"),
    )
    return LigneLue(numero_, cellules, academie, dite, _ignoree(dite))


def _ignoree(ligne: LigneAffelnet) -> str | None:
    if not ligne.ignoree:
        return None
    return "sans_uai" if not ligne.uai else "sans_cle_ni_mef"
