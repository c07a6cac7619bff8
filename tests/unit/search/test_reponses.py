"""The detail of a formation as the public reads it."""

import orjson

from contracts.formation import Formation
from services.search.domain.fusion import fusionner
from services.search.domain.reponses import detail_public
from services.search.index.reponse import ouvrir
from tests.support.formations import formation_v1, partie


def test_every_field_of_the_contract_is_in_the_detail_null_where_unknown() -> None:
    evenement = formation_v1("a")
    del evenement["formation"]["etablissement_lieu_formation_siret"]
    detail = detail_public(ouvrir(fusionner(None, partie(evenement))))
    assert set(detail["formation"]) == set(Formation.model_fields)
    assert detail["formation"]["etablissement_lieu_formation_siret"] is None
    assert {un["statut"] for un in detail["publications"].values()} == {"non publiable en l'état"}
    assert "origine" not in detail
    assert orjson.dumps(detail)
