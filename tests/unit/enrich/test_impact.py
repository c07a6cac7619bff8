"""What a move of the tables means, and for whom."""

from dataclasses import replace
from typing import Any

import pytest

from services.enrich.domain.impact import Concernee, Fait, Nature, avis, impact, restreindre
from services.enrich.domain.impact_textes import message
from services.enrich.domain.recalcul_cles import differences, ecart
from services.enrich.domain.references.tables import References
from services.enrich.usecases.annoncer import TABLES, evenements, examiner
from tests.unit.enrich.fabrique import (
    BAC_PRO,
    CAP_FERME,
    CAP_SUIVANT,
    SIRET_CONNU,
    SIRET_INCONNU,
    references,
)
from tests.unit.enrich.test_recalculer import NOW

JOUR = "2020-11-16"


def _change(champ: str, code: str, **valeurs: Any) -> References:  # noqa: ANN401
    avant = references("v2")
    table = getattr(avant, champ)
    changee: dict[str, Any] = {champ: {**table, code: replace(table[code], **valeurs)}}
    return replace(avant, **changee)


def _faits(apres: References) -> list[tuple[str, str, str | None, str | None]]:
    avant = references("v1")
    trouve = impact(differences(avant, apres), avant, apres, JOUR)
    return [(fait.nature.value, fait.code, fait.le, fait.successeur) for fait in trouve.faits]


@pytest.mark.parametrize(
    ("champ", "code", "valeurs", "attendu"),
    [
        (
            "cfds",
            BAC_PRO,
            {"date_fermeture": "2026-08-31"},
            ("cfd_ferme", BAC_PRO, "2026-08-31", None),
        ),
        (
            "cfds",
            BAC_PRO,
            {"date_fermeture": "2026-08-31", "nouveaux": (CAP_SUIVANT,)},
            ("cfd_remplace", BAC_PRO, "2026-08-31", CAP_SUIVANT),
        ),
        (
            "fiches",
            "RNCP100",
            {"statut": "INACTIVE"},
            ("rncp_termine", "RNCP100", "2025-08-31", None),
        ),
        (
            "fiches",
            "RNCP100",
            {"date_fin_validite": "2021-01-01"},
            ("rncp_termine", "RNCP100", "2021-01-01", None),
        ),
        (
            "etablissements",
            SIRET_CONNU,
            {"ferme": True},
            ("etablissement_ferme", SIRET_CONNU, "2022-10-12", None),
        ),
        (
            "etablissements",
            SIRET_CONNU,
            {"certifie_qualite": False},
            ("qualiopi_perdue", SIRET_CONNU, "2022-10-12", None),
        ),
    ],
)
def test_what_closes_ends_or_is_lost(
    champ: str, code: str, valeurs: dict[str, Any], attendu: tuple[str, ...]
) -> None:
    assert _faits(_change(champ, code, **valeurs)) == [attendu]


def test_a_commune_that_joins_another_is_told_with_the_new_one() -> None:
    avant = references("v2")
    apres = replace(avant, anciennes_communes={**avant.anciennes_communes, "06029": "06088"})
    assert _faits(apres) == [("commune_reunie", "06029", None, "06088")]


@pytest.mark.parametrize(
    "valeurs",
    [{"libelle_long": "Autre nom"}, {"date_fermeture": "2030-08-31"}, {"date_fermeture": None}],
)
def test_what_changes_otherwise_is_no_news(valeurs: dict[str, Any]) -> None:
    assert _faits(_change("cfds", CAP_SUIVANT, **valeurs)) == []


def test_the_end_of_what_has_long_ended_is_no_news() -> None:
    assert _faits(_change("cfds", CAP_FERME, date_fermeture="2019-08-31")) == []


def _offre(**champs: Any) -> Concernee:  # noqa: ANN401
    rien = Concernee(frozenset(), None, None, None, None, None)
    return rien._replace(**champs)


