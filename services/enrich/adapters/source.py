"""What is loaded: one file, an archive or a directory."""

import shutil
import zlib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final
from zipfile import BadZipFile, ZipFile, is_zipfile

from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.domain.chargement import TABLES
from services.enrich.domain.chargement.modele import FichierRefuse, Table, TableLue

_ARCHIVE_OCTETS_MAX: Final = 2 << 30


def lire_source(chemin: Path, table: str | None = None) -> list[TableLue]:
    """Return the tables read of a path; `table` says which one a file is when its name does not.

    Of an archive, files that are no table are passed over. Raises `FichierRefuse`.
    """
    if not chemin.exists():
        raise FichierRefuse(f"{chemin.name} : introuvable.")
    if chemin.is_dir():
        return lire_dossier(chemin)
    with TemporaryDirectory() as dossier:
        archive = chemin.suffix.lower() == ".zip" or is_zipfile(chemin)
        fichiers = list(_deballer(chemin, Path(dossier))) if archive else [chemin]
        tables = [(fichier, _reconnaitre(fichier.name, table)) for fichier in fichiers]
        lues = [_lire(fichier, trouvee) for fichier, trouvee in tables if trouvee]
    if not lues:
        connues = ", ".join(connue.nom for connue in TABLES)
        raise FichierRefuse(
            f"{table or chemin.name} : table inconnue ; tables connues : {connues}."
        )
    return lues


def _deballer(chemin: Path, dossier: Path) -> Iterator[Path]:
    """Unpack the files of an archive, each in a folder of its own."""
    try:
        with ZipFile(chemin) as archive:
            membres = [membre for membre in archive.infolist() if not membre.is_dir()]
            if sum(membre.file_size for membre in membres) > _ARCHIVE_OCTETS_MAX:
                raise FichierRefuse(f"{chemin.name} : archive trop volumineuse.")
            for rang, membre in enumerate(membres):
                fichier = dossier / str(rang) / PurePosixPath(membre.filename).name
                fichier.parent.mkdir()
                with archive.open(membre) as source, fichier.open("wb") as copie:
                    shutil.copyfileobj(source, copie)
                yield fichier
    except (BadZipFile, EOFError, RuntimeError, zlib.error) as erreur:
        raise FichierRefuse(f"{chemin.name} : archive coupée ou abîmée.") from erreur


def _reconnaitre(fichier: str, nom: str | None) -> Table | None:
    for table in TABLES:
        if table.nom == nom or (nom is None and _est_sien(fichier, table)):
            return table
    return None


def _est_sien(fichier: str, table: Table) -> bool:
    return any(fnmatch(fichier, PurePosixPath(motif).name) for motif in table.motifs)


def _lire(fichier: Path, table: Table) -> TableLue:
    """Read a file as `lire_dossier` would in the place of its table."""
    place = PurePosixPath(table.motifs[0])
    nom = fichier.name
    if not _est_sien(nom, table):
        suffixe = ".gz" if fichier.suffix == ".gz" else ""
        nom = place.name.replace("*", "").removesuffix(".gz") + suffixe
    with TemporaryDirectory() as dossier:
        lien = Path(dossier) / place.parent / nom
        lien.parent.mkdir(parents=True)
        lien.symlink_to(fichier.resolve())
        return lire_dossier(Path(dossier), [table])[0]
