"""French analysis, in the names and settings of the official image.

Two analysers for two kinds of words. `francais` (titles, occupations, diplomas): folded, articles
cut, light stem, so that «L'HOTELLERIE», «l’hôtellerie» and «hotellerie» are one term. `noms`
(organisms, places): the same without a stem, as a name is not declined («Société Générale» is not
«social»), and with the usual contractions of names. Folding comes first: it turns typographic
apostrophes into straight ones, which elision then cuts, and gives the stemmer one spelling.
"""

from typing import Any, Final

ARTICLES: Final = (
    "l", "m", "t", "qu", "n", "s", "j", "d", "c", "jusqu", "quoiqu", "lorsqu", "puisqu",
)  # fmt: skip
CONTRACTIONS: Final = ("st => saint", "ste => sainte", "univ => universite")

ANALYSE: Final[dict[str, Any]] = {
    "filter": {
        "articles_elides": {"type": "elision", "articles": list(ARTICLES), "articles_case": True},
        "racine_legere": {"type": "stemmer", "language": "light_french"},
        "contractions_de_noms": {"type": "synonym_graph", "synonyms": list(CONTRACTIONS)},
    },
    "analyzer": {
        "francais": {
            "type": "custom",
            "tokenizer": "standard",
            "filter": [
                "lowercase",
                "asciifolding",
                "articles_elides",
                "racine_legere",
                "racine_legere",
            ],
        },
        "francais_exact": {
            "type": "custom",
            "tokenizer": "standard",
            "filter": ["lowercase", "asciifolding", "articles_elides"],
        },
        "noms": {
            "type": "custom",
            "tokenizer": "standard",
            "filter": ["lowercase", "asciifolding", "articles_elides", "contractions_de_noms"],
        },
    },
    "normalizer": {
        "plie": {"type": "custom", "filter": ["lowercase", "asciifolding"]},
    },
}
