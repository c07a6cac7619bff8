"""May this JSON Schema replace that one, for readers and for what is already in the logs?

Compacted topics keep old events and readers keep old schemas, so both directions count: a new
optional field is let through, anything else that shows in the data is not (design.md §5).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

RETIRE: Final = "retiré"
RETYPE: Final = "type changé"
EXIGE: Final = "devenu obligatoire"
PLUS_EXIGE: Final = "plus garanti"
VALEUR_RETIREE: Final = "valeur retirée"
VALEUR_AJOUTEE: Final = "valeur ajoutée"
CONTRAINTE: Final = "contrainte changée"

_CONTRAINTES: Final = (
    *("format", "pattern", "minLength", "maxLength", "minimum", "maximum"),
    *("exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems"),
    *("uniqueItems", "minProperties", "maxProperties"),
)
_OUVERT: Final[tuple[Any, ...]] = (None, True, {})


class Rupture(NamedTuple):
    """A change that a reader, or a reader of old data, would not bear: where, and which."""

    chemin: str
    nature: str
    detail: str = ""

    def __str__(self) -> str:
        """Return one line for a report."""
        suite = f" ({self.detail})" if self.detail else ""
        return f"{self.chemin} : {self.nature}{suite}"


def ruptures(ancien: Schema, nouveau: Schema) -> list[Rupture]:
    """Return what the new schema breaks; nothing when it may replace the old one.

    Both are whole documents, whose `$ref` point into themselves.
    """
    return list(_Comparaison(ancien, nouveau).noeud("$", ancien, nouveau))


class _Comparaison:
    """The walk through two documents, which remembers the pairs of definitions it has met."""

    def __init__(self, ancien: Schema, nouveau: Schema) -> None:
        self._ancien = ancien
        self._nouveau = nouveau
        self._vus: set[tuple[str, str]] = set()

    def noeud(self, chemin: str, ancien: Schema, nouveau: Schema) -> Iterator[Rupture]:
        paire = (ancien.get("$ref", ""), nouveau.get("$ref", ""))
        if all(paire):
            if paire in self._vus:
                return
            self._vus.add(paire)
        anciennes = _variantes(self._ancien, ancien)
        nouvelles = _variantes(self._nouveau, nouveau)
        avant, apres = [_type(v) for v in anciennes], [_type(v) for v in nouvelles]
        if sorted(avant) != sorted(apres):
            yield Rupture(chemin, RETYPE, f"{' | '.join(avant)} → {' | '.join(apres)}")
            return
        ordre = sorted(range(len(avant)), key=avant.__getitem__)
        autre_ordre = sorted(range(len(apres)), key=apres.__getitem__)
        for i, j in zip(ordre, autre_ordre, strict=True):
            yield from self._variante(chemin, anciennes[i], nouvelles[j])

    def _variante(self, chemin: str, ancien: Schema, nouveau: Schema) -> Iterator[Rupture]:
        yield from _valeurs(chemin, ancien, nouveau)
        for mot in _CONTRAINTES:
            if ancien.get(mot) != nouveau.get(mot):
                detail = f"{mot} : {ancien.get(mot)} → {nouveau.get(mot)}"
                yield Rupture(chemin, CONTRAINTE, detail)
        yield from self._proprietes(chemin, ancien, nouveau)
        yield from self._elements(chemin, ancien, nouveau)

    def _proprietes(self, chemin: str, ancien: Schema, nouveau: Schema) -> Iterator[Rupture]:
        avant, apres = ancien.get("properties", {}), nouveau.get("properties", {})
        exigees_avant, exigees = set(ancien.get("required", [])), set(nouveau.get("required", []))
        for nom, schema in avant.items():
            if nom in apres:
                yield from self.noeud(f"{chemin}.{nom}", schema, apres[nom])
            else:
                yield Rupture(f"{chemin}.{nom}", RETIRE)
        for nom in sorted(exigees - exigees_avant):
            yield Rupture(f"{chemin}.{nom}", EXIGE)
        for nom in sorted((exigees_avant - exigees) & set(apres)):
            yield Rupture(f"{chemin}.{nom}", PLUS_EXIGE)
        yield from self._sous_schema(f"{chemin}.*", "additionalProperties", ancien, nouveau)

    def _elements(self, chemin: str, ancien: Schema, nouveau: Schema) -> Iterator[Rupture]:
        avant, apres = ancien.get("prefixItems", []), nouveau.get("prefixItems", [])
        if len(avant) != len(apres):
            yield Rupture(f"{chemin}[]", RETYPE, f"{len(avant)} → {len(apres)} éléments")
            return
        for rang, (schema, autre) in enumerate(zip(avant, apres, strict=True)):
            yield from self.noeud(f"{chemin}[{rang}]", schema, autre)
        yield from self._sous_schema(f"{chemin}[]", "items", ancien, nouveau)

    def _sous_schema(
        self, chemin: str, mot: str, ancien: Schema, nouveau: Schema
    ) -> Iterator[Rupture]:
        avant, apres = ancien.get(mot), nouveau.get(mot)
        if isinstance(avant, Mapping) and isinstance(apres, Mapping) and avant and apres:
            yield from self.noeud(chemin, avant, apres)
        elif avant != apres and not (avant in _OUVERT and apres in _OUVERT):
            yield Rupture(chemin, CONTRAINTE, mot)


def _variantes(document: Schema, schema: Schema) -> list[Schema]:
    """Return the alternatives of a schema, each without reference nor list of types."""
    while "$ref" in schema:
        cible: Any = document
        for etape in schema["$ref"].removeprefix("#/").split("/"):
            cible = cible[etape]
        schema = {**cible, **{mot: v for mot, v in schema.items() if mot != "$ref"}}
    for mot in ("anyOf", "oneOf"):
        if mot in schema:
            return [v for choix in schema[mot] for v in _variantes(document, choix)]
    types = schema.get("type")
    if isinstance(types, list):
        return [{**schema, "type": un_type} for un_type in types]
    return [schema]


def _type(schema: Schema) -> str:
    if "type" in schema:
        return str(schema["type"])
    return "valeurs" if "enum" in schema or "const" in schema else "tout"


def _valeurs(chemin: str, ancien: Schema, nouveau: Schema) -> Iterator[Rupture]:
    avant, apres = _enumerees(ancien), _enumerees(nouveau)
    if avant is None and apres is None:
        return
    if avant is None:
        yield Rupture(chemin, VALEUR_RETIREE, "toutes sauf celles qui sont énumérées")
    elif apres is None:
        yield Rupture(chemin, VALEUR_AJOUTEE, "toutes")
    else:
        for valeur in sorted(avant - apres):
            yield Rupture(chemin, VALEUR_RETIREE, valeur)
        for valeur in sorted(apres - avant):
            yield Rupture(chemin, VALEUR_AJOUTEE, valeur)


def _enumerees(schema: Schema) -> set[str] | None:
    if "const" in schema:
        return {str(schema["const"])}
    return {str(valeur) for valeur in schema["enum"]} if "enum" in schema else None
