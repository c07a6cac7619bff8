"""Codes of diplomas, fiches, occupations, schools, establishments and places (domain.md §1.1)."""

from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.identifiants import cfd, code_postal, insee, mef, rncp, rome, siret, uai


class Identifiant(Protocol):
    """What each module of an identifier answers."""

    def est_valide(self, texte: object, /) -> bool: ...
    def normaliser(self, valeur: object, /) -> str | None: ...


MODULES_NORMALISANT: tuple[Identifiant, ...] = (cfd, code_postal, insee, rncp, rome, siret, uai)
PRESQUE_TOUT = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text())
)


@pytest.mark.parametrize("module", MODULES_NORMALISANT, ids=str)
class TestEveryIdentifier:
    @given(valeur=PRESQUE_TOUT)
    def test_reads_anything_without_raising(self, module: Identifiant, valeur: object) -> None:
        module.normaliser(valeur)
        module.est_valide(valeur)

    @given(valeur=PRESQUE_TOUT)
    def test_normalising_twice_changes_nothing(self, module: Identifiant, valeur: object) -> None:
        lu = module.normaliser(valeur)

        assert lu is None or module.normaliser(lu) == lu

    @pytest.mark.parametrize("vide", [None, "", "  ", True, [], {}])
    def test_nothing_gives_nothing(self, module: Identifiant, vide: object) -> None:
        assert module.normaliser(vide) is None
        assert module.est_valide(vide) is False


class TestCfd:
    @pytest.mark.parametrize("code", ["40025214", "36T31203", "26X32045", "32033422", "32321014T"])
    def test_a_code_may_hold_letters_and_a_speciality(self, code: str) -> None:
        assert cfd.est_valide(code)

    @pytest.mark.parametrize("code", ["4002521", "400252141", "40025214TT", "4002521t", "40 25214"])
    def test_another_text_is_none(self, code: str) -> None:
        assert not cfd.est_valide(code)

    def test_a_lost_zero_is_restored(self) -> None:
        assert cfd.lire("1022103") == cfd.Cfd("01022103", None)
        assert cfd.lire(1022103.0) == cfd.Cfd("01022103", None)

    def test_the_speciality_is_set_apart(self) -> None:
        assert cfd.lire(" 32321014t ") == cfd.Cfd("32321014", "T")
        assert cfd.normaliser("32321014T") == "32321014"


class TestRncp:
    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("RNCP5440", "RNCP5440"),
            ("rncp 37 123", "RNCP37123"),
            (35585, "RNCP35585"),
            ("RNCP00181", "RNCP181"),
            ("NR", None),
            ("RS5440", None),
            ("RNCP", None),
            ("RNCP0", None),
        ],
    )
    def test_normal_form(self, typed: object, code: str | None) -> None:
        assert rncp.normaliser(typed) == code


class TestUai:
    def test_the_letter_follows_from_the_digits(self) -> None:
        assert uai.lettre("0330001") == "X"
        assert uai.est_valide("0330001X")
        assert uai.est_valide("0330001x")
        assert not uai.est_valide("0330001Y")

    @given(st.integers(min_value=0, max_value=9_999_999))
    def test_exactly_one_letter_fits(self, nombre: int) -> None:
        chiffres = f"{nombre:07d}"
        justes = [
            lettre for lettre in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if uai.est_valide(chiffres + lettre)
        ]

        assert justes == [uai.lettre(chiffres)]
        assert justes[0] not in "IOQ"

    @pytest.mark.parametrize(
        ("texte", "lu"),
        [
            ("UAI n° 033-0001 x", "0330001X"),
            ("0330001X ou 0330002H", "0330001X ou 0330002H"),
            ("voir le secrétariat", "voir le secrétariat"),
            ("330001X", "330001X"),
            (None, ""),
        ],
    )
    def test_a_sentence_with_exactly_one_uai_means_it(self, texte: object, lu: str) -> None:
        assert uai.extraire(texte) == lu

    def test_a_lost_zero_is_restored(self) -> None:
        assert uai.normaliser("330001X") == "0330001X"

    @pytest.mark.parametrize(
        ("code", "departement"),
        [
            ("0330001X", "33"),
            ("6200001A", "2A"),
            ("7200001A", "2B"),
            ("9740001A", "974"),
            ("9830001A", "983"),
            ("5550001A", None),
            ("33", None),
        ],
    )
    def test_departement(self, code: str, departement: str | None) -> None:
        assert uai.departement(code) == departement


def _siret_juste(debut_siren: str, debut_nic: str) -> str:
    siren_ = next(debut_siren + c for c in "0123456789" if _luhn(debut_siren + c))
    return next(siren_ + debut_nic + c for c in "0123456789" if _luhn(siren_ + debut_nic + c))


def _luhn(chiffres: str) -> bool:
    somme = 0
    for rang, chiffre in enumerate(reversed(chiffres)):
        double = int(chiffre) * (1 + rang % 2)
        somme += double // 10 + double % 10
    return somme % 10 == 0


