"""The recovered cases, group by group, as `python -m tests.acceptance` judges them."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.acceptance.enrichment import AVEC_TABLES
from tests.acceptance.execution import Fichier, executer, lire
from tests.acceptance.groupes import A_CONSTRUIRE
from tests.acceptance.jugement import Cas, Verdict

_DOSSIER: Final = os.environ.get("CATALOGUE_REFDATA")
_FICHIER: Final = lire(Path(__file__).with_name("cases.json"), Path(_DOSSIER) if _DOSSIER else None)
_AVEC_TABLES: Final = frozenset((*AVEC_TABLES, "collection", "identifiers/geo codes"))


def _groupes() -> dict[str, list[Cas]]:
    groupes: dict[str, list[Cas]] = {}
    for cas in _FICHIER.cas:
        groupes.setdefault(cas["group"], []).append(cas)
    return groupes


def _marques(groupe: str) -> Sequence[pytest.MarkDecorator]:
    if groupe in A_CONSTRUIRE:
        return [pytest.mark.xfail(reason="publication : à construire", strict=True)]
    if _DOSSIER is None and groupe in _AVEC_TABLES:
        raison = "CATALOGUE_REFDATA ne désigne aucun dossier de référentiels"
        return [pytest.mark.skip(reason=raison)]
    return []


@pytest.mark.acceptance
@pytest.mark.parametrize(
    ("groupe", "cas"),
    [pytest.param(nom, cas, id=nom, marks=_marques(nom)) for nom, cas in _groupes().items()],
)
def test_our_answers_are_those_expected(groupe: str, cas: list[Cas]) -> None:
    fichier = Fichier(cas, _FICHIER.defauts, _FICHIER.refdata)
    manques = [
        f"{un['id']}: {raison}"
        for un, jugement in executer(fichier)
        if jugement.verdict is not Verdict.REUSSI
        for raison in jugement.raisons
    ]

    assert manques == [], groupe
