"""What the historic routes are asked and how they answer: queries read, pages, JSON.

A query is a closed language: what is not understood is a 400 that tells where, and the académies of
the caller always apply.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response, StreamingResponse

from contracts.droits import LECTEURS, Droit, peut
from contracts.portees import Role
from contracts.statuts import Plateforme
from services.export.adapters.historique import LecturesHistoriques, Page
from services.export.domain.forme_historique import DONNES, selection
from services.export.domain.requete_champs import CHAMPS, TABLEAUX_D_OBJETS
from services.export.domain.requete_historique import Operateurs, assainir
from services.export.domain.requete_lecture import RequeteRefusee, lire_json
from services.export.domain.requete_typee import litteral, traduire
from services.export.entrypoints.serveur import Serveur, academies
from services.kernel.auth import Identity, require
from services.kernel.problem import BadRequest

Lecteur = Annotated[Identity, Depends(require(*LECTEURS, Role.PARTENAIRE))]
Partenaire = Annotated[Identity, Depends(require(Role.PARTENAIRE, Role.ADMINISTRATEUR))]
Texte = Annotated[str | None, Query(max_length=8_000)]
SAUT_MAX: Final = 200_000

_LIMITE_MAX: Final = 1_000
_TRIS_MAX: Final = 3
_PAR_DEFAUT: Final[dict[str, Any]] = {
    "projection.catalogue_published": {"$ne": False},
    "projection.published": {"$ne": False},
}
_MORCEAU: Final = 500


@dataclass(frozen=True, slots=True)
class Demande:
    """What a historic route is asked, read from its parameters."""

    query: Texte = None
    queryAsRegex: Texte = None  # noqa: N815 - the historic name
    select: Texte = None
    sort: Annotated[str | None, Query(max_length=500)] = None
    page: Annotated[int, Query(ge=1, le=100_000)] = 1
    limit: Annotated[int, Query(ge=1)] = 10


Demandee = Annotated[Demande, Depends()]


class Corps(BaseModel):
    """La même demande, en objets JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: dict[str, Any] | None = None
    queryAsRegex: dict[str, Any] | None = None  # noqa: N815 - the historic name
    select: dict[str, Any] | None = None
    sort: dict[str, Any] | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    limit: Annotated[int, Field(ge=1)] = 10

    def demande(self) -> Demande:
        """Return it as the parameters would have told it."""
        textes = {
            nom: orjson.dumps(objet).decode() if objet is not None else None
            for nom in ("query", "queryAsRegex", "select", "sort")
            for objet in [getattr(self, nom)]
        }
        return Demande(**textes, page=self.page, limit=self.limit)


@contextmanager
def comprise() -> Iterator[None]:
    """Turn a query that is refused into the 400 that tells where."""
    try:
        yield
    except RequeteRefusee as erreur:
        raise BadRequest(
            f"La requête n'est pas comprise : {erreur}.",
            code="requete_non_comprise",
            extra={"lieu": erreur.lieu, "raison": erreur.raison},
        ) from erreur


def voit(identite: Identity, champ: str) -> bool:
    """Tell whether a field is not of a platform whose statuses the caller may not see."""
    if identite.role == Role.PARTENAIRE:
        return True
    return all(
        peut(identite.role, Droit.VOIR_STATUT, plateforme)
        or not (champ.startswith(f"{plateforme}_") or champ == f"id_{plateforme}")
        for plateforme in Plateforme
    )


def champs_vus(identite: Identity) -> dict[str, str]:
    """Return the fields that the caller's queries may name."""
    return {champ: chemin for champ, chemin in CHAMPS.items() if voit(identite, champ)}


def filtre_d_offres(demande: Demande, identite: Identity) -> dict[str, Any]:
    """Return the filter over offers; without any query, the regulated catalogue."""
    if demande.query is None and demande.queryAsRegex is None:
        return _PAR_DEFAUT
    return filtre(demande, champs_vus(identite), TABLEAUX_D_OBJETS)


def choix_d_offre(select: str | None, identite: Identity) -> dict[str, bool]:
    """Return which fields of an offer to give: never those that the caller may not see."""
    vus = {champ for champ in DONNES if voit(identite, champ)}
    choix = selection(lire_json(select, "select"), vus)
    if choix and all(choix.values()):
        return dict(choix)
    return {**choix, **dict.fromkeys(sorted(DONNES - vus), False)}


def filtre(
    demande: Demande, champs: Mapping[str, str], tableaux: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the filter of both queries over these fields; raises `RequeteRefusee`.

    Whatever the translation becomes, only operators that read get past it.
    """
    lus = [traduire(lire_json(demande.query, "query"), champs, tableaux or {})]
    for champ, source in lire_json(demande.queryAsRegex, "queryAsRegex").items():
        lieu = f"queryAsRegex.{champ}"
        if champ not in champs:
            raise RequeteRefusee(lieu, "champ inconnu")
        lus.append({champs[champ]: litteral(source, lieu, insensible=True)})
    utiles = [un for un in lus if un]
    sain: dict[str, Any] = assainir({"$and": utiles} if utiles else {}, Operateurs.LECTURE)
    return sain


def page_de(demande: Demande, champs: Mapping[str, str]) -> Page:
    """Return the page that is asked, sorted by known fields; raises `RequeteRefusee`."""
    limite = min(demande.limit, _LIMITE_MAX)
    saut = (demande.page - 1) * limite
    if saut > SAUT_MAX:
        raise RequeteRefusee("page", "page trop lointaine : précisez la requête")
    tri: list[tuple[str, int]] = []
    for champ, sens in lire_json(demande.sort, "sort").items():
        if champ not in champs or isinstance(sens, bool) or sens not in (1, -1):
            raise RequeteRefusee(f"sort.{champ}", "un champ connu et 1 ou -1 sont attendus")
        if champs[champ] != "_id":
            tri.append((champs[champ], sens))
    if len(tri) > _TRIS_MAX:
        raise RequeteRefusee("sort", f"au plus {_TRIS_MAX} champs")
    return Page(saut, limite, tuple(tri))


def pagination(demande: Demande, page: Page, total: int) -> dict[str, int]:
    """Return the historic description of a page."""
    return {
        "page": demande.page,
        "resultats_par_page": page.limite,
        "nombre_de_page": max(1, -(-total // page.limite)),
        "total": total,
    }


def lectures(ici: Serveur, identite: Identity) -> LecturesHistoriques:
    """Return the reads of what is the caller's; a partner without académie reads of all."""
    siennes = academies(identite)
    if identite.role == Role.PARTENAIRE and not siennes:
        siennes = None
    return LecturesHistoriques(ici.base, siennes)


def json(valeur: object) -> Response:
    """Answer a JSON value."""
    return Response(orjson.dumps(valeur), media_type="application/json")


def liste(elements: AsyncIterator[dict[str, Any]]) -> StreamingResponse:
    """Answer a JSON list, however long."""
    return StreamingResponse(_morceaux(elements), media_type="application/json")


async def _morceaux(elements: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    morceau: list[bytes] = []
    debut = b"["
    async for element in elements:
        morceau.append(orjson.dumps(element))
        if len(morceau) == _MORCEAU:
            yield debut + b",".join(morceau)
            debut = b","
            morceau.clear()
    if morceau:
        yield debut + b",".join(morceau)
        debut = b","
    yield b"]" if debut == b"," else b"[]"
