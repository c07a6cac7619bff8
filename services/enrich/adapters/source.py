"""What is loaded: one file, an archive or a directory."""

from pathlib import Path

from services.enrich.adapters.fichiers import lire_dossier, lire_fichier
from services.enrich.domain.chargement.modele import FichierRefuse, TableLue


def lire_source(chemin: Path, table: str | None = None) -> list[TableLue]:
    """Return the tables read of a path; `table` says which one a file is when nothing else does.

    Of an archive, files that are no table are passed over. Raises `FichierRefuse`.
    """
    if not chemin.exists():
        raise FichierRefuse(f"{chemin.name} : introuvable.")
    return lire_dossier(chemin) if chemin.is_dir() else lire_fichier(chemin, table)
