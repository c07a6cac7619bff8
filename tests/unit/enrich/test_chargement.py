"""Reading reference files: what is kept, what is refused, and what makes a file useless."""

import gzip
from pathlib import Path

import pytest

from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.domain.chargement import TABLES
from services.enrich.domain.chargement.certifications import CFD, KIT, RNCP
from services.enrich.domain.chargement.geographie import COMMUNES_ANCIENNES, REGIONS
from services.enrich.domain.chargement.modele import FichierRefuse, jour_de_source, lire_table

ENTETE_CFD = list(CFD.colonnes)


def _rangee_cfd(code: str = "50022101", fermeture: str = "", nouveaux: str = "") -> list[str]:
    return [code, "500", "221", "CAP", "STAT", "LONG", fermeture, nouveaux]


def test_a_good_row_is_kept_in_the_order_of_its_table() -> None:
    lue = lire_table(CFD, "cfd.csv", [ENTETE_CFD, _rangee_cfd(nouveaux="50022102|50022103")])

    assert lue.lignes == [
        ["50022101", "500", "221", "CAP", "STAT", "LONG", None, ["50022102", "50022103"]]
    ]


def test_columns_are_found_by_name_wherever_they_are() -> None:
    entete = ["inconnue", *reversed(ENTETE_CFD)]
    rangee = ["?", *reversed(_rangee_cfd())]

    assert lire_table(CFD, "cfd.csv", [entete, rangee]).lignes[0][0] == "50022101"


