"""The clé ministère éducatif and its changes (domain.md §1.1, "Key instability")."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.identifiants import cle

TEXTE = "012345P01211300252650001318750001600018-33063#L01"
LUE = cle.construire(
    id_certifinfo="12345",
    parcours=1,
    duree="2",
    annee="1",
    siret_gestionnaire="13002526500013",
    siret_formateur="18750001600018",
    code_commune_insee="33063",
)
CHIFFRES_14 = st.text(alphabet="0123456789", min_size=14, max_size=14)
CLES = st.builds(
    cle.construire,
    id_certifinfo=st.integers(0, 999_999).map(str),
    parcours=st.integers(0, 99),
    duree=st.sampled_from(["1", "2", "3", None]),
    annee=st.sampled_from(["1", "2", "9", None]),
    siret_gestionnaire=CHIFFRES_14,
    siret_formateur=CHIFFRES_14,
    code_commune_insee=st.sampled_from(["33063", "2A004", "97411"]),
    site=st.integers(1, 99).map("L{:02d}".format),
)


def test_parts_and_text_are_the_same_key() -> None:
    assert cle.lire(TEXTE) == LUE
    assert LUE.texte == TEXTE


@given(CLES)
def test_any_built_key_reads_back(construite: cle.Cle) -> None:
    assert cle.lire(construite.texte) == construite


@given(st.one_of(st.none(), st.integers(), st.text()))
def test_reading_never_raises(valeur: object) -> None:
    assert cle.lire(valeur) is None


@pytest.mark.parametrize(
    "texte",
    [
        TEXTE.partition("#")[0],
        TEXTE.replace("#L01", "#L1"),
        TEXTE.replace("#L01", "#X01"),
        TEXTE.replace("-33063", "-3306"),
        TEXTE.replace("P01", "Q01"),
        TEXTE[1:],
        TEXTE + "\n#L01",
    ],
)
def test_a_malformed_key_has_no_parts(texte: str) -> None:
    assert cle.lire(texte) is None


def test_blanks_and_case_are_set_right() -> None:
    assert cle.lire(f" {TEXTE.lower()} ") == LUE


def test_distance_variant() -> None:
    variante = cle.variante_a_distance(LUE)

    assert variante.texte == "012345P01211300252650001318750001600018-99999#LAD"
    assert variante.a_distance
    assert not LUE.a_distance


def test_a_year_is_made_known() -> None:
    sans_annee = LUE._replace(annee="X")

    assert cle.precise_l_annee(sans_annee, LUE)
    assert not cle.precise_l_annee(LUE, sans_annee)
    assert not cle.precise_l_annee(LUE, LUE)
    assert not cle.precise_l_annee(sans_annee, LUE._replace(parcours="02"))


def test_keys_that_an_unknown_year_may_become() -> None:
    cles = cle.cles_precisees(LUE._replace(annee="X"))

    assert len(cles) == 9
    assert cles[0] == TEXTE
    assert cle.cles_precisees(LUE) == []


def test_sites_of_one_root() -> None:
    deuxieme = LUE._replace(site="L02")
    ailleurs = LUE._replace(code_commune_insee="33281")

    assert cle.autres_sites(LUE, [TEXTE, deuxieme.texte, ailleurs.texte]) == [deuxieme.texte]
    assert cle.autres_sites(deuxieme, [TEXTE]) == []
    assert cle.site_principal(deuxieme) == TEXTE
    assert cle.site_principal(LUE) is None


@pytest.mark.parametrize(
    "segment", [TEXTE, quote(TEXTE), quote(quote(TEXTE)), f" {TEXTE.lower()} "]
)
def test_a_key_survives_an_address(segment: str) -> None:
    assert cle.depuis_adresse(segment) == TEXTE


@pytest.mark.parametrize("segment", [LUE.racine, LUE.racine + "#", LUE.racine + "%23"])
def test_a_key_cut_at_its_hash_is_known_as_a_root(segment: str) -> None:
    texte = cle.depuis_adresse(segment)

    assert texte == LUE.racine
    assert cle.est_racine(texte)
    assert not cle.est_racine(TEXTE)


class TestChanges:
    @pytest.mark.parametrize(
        ("autre", "parties", "site"),
        [
            ({"site": "L02"}, ["site"], True),
            ({"site": "LAD", "code_commune_insee": "99999"}, ["code_commune_insee", "site"], True),
            ({"code_commune_insee": "30007"}, ["code_commune_insee"], False),
            ({"siret_formateur": "19060793700074"}, ["siret_formateur"], False),
            ({"id_certifinfo": "000001", "site": "L02"}, ["id_certifinfo", "site"], False),
            ({}, [], False),
        ],
    )
    def test_what_changed_between_two_keys(
        self, autre: dict[str, str], parties: list[str], site: bool
    ) -> None:
        lue = cle.lire("064390P01211984011010001119840110100011-84007#L01")
        assert lue is not None

        nouvelle = lue._replace(**autre)

        assert cle.parties_changees(lue, nouvelle) == parties
        assert cle.est_un_autre_site(lue, nouvelle) is site

    def test_an_offer_and_its_variant_from_afar_begin_alike(self) -> None:
        lue = cle.lire("064390P01211984011010001119840110100011-2A004#L03")
        assert lue is not None

        debut = cle.debut_des_lieux(lue)

        assert debut == "064390P01211984011010001119840110100011-"
        assert cle.variante_a_distance(lue).texte == debut + "99999#LAD"
