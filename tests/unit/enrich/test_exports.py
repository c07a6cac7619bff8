"""The layouts of the live exports, on small files of our own; the real ones when at hand."""

import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from services.enrich.adapters.fichiers import lire_dossier, lire_fichier
from services.enrich.domain.chargement import TABLES
from services.enrich.domain.chargement.certifications import CFD
from services.enrich.domain.chargement.exports import EXPORTS
from services.enrich.domain.chargement.modele import FichierRefuse, TableLue
from services.enrich.domain.references.construction import construire

N_DIPLOME = (
    "FORMATION_DIPLOME;NIVEAU_FORMATION_DIPLOME;GROUPE_SPECIALITE;LIBELLE_COURT;LIBELLE_STAT_33;"
    "LIBELLE_LONG_200;DATE_FERMETURE;NOUVEAU_DIPLOME_1;NOUVEAU_DIPLOME_2;NOUVEAU_DIPLOME_3;"
    "NOUVEAU_DIPLOME_4;NOUVEAU_DIPLOME_5;NOUVEAU_DIPLOME_6;NOUVEAU_DIPLOME_7\n"
    "50022137;500;221;CAP;PATISSIER;PÂTISSIER (CAP);31/08/2021;50022141;50022142;;;;;\n"
    "40025214;400;252;BAC PRO;;;;;;;;;;\n"
)
V_DIPLOME = (
    "FORMATION_DIPLOME;NIVEAU_FORMATION_DIPLOME;GROUPE_SPECIALITE;LIBELLE_COURT;LIBELLE_STAT_33;"
    "LIBELLE_LONG_200;DATE_FERMETURE\n"
    "40025214;400;252;BAC PRO;MOTOCYCLES;MOTOCYCLES (BAC PRO);\n"
    "23025101;230;251;DU;;DIPLÔME D'UNIVERSITÉ;\n"
    "50022137;500;221;AUTRE;AUTRE;AUTRE;\n"
)


def _lire(dossier: Path, nom: str, contenu: bytes | str, table: str | None = None) -> TableLue:
    fichier = dossier / nom
    fichier.write_bytes(contenu.encode() if isinstance(contenu, str) else contenu)
    (lue,) = lire_fichier(fichier, table)
    return lue


def _zip(dossier: Path, membres: Mapping[str, str]) -> Path:
    chemin = dossier / "export.zip"
    with zipfile.ZipFile(chemin, "w") as archive:
        for nom, contenu in membres.items():
            archive.writestr(nom, contenu)
    return chemin


def test_a_diploma_of_the_bcn_has_its_dates_and_its_successors_in_order(tmp_path: Path) -> None:
    lue = _lire(tmp_path, "n_formation_diplome.csv", N_DIPLOME)

    assert lue.bilan.table == "cfd"
    assert lue.lignes[0] == [
        "50022137",
        "500",
        "221",
        "CAP",
        "PATISSIER",
        "PÂTISSIER (CAP)",
        "2021-08-31",
        ["50022141", "50022142"],
    ]


def test_n_wins_and_v_completes_its_labels_and_its_diplomas(tmp_path: Path) -> None:
    (lue,) = lire_fichier(_zip(tmp_path, {"n.csv": N_DIPLOME, "v.csv": V_DIPLOME}))

    libelles = {ligne[0]: ligne[5] for ligne in lue.lignes}
    assert libelles == {
        "50022137": "PÂTISSIER (CAP)",
        "40025214": "MOTOCYCLES (BAC PRO)",
        "23025101": "DIPLÔME D'UNIVERSITÉ",
    }
    assert lue.bilan.refusees == {}


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16"])
def test_accents_are_those_of_the_file_whatever_its_encoding(tmp_path: Path, encodage: str) -> None:
    lue = _lire(tmp_path, "n.csv", N_DIPLOME.encode(encodage))

    assert lue.lignes[0][5] == "PÂTISSIER (CAP)"
    devines = [dit for dit in lue.bilan.remarques if dit.startswith("lu comme")]
    assert devines == ([f"lu comme {encodage}"] if encodage in {"cp1252", "mac_roman"} else [])


def test_rows_whose_accents_are_lost_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FichierRefuse, match="aucune ligne utilisable"):
        _lire(
            tmp_path,
            "n.csv",
            "NIVEAU_FORMATION_DIPLOME;LIBELLE_100\n500;BREVET SUP\ufffdRIEUR\n",
        )


def test_loops_and_unknown_successors_are_told_and_kept(tmp_path: Path) -> None:
    boucle = (
        "cfd,niveau_formation_diplome,groupe_specialite,libelle_court,libelle_stat,libelle_long,"
        "date_fermeture,nouveaux\n"
        "50022104,500,221,CAP,A,A,2010-08-31,50022105\n"
        "50022105,500,221,CAP,B,B,2012-08-31,50022104\n"
        "50022106,500,221,CAP,C,C,2012-08-31,50099999\n"
    )
    lue = _lire(tmp_path, "cfd.csv", boucle)

    assert lue.bilan.gardees == 3
    assert lue.bilan.remarques == {
        "remplacements en boucle": 2,
        "remplacements vers un code inconnu": 1,
    }