@pytest.mark.parametrize(
    ("rangee", "raison"),
    [
        (_rangee_cfd(code="5002"), "CFD malformé"),
        (_rangee_cfd(fermeture="31/08/2020"), "date illisible"),
        (_rangee_cfd(fermeture="2021-02-31"), "date illisible"),
        (_rangee_cfd()[:4], "ligne incomplète"),
        (["50022102", "500", "221", "CAP", "STAT", "D\ufffdCOR", "", ""], "accents perdus"),
        (_rangee_cfd(), "en double"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_its_line(rangee: list[str], raison: str) -> None:
    bilan = lire_table(CFD, "cfd.csv", [ENTETE_CFD, _rangee_cfd(), rangee]).bilan

    ((motif, nombre),) = bilan.refusees.items()
    assert motif.startswith(raison)
    assert (bilan.lues, bilan.gardees, nombre) == (2, 1, 1)
    assert bilan.exemples[motif] == [3]


def test_rows_are_identified_by_all_the_parts_of_their_key() -> None:
    rangees = [["cfd", "code_rncp"], ["50022101", "RNCP1"], ["50022101", "RNCP2"]]

    assert lire_table(KIT, "kit.csv", rangees).bilan.gardees == 2


def test_a_diploma_that_is_not_registered_is_no_pair() -> None:
    rangees = [["cfd", "code_rncp"], ["50022101", "RNCP1"], ["50022102", "NR"]]

    assert lire_table(KIT, "kit.csv", rangees).bilan.refusees == {
        "diplôme non inscrit au RNCP (NR)": 1
    }


def test_a_code_in_force_is_no_former_one() -> None:
    rangees = [
        ["code_insee", "nom", "type", "commune_parente"],
        ["01015", "Arbignieu", "commune-deleguee", "01015"],
        ["01018", "", "ancien-code", "01033"],
        ["22247", "Pommerit-Jaudy", "commune-deleguee", "22264"],
    ]

    assert lire_table(COMMUNES_ANCIENNES, "a.csv", rangees).lignes == [
        ["01018", "01033", "ancien-code", None],
        ["22247", "22264", "commune-deleguee", "Pommerit-Jaudy"],
    ]


def test_a_missing_column_makes_a_file_useless() -> None:
    with pytest.raises(FichierRefuse, match="date_fermeture"):
        lire_table(CFD, "cfd.csv", [ENTETE_CFD[:6], _rangee_cfd()[:6]])


def test_a_file_without_a_usable_row_would_empty_its_table() -> None:
    with pytest.raises(FichierRefuse, match="aucune ligne"):
        lire_table(CFD, "cfd.csv", [ENTETE_CFD, _rangee_cfd(code="?")])


@pytest.mark.parametrize(
    ("source", "jour"),
    [
        ("kit_apprentissage_2025-01-31", "2025-01-31"),
        ("certifinfo_2024", "2024-12-31"),
        ("france_competences_2021", "2021-12-31"),
    ],
)
def test_a_source_is_believed_from_the_latest_day_that_its_name_allows(
    source: str, jour: str
) -> None:
    assert jour_de_source(source) == jour


def test_an_undated_fiche_is_refused() -> None:
    rangee = ["RNCP1", "Titre", "4", "", "", "ACTIVE", "", "", "", "oui", "", "", "on ne sait"]
    bonne = [*rangee[:-1], "kit_2025-01-31"]

    lue = lire_table(RNCP, "rncp.csv", [list(RNCP.colonnes), rangee, bonne])
    assert lue.bilan.refusees == {"source non datée": 1}


@pytest.mark.parametrize(
    ("type_", "ecrit", "lu"),
    [
        ("CAP", "CAP - Fleuriste", "Fleuriste"),
        ("BTSA", "BTSA - BTSA Gestion forestière", "Gestion forestière"),
        ("TP", "TP - TP TP Piqueur en maroquinerie", "Piqueur en maroquinerie"),
        ("MASTER", "MASTER Psychologie", "MASTER Psychologie"),
        ("CAP", "Capitaine - marine", "Capitaine - marine"),
        ("", "- Titre", "- Titre"),
    ],
)
def test_a_title_loses_the_type_that_the_kit_writes_in_front(
    type_: str, ecrit: str, lu: str
) -> None:
    rangee = ["RNCP1", ecrit, "4", type_, *[""] * 8, "kit_2025-01-31"]

    assert lire_table(RNCP, "rncp.csv", [list(RNCP.colonnes), rangee]).lignes[0][1] == lu


def _regions(dossier: Path, contenu: bytes, nom: str = "regions.csv") -> Path:
    (dossier / "geo").mkdir()
    (dossier / "geo" / nom).write_bytes(contenu)
    return dossier


def test_a_byte_order_mark_does_not_hide_the_first_column(tmp_path: Path) -> None:
    dossier = _regions(tmp_path, b"\xef\xbb\xbfcode,nom\r\n93,Sud\r\n")

    assert lire_dossier(dossier, [REGIONS])[0].lignes == [["93", "Sud"]]


def test_a_compressed_file_is_read_as_well(tmp_path: Path) -> None:
    dossier = _regions(tmp_path, gzip.compress(b"code,nom\n93,Sud\n"), "regions.csv.gz")

    assert lire_dossier(dossier, [REGIONS])[0].bilan.fichier == "geo/regions.csv.gz"


def test_the_newest_edition_is_read(tmp_path: Path) -> None:
    (tmp_path / "certifications").mkdir()
    for annee in ("2024", "2025"):
        chemin = tmp_path / "certifications" / f"cfd_rncp_kit_{annee}-01-31.csv"
        chemin.write_text("cfd,code_rncp\n50022101,RNCP1\n", encoding="utf-8")

    assert "2025" in lire_dossier(tmp_path, [KIT])[0].bilan.fichier


@pytest.mark.parametrize(
    ("contenu", "nom", "raison"),
    [
        (gzip.compress(b"code,nom\n93,Sud\n" * 50, mtime=0)[:-12], "regions.csv.gz", "gzip"),
        (b'code,nom\n93,"Sud\n', "regions.csv", "CSV"),
    ],
)
def test_a_damaged_file_is_refused_whole(
    tmp_path: Path, contenu: bytes, nom: str, raison: str
) -> None:
    with pytest.raises(FichierRefuse, match=raison):
        lire_dossier(_regions(tmp_path, contenu, nom), [REGIONS])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FichierRefuse, match=r"geo/regions\.csv"):
        lire_dossier(tmp_path, [REGIONS])


def test_the_sample_of_the_project_has_every_table() -> None:
    tables = lire_dossier(Path("deploy/exemple"))

    presentes = [table.bilan.table for table in tables]
    assert [table.nom for table in TABLES if table.nom in presentes] == presentes
    assert not [t.nom for t in TABLES if t.nom not in presentes and not t.facultative]
    assert not any(table.bilan.refusees for table in tables)
