"""What a closed diploma and its fiche become."""

from typing import Any

import pytest

from contracts.evenements import Confiance
from services.enrich.domain.enrichissement.certification import certifier
from services.enrich.domain.enrichissement.diplome_et_fiche import certifier_ensemble
from services.enrich.domain.references.tables import References
from tests.unit.enrich.fabrique import BAC_PRO, CAP_FERME, JOUR, codes, references

ANCIEN, NOUVEAU, AUTRE = "50030001", "50030002", "50030003"
TOUR_A, TOUR_B = "50030004", "50030005"


def _cfd(code: str, fermeture: str | None = None, nouveaux: tuple[str, ...] = ()) -> list[Any]:
    return [code, code[:3], code[3:6], "CAP", code, f"CAP {code}", fermeture, nouveaux]


def _fiche(
    code: str, fin: str = "2025-08-31", nouvelles: tuple[str, ...] = (), statut: str = "ACTIVE"
) -> list[Any]:
    droit = "Enregistrement de droit"
    dates = [fin, "2018-09-01"]
    certif = [code, f"Fiche {code}", "3", "CAP", "CAP", statut, *dates, droit, True]
    return [*certif, ["I1604"], "252r", "2020-10-01", (), nouvelles]


def _tables(**remplacees: list[list[Any]]) -> References:
    tables: dict[str, list[list[Any]]] = {
        "cfd": [
            _cfd(ANCIEN, "2020-08-31", (NOUVEAU,)),
            _cfd(NOUVEAU),
            _cfd(AUTRE),
            _cfd(TOUR_A, "2010-08-31", (TOUR_B,)),
            _cfd(TOUR_B, "2010-08-31", (TOUR_A,)),
        ],
        "rncp": [
            _fiche("RNCP10", "2020-08-30", ("RNCP20",)),
            _fiche("RNCP20"),
            _fiche("RNCP30"),
        ],
        "kit_apprentissage": [[ANCIEN, "RNCP10"], [NOUVEAU, "RNCP20"], [AUTRE, "RNCP30"]],
    }
    return references("v1", **{**tables, **remplacees})


def _constats(cfd: str | None, rncp: str | None, tables: References) -> dict[str, Any]:
    certifie = certifier_ensemble(cfd, rncp, None, tables, JOUR)
    return {constat["code"]: constat for constat in certifie.constats}


def test_a_closed_diploma_and_its_ended_fiche_move_together() -> None:
    constats = _constats(ANCIEN, "RNCP10", _tables())

    attendue = {"cfd": NOUVEAU, "rncp_code": "RNCP20"}
    assert constats["cfd_remplace"]["correction"] == attendue
    assert constats["rncp_perime"]["correction"] == attendue
    assert constats["cfd_remplace"]["proposition"] == NOUVEAU
    assert constats["rncp_perime"]["proposition"] == "RNCP20"


def test_the_reason_tells_the_chain_and_a_single_successor_is_sure() -> None:
    tables = _tables(
        cfd=[
            _cfd(ANCIEN, "2015-08-31", (AUTRE,)),
            _cfd(AUTRE, "2019-08-31", (NOUVEAU,)),
            _cfd(NOUVEAU),
        ]
    )

    constat = _constats(ANCIEN, "RNCP10", tables)["cfd_remplace"]

    assert f"{ANCIEN} → {AUTRE} → {NOUVEAU}" in constat["raison"]
    assert constat["confiance"] == Confiance.HAUTE


def test_of_several_open_successors_the_last_is_proposed_less_surely() -> None:
    tables = _tables(cfd=[_cfd(ANCIEN, "2020-08-31", (AUTRE, NOUVEAU)), _cfd(AUTRE), _cfd(NOUVEAU)])

    constat = _constats(ANCIEN, None, tables)["cfd_remplace"]

    assert constat["correction"] == {"cfd": NOUVEAU}
    assert constat["confiance"] == Confiance.MOYENNE


def test_a_fiche_that_stands_and_belongs_to_the_successor_stays() -> None:
    constat = _constats(ANCIEN, "RNCP20", _tables())["cfd_remplace"]

    assert constat["correction"] == {"cfd": NOUVEAU}


