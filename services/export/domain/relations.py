"""Who downloaded the applications of Affelnet, by pair of establishments (domain.md §4.3).

The file is an export of the applications' site; addresses of persons in it are not kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from contracts.identifiants import siret, uai
from services.export.domain.entetes import exiger_colonnes, nom_de_colonne

Relation = dict[str, Any]


class Telechargement(StrEnum):
    """What was downloaded of the applications of a pair."""

    TOUTES = "toutes"
    PARTIE = "partie"
    AUCUNE = "aucune"


class Candidatures(StrEnum):
    """The status shown of the applications of an offer in Affelnet's perimeter."""

    TOUTES = "Candidatures téléchargées"
    PARTIE = "Candidatures partiellement téléchargées"
    AUCUNE = "Candidatures non téléchargées, sans modification de contact effectuée depuis"
    AUCUNE_CORRIGEE = "Candidatures non téléchargées, avec modification de contact effectuée depuis"
    NON_CONCERNEE = "Offres non concernées (nouveaux organismes)"


_RESPONSABLE: Final = "SIRET_DE_L_ETABLISSEMENT_RESPONSABLE"
_FORMATEUR: Final = "SIRET_DE_L_ETABLISSEMENT_FORMATEUR"
_STATUT: Final = "STATUT_GENERIQUE"
_NECESSAIRES: Final = (_RESPONSABLE, _FORMATEUR, _STATUT)
_UAI: Final = {
    "uai_responsable": "UAI_DE_L_ETABLISSEMENT_RESPONSABLE",
    "uai_formateur": "UAI_DE_L_ETABLISSEMENT_FORMATEUR",
}
_STATUTS: Final = {
    "CANDIDATURES_TOUTES_TELECHARGEES": Telechargement.TOUTES,
    "MISE_A_JOUR_NON_TELECHARGEE": Telechargement.PARTIE,
    "CANDIDATURES_NON_TELECHARGEES": Telechargement.AUCUNE,
}


@dataclass(slots=True)
class RelationsLues:
    """The relations of a file by id, and the rows that name none, with their number and why."""

    relations: dict[str, Relation] = field(default_factory=dict)
    refusees: list[dict[str, Any]] = field(default_factory=list)


def identifiant(siret_responsable: str, siret_formateur: str) -> str:
    """Return what names a pair."""
    return f"{siret_responsable}-{siret_formateur}"


def lire_relations(rangees: Iterable[tuple[int, Sequence[str]]]) -> RelationsLues:
    """Read the rows of a file, the header first; of a pair that comes twice the last counts.

    Raises:
        EnteteRefusee: a necessary column is missing.
    """
    reste = iter(rangees)
    _, entete = next(reste, (0, ()))
    places = {nom_de_colonne(cellule): rang for rang, cellule in enumerate(entete)}
    exiger_colonnes(list(places), _NECESSAIRES)
    lues = RelationsLues()
    for numero, cellules in reste:
        dit = {
            nom: cellules[rang].strip('" ') for nom, rang in places.items() if rang < len(cellules)
        }
        relation = _relation(dit)
        if isinstance(relation, str):
            lues.refusees.append({"ligne": numero, "message": relation})
        else:
            lues.relations[relation["_id"]] = relation
    return lues


def _relation(dit: Mapping[str, str]) -> Relation | str:
    paire = [siret.normaliser(dit.get(colonne)) for colonne in (_RESPONSABLE, _FORMATEUR)]
    if not all(paire):
        return "Le SIRET du responsable ou du formateur est absent ou mal formé."
    statut = _STATUTS.get(nom_de_colonne(dit.get(_STATUT, "")))
    if statut is None:
        return f"Le statut « {dit.get(_STATUT, '')[:80]} » n'est pas connu."
    return {
        "_id": identifiant(str(paire[0]), str(paire[1])),
        "siret_responsable": paire[0],
        "siret_formateur": paire[1],
        **{champ: uai.normaliser(dit.get(colonne)) for champ, colonne in _UAI.items()},
        "telechargement": statut.value,
    }


def statut_candidatures(
    relation: Mapping[str, Any] | None, *, perimetre: bool
) -> Candidatures | None:
    """Return the status shown of an offer's applications; None out of Affelnet's perimeter."""
    if not perimetre:
        return None
    if relation is None:
        return Candidatures.NON_CONCERNEE
    match Telechargement(relation["telechargement"]):
        case Telechargement.TOUTES:
            return Candidatures.TOUTES
        case Telechargement.PARTIE:
            return Candidatures.PARTIE
        case Telechargement.AUCUNE:
            corrigee = relation.get("intervention")
            return Candidatures.AUCUNE_CORRIGEE if corrigee else Candidatures.AUCUNE
