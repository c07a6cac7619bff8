"""What the four stores say of each other: a merge of their digests, pure and of constant memory.

Every service streams one digest a formation in the order of ids. A store is judged against the one
before it in the flow: enrich against collect, search and export against enrich, the index against
export's publications.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeAlias

Empreinte: TypeAlias = Mapping[str, Any]


class Magasin(StrEnum):
    """A store, named as the service that owns it."""

    COLLECT = "collect"
    ENRICH = "enrich"
    SEARCH = "search"
    EXPORT = "export"


class Nature(StrEnum):
    """How a store differs from the one it follows."""

    ABSENTE = "absente"
    EN_RETARD = "en retard"
    DIFFERENTE = "différente"
    EN_TROP = "en trop"


@dataclass(frozen=True, slots=True)
class Lien:
    """What a store must hold: the same version of the same thing as its source."""

    source: Magasin
    suivant: Magasin
    quoi: str
    version_source: tuple[str, str]
    version_suivant: tuple[str, str]


LIENS: Final = (
    Lien(
        Magasin.COLLECT,
        Magasin.ENRICH,
        "offre",
        ("sequence", "empreinte"),
        ("offre_sequence", "offre_empreinte"),
    ),
    Lien(
        Magasin.ENRICH,
        Magasin.SEARCH,
        "formation",
        ("sequence", "empreinte"),
        ("formation_sequence", "formation_empreinte"),
    ),
    Lien(
        Magasin.ENRICH,
        Magasin.EXPORT,
        "formation",
        ("sequence", "empreinte"),
        ("sequence", "empreinte"),
    ),
    Lien(
        Magasin.EXPORT,
        Magasin.SEARCH,
        "publication",
        ("publication_sequence", "publication_empreinte"),
        ("publications_sequence", "publications_empreinte"),
    ),
)


@dataclass(frozen=True, slots=True)
class Ecart:
    """One formation that a store does not hold as its source does."""

    id: str
    lien: Lien
    nature: Nature


@dataclass
class Comparaison:
    """Counts of each store, filled while the differences are drawn."""

    nombres: dict[Magasin, int] = field(default_factory=lambda: dict.fromkeys(Magasin, 0))


def comparer(
    flux: Mapping[Magasin, Iterable[Empreinte]], comparaison: Comparaison
) -> Iterator[Ecart]:
    """Yield the differences, by id; count what each store holds. Streams are ascending by id."""
    for _, presentes in _ensemble(flux):
        for magasin in presentes:
            comparaison.nombres[magasin] += 1
        for lien in LIENS:
            nature = _juger(lien, presentes.get(lien.source), presentes.get(lien.suivant))
            if nature is not None:
                yield Ecart(next(iter(presentes.values()))["id"], lien, nature)


def _juger(lien: Lien, source: Empreinte | None, suivant: Empreinte | None) -> Nature | None:
    attendue = _version(source, lien.version_source)
    tenue = _version(suivant, lien.version_suivant)
    if attendue == tenue:
        return None
    if attendue is None:
        return Nature.EN_TROP
    if tenue is None:
        return Nature.ABSENTE
    return Nature.EN_RETARD if tenue[0] < attendue[0] else Nature.DIFFERENTE


def _version(empreinte: Empreinte | None, champs: tuple[str, str]) -> tuple[int, str] | None:
    """Return (sequence, digest); None for what is not there or has not this part yet."""
    if empreinte is None or empreinte[champs[0]] is None:
        return None
    return int(empreinte[champs[0]]), str(empreinte[champs[1]])


def _ensemble(
    flux: Mapping[Magasin, Iterable[Empreinte]],
) -> Iterator[tuple[str, dict[Magasin, Empreinte]]]:
    """Walk all streams abreast: for each id what the stores that know it say."""
    suivants: dict[Magasin, Callable[[], Empreinte | None]] = {
        magasin: _puiser(lignes) for magasin, lignes in flux.items()
    }
    tetes = {magasin: suivant() for magasin, suivant in suivants.items()}
    while vivantes := {m: tete for m, tete in tetes.items() if tete is not None}:
        premier = min(str(tete["id"]) for tete in vivantes.values())
        presentes = {m: tete for m, tete in vivantes.items() if tete["id"] == premier}
        yield premier, presentes
        tetes.update({magasin: suivants[magasin]() for magasin in presentes})


def _puiser(lignes: Iterable[Empreinte]) -> Callable[[], Empreinte | None]:
    iterateur = iter(lignes)
    return lambda: next(iterateur, None)
