"""The synthetic completion of the historic offers (promises in `preparation`)."""

import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from contracts.identifiants import cle
from services.cli.preparation import (
    identite,
    lire_mefs,
    lire_offres,
    modalites_ouvertes,
    numeroter,
    offres_preparees,
    preparer,
)
from services.cli.preparation_regles import PREFIXE, regles_synthetiques

MODALITES = modalites_ouvertes(
    [
        {"cfd": "40025214", "duree_dispositif": "3", "annee_dispositif": annee, "date_fermeture": f}
        for annee, f in [("1", ""), ("2", "2024-08-31"), ("3", "2020-08-31")]
    ],
    "2020-11-16",
)


def offre(rang: int = 1, **autres: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    return {
        "id_formation": f"24_{rang}",
        "id_action": f"24_1{rang}",
        "id_certifinfo": "56927",
        "etablissement_gestionnaire_siret": "13002526500013",
        "etablissement_formateur_siret": "13002526500013",
        "etablissement_lieu_formation_code_insee": "33063",
        "cfd": "40025214",
        "periode": ["2021-09", "2022-01"],
        **autres,
    }


def prepare(offres: list[dict[str, Any]], graine: str = "g") -> list[dict[str, Any]]:
    numeros = numeroter(offres)
    return [preparer(o, MODALITES, numeros, graine) for o in offres]


def test_what_was_collected_is_kept_and_the_rest_added() -> None:
    (complete,) = prepare([offre()])

    assert complete.items() >= offre().items()
    assert set(complete) - set(offre()) == {
        "cle_ministere_educatif",
        "duree",
        "annee",
        "date_debut",
    }


def test_sessions_start_on_the_first_day_of_each_month() -> None:
    assert prepare([offre()])[0]["date_debut"] == ["2021-09-01", "2022-01-01"]


def test_the_key_says_what_the_offer_says() -> None:
    (complete,) = prepare([offre()])
    lue = cle.lire(complete["cle_ministere_educatif"])

    assert lue is not None
    assert lue.id_certifinfo == "056927"
    assert lue.parcours == "01"
    assert (lue.duree, lue.annee) == (complete["duree"], complete["annee"])
    assert lue.code_commune_insee == "33063"


def test_a_closed_mef_gives_no_duration() -> None:
    assert MODALITES == {"40025214": [("3", "1"), ("3", "2")]}


def test_the_duration_is_that_of_a_mef_with_this_year_or_long_enough_for_it() -> None:
    for complete in prepare([offre(rang) for rang in range(300)]):
        assert complete["duree"] == "3"
    for complete in prepare([offre(rang, cfd=None) for rang in range(300)]):
        assert complete["duree"] == ("3" if complete["annee"] == "3" else "2")


def test_a_diploma_without_mef_lasts_two_years() -> None:
    assert prepare([offre(cfd=None)])[0]["duree"] == "2"


def test_offers_that_would_share_a_key_are_numbered_by_their_ids_whatever_their_order() -> None:
    offres = [offre(rang) for rang in range(5)]
    melees = random.Random(7).sample(offres, 5)

    par_nom = {identite(o): o["cle_ministere_educatif"] for o in prepare(offres)}

    assert {identite(o): o["cle_ministere_educatif"] for o in prepare(melees)} == par_nom
    assert len(set(par_nom.values())) == 5


def test_an_offer_delivered_twice_keeps_one_key() -> None:
    premiere, seconde = prepare([offre(), offre(periode=["2022-09"])])

    assert premiere["cle_ministere_educatif"] == seconde["cle_ministere_educatif"]


def test_the_years_follow_their_shares_and_the_seed() -> None:
    offres = [offre(rang) for rang in range(4_000)]
    annees = Counter(o["annee"] for o in prepare(offres))
    parts = {annee: 100 * nombre / len(offres) for annee, nombre in annees.items()}

    assert parts == pytest.approx({"1": 70, "2": 12, "3": 6, "X": 12}, abs=2.5)
    assert prepare(offres, "autre") != prepare(offres)


def test_the_synthetic_rules_are_named_and_of_the_missing_kinds() -> None:
    regles = regles_synthetiques()

    assert len(regles) == 20
    assert all(r["nom_regle_complementaire"].startswith(PREFIXE) for r in regles)
    assert {r["condition_integration"] for r in regles} >= {"ne doit pas intégrer"}
    assert sum(r["num_academie"] != 0 for r in regles) == 7


def _refdata() -> Path:
    dossier = Path(os.environ.get("CATALOGUE_REFDATA", ""))
    if not (dossier / "offres" / "rco_formations_2020-11-16.ndjson.gz").is_file():
        pytest.skip("CATALOGUE_REFDATA does not hold the historic offers")
    return dossier


def test_the_historic_offers_are_prepared_whole() -> None:
    refdata = _refdata()
    cles = Counter(o["cle_ministere_educatif"] for o in offres_preparees(refdata))

    assert sum(cles.values()) == 39_510
    assert len(cles) == 39_388
    assert Counter(cles.values()) == {1: 39_266, 2: 122}
    assert all(cle.lire(clef) for clef in cles)


def test_the_historic_files_are_read_as_they_are() -> None:
    refdata = _refdata()

    assert next(lire_offres(refdata / "offres" / "rco_formations_2020-11-16.ndjson.gz"))["periode"]
    assert len(modalites_ouvertes(lire_mefs(refdata / "certifications" / "mef.csv"), "2020-11-16"))
