"""How one term of a query is looked for, field by field, with constant weights."""

from collections.abc import Sequence
from typing import Any, Final

from services.search.domain.criteres import Mode
from services.search.domain.requete_libre import Nature, Terme

_POIDS_EXACTS: Final = (
    ("intitule", 5),
    ("organismes", 4),
    ("lieux", 4),
    ("metiers", 3),
    ("diplomes", 3),
)
_POIDS_APPROCHES: Final = (
    ("intitule.exact", 3),
    ("organismes", 2),
    ("lieux", 2),
    ("metiers.exact", 2),
)
_POIDS_CODE: Final = 2
_POIDS_SIGLE: Final = 5
_APPROCHE_DES: Final = 4
"""Shorter words are compared exactly in every mode: one letter more or less is another word."""

_PRIME_PHRASE: Final = 4
_PRIMES_DE_CONCISION: Final = ((4, 1), (7, 1))


def clause_du_terme(terme: Terme, mode: Mode) -> dict[str, Any]:
    """Return the clause of documents that hold the term, scored by the weight of the best field."""
    if terme.nature is Nature.CODE:
        return _constante({"term": {"codes": terme.texte}}, _POIDS_CODE)
    if terme.nature is Nature.NIVEAU:
        return _constante({"term": {"niveau": terme.texte}}, _POIDS_CODE)
    mot = terme.texte
    clauses = [_constante(_contient(champ, mot), poids) for champ, poids in _POIDS_EXACTS]
    clauses.append(_constante({"term": {"sigles": mot}}, _POIDS_SIGLE))
    if any(caractere.isdigit() for caractere in mot):
        clauses.append(_constante({"term": {"codes": mot}}, _POIDS_CODE))
    if mode is not Mode.EXACT and len(mot) >= _APPROCHE_DES:
        clauses += [_constante(_ressemble(champ, mot), poids) for champ, poids in _POIDS_APPROCHES]
    return {"dis_max": {"queries": clauses}}


def primes(texte: str, termes: Sequence[Terme]) -> list[dict[str, Any]]:
    """Return the bonuses: the words in a row in the title, and short titles before long ones."""
    mots = [terme for terme in termes if terme.nature is Nature.MOT]
    concision = [
        _constante({"range": {"intitule_mots": {"lte": longueur}}}, prime)
        for longueur, prime in _PRIMES_DE_CONCISION
    ]
    if len(mots) < 2:
        return concision
    phrase = {"match_phrase": {"intitule": {"query": texte, "slop": 1}}}
    return [_constante(phrase, _PRIME_PHRASE), *concision]


def _contient(champ: str, mot: str) -> dict[str, Any]:
    return {"match": {champ: {"query": mot, "operator": "and"}}}


def _ressemble(champ: str, mot: str) -> dict[str, Any]:
    """A misspelt or unfinished word: one or two letters off after the first, or its beginning."""
    faute = {"fuzzy": {champ: {"value": mot, "fuzziness": "AUTO:4,8", "prefix_length": 1}}}
    debut = {"prefix": {champ: {"value": mot}}}
    return {"bool": {"should": [faute, debut], "minimum_should_match": 1}}


def _constante(clause: dict[str, Any], poids: int) -> dict[str, Any]:
    return {"constant_score": {"filter": clause, "boost": poids}}
