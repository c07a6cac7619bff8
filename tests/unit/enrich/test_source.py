"""What is read of a file, an archive or a directory."""

import gzip
from pathlib import Path
from zipfile import ZipFile

import pytest

from services.enrich.adapters.source import lire_source
from services.enrich.domain.chargement.modele import FichierRefuse

EXEMPLE = Path("deploy/exemple")
ROME = EXEMPLE / "certifications" / "rome.csv"
REGIONS = EXEMPLE / "geo" / "regions.csv"


def _archive(dossier: Path, *fichiers: Path) -> Path:
    chemin = dossier / "tables.zip"
    with ZipFile(chemin, "w") as archive:
        for fichier in fichiers:
            archive.write(fichier, f"export/{fichier.name}")
    return chemin


def _tables(chemin: Path, table: str | None = None) -> list[str]:
    return [lue.bilan.table for lue in lire_source(chemin, table)]


def test_a_directory_gives_all_its_tables() -> None:
    assert {"cfd", "rome", "communes"} <= set(_tables(EXEMPLE))


def test_a_file_is_known_by_its_name_or_by_the_table_that_is_told(tmp_path: Path) -> None:
    autre = tmp_path / "metiers.gz"
    autre.write_bytes(gzip.compress(ROME.read_bytes()))

    assert _tables(ROME) == ["rome"]
    assert _tables(autre, "rome") == ["rome"]
    with pytest.raises(FichierRefuse, match="table inconnue"):
        lire_source(autre)
    with pytest.raises(FichierRefuse, match="table inconnue"):
        lire_source(ROME, "metiers")


def test_an_archive_gives_the_tables_that_it_holds(tmp_path: Path) -> None:
    lisez_moi = tmp_path / "LISEZMOI.txt"
    lisez_moi.write_text("à lire", encoding="utf-8")

    assert _tables(_archive(tmp_path, ROME, lisez_moi, REGIONS)) == ["rome", "regions"]
    with pytest.raises(FichierRefuse, match="table inconnue"):
        lire_source(_archive(tmp_path, lisez_moi))


def test_a_cut_or_damaged_archive_is_refused(tmp_path: Path) -> None:
    chemin = _archive(tmp_path, ROME, REGIONS)
    entiere = chemin.read_bytes()
    abimee = bytearray(entiere)
    abimee[200:260] = b"\xff" * 60

    for contenu in (entiere[: len(entiere) // 2], bytes(abimee)):
        chemin.write_bytes(contenu)
        with pytest.raises(FichierRefuse, match=r"tables\.zip"):
            lire_source(chemin)


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FichierRefuse, match="introuvable"):
        lire_source(tmp_path / "absent.csv")
