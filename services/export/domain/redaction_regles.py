"""From what a person writes of a rule to the document that is stored, or where it cannot be.

The lines of the builder and the historic filter end as the same filter, then as one predicate.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.constructeur import (
    COMBINATEURS,
    ConstructionRefusee,
    Ligne,
    construire,
)
from services.export.domain.edition_regles import DOIT, NE_DOIT_PAS, PEUT, statut_par_defaut
from services.export.domain.filtre import lire
from services.export.domain.filtre_arbre import FiltreRefuse, Noeud
from services.export.domain.regles import NATIONALE, PRIORITES

CONDITIONS: Final = (DOIT, PEUT, NE_DOIT_PAS)
NIVEAUX: Final = (
    "3 (CAP...)",
    "4 (BAC...)",
    "5 (BTS, DEUST...)",
    "6 (Licence, BUT...)",
    "7 (Master, titre ingénieur...)",
    "8 (Doctorat...)",
)
"""The levels as offers bear them (domain.md §1.1): a rule of any other would never match."""


@dataclass(frozen=True, slots=True)
class Faute:
    """What cannot be taken: the place (`lignes[2]`, `filtre.$and[0].cfd`), what, what to do."""

    lieu: str
    message: str
    que_faire: str


class SaisieRefusee(Exception):
    """A rule that cannot be stored as it is written, with every fault found."""

    def __init__(self, fautes: Sequence[Faute]) -> None:
        """Keep the faults, at least one."""
        super().__init__("; ".join(f"{faute.lieu} : {faute.message}" for faute in fautes))
        self.fautes = tuple(fautes)


@dataclass(frozen=True, slots=True)
class Complementaire:
    """A complementary rule compiled: the stored filter, its tree, the lines that made it."""

    filtre: dict[str, Any]
    noeud: Noeud | None
    lignes: tuple[Ligne, ...] = ()


@dataclass(frozen=True, slots=True)
class Saisie:
    """A rule as a person writes it; without a status it takes the first of its condition."""

    plateforme: Plateforme
    niveau: str
    diplome: str
    condition_integration: str
    statut: Statut | None = None
    num_academie: int = NATIONALE
    nom: str | None = None
    duree: str | None = None
    annee: str | None = None
    lignes: tuple[Ligne, ...] = ()
    filtre: object = None


def rediger(saisie: Saisie) -> dict[str, Any]:
    """Return the document of a rule, empty facts left out.

    Raises:
        SaisieRefusee: an unknown level, a condition and status that do not go together, or a
            complementary rule that cannot be compiled.
    """
    if saisie.niveau not in NIVEAUX:
        message = f"« {saisie.niveau} » n'est pas un niveau"
        raise SaisieRefusee([Faute("niveau", message, f"Un de : {_liste(NIVEAUX)}.")])
    complementaire = compiler_saisie(saisie.lignes, saisie.filtre)
    contenu = {
        "plateforme": saisie.plateforme.value,
        "niveau": saisie.niveau,
        "diplome": saisie.diplome,
        "condition_integration": saisie.condition_integration,
        "statut": _statut(saisie).value,
        "num_academie": saisie.num_academie,
        "nom_regle_complementaire": (saisie.nom or "").strip() or None,
        "duree": saisie.duree or None,
        "annee": saisie.annee or None,
        "regle_complementaire": (
            json.dumps(complementaire.filtre, ensure_ascii=False) if complementaire.filtre else None
        ),
        "regle_complementaire_query": [_ligne_stockee(ligne) for ligne in saisie.lignes] or None,
    }
    return {champ: valeur for champ, valeur in contenu.items() if valeur is not None}


def _statut(saisie: Saisie) -> Statut:
    condition = saisie.condition_integration
    if condition not in CONDITIONS:
        raise SaisieRefusee(
            [Faute("condition_integration", f"« {condition} »", f"Une de : {_liste(CONDITIONS)}.")]
        )
    if saisie.statut is None:
        return statut_par_defaut(saisie.plateforme, condition)
    admis = statuts_admis(saisie.plateforme, condition)
    if saisie.statut not in admis:
        message = f"« {saisie.statut} » ne va pas avec « {condition} »"
        raise SaisieRefusee([Faute("statut", message, f"Un de : {_liste(admis)}.")])
    return saisie.statut


def statuts_admis(plateforme: Plateforme, condition: str) -> tuple[Statut, ...]:
    """Return the statuses that a national rule of a condition may take."""
    if condition == DOIT:
        return (Statut.A_PUBLIER,)
    if condition == NE_DOIT_PAS:
        return (Statut.NON_PUBLIABLE,)
    return tuple(un for un in PRIORITES[plateforme] if un is not Statut.NON_PUBLIABLE)


def _liste(valeurs: Sequence[str]) -> str:
    return ", ".join(f"« {valeur} »" for valeur in valeurs)


def compiler_saisie(lignes: Sequence[Ligne], filtre: object) -> Complementaire:
    """Compile a complementary rule given as lines or as a filter (an object, or its JSON text).

    Raises:
        SaisieRefusee: every line, or the first place of the filter, that cannot be compiled; or
            both forms are given.
    """
    if lignes and filtre not in (None, {}, ""):
        quoi = "La règle complémentaire est donnée deux fois"
        raise SaisieRefusee([Faute("filtre", quoi, "Gardez les lignes ou le filtre.")])
    if lignes:
        fautes = list(_fautes_des_lignes(lignes))
        if fautes:
            raise SaisieRefusee(fautes)
        construit = construire(lignes)
        return Complementaire(construit, _lire(construit), tuple(lignes))
    lu = _objet(filtre)
    return Complementaire(lu, _lire(lu))


def _fautes_des_lignes(lignes: Sequence[Ligne]) -> Iterator[Faute]:
    for rang, ligne in enumerate(lignes):
        lieu = f"lignes[{rang}]"
        if ligne.combinateur not in COMBINATEURS:
            yield Faute(lieu, f"combinateur « {ligne.combinateur} »", "AND ou OR.")
            continue
        try:
            lire(construire([ligne]))
        except ConstructionRefusee as refus:
            yield Faute(lieu, str(refus), "Choisissez un champ et un opérateur du constructeur.")
        except FiltreRefuse as refus:
            yield Faute(lieu, refus.raison, "Corrigez la valeur de cette ligne.")


def _objet(filtre: object) -> dict[str, Any]:
    if isinstance(filtre, str):
        try:
            filtre = json.loads(filtre) if filtre.strip() else None
        except (json.JSONDecodeError, RecursionError) as erreur:
            lieu = (
                f"filtre, ligne {erreur.lineno}, colonne {erreur.colno}"
                if isinstance(erreur, json.JSONDecodeError)
                else "filtre"
            )
            raise SaisieRefusee([Faute(lieu, "JSON illisible", "Corrigez le JSON.")]) from erreur
    if filtre is None:
        return {}
    if not isinstance(filtre, dict):
        raise SaisieRefusee([Faute("filtre", "un objet est attendu", "Donnez un objet JSON.")])
    return filtre


def _lire(filtre: dict[str, Any]) -> Noeud | None:
    try:
        return lire(filtre)
    except FiltreRefuse as refus:
        lieu = f"filtre.{refus.lieu}" if refus.lieu else "filtre"
        conseil = "Employez les champs et opérateurs des règles, ou le constructeur."
        raise SaisieRefusee([Faute(lieu, refus.raison, conseil)]) from refus


def _ligne_stockee(ligne: Ligne) -> dict[str, str]:
    return {
        "field": ligne.champ,
        "operator": ligne.operateur,
        "value": ligne.valeur,
        "combinator": ligne.combinateur,
    }