def test_offers_are_counted_once_by_what_they_say_or_lead_to() -> None:
    fait = Fait(Nature.CFD_FERME, CAP_SUIVANT)
    offres = [
        _offre(cfds=frozenset((CAP_FERME, CAP_SUIVANT)), gestionnaire="A", academie="23"),
        _offre(cfds=frozenset((CAP_SUIVANT,)), gestionnaire="A", formateur="B", academie="02"),
        _offre(cfds=frozenset((BAC_PRO,)), gestionnaire="A", academie="23"),
    ]
    (un,) = avis([fait], offres)
    assert un.offres == 2
    assert un.par_etablissement() == {"A": 2, "B": 1}
    assert un.par_academie() == {"23": 1, "02": 1}


def test_an_offer_whose_both_establishments_close_counts_for_each_once() -> None:
    fait = Fait(Nature.ETABLISSEMENT_FERME, SIRET_CONNU)
    (un,) = avis([fait], [_offre(gestionnaire=SIRET_CONNU, formateur=SIRET_CONNU)])
    assert (un.offres, un.par_etablissement()) == (1, {SIRET_CONNU: 1})


def test_qualiopi_concerns_who_manages_alone() -> None:
    fait = Fait(Nature.QUALIOPI_PERDUE, SIRET_CONNU)
    assert avis([fait], [_offre(gestionnaire=SIRET_INCONNU, formateur=SIRET_CONNU)]) == []


def test_an_establishment_sees_its_own_offers_alone() -> None:
    fait = Fait(Nature.CFD_FERME, BAC_PRO)
    offres = [
        _offre(cfds=frozenset((BAC_PRO,)), gestionnaire=siret, academie=academie)
        for siret, academie in (("A", "23"), ("A", "02"), ("B", "23"))
    ]
    tous = avis([fait], offres)
    assert [un.offres for un in restreindre(tous, {"A"}, ())] == [2]
    assert [un.offres for un in restreindre(tous, (), {"23"})] == [2]
    assert restreindre(tous, {"C"}, ()) == []


@pytest.mark.parametrize(
    ("fait", "offres", "de_vous", "attendu"),
    [
        (
            Fait(Nature.CFD_FERME, "1", "BOIS (CAP)", "2026-08-31", "2", "MEUBLE (CAP)"),
            12,
            True,
            (
                "Le diplôme 1 (BOIS (CAP)) ferme le 31 août 2026 : 12 de vos offres sont "
                "concernées. Successeur : 2 (MEUBLE (CAP))."
            ),
        ),
        (
            Fait(Nature.RNCP_TERMINE, "RNCP1", None, "2026-01-01"),
            1,
            False,
            (
                "La fiche RNCP1 se termine le 1er janvier 2026 : 1 offre est concernée. "
                "Aucun successeur n'est connu."
            ),
        ),
        (
            Fait(Nature.QUALIOPI_PERDUE, "3", "CFA", "2026-01-02"),
            2,
            False,
            (
                "L'établissement 3 (CFA) n'est plus certifié Qualiopi d'après la liste du "
                "2 janvier 2026 : 2 offres sont concernées."
            ),
        ),
    ],
)
def test_a_notice_is_read_in_french(fait: Fait, offres: int, de_vous: bool, attendu: str) -> None:
    assert message(fait, offres, de_vous=de_vous) == attendu


class _Aucune:
    def concernees(self, touchees: object) -> Any:  # noqa: ANN401 - never iterated
        raise AssertionError(touchees)

    async def garder(self, rapport: object) -> None:
        raise AssertionError(rapport)


async def test_a_table_that_changes_without_news_is_announced_all_the_same() -> None:
    apres = _change("cfds", BAC_PRO, libelle_long="Autre nom")
    rapport = await examiner(ecart(references("v1"), apres), apres, JOUR, _Aucune(), NOW)
    (annonce,) = evenements(rapport, 7)
    assert (annonce.key, annonce.sequence) == (TABLES["cfds"], 7000)
    assert b'"impacts":[]' in annonce.data