def test_the_files_of_france_competences_are_joined(tmp_path: Path) -> None:
    archive = _zip(
        tmp_path,
        {
            "export_fiches_CSV_Standard_2024_02_22.csv": (
                '"Numero_Fiche";"Intitule";"Abrege_Libelle";"Abrege_Intitule";'
                '"Nomenclature_Europe_Niveau";"Date_Fin_Enregistrement";"Date_Effet";'
                '"Type_Enregistrement";"Actif"\r\n'
                '"RNCP100";"Pâtissier";"CAP";"Certificat";"NIV3";"31/08/2026";"";'
                '"Enregistrement de droit";"ACTIVE"\r\n'
                '"RS200";"Autre";"";"";"";"";"";"";"ACTIVE"\r\n'
            ),
            "export_fiches_CSV_Rome_2024_02_22.csv": (
                '"Numero_Fiche";"Codes_Rome_Code"\r\n"RNCP100";"D1104"\r\n"RNCP100";"D1102"\r\n'
            ),
            "export_fiches_CSV_Nsf_2024_02_22.csv": (
                '"Numero_Fiche";"Nsf_Code"\r\n"RNCP100";"221t"\r\n'
            ),
            "export_fiches_CSV_VoixdAccès_2024_02_22.csv": (
                '"Numero_Fiche";"Si_Jury"\r\n"RNCP100";"En contrat d’apprentissage"\r\n'
            ),
            "export_fiches_CSV_Certificateurs_2024_02_22.csv": (
                '"Numero_Fiche";"Siret_Certificateur";"Nom_Certificateur"\r\n'
                '"RNCP100";"\t11004301500012";"MINISTERE"\r\n'
            ),
            "export_fiches_CSV_Partenaires_2024_02_22.csv": (
                '"Numero_Fiche";"Nom_Partenaire";"Siret_Partenaire";"Habilitation_Partenaire"\r\n'
                '"RNCP100";"ALYRA";"\t82815245400033";"HABILITATION_ORGA_FORM"\r\n'
            ),
            "export_fiches_CSV_Ancienne_Nouvelle_Certification_2024_02_22.csv": (
                '"Numero_Fiche";"Ancienne_Certification";"Nouvelle_Certification"\r\n'
                '"RNCP100";"RNCP50";\r\n"RNCP100";;"RNCP300"\r\n'
            ),
        },
    )
    lues = {lue.bilan.table: lue for lue in lire_fichier(archive)}
    fiche = construire("v", {nom: lue.lignes for nom, lue in lues.items()}).fiches["RNCP100"]

    assert set(lues) == {"rncp", "certificateurs", "partenaires"}
    assert (fiche.niveau, fiche.date_fin_validite, fiche.source_le) == (
        "3",
        "2026-08-31",
        "2024-02-22",
    )
    assert (list(fiche.romes), fiche.acces_apprentissage) == (["D1104", "D1102"], True)
    assert (list(fiche.anciennes), list(fiche.nouvelles)) == (["RNCP50"], ["RNCP300"])
    assert lues["partenaires"].lignes == [
        ["RNCP100", "82815245400033", "HABILITATION_ORGA_FORM", "ALYRA"]
    ]


def test_a_kit_is_read_from_a_workbook_whose_header_is_lower_down(tmp_path: Path) -> None:
    classeur = Workbook()
    classeur.active.append(["Lisez-moi"])
    feuille = classeur.create_sheet("Kit")
    feuille.append(["Kit apprentissage", None, None])
    feuille.append(["Code Diplôme", "Intitulé", "Code RNCP"])
    feuille.append(["50022137", "Pâtissier", "RNCP100"])
    feuille.append([40025214, "Motocycles", 200])
    octets = io.BytesIO()
    classeur.save(octets)
    lue = _lire(tmp_path, "Kit_apprentissage_20250131.xlsx", octets.getvalue())

    assert lue.lignes == [["50022137", "RNCP100"], ["40025214", "RNCP200"]]
    assert lue.bilan.source_le == "2025-01-31"


@pytest.mark.parametrize(
    "pages",
    [
        {"data": [{"code_cfd": "50022137", "code_rncp": "RNCP100"}]},
        [[{"code_cfd": "50022137", "code_rncp": "RNCP100"}]],
        [{"code_cfd": "50022137", "code_rncp": "RNCP100", "autre": {"x": 1}}],
    ],
)
def test_a_kit_is_read_from_json_pages(tmp_path: Path, pages: object) -> None:
    assert _lire(tmp_path, "kit.json", json.dumps(pages)).lignes == [["50022137", "RNCP100"]]


def test_communes_are_read_from_the_geo_api(tmp_path: Path) -> None:
    objets = [
        {
            "nom": "Nice",
            "code": "06088",
            "codeDepartement": "06",
            "codesPostaux": ["06000", "06100"],
            "centre": {"type": "Point", "coordinates": [7.25, 43.7]},
        },
        {"nom": "Ancienne", "code": "06999", "type": "commune-associee", "codesPostaux": []},
    ]
    lue = _lire(tmp_path, "communes.json", json.dumps(objets))

    assert lue.lignes == [["06088", "Nice", "06", ["06000", "06100"], 43.7, 7.25]]


