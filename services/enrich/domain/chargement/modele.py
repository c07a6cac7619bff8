"""How a reference file becomes a table: each row is kept, or refused with its reason."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

Ligne: TypeAlias = list[Any]
"""A kept row: JSON values in the order of the fields of its dataclass in `references.tables`."""

EXEMPLES_MAX: Final = 5
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ANNEE: Final = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)", re.ASCII)
_JOUR_DU_NOM: Final = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?!\d)", re.ASCII
)
_ACCENT_PERDU: Final = "\ufffd"


class Refusee(Exception):
    """This row cannot be used; the message is the reason that the report counts."""


class FichierRefuse(Exception):
    """This file cannot be a source of its table; the message, in French, says why."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: where its file lies, the columns it needs, how a row is read, what identifies it.

    `motifs` are patterns of paths inside the directory; of several files that match, the last in
    alphabetical order is the newest edition. `lire` gets the cells of `colonnes`, then those of
    `optionnelles` (empty when the file has no such column), in that order, and returns the row or
    raises `Refusee`. The first `cle` values of a row identify it; the value of rank `rang_source`
    is the day from which its source may be believed. What a `facultative` table would have said is
    unknown without it.
    """

    nom: str
    libelle: str
    motifs: tuple[str, ...]
    colonnes: tuple[str, ...]
    lire: Callable[[Sequence[str]], Ligne]
    cle: int = 1
    optionnelles: tuple[str, ...] = ()
    facultative: bool = False
    rang_source: int | None = None
    remarquer: Callable[[Sequence[Ligne]], dict[str, int]] = lambda _: {}


@dataclass(frozen=True, slots=True)
class Bilan:
    """What became of a file: rows read, kept, refused by reason, and where the first ones are.

    `source_le` is the day of the source when its name or its rows tell it. `remarques` count what
    is odd in the rows kept, which are kept all the same.
    """

    table: str
    libelle: str
    fichier: str
    lues: int
    gardees: int
    refusees: dict[str, int] = field(default_factory=dict)
    exemples: dict[str, list[int]] = field(default_factory=dict)
    source_le: str | None = None
    remarques: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableLue:
    """The kept rows of a file, and its report."""

    bilan: Bilan
    lignes: list[Ligne]


def lire_table(table: Table, fichier: str, rangees: Iterable[Sequence[str]]) -> TableLue:
    """Return the rows kept of a file whose first row names the columns.

    Raises `FichierRefuse` when a column is missing or no row could be kept: such a file would
    empty the table. Of two rows with the same identity the first is kept.
    """
    source = iter(rangees)
    rangs = _rangs_des_colonnes(table, next(source, ()))
    largeur = max(rang for rang in rangs[: len(table.colonnes)] if rang is not None) + 1
    lignes: list[Ligne] = []
    vues: set[tuple[Any, ...]] = set()
    refusees: Counter[str] = Counter()
    exemples: dict[str, list[int]] = {}
    lues = 0
    for lues, rangee in enumerate(source, start=1):
        try:
            lignes.append(_garder(table, rangee, rangs, largeur, vues))
        except Refusee as refus:
            raison = str(refus)
            refusees[raison] += 1
            if len(vus := exemples.setdefault(raison, [])) < EXEMPLES_MAX:
                vus.append(lues + 1)
    if not lignes:
        raise FichierRefuse(
            f"{fichier} : aucune ligne utilisable sur {lues}{_raisons(refusees, exemples)}."
        )
    bilan = Bilan(
        table.nom,
        table.libelle,
        fichier,
        lues,
        len(lignes),
        dict(refusees),
        dict(exemples),
        jour_du_nom(fichier) or _jour_des_lignes(table, lignes),
        {nom: nombre for nom, nombre in table.remarquer(lignes).items() if nombre},
    )
    return TableLue(bilan, lignes)


def _raisons(refusees: Counter[str], exemples: Mapping[str, Sequence[int]]) -> str:
    dites = [
        f"{fois} × {raison} (ligne {exemples[raison][0]})"
        for raison, fois in refusees.most_common(EXEMPLES_MAX)
    ]
    return f" : {', '.join(dites)}" if dites else ""


def _jour_des_lignes(table: Table, lignes: Sequence[Ligne]) -> str | None:
    """Return the newest day from which rows of this table say that they hold, if they do."""
    if table.rang_source is None:
        return None
    return max(str(ligne[table.rang_source]) for ligne in lignes)


def jour_du_nom(fichier: str) -> str | None:
    """Return the day that the name of a file tells (`2025-01-31`, `2024_02_22`, `20231218`)."""
    nom = fichier.rpartition("/")[2]
    lu = _JOUR_DU_NOM.search(nom)
    jour_lu = f"{lu[1]}-{lu[2]}-{lu[3]}" if lu else ""
    return jour_lu if _est_un_jour(jour_lu) else None


def _est_un_jour(texte: str) -> bool:
    try:
        date.fromisoformat(texte)
    except ValueError:
        return False
    return True


def _rangs_des_colonnes(table: Table, entete: Sequence[str]) -> list[int | None]:
    manquantes = [nom for nom in table.colonnes if nom not in entete]
    if manquantes:
        raise FichierRefuse(f"table {table.nom} : colonnes absentes : {', '.join(manquantes)}.")
    rangs: list[int | None] = [entete.index(nom) for nom in table.colonnes]
    return rangs + [entete.index(nom) if nom in entete else None for nom in table.optionnelles]


def _garder(
    table: Table,
    rangee: Sequence[str],
    rangs: list[int | None],
    largeur: int,
    vues: set[tuple[Any, ...]],
) -> Ligne:
    if len(rangee) < largeur:
        raise Refusee("ligne incomplète")
    cellules = [
        "" if rang is None or rang >= len(rangee) else rangee[rang].strip() for rang in rangs
    ]
    if any(_ACCENT_PERDU in cellule for cellule in cellules):
        raise Refusee("accents perdus (caractère U+FFFD)")
    ligne = table.lire(cellules)
    identite = tuple(ligne[: table.cle])
    if identite in vues:
        raise Refusee("en double")
    vues.add(identite)
    return ligne


def exiger(condition: object, raison: str) -> None:
    """Refuse the row for this reason unless the condition holds."""
    if not condition:
        raise Refusee(raison)


def jour(cellule: str) -> str | None:
    """Return a civil date or None for an empty cell; refuse the row for anything else."""
    if not cellule:
        return None
    exiger(_DATE.fullmatch(cellule) and _est_un_jour(cellule), "date illisible")
    return cellule


def nombre(cellule: str) -> float | None:
    """Return a decimal number or None for an empty cell; refuse the row for anything else."""
    if not cellule:
        return None
    try:
        return float(cellule)
    except ValueError:
        raise Refusee("nombre illisible") from None


def booleen(cellule: str) -> bool | None:
    """Return what a yes or no cell says; None for anything else."""
    return {"oui": True, "true": True, "non": False, "false": False}.get(cellule)


def liste(cellule: str) -> list[str]:
    """Return the elements of a cell that separates them by a vertical bar."""
    return [element for element in cellule.split("|") if element]


def jour_de_source(source: str) -> str:
    """Return the day from which a source may be believed: its date, else the end of its year.

    A status holds on the day its source was made; before that day it is unknown, so the latest
    day that the name allows is the safe one (refdata.md §6, "Business date").
    """
    if (trouve := _DATE.search(source)) and _est_un_jour(trouve[0]):
        return trouve[0]
    if trouve := _ANNEE.search(source):
        return f"{trouve[0]}-12-31"
    raise Refusee("source non datée")
