"""The recovered cases and our variations of them, as `python -m tests.acceptance` judges them."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.acceptance.decisions_prises import CHOIX
from tests.acceptance.enrichment import AVEC_TABLES
from tests.acceptance.execution import Fichier, executer, lire
from tests.acceptance.jugement import Cas, Verdict

_DOSSIER: Final = os.environ.get("CATALOGUE_REFDATA")
_ICI: Final = Path(__file__)
_FICHIERS: Final = {
    nom: lire(_ICI.with_name(f"{nom}.json"), Path(_DOSSIER) if _DOSSIER else None)
    for nom in ("cases", "variations")
}
_AVEC_MONGO: Final = "HTTP"
_DECISIONS: Final = frozenset(choix.decision for choix in CHOIX)
_AVEC_TABLES: Final = frozenset((*AVEC_TABLES, "collection", "identifiers/geo codes"))


def _groupes() -> dict[tuple[str, str], list[Cas]]:
    groupes: dict[tuple[str, str], list[Cas]] = {}
    for nom, fichier in _FICHIERS.items():
        for cas in fichier.cas:
            groupes.setdefault((nom, cas["group"]), []).append(cas)
    return groupes


def _marques(groupe: str) -> Sequence[pytest.MarkDecorator]:
    if groupe in _AVEC_TABLES and _FICHIERS["cases"].refdata is None:
        raison = "aucun dossier de référentiels : CATALOGUE_REFDATA le désigne"
        return [pytest.mark.skip(reason=raison)]
    return []


@pytest.mark.acceptance
@pytest.mark.parametrize(
    ("nom", "groupe", "cas"),
    [
        pytest.param(nom, groupe, cas, id=f"{nom}-{groupe}", marks=_marques(groupe))
        for (nom, groupe), cas in _groupes().items()
    ],
)
def test_our_answers_are_those_expected(
    nom: str, groupe: str, cas: list[Cas], request: pytest.FixtureRequest
) -> None:
    fichier = Fichier(cas, _FICHIERS[nom].defauts, _FICHIERS[nom].refdata)
    mongo = request.getfixturevalue("servers").mongo if groupe == _AVEC_MONGO else None
    manques = [
        f"{un['id']}: {raison}"
        for un, jugement in executer(fichier, mongo)
        if jugement.verdict is not Verdict.REUSSI
        for raison in jugement.raisons
        if raison not in _DECISIONS
    ]

    assert manques == [], groupe
