"""Two computations of one catalogue compared field by field (domain.md §6)."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Document: TypeAlias = Mapping[str, Any]

CLE: Final = "cle_ministere_educatif"
_EXEMPLES_MAX: Final = 3


@dataclass
class Controle:
    """Published documents of both sides, and what differs in those of the right one.

    `exemples` gives, by field, the key and both values of the first differences.
    """

    total_gauche: int = 0
    total_droite: int = 0
    introuvables: list[str] = field(default_factory=list)
    champs: Counter[str] = field(default_factory=Counter)
    exemples: dict[str, list[tuple[str, Any, Any]]] = field(default_factory=dict)


def controler(gauche: Iterable[Document], droite: Iterable[Document], cle: str = CLE) -> Controle:
    """Compare the published documents of the right side with those of the same key on the left.

    A document without its counterpart is not found, and has no field compared.
    """
    par_cle = {str(document.get(cle)): document for document in gauche}
    controle = Controle(total_gauche=sum(map(publie, par_cle.values())))
    for document in filter(publie, droite):
        controle.total_droite += 1
        nom = str(document.get(cle))
        if nom not in par_cle:
            controle.introuvables.append(nom)
            continue
        for champ, (ancienne, nouvelle) in differences(par_cle[nom], document).items():
            controle.champs[champ] += 1
            exemples = controle.exemples.setdefault(champ, [])
            if len(exemples) < _EXEMPLES_MAX:
                exemples.append((nom, ancienne, nouvelle))
    return controle


def differences(gauche: Document, droite: Document) -> dict[str, tuple[Any, Any]]:
    """Return the fields that differ, with both values; case and the order of lists count for none.

    A field that is not there is null.
    """
    return {
        champ: (gauche.get(champ), droite.get(champ))
        for champ in {**gauche, **droite}
        if _normale(gauche.get(champ)) != _normale(droite.get(champ))
    }


def publie(document: Document) -> bool:
    """Tell whether a document is published: it is unless it says otherwise."""
    return document.get("published") is not False


def _normale(valeur: object) -> object:
    if isinstance(valeur, str):
        return valeur.casefold()
    if isinstance(valeur, Mapping):
        return {nom: _normale(dedans) for nom, dedans in valeur.items()}
    if isinstance(valeur, list):
        return sorted(
            (_normale(element) for element in valeur),
            key=lambda element: json.dumps(element, sort_keys=True, ensure_ascii=False),
        )
    return valeur
