"""An offer that no platform is concerned with is not told of, until one is (decision 9)."""

from typing import Any

from services.export.domain.projections import Plan, planifier
from tests.unit.export.fabrique import INSTANT, evenement, juge, regle


def _suite(plan: Plan, suivant: dict[str, Any]) -> Plan:
    (tenue,) = (*plan.nouvelles, *plan.remplacees)
    return planifier([suivant], {tenue["_id"]: tenue}, juge(regle()), INSTANT)


def test_an_offer_out_of_every_perimeter_is_kept_but_not_told() -> None:
    plan = planifier([evenement(formation={"niveau": None})], {}, juge(regle()), INSTANT)
    assert len(plan.nouvelles) == 1
    assert plan.publications == []


def test_it_is_told_from_its_entry_on_and_also_of_its_way_out() -> None:
    dehors = planifier([evenement(formation={"niveau": None})], {}, juge(regle()), INSTANT)
    dedans = _suite(dehors, evenement(sequence=2))
    sortie = _suite(dedans, evenement(sequence=3, formation={"niveau": None}))
    assert [un["sequence"] for un in (*dedans.publications, *sortie.publications)] == [1, 2]
    assert sortie.publications[0]["parcoursup"]["perimetre"] is False
