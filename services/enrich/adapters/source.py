"""What is loaded: one file, an archive or a directory."""

from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.domain.chargement import TABLES
from services.enrich.domain.chargement.modele import FichierRefuse, Table, TableLue


def lire_source(chemin: Path, table: str | None = None) -> Sequence[TableLue]:
    """Return the tables read of a path; `table` says which one a file is when its name does not.

    Raises `FichierRefuse`.
    """
    if not chemin.exists():
        raise FichierRefuse(f"{chemin.name} : introuvable.")
    if chemin.is_dir():
        return lire_dossier(chemin)
    return _lire_fichier(chemin, table)


def _lire_fichier(chemin: Path, nom: str | None) -> Sequence[TableLue]:
    table = _reconnaitre(chemin, nom)
    place = PurePosixPath(table.motifs[0])
    nom_lu = chemin.name if nom is None else place.name.replace("*", "") + _suffixe(chemin)
    with TemporaryDirectory() as dossier:
        lien = Path(dossier) / place.parent / nom_lu
        lien.parent.mkdir(parents=True, exist_ok=True)
        lien.symlink_to(chemin.resolve())
        return lire_dossier(Path(dossier), [table])


def _reconnaitre(chemin: Path, nom: str | None) -> Table:
    for table in TABLES:
        motifs = [PurePosixPath(motif).name for motif in table.motifs]
        if table.nom == nom or (nom is None and any(fnmatch(chemin.name, m) for m in motifs)):
            return table
    connues = ", ".join(table.nom for table in TABLES)
    raise FichierRefuse(f"{nom or chemin.name} : table inconnue ; tables connues : {connues}.")


def _suffixe(chemin: Path) -> str:
    return ".gz" if chemin.suffix == ".gz" else ""
