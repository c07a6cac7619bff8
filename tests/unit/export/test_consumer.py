"""What the consumer of formations takes for a state of a formation."""

from unittest.mock import Mock

import orjson
import pytest

from contracts.topics import FORMATIONS
from services.export.entrypoints.consumer import Formations
from services.kernel.clock import SystemClock
from services.kernel.events import Record
from tests.support.formations import formation_v1

ENTETES = {"ce_id": b"a.1", "ce_type": b"x", "ce_sequence": b"1"}


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [("id", 5), ("sequence", "deux"), ("empreinte", None), ("etat", {}), ("formation", "texte")],
)
async def test_a_field_of_another_type_is_parked_and_named(champ: str, valeur: object) -> None:
    brut = orjson.dumps({**formation_v1("a"), champ: valeur})
    record = Record(FORMATIONS.name, 0, 0, 0, b"a", ENTETES, brut)

    (ecarte,) = await Formations(Mock(), Mock(), SystemClock()).handle([record])

    assert ecarte.code == "formation_illisible"
    assert f"({champ})" in ecarte.reason