class TestSiret:
    @pytest.mark.parametrize("code", ["13002526500013", "73282932000074", "35600000009075"])
    def test_luhn_or_la_poste(self, code: str) -> None:
        assert siret.est_valide(code)

    @pytest.mark.parametrize(
        "code", ["13002526500014", "35600000009090", "1300252650001", "1300252650001A", "７" * 14]
    )
    def test_others_are_wrong(self, code: str) -> None:
        assert not siret.est_valide(code)

    @given(st.text(alphabet="0123456789", min_size=13, max_size=13))
    def test_at_most_one_last_digit_fits_but_for_la_poste(self, debut: str) -> None:
        justes = [chiffre for chiffre in "0123456789" if siret.est_valide(debut + chiffre)]

        assert len(justes) <= 1 or debut.startswith("356000000")

    @pytest.mark.parametrize(
        ("code", "defaut"),
        [
            ("00000000000000", siret.Defaut.FICTIF),
            ("99999999999920", siret.Defaut.FICTIF),
            ("11111111111111", siret.Defaut.FICTIF),
            ("12345678900013", siret.Defaut.FICTIF),
            ("45019707400000", siret.Defaut.SIREN_COMPLETE),
            ("35600000000000", siret.Defaut.SIREN_COMPLETE),
            ("19750001600013", siret.Defaut.SIREN_FAUX),
            ("19840110100012", siret.Defaut.CLE_FAUSSE),
            ("35600000009090", siret.Defaut.CLE_FAUSSE),
            ("35600000009075", None),
            ("35600000000048", None),
        ],
    )
    def test_each_fault_of_fourteen_digits_has_its_name(
        self, code: str, defaut: siret.Defaut | None
    ) -> None:
        assert siret.lire(code) == siret.Lecture(code, defaut)
        assert siret.est_valide(code) is (defaut is None)

    @pytest.mark.parametrize(
        ("typed", "lecture"),
        [
            ("198401101", siret.Lecture(None, siret.Defaut.SIREN_SEUL)),
            ("198 401 101", siret.Lecture(None, siret.Defaut.SIREN_SEUL)),
            ("1984011010001", siret.Lecture("01984011010001", siret.Defaut.SIREN_FAUX)),
            ("SIRET : 198 401 101 00011", siret.Lecture("19840110100011")),
            ("FR19840110100011", siret.Lecture("19840110100011")),
            (
                "1984O1101OOOII",
                siret.Lecture(None, siret.Defaut.MAL_FORME, "19840110100011"),
            ),
            ("FR19840110100012", siret.Lecture(None, siret.Defaut.MAL_FORME)),
            (
                "19840110100011 et 73282932000074",
                siret.Lecture(None, siret.Defaut.MAL_FORME),
            ),
            ("1,98401E+13", siret.Lecture(None, siret.Defaut.MAL_FORME)),
            (None, siret.Lecture(None, siret.Defaut.MAL_FORME)),
        ],
    )
    def test_what_is_no_fourteen_digits(self, typed: object, lecture: siret.Lecture) -> None:
        assert siret.lire(typed) == lecture

    @given(st.integers(0, 9_999_999), st.integers(1, 9_999))
    def test_several_lost_zeros_come_back_when_the_keys_are_right(
        self, debut: int, nic: int
    ) -> None:
        juste = _siret_juste(f"{debut:08d}", f"{nic:04d}")

        perdus = len(juste) - len(juste.lstrip("0"))
        lu = siret.lire(juste.lstrip("0"))
        assert lu.siret == (juste if perdus <= 3 else None)

    @given(PRESQUE_TOUT)
    def test_any_value_is_a_siret_or_has_a_fault(self, valeur: object) -> None:
        lu = siret.lire(valeur)

        assert (lu.siret is not None and siret.est_valide(lu.siret)) is (lu.defaut is None)

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("130 025 265 00013", "13002526500013"),
            ("1234567890123", "01234567890123"),
            (13002526500013, "13002526500013"),
            ("123456789012", None),
        ],
    )
    def test_normal_form(self, typed: object, code: str | None) -> None:
        assert siret.normaliser(typed) == code

    def test_siren(self) -> None:
        assert siret.siren("13002526500013") == "130025265"


class TestPlaces:
    @pytest.mark.parametrize(
        ("code", "departement"),
        [("33063", "33"), ("2A004", "2A"), ("2B033", "2B"), ("97411", "974"), ("98818", "988")],
    )
    def test_departement_of_a_commune(self, code: str, departement: str) -> None:
        assert insee.departement(code) == departement

    @pytest.mark.parametrize("code", ["2C004", "20O04", "2a004", "330633", "3306"])
    def test_malformed_commune(self, code: str) -> None:
        assert not insee.est_valide(code)
        assert insee.departement(code) is None

    def test_case_and_lost_zero_are_restored(self) -> None:
        assert insee.normaliser("2a004") == "2A004"
        assert insee.normaliser(1053) == "01053"
        assert code_postal.normaliser("1000") == "01000"

    @pytest.mark.parametrize(
        ("code", "departement"),
        [("33000", "33"), ("20000", "2A"), ("20200", "2B"), ("97400", "974"), ("3300", None)],
    )
    def test_departement_of_a_post_code(self, code: str, departement: str | None) -> None:
        assert code_postal.departement(code) == departement


class TestMef:
    def test_parts(self) -> None:
        lu = mef.lire("2412543121")

        assert lu == ("241", "25431", "2", "1")
        assert lu is not None
        assert lu.mef8 == mef.mef8("241", "50025431") == "24125431"

    @pytest.mark.parametrize("code", ["241254312", "24125431211", "24125431A1"])
    def test_another_length_is_none(self, code: str) -> None:
        assert mef.lire(code) is None
        assert not mef.est_valide(code)

    @pytest.mark.parametrize(("code", "valide"), [("25110033404", True), ("2543340421", False)])
    def test_statistical_form(self, code: str, valide: bool) -> None:
        assert mef.est_mef11(code) is valide


def test_rome() -> None:
    assert rome.normaliser("f 1703") == "F1703"
    assert not rome.est_valide("F17031")
