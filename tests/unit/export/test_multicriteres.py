"""Lines of a multi-criteria search: what is read, refused, and which texts each operator finds."""

import re
from typing import Any

import pytest

from services.export.adapters.multicriteres import combiner
from services.export.domain.multicriteres import (
    CHAMPS,
    SANS_VALEUR,
    Combinateur,
    Ligne,
    LigneRefusee,
    Operateur,
    lire_ligne,
)

TEXTES = ["Électricité d'été", "ELECTRICITE", "Cuisine", ""]


def trouves(operateur: Operateur, valeur: str = "") -> list[str]:
    """Return which of `TEXTES` the line of one field finds, by the filter that it becomes."""
    filtre = combiner([Ligne("intitule_long", operateur, valeur)], Combinateur.ET)
    ((sens, [critere]),) = filtre["$and"][0].items()
    test = critere["projection.intitule_long"]
    return [texte for texte in TEXTES if _tient(test, texte) is (sens == "$or")]


def _tient(test: Any, texte: str) -> bool:  # noqa: ANN401 - a test of MongoDB
    match test:
        case re.Pattern():
            return test.search(texte) is not None
        case {"$nin": liste}:
            return texte not in liste
        case {"$gte": borne}:
            return bool(texte >= borne)
        case {"$lt": borne}:
            return bool(texte < borne)
        case _:
            return bool(test == texte)


@pytest.mark.parametrize(
    ("operateur", "valeur", "attendus"),
    [
        (Operateur.CONTIENT, "cite", TEXTES[:2]),
        (Operateur.NE_CONTIENT_PAS, "cite", TEXTES[2:]),
        (Operateur.EGAL, "electricité", [TEXTES[1]]),
        (Operateur.DIFFERENT, "CUISINE", [*TEXTES[:2], ""]),
        (Operateur.COMMENCE, "electr", TEXTES[:2]),
        (Operateur.TERMINE, "ETE", [TEXTES[0]]),
        (Operateur.CONTIENT_STRICT, "CITE", [TEXTES[1]]),
        (Operateur.EGAL_STRICT, "Cuisine", ["Cuisine"]),
        (Operateur.COMMENCE_STRICT, "Cui", ["Cuisine"]),
        (Operateur.CONTIENT_STRICT, "C.i", []),
        (Operateur.AU_MOINS, "E", [TEXTES[0], TEXTES[1]]),
        (Operateur.MOINS, "E", ["Cuisine", ""]),
        (Operateur.EXISTE, "", TEXTES[:3]),
        (Operateur.N_EXISTE_PAS, "", [""]),
    ],
)
def test_each_operator_finds_what_it_says(
    operateur: Operateur, valeur: str, attendus: list[str]
) -> None:
    assert trouves(operateur, valeur) == attendus


def test_a_line_is_a_field_an_operator_and_a_value_that_may_hold_anything() -> None:
    assert lire_ligne("cfd:egal_strict:a:b") == Ligne("cfd", Operateur.EGAL_STRICT, "a:b")
    assert lire_ligne("uai_formation:existe").operateur in SANS_VALEUR
    assert len(CHAMPS) == 20


@pytest.mark.parametrize(
    "texte", ["cfd", "cfd:contient", "cfd:contient: ", "cfd:regexp:.*", "x:egal:1", "cfd:existe:1"]
)
def test_a_line_that_is_not_understood_is_refused(texte: str) -> None:
    with pytest.raises(LigneRefusee):
        lire_ligne(texte)
