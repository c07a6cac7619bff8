"""What of a formation is searched."""

from typing import Any

import orjson
import pytest

from services.search.domain.document import DonneeManquante
from services.search.domain.fusion import Partie
from services.search.index.mapping import CHAMPS
from tests.support.formations import CLE, formation_v1, partie, publication_v1


def _champs(**champs: Any) -> dict[str, Any]:  # noqa: ANN401
    return dict(partie(formation_v1("a", **champs)).champs)


def test_every_field_is_declared_in_the_strict_mapping() -> None:
    pleins = formation_v1(
        "a",
        rncp_intitule="Boulanger",
        anciennes_cles=[CLE],
        bcn_mefs_10=[{"mef10": "2402242711", "duree": "1", "annee": "1"}],
        etablissement_lieu_formation_uai="0350001A",
    )
    formation = partie(pleins)
    publications = partie(publication_v1("a"))
    assert {*formation.champs, *publications.champs} <= CHAMPS.keys()


def test_the_whole_event_rides_along() -> None:
    evenement = formation_v1("a")
    assert orjson.loads(partie(evenement).champs["formation"]) == evenement


def test_unknown_facts_are_absent_fields() -> None:
    champs = _champs(latitude=None, niveau=None, duree=None)
    assert not {"position", "niveau", "duree"} & champs.keys()


def test_places_have_their_longitude_first() -> None:
    assert _champs()["position"] == [-1.68, 48.1113]


def test_months_stand_in_for_start_dates() -> None:
    champs = _champs(date_debut=[], periode=["2021-09", "2022-01"])
    assert champs["debuts"] == ["2021-09-01", "2022-01-01"]
    assert champs["entrees"] == ["2021-09", "2022-01"]


def test_a_former_key_is_a_key() -> None:
    assert CLE in _champs(anciennes_cles=[CLE])["cles"]


def test_an_offer_is_published_unless_its_source_says_no() -> None:
    assert _champs()["publiee"] is True
    assert _champs(published=False)["publiee"] is False


def test_positions_and_digests_are_those_of_the_event() -> None:
    etat = partie(publication_v1("a", 7))
    assert (etat.id, etat.partie, etat.sequence) == ("a", Partie.PUBLICATIONS, 7)


@pytest.mark.parametrize("manque", ["id", "sequence", "empreinte", "etat", "formation"])
def test_an_event_without_an_essential_is_refused(manque: str) -> None:
    evenement = formation_v1("a")
    del evenement[manque]
    with pytest.raises(DonneeManquante, match=manque):
        partie(evenement)


def test_a_field_added_to_the_event_changes_nothing_searched() -> None:
    evenement = formation_v1("a")
    evenement["formation"]["nouveaute"] = {"x": 1}
    champs = dict(partie(evenement).champs)
    attendus = dict(partie(formation_v1("a")).champs)
    champs.pop("formation")
    attendus.pop("formation")
    assert champs == attendus
