"""The catalogue of findings in the guide of CFAs: one table per severity, from the definitions."""

from pathlib import Path
from typing import Final

from contracts.constats import CATALOGUE
from contracts.constats.modele import Definition, Gravite

GUIDE: Final = Path("docs") / "guides" / "cfa.md"

_TITRES: Final = {
    Gravite.REFUS: "Refus : la ligne n'est pas enregistrée",
    Gravite.BLOQUANT: "Bloquant : l'offre est visible, mais n'ira sur aucune plateforme",
    Gravite.A_CORRIGER: "À corriger : l'offre est publiée, la source est à reprendre",
    Gravite.INFORMATION: "Information : rien n'est attendu de vous",
}
_DEBUT: Final = "## Les constats\n"


def completer(guide: str) -> str:
    """Return the guide with its last section, the findings, as they are defined now."""
    avant, _, _ = guide.partition(_DEBUT)
    return avant + _DEBUT + "".join(map(_tableau, Gravite))


def _tableau(gravite: Gravite) -> str:
    lignes = [_ligne(d) for d in CATALOGUE.values() if d.gravite is gravite]
    entete = "| Code | Ce qui est dit | Que faire |\n|---|---|---|\n"
    return f"\n### {_TITRES[gravite]}\n\n{entete}{''.join(lignes)}"


def _ligne(definition: Definition) -> str:
    mots = {"champ": "*Champ*", "valeur": "…", "proposition": "…"}
    message = definition.message.format_map(mots)
    que_faire = definition.que_faire.format_map(mots)
    return f"| `{definition.code}` | {message} | {que_faire} |\n"
