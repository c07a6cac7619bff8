"""Accepting a proposal: what stands is applied once, what stands no more is left alone."""

from datetime import UTC, datetime
from typing import Any

from contracts.evenements import Confiance
from services.enrich.domain.acceptation import Proposition, acceptables, corrections
from services.enrich.domain.constats import constat
from services.enrich.domain.editions import EDITABLES
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.usecases.accepter import accepter
from services.enrich.usecases.enrichir import enrichir_lot
from tests.unit.enrich.fabrique import JOUR, evenement, offre, references
from tests.unit.enrich.magasin import Magasin

MAINTENANT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
ENRICHISSEUR = Enrichisseur(references(), JOUR)
LETTRE = constat(
    "uai_lettre_fausse",
    "uai_formation",
    "0061234A",
    "0061234F",
    raison="La lettre se calcule.",
    confiance=Confiance.HAUTE,
    correction={"uai_formation": "0061234F"},
)
LA_LETTRE = Proposition("uai_lettre_fausse", "uai_formation", "0061234A", "0061234F")


def test_the_correction_of_the_finding_is_applied() -> None:
    assert corrections([LETTRE], LA_LETTRE) == {"uai_formation": "0061234F"}


def test_a_finding_that_says_something_else_by_now_is_not_corrected() -> None:
    assert corrections([LETTRE], Proposition("uai_lettre_fausse", valeur="0061234B")) == {}


def test_a_finding_without_correction_accepts_nothing() -> None:
    assert corrections([constat("cfd_absent", "cfd")], Proposition("cfd_absent")) == {}


def test_two_values_for_one_field_are_left_to_a_person() -> None:
    autre = {**LETTRE, "correction": {"uai_formation": "0069999X"}}

    assert corrections([LETTRE, autre], Proposition("uai_lettre_fausse")) == {}


def test_what_identifies_an_offer_is_never_corrected() -> None:
    cle = {**LETTRE, "correction": {"cle_ministere_educatif": "autre"}}

    assert corrections([cle], LA_LETTRE) == {}


def test_all_that_agree_are_accepted_within_what_one_may_correct() -> None:
    cfd = {**LETTRE, "code": "cfd_remplace", "correction": {"cfd": "40025214"}}

    assert acceptables([LETTRE, LETTRE, cfd], EDITABLES) == [LETTRE, LETTRE, cfd]
    assert acceptables([LETTRE, cfd], frozenset({"uai_formation"})) == [LETTRE]


def test_weak_proposals_and_those_that_dispute_a_field_are_accepted_by_name_only() -> None:
    faible = {**LETTRE, "confiance": "faible", "correction": {"duree": "2"}}
    autre = {**LETTRE, "correction": {"uai_formation": "0069999X", "annee": "1"}}

    assert acceptables([LETTRE, autre, faible], EDITABLES) == []


async def _deposer(magasin: Magasin, *ids: str, **champs: Any) -> None:  # noqa: ANN401
    lus = [
        lire_evenement(
            evenement(identifiant, offre=offre(uai_formation="0061234A"), constats=[LETTRE])
            | champs
        )
        for identifiant in ids
    ]
    await enrichir_lot(lus, ENRICHISSEUR, magasin, MAINTENANT)


async def test_every_formation_where_it_stands_is_corrected_in_one_go() -> None:
    magasin = Magasin()
    await _deposer(magasin, "F1", "F2")
    corrigees = await accepter(
        ["F1", "F2", "F3"], LA_LETTRE, "cfa-nice", ENRICHISSEUR, magasin, MAINTENANT
    )

    assert corrigees == ["F1", "F2"]
    for nom in corrigees:
        assert magasin.tenues[nom].etat["formation"]["uai_formation"] == "0061234F"


async def test_an_edit_takes_the_finding_that_it_answers_away() -> None:
    magasin = Magasin()
    await _deposer(magasin, "F1")
    await accepter(["F1"], LA_LETTRE, "cfa-nice", ENRICHISSEUR, magasin, MAINTENANT)

    codes = {dit["code"] for dit in magasin.tenues["F1"].etat["constats"]}
    assert "uai_lettre_fausse" not in codes


async def test_accepting_again_changes_nothing_more() -> None:
    magasin = Magasin()
    await _deposer(magasin, "F1")
    await accepter(["F1"], LA_LETTRE, "cfa-nice", ENRICHISSEUR, magasin, MAINTENANT)
    evenements = len(magasin.evenements)

    assert await accepter(["F1"], LA_LETTRE, "cfa-nice", ENRICHISSEUR, magasin, MAINTENANT) == []
    assert len(magasin.evenements) == evenements
