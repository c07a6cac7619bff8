"""Where the codes of a place lead."""

import pytest

from services.enrich.domain.enrichissement.commune import situer
from tests.unit.enrich.fabrique import codes, references

REFERENCES = references()


@pytest.mark.parametrize(
    ("insee", "code_postal", "commune", "attendus"),
    [
        ("06088", "06000", "06088", []),
        ("06088", None, "06088", []),
        ("06029", "06402", "06029", []),
        ("84999", "84000", "84007", ["commune_ancienne"]),
        ("99123", "06000", "99123", ["commune_inconnue"]),
        ("06088", "06400", "06088", ["code_postal_autre_commune"]),
        ("06088", "06950", "06088", ["code_postal_cedex"]),
        ("06088", "84000", "06088", ["code_postal_autre_departement"]),
        (None, "06100", "06088", ["commune_deduite"]),
        (None, "89900", None, ["code_postal_inconnu"]),
        (None, "84007", "84007", ["insee_en_code_postal"]),
        ("84007", "84007", "84007", ["insee_en_code_postal"]),
        ("99999", None, "99999", []),
        (None, None, None, []),
    ],
)
def test_where_codes_lead(
    insee: str | None, code_postal: str | None, commune: str | None, attendus: list[str]
) -> None:
    situation = situer(insee, code_postal, REFERENCES)

    assert situation.code_commune_insee == commune
    assert codes(situation.constats) == attendus


def test_a_post_code_of_several_communes_decides_none() -> None:
    partage = references(codes_postaux=[["06402", "06029"], ["06402", "06088"]])

    situation = situer(None, "06402", partage)

    assert situation.commune is None
    assert codes(situation.constats) == ["commune_indeterminee"]
    assert situation.territoire()["num_departement"] == "06"


def test_the_current_commune_is_proposed_for_a_former_one() -> None:
    (constat,) = situer("84999", None, REFERENCES).constats

    assert (constat["valeur"], constat["proposition"]) == ("84999", "84007")


def test_an_insee_code_typed_as_post_code_gives_both() -> None:
    situation = situer(None, "84007", REFERENCES)

    assert (situation.code_postal, situation.code_commune_insee) == ("84000", "84007")


@pytest.mark.parametrize(
    ("insee", "territoire"),
    [
        ("06088", ("06", "Alpes-Maritimes", "23", "Nice", "Provence-Alpes-Côte d'Azur")),
        ("2A004", ("2A", "Corse-du-Sud", "27", "Corse", "Corse")),
        ("97411", ("974", "La Réunion", "28", "Réunion", "La Réunion")),
        ("98818", ("988", "Nouvelle-Calédonie", "40", None, "Collectivités d'outre-mer")),
        ("99123", (None, None, None, None, None)),
    ],
)
def test_the_territory_follows_from_the_commune(
    insee: str, territoire: tuple[str | None, ...]
) -> None:
    assert tuple(situer(insee, None, REFERENCES).territoire().values()) == territoire


def test_findings_name_the_fields_they_are_about() -> None:
    situation = situer("99123", "1", REFERENCES, ("mon_insee", "mon_code_postal"))

    assert {constat["champ"] for constat in situation.constats} == {"mon_insee"}