def test_a_fiche_that_is_to_be_chosen_makes_the_proposal_less_sure() -> None:
    tables = _tables(
        kit_apprentissage=[[ANCIEN, "RNCP10"], [NOUVEAU, "RNCP20"], [NOUVEAU, "RNCP30"]],
        rncp=[_fiche("RNCP10", "2020-08-30"), _fiche("RNCP20"), _fiche("RNCP30")],
    )

    constat = _constats(ANCIEN, "RNCP10", tables)["cfd_remplace"]

    assert constat["correction"] == {"cfd": NOUVEAU}
    assert constat["confiance"] == Confiance.MOYENNE
    assert "RNCP20, RNCP30" in constat["raison"]


def test_of_the_fiches_of_the_successor_the_one_that_follows_is_taken() -> None:
    tables = _tables(
        kit_apprentissage=[[ANCIEN, "RNCP10"], [NOUVEAU, "RNCP20"], [NOUVEAU, "RNCP30"]]
    )

    constat = _constats(ANCIEN, "RNCP10", tables)["cfd_remplace"]

    assert constat["correction"] == {"cfd": NOUVEAU, "rncp_code": "RNCP20"}


def test_an_ended_fiche_of_an_open_diploma_moves_alone() -> None:
    tables = _tables(kit_apprentissage=[[NOUVEAU, "RNCP10"], [NOUVEAU, "RNCP20"]])

    constat = _constats(NOUVEAU, "RNCP10", tables)["rncp_perime"]

    assert constat["correction"] == {"rncp_code": "RNCP20"}
    assert "RNCP10 → RNCP20" in constat["raison"]
    assert constat["confiance"] == Confiance.HAUTE


def test_without_a_succession_the_only_fiche_in_force_of_the_diploma_is_proposed() -> None:
    constat = _constats(AUTRE, "RNCP10", _tables(rncp=[_fiche("RNCP10", "2020-01-01"), *_autres()]))

    assert constat["rncp_perime"]["correction"] == {"rncp_code": "RNCP30"}
    assert constat["rncp_perime"]["confiance"] == Confiance.MOYENNE


def _autres() -> list[list[Any]]:
    return [_fiche("RNCP20"), _fiche("RNCP30")]


@pytest.mark.parametrize("cfd", [TOUR_A, "99999999"])
def test_where_the_bcn_leads_nowhere_the_fiche_tells_the_diploma(cfd: str) -> None:
    (constat,) = certifier(cfd, "RNCP30", _tables(), JOUR).constats

    assert constat["correction"] == {"cfd": AUTRE}
    assert constat["confiance"] == Confiance.MOYENNE


def test_the_successor_of_the_fiche_may_tell_both() -> None:
    (constat,) = certifier(TOUR_A, "RNCP10", _tables(), JOUR).constats

    assert constat["correction"] == {"cfd": NOUVEAU, "rncp_code": "RNCP20"}


def test_several_ways_out_of_a_loop_are_left_to_a_person() -> None:
    tables = _tables(
        cfd=[
            _cfd(TOUR_A, "2010-08-31", (AUTRE, NOUVEAU, TOUR_B)),
            _cfd(TOUR_B, "2010-08-31", (TOUR_A,)),
            _cfd(AUTRE),
            _cfd(NOUVEAU),
        ]
    )

    (constat,) = certifier(TOUR_A, None, tables, JOUR).constats

    assert constat["proposition"] == f"{AUTRE} ou {NOUVEAU}"
    assert f"{AUTRE} « CAP {AUTRE} »" in constat["raison"]
    assert constat["confiance"] == Confiance.FAIBLE
    assert "correction" not in constat


def test_what_stands_gets_no_proposal() -> None:
    assert _constats(NOUVEAU, "RNCP20", _tables()) == {}


def test_fiches_that_succeed_to_each_other_in_a_loop_propose_nothing() -> None:
    tables = _tables(
        rncp=[
            _fiche("RNCP10", "2020-01-01", ("RNCP20",)),
            _fiche("RNCP20", "2020-01-01", ("RNCP10",)),
        ],
        kit_apprentissage=[[NOUVEAU, "RNCP10"]],
    )

    constat = _constats(NOUVEAU, "RNCP10", tables)["rncp_perime"]

    assert "proposition" not in constat


def test_a_replaced_diploma_without_fiche_keeps_a_plain_proposal() -> None:
    constats = certifier_ensemble(CAP_FERME, None, None, references(), JOUR).constats

    assert codes(constats) == ["cfd_remplace", "rncp_deduit"]


def test_an_unknown_fiche_is_replaced_by_that_of_the_diploma() -> None:
    constat = _constats(BAC_PRO, "RNCP999", references())["rncp_inconnu"]

    assert constat["correction"] == {"rncp_code": "RNCP100"}
