"""The definition of the index."""

from services.search.index.mapping import definition


def test_the_mapping_is_strict_and_looks_into_no_event() -> None:
    mappings = definition(fragments=1, repliques=0)["mappings"]
    assert mappings["dynamic"] == "strict"
    assert mappings["properties"]["formation"] == {"type": "object", "enabled": False}


def test_only_filters_of_the_official_image_and_of_the_local_stack_are_used() -> None:
    analyse = definition(fragments=1, repliques=0)["settings"]["analysis"]
    types = {filtre["type"] for filtre in analyse["filter"].values()}
    assert types <= {"elision", "stemmer", "synonym_graph", "asciifolding", "edge_ngram"}
    assert "char_filter" not in analyse