def test_registers_of_organisms_are_read(tmp_path: Path) -> None:
    acce = (
        "numero_uai;etat_etablissement;appellation_officielle;commune;numero_siren_siret_uai;"
        "date_ouverture;date_fermeture\n"
        "0010856A;4;Lycée fermé;06088;19060793700074;01/05/1965;31/08/2024\n"
        "0010001W;2;Lycée à fermer;01004;;01/05/1965;31/08/2030\n"
    )
    assert _lire(tmp_path, "acce.csv", acce.encode("latin-1")).lignes == [
        ["0010856A", "Lycée fermé", "06088", "19060793700074", "1965-05-01", "2024-08-31", True],
        ["0010001W", "Lycée à fermer", "01004", None, "1965-05-01", "2030-08-31", False],
    ]
    sirene = (
        "siret,etatAdministratifEtablissement,denominationUniteLegale,codeCommuneEtablissement,"
        "dateCreationEtablissement,dateDernierTraitementEtablissement\n"
        "19060793700074,F,LYCEE,06088,1965-05-01,2024-09-01T10:00:00\n"
    )
    (ligne,) = _lire(tmp_path, "StockEtablissement.csv", sirene).lignes
    assert (ligne[0], ligne[10], ligne[12]) == ("19060793700074", True, "2024-09-01")


def test_the_public_list_says_who_is_certified(tmp_path: Path) -> None:
    liste = (
        "siren;siretEtablissementDeclarant;numeroDeclarationActivite;"
        "certifications.actionsDeFormationParApprentissage\n"
        "190607937;19060793700074;93060000006;true\n198401101;19840110100011;;true\n"
    )
    qualiopi = _lire(tmp_path, "liste.csv", liste).lignes
    etablissement = [*["x"] * 11, None, "2024-01-01"]
    connus = [
        [siret, *etablissement[1:10], False, None, "2024-01-01"]
        for siret in ("19060793700074", "19060793700082", "19840110100011", "34958609900021")
    ]
    tables = {"etablissements": connus, "qualiopi": qualiopi}

    certifies = {
        siret: connu.certifie_qualite
        for siret, connu in construire("v", tables).etablissements.items()
    }
    assert certifies == {
        "19060793700074": True,
        "19060793700082": True,
        "19840110100011": False,
        "34958609900021": False,
    }


def test_links_are_read_by_code(tmp_path: Path) -> None:
    lue = _lire(tmp_path, "onisepUrls.json", json.dumps({"50022137": "http://x.fr/1"}))

    assert (lue.bilan.table, lue.lignes) == ("onisep", [["50022137", "http://x.fr/1", None]])


def test_live_exports_of_a_directory_win_over_its_normalised_files(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "certifications").mkdir()
    (tmp_path / "exports" / "n.csv").write_text(N_DIPLOME, encoding="utf-8")
    (tmp_path / "certifications" / "cfd.csv").write_text("abîmé", encoding="utf-8")
    (lue,) = lire_dossier(tmp_path, [CFD])
    assert lue.bilan.fichier == "n.csv"


REELS = {
    "bcn/n_formation_diplome_20200715.csv": ("cfd", 3_712),
    "bcn/2024/N_FORMATION_DIPLOME.csv": ("cfd", 3_923),
    "bcn/n_mef_20200715.csv": ("mef", 9_195),
    "bcn/n_niveau_formation_diplome_20200715.csv": ("niveaux", 189),
    "bcn/n_dispositif_formation_20200715.csv": ("dispositifs", 168),
    "bcn/n_lettre_specialite_20200715.csv": ("lettres", 17),
    "rncp/kit_apprentissage_20231218.csv": ("kit_apprentissage", 5_670),
    "onisep/onisepUrls.json": ("onisep", 795),
    "uai/acce_uai_mini.csv": ("uai", 5),
}


@pytest.mark.parametrize("fichier", REELS)
def test_the_real_layouts_at_hand_are_read_whole(fichier: str) -> None:
    dossier = os.environ.get("CATALOGUE_REFDATA")
    if not dossier:
        pytest.skip("CATALOGUE_REFDATA ne désigne aucun dossier de référentiels")
    chemin = Path(dossier) / "layouts" / fichier
    if not chemin.is_file():
        pytest.skip(f"{fichier} n'est pas dans ce dossier")
    (lue,) = lire_fichier(chemin)

    assert (lue.bilan.table, lue.bilan.gardees) == REELS[fichier]


def test_the_guide_names_every_table_and_every_export() -> None:
    guide = Path("docs/referentiels.md").read_text(encoding="utf-8")

    assert [table.nom for table in TABLES if f"`{table.nom}`" not in guide] == []
    assert [une.nom for une in EXPORTS if une.table and une.nom not in guide] == []
