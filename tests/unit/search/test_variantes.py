"""An offer followed from afar, and the same one on site."""

from typing import Any

import pytest

from services.search.domain.variantes import debut_commun, lier

RACINE = "106401P01115010559410002250105594100022"
LAD = f"{RACINE}-99999#LAD"
SITES = [f"{RACINE}-57631#L01", f"{RACINE}-2A004#L02"]
AUTRE = "100357P01211886090770005518860907700055-17415#L01"


def formation(cle: str | None) -> dict[str, Any]:
    return {"id": f"id de {cle}", "cle_ministere_educatif": cle, "localite": "Ajaccio"}


TOUTES = [formation(cle) for cle in (LAD, *SITES, AUTRE, None)]


def test_one_from_afar_knows_where_it_is_followed_on_site() -> None:
    variantes = lier(formation(LAD), TOUTES)

    assert [v["cle"] for v in variantes["variantes_en_presentiel"]] == sorted(SITES)
    assert variantes["variantes_en_presentiel"][0]["localite"] == "Ajaccio"
    assert variantes["variante_a_distance"] is None


@pytest.mark.parametrize("cle", SITES)
def test_one_on_site_knows_its_variant_from_afar_and_not_its_other_sites(cle: str) -> None:
    variantes = lier(formation(cle), TOUTES)

    assert variantes["variante_a_distance"]["cle"] == LAD
    assert variantes["variantes_en_presentiel"] == []


@pytest.mark.parametrize("cle", [AUTRE, None])
def test_others_have_none(cle: str | None) -> None:
    assert lier(formation(cle), TOUTES) == {
        "variante_a_distance": None,
        "variantes_en_presentiel": [],
    }


def test_all_of_them_begin_alike() -> None:
    assert {debut_commun(formation(cle)) for cle in (LAD, *SITES)} == {RACINE + "-"}
    assert debut_commun(formation(None)) is None
