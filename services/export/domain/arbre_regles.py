"""The rules as a tree, level > diploma > rules, with how many offers each decides for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from contracts.statuts import Plateforme, Statut

Document = dict[str, Any]
SANS_REGLE: Final = None


def arbre(
    regles: Iterable[Document],
    comptes: Iterable[Mapping[str, Any]],
    plateforme: Plateforme,
    academie: int | None,
) -> list[Document]:
    """Return the levels in order, each with its diplomas, each with its rules.

    `comptes` are numbers of offers by `niveau`, `diplome`, `regle` (None: no rule decides) and
    displayed `statut` (None: « non publiable »). A diploma that offers have and no rule names is in
    the tree, as is a rule that decides for none. An académie sees national rules and its own.
    """
    par_diplome: dict[tuple[str, str], dict[str | None, Counter[str]]] = {}
    for compte in comptes:
        if not isinstance(compte.get("niveau"), str) or not isinstance(compte.get("diplome"), str):
            continue
        statuts = par_diplome.setdefault((compte["niveau"], compte["diplome"]), {})
        statut = compte.get("statut") or Statut.NON_PUBLIABLE.value
        statuts.setdefault(compte.get("regle"), Counter())[statut] += compte["nombre"]
    rangees: dict[tuple[str, str], list[Document]] = {}
    for regle in regles:
        contenu = regle["contenu"]
        visible = academie is None or (contenu.get("num_academie") or 0) in (0, academie)
        if contenu["plateforme"] == plateforme and visible:
            rangees.setdefault((contenu["niveau"], contenu["diplome"]), []).append(regle)
    niveaux: dict[str, list[Document]] = {}
    for cle in sorted(par_diplome.keys() | rangees.keys()):
        diplome = _diplome(cle[1], rangees.get(cle, []), par_diplome.get(cle, {}), academie)
        niveaux.setdefault(cle[0], []).append(diplome)
    return [
        {"niveau": niveau, "offres": sum(un["offres"] for un in diplomes), "diplomes": diplomes}
        for niveau, diplomes in niveaux.items()
    ]


def _diplome(
    diplome: str,
    regles: list[Document],
    comptes: Mapping[str | None, Counter[str]],
    academie: int | None,
) -> Document:
    sans = comptes.get(SANS_REGLE, Counter())
    return {
        "diplome": diplome,
        "offres": sum(statuts.total() for statuts in comptes.values()),
        "sans_regle": sans.total(),
        "regles": [
            _feuille(regle, comptes.get(regle["_id"], Counter()), academie) for regle in regles
        ],
    }


def _feuille(regle: Document, statuts: Counter[str], academie: int | None) -> Document:
    contenu = regle["contenu"]
    surcharges = {int(un): statut for un, statut in (contenu.get("statut_academies") or {}).items()}
    surcharge = None if academie is None else surcharges.get(academie)
    return {
        "id": regle["_id"],
        "version": regle["version"],
        "nom": contenu.get("nom_regle_complementaire"),
        "condition_integration": contenu["condition_integration"],
        "statut": contenu["statut"],
        "statut_de_l_academie": surcharge,
        "num_academie": contenu.get("num_academie") or 0,
        "duree": contenu.get("duree"),
        "annee": contenu.get("annee"),
        "complementaire": bool(contenu.get("regle_complementaire")),
        "surcharges": len(surcharges),
        "offres": statuts.total(),
        "statuts": dict(statuts),
    }
