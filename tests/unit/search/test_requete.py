"""The body of a search."""

from datetime import date

import pytest

from services.search.domain.criteres import Criteres, Mode, Point, Publiees, Tri
from services.search.domain.curseur import Curseur
from services.search.index.facettes import comptes
from services.search.index.requete import ACTIVE, recherche, tri

ICI = Point(48.1, -1.7)
DEUX = {"region": ("Bretagne",), "niveau": ("3", "4")}


def _filtres(criteres: Criteres) -> list[object]:
    return list(recherche(criteres, Mode.EXACT)["query"]["bool"]["filter"])


def test_only_living_offers_are_found_whatever_is_asked() -> None:
    assert ACTIVE in _filtres(Criteres(publiees=Publiees.TOUTES))


@pytest.mark.parametrize(
    ("publiees", "clause"),
    [(Publiees.OUI, {"term": {"publiee": True}}), (Publiees.NON, {"term": {"publiee": False}})],
)
def test_what_its_source_publishes_no_more_is_asked_for(publiees: Publiees, clause: object) -> None:
    assert clause in _filtres(Criteres(publiees=publiees))
    assert clause not in _filtres(Criteres(publiees=Publiees.TOUTES))


def test_every_order_is_total() -> None:
    for ordre in Tri:
        assert tri(Criteres(q="pain", tri=ordre, point=ICI))[-1] == {"id": "asc"}


def test_scores_never_depend_on_statistics_of_the_index() -> None:
    requete = recherche(Criteres(q="boulanger rennes"), Mode.PARTIEL)["query"]["bool"]
    for clause in [*requete["must"][0]["bool"]["should"], *requete["should"]]:
        for seule in clause["dis_max"]["queries"] if "dis_max" in clause else [clause]:
            assert isinstance(seule["constant_score"]["boost"], int)


def test_a_facet_is_counted_without_its_own_selection() -> None:
    corps = recherche(Criteres(filtres=DEUX, facettes=("region", "duree")), Mode.EXACT)
    propre = corps["aggs"]["facette_region"]["filter"]["bool"]["filter"]
    autres = corps["aggs"]["facettes"]["filter"]["bool"]["filter"]
    assert propre == [{"terms": {"niveau": ["3", "4"]}}]
    assert len(autres) == 2
    assert len(corps["post_filter"]["bool"]["filter"]) == 2


def test_a_filter_without_facet_narrows_every_count() -> None:
    corps = recherche(Criteres(filtres={"cfd": ("50022137",)}), Mode.EXACT)
    assert {"terms": {"cfd": ["50022137"]}} in corps["query"]["bool"]["filter"]
    assert "post_filter" not in corps


def test_entry_dates_are_compared_as_one_interval() -> None:
    criteres = Criteres(entree_du=date(2021, 8, 1), entree_au=date(2022, 7, 31))
    assert {"range": {"debuts": {"gte": "2021-08-01", "lte": "2022-07-31"}}} in _filtres(criteres)


def test_offers_without_position_are_counted_when_nothing_hides_them() -> None:
    assert "sans_position" in recherche(Criteres(point=ICI), Mode.EXACT)["aggs"]
    assert "aggs" not in recherche(Criteres(point=ICI, rayon_km=5), Mode.EXACT)


def test_a_page_starts_after_the_cursor_and_asks_one_more_than_it_shows() -> None:
    corps = recherche(Criteres(limite=10), Mode.EXACT, Curseur((5, "x")))
    assert corps["search_after"] == [5, "x"]
    assert corps["size"] == 11


def test_short_words_are_never_compared_loosely() -> None:
    assert "fuzzy" not in str(recherche(Criteres(q="BTS"), Mode.APPROCHE))
    assert "fuzzy" in str(recherche(Criteres(q="boulangr"), Mode.APPROCHE))
    assert "fuzzy" not in str(recherche(Criteres(q="boulangr"), Mode.EXACT))


def test_a_selected_value_that_vanished_is_still_shown() -> None:
    criteres = Criteres(filtres={"region": ("Bretagne",)}, facettes=("region",))
    cases = {"buckets": [{"key": "Corse", "doc_count": 2}]}
    reponse = {"aggregations": {"facette_region": {"region": cases}}}
    assert comptes(criteres, reponse)["region"] == [
        {"valeur": "Corse", "libelle": "Corse", "nombre": 2, "choisie": False},
        {"valeur": "Bretagne", "libelle": "Bretagne", "nombre": 0, "choisie": True},
    ]
