"""Search: one page of hits with facets, or where the words lead when nothing holds them exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from services.kernel.problem import Erreur, Invalid
from services.search.domain.criteres import Criteres, Mode
from services.search.domain.curseur import Curseur, CurseurInvalide, ecrire, lire
from services.search.domain.lieux import Lieu
from services.search.index.facettes import comptes
from services.search.index.reponse import hit_public
from services.search.index.requete import recherche
from services.search.ports import Moteur
from services.search.usecases.situer import Geographie

_MODES: Final = (Mode.EXACT, Mode.APPROCHE, Mode.PARTIEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demande:
    """A search with the place by its name and the cursor as text, as they were asked."""

    criteres: Criteres
    autour_de: str = ""
    curseur: str = ""
    carte: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a search."""

    total: int
    formations: Sequence[Mapping[str, Any]]
    facettes: Mapping[str, Sequence[Mapping[str, Any]]]
    suivant: str | None
    mode: Mode
    lieu: Lieu | None
    sans_position: int | None
    points: Sequence[tuple[float, float, int]]


async def rechercher(demande: Demande, moteur: Moteur, geographie: Geographie) -> Page:
    """Return a page; raises `Invalid` for an unknown place or a cursor of another search."""
    curseur = _curseur(demande)
    lieu = None
    criteres = demande.criteres
    if demande.autour_de:
        lieu = await geographie.situer(demande.autour_de)
        criteres = replace(criteres, point=lieu.point)
    if curseur and curseur.point:
        criteres = replace(criteres, point=curseur.point)
    modes = (curseur.mode,) if curseur else _MODES if criteres.q else (Mode.EXACT,)
    reponse: Mapping[str, Any] = {}
    mode = modes[0]
    for mode in modes:
        corps = recherche(criteres, mode, curseur, carte=demande.carte)
        reponse = await moteur.chercher(corps)
        if reponse["hits"]["hits"] or reponse["hits"]["total"]["value"]:
            break
    return _page(reponse, criteres, demande, mode, lieu)


def _curseur(demande: Demande) -> Curseur | None:
    if not demande.curseur:
        return None
    try:
        return lire(demande.curseur, demande.criteres, demande.autour_de)
    except CurseurInvalide as invalide:
        raise Invalid(
            f"Le curseur n'est pas valable : {invalide}.",
            [
                Erreur(
                    "query.curseur",
                    "curseur_invalide",
                    f"Le curseur n'est pas valable : {invalide}.",
                    "Reprenez la recherche à sa première page, ou le curseur qu'elle a donné.",
                )
            ],
            code="curseur_invalide",
        ) from invalide


def _page(
    reponse: Mapping[str, Any], criteres: Criteres, demande: Demande, mode: Mode, lieu: Lieu | None
) -> Page:
    hits = reponse["hits"]["hits"]
    montres = hits[: criteres.limite]
    suivant = None
    if len(hits) > criteres.limite:
        fin = Curseur(tuple(montres[-1]["sort"]), mode, criteres.point)
        suivant = ecrire(fin, demande.criteres, demande.autour_de)
    agregees = reponse.get("aggregations", {})
    return Page(
        total=reponse["hits"]["total"]["value"],
        formations=[hit_public(hit, criteres.point) for hit in montres],
        facettes=comptes(criteres, reponse),
        suivant=suivant,
        mode=mode,
        lieu=lieu,
        sans_position=_compte(agregees.get("sans_position")),
        points=_points(agregees.get("carte")),
    )


def _compte(agregee: Mapping[str, Any] | None) -> int | None:
    return agregee["doc_count"] if agregee else None


def _points(agregee: Mapping[str, Any] | None) -> list[tuple[float, float, int]]:
    if not agregee:
        return []
    return [
        (case["centre"]["location"]["lat"], case["centre"]["location"]["lon"], case["doc_count"])
        for case in agregee["cases"]["buckets"]
    ]
