"""A version of the reference tables: what was loaded, when, and whether it is in force."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from services.enrich.domain.chargement.modele import Bilan

FORMAT: Final = 1
"""The shape of the stored rows. To be raised with it: versions of another shape are loaded anew."""


@dataclass(frozen=True, slots=True)
class Version:
    """One load. `empreinte` is that of the kept rows: equal tables, equal digests."""

    id: str
    empreinte: str
    chargee_le: datetime
    active: bool
    activee_le: datetime | None
    tables: tuple[Bilan, ...]

    def document(self) -> dict[str, Any]:
        """Return the version as stored and told, but its id."""
        document = asdict(self)
        del document["id"]
        document["tables"] = list(document["tables"])
        return document


def empreinte_des_tables(tables: Sequence[tuple[str, bytes]]) -> str:
    """Return the digest of tables, each with the text of its rows, in their order."""
    condense = blake2b(f"{FORMAT}:".encode(), digest_size=16)
    for nom, texte in tables:
        condense.update(f"{nom}:{len(texte)}:".encode())
        condense.update(texte)
    return condense.hexdigest()


def compte_rendu(version: Version) -> str:
    """Return the report of a load, in French: what was read, kept and refused, and why."""
    lignes = [f"Référentiels, version {version.id} ({'active' if version.active else 'inactive'})"]
    for bilan in version.tables:
        refusees = sum(bilan.refusees.values())
        lignes.append(
            f"  {bilan.libelle} — {bilan.fichier} : "
            f"{bilan.lues} lues, {bilan.gardees} gardées, {refusees} refusées"
        )
        lignes += [
            f"      {nombre} × {raison} ({_exemples(nombre, bilan.exemples[raison])})"
            for raison, nombre in bilan.refusees.items()
        ]
    return "\n".join(lignes)


def _exemples(nombre: int, rangs: Sequence[int]) -> str:
    suite = "…" if nombre > len(rangs) else ""
    return f"ligne{'s' if nombre > 1 else ''} {', '.join(map(str, rangs))}{suite}"
