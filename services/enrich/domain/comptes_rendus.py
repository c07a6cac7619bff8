"""What the command tells of versions and loads, in French."""

from collections.abc import Iterable, Iterator, Sequence

from services.enrich.domain.admission import Forcage, Refus
from services.enrich.domain.chargement import TABLES
from services.enrich.domain.comparaison import Comparaison
from services.enrich.domain.versions import TableEditee, Version
from services.kernel.french import instant, jour, pluriel

_MOTS = {
    "ajoutees": "ajoutée",
    "changees": "changée",
    "fermees": "fermée",
    "retirees": "retirée",
}


def compte_rendu(version: Version, *, nouvelle: bool) -> str:
    """Return the report of a load: what was read, kept and refused, and what it changes."""
    etat = "en vigueur" if version.active else "pas en vigueur"
    lignes = [f"Référentiels, version {version.id} ({etat})"]
    if not nouvelle:
        lignes.append("  Contenu identique à celui d'une version déjà chargée : rien n'a été créé.")
    for table in version.tables:
        if table.chargee_le == version.chargee_le or not nouvelle:
            lignes += _table(table)
    presentes = {table.nom for table in version.tables}
    if absentes := [table.nom for table in TABLES if table.nom not in presentes]:
        lignes.append(f"  Tables encore absentes : {', '.join(absentes)}.")
    lignes += rapport_de_comparaison(version.comparaisons)
    if version.forcage:
        lignes += _forcage(version.forcage)
    return "\n".join(lignes)


def rapport_de_comparaison(comparaisons: Sequence[Comparaison]) -> list[str]:
    """Return, table by table, the figures and first keys of what differs."""
    lignes: list[str] = []
    for une in comparaisons:
        figures = {
            "ajoutees": une.ajoutees,
            "changees": une.changees,
            "fermees": une.fermees,
            "retirees": une.retirees,
        }
        dits = ", ".join(pluriel(figures[nom], mot) for nom, mot in _MOTS.items())
        lignes.append(f"  {une.table} : {dits}")
        lignes += [
            f"      {_MOTS[nom]}s : {', '.join(cles)}{'…' if figures[nom] > len(cles) else ''}"
            for nom, cles in une.exemples.items()
        ]
    return lignes


def resume(version: Version) -> str:
    """Return one line on a version."""
    marque = "active" if version.active else "      " if version.utilisable else "passée"
    lignes = sum(table.bilan.gardees for table in version.tables)
    force = " · forcée" if version.forcage else ""
    return (
        f"{version.id}  {marque}  chargée le {instant(version.chargee_le)} par {version.par}  "
        f"{pluriel(len(version.tables), 'table')}, {pluriel(lignes, 'ligne')}{force}"
    )


def resume_du_refus(refus: Refus) -> str:
    """Return one line on a load that was refused, and one for each reason."""
    tete = f"{refus.id}  refusée le {instant(refus.le)} par {refus.par}  {refus.source}"
    return "\n".join([tete, *(f"      {motif.message}" for motif in refus.motifs)])


def _table(table: TableEditee) -> Iterator[str]:
    bilan = table.bilan
    source = f", source du {jour(table.source_le)}" if table.source_le else ""
    yield (
        f"  {bilan.libelle} — {bilan.fichier}{source} : {bilan.lues} lues, "
        f"{bilan.gardees} gardées, {sum(bilan.refusees.values())} refusées"
    )
    for raison, fois in bilan.refusees.items():
        yield f"      {fois} × {raison} ({_exemples(fois, bilan.exemples[raison])})"
    for remarque, fois in bilan.remarques.items():
        yield f"      à noter : {fois} × {remarque}"


def _exemples(fois: int, rangs: Sequence[int]) -> str:
    suite = "…" if fois > len(rangs) else ""
    return f"ligne{'s' if fois > 1 else ''} {', '.join(map(str, rangs))}{suite}"


def _forcage(forcage: Forcage) -> Iterable[str]:
    yield f"  Acceptée malgré ce qui suit ; raison donnée : {forcage.raison}"
    for motif in forcage.motifs:
        yield f"      {motif.message}"
