"""Reading the events of offers."""

from typing import Any

import pytest

from services.enrich.domain.evenement import Illisible, lire_evenement
from tests.unit.enrich.fabrique import evenement


def test_an_event_is_read() -> None:
    lu = lire_evenement(evenement("F1", 3, operation="retrait", motif="fermeture"))

    assert (lu.id, lu.sequence, lu.operation, lu.motif) == ("F1", 3, "retrait", "fermeture")
    assert lu.origine == {"depot": "D1", "ligne": 3}


def test_an_event_that_no_line_caused_has_no_origin() -> None:
    assert lire_evenement(evenement(origine=None)).origine is None


def test_unknown_fields_are_ignored() -> None:
    assert lire_evenement(evenement(nouveau_champ=1)).id == "F1"


@pytest.mark.parametrize(
    "champs",
    [
        {"id": ""},
        {"id": 3},
        {"sequence": 0},
        {"sequence": "1"},
        {"operation": "effacement"},
        {"offre": {}},
        {"offre": []},
        {"deposant": None},
        {"constats": {}},
        {"origine": {"depot": "D1"}},
        {"origine": "D1"},
    ],
)
def test_what_would_write_the_wrong_thing_is_refused(champs: dict[str, Any]) -> None:
    with pytest.raises(Illisible):
        lire_evenement(evenement(**champs))
