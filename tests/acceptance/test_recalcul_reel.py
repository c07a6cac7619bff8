"""On the real offers and tables: every row that the rules read leads back to a declared code."""

import os
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

import pytest

from services.cli.preparation import offres_preparees
from services.collect.domain.normalisation import normaliser
from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.domain.dependances import cles
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.enrichissement.propositions import completer
from services.enrich.domain.recalcul_cles import Touchees, touchees
from services.enrich.domain.references.construction import construire
from services.enrich.domain.references.tables import References
from tests.unit.enrich.fabrique import JOUR
from tests.unit.enrich.test_recalcul_cles import espionner

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]

UNE_SUR: Final = 1_000


def test_no_dependency_of_a_real_offer_is_lost() -> None:
    dossier = os.environ.get("CATALOGUE_REFDATA")
    if not dossier or not (Path(dossier) / "offres").is_dir():
        pytest.skip("CATALOGUE_REFDATA does not hold the historic offers")
    lues = {table.bilan.table: table.lignes for table in lire_dossier(Path(dossier))}
    tables = construire("reelles", lues)
    vues: set[tuple[str, str]] = set()
    connues: dict[tuple[str, str], Touchees] = {}
    perdues: list[tuple[tuple[str, str], Sequence[str]]] = []
    for rang, brute in enumerate(offres_preparees(Path(dossier))):
        if rang % UNE_SUR:
            continue
        lue = normaliser(brute)
        vues.clear()
        espions = _espions(tables, vues)
        Enrichisseur(espions, JOUR).enrichir(lue.offre)
        completer(lue.constats, lue.offre, espions)
        declarees = cles(lue.offre, None, lue.constats)
        for nom, cle in [vue for vue in vues if vue[1]]:
            if (nom, cle) not in connues:
                connues[nom, cle] = touchees({nom: frozenset((cle,))}, tables)
            if not connues[nom, cle].touche(declarees):
                perdues.append(((nom, cle), declarees))
    assert perdues == []


def _espions(tables: References, vues: set[tuple[str, str]]) -> References:
    espions: dict[str, Any] = {
        champ.name: espion
        for champ in fields(References)
        if (espion := espionner(champ.name, getattr(tables, champ.name), vues)) is not None
    }
    return replace(tables, **espions)
