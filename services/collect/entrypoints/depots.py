"""Routes of deposits: give a file, follow it, read its report."""

from collections.abc import AsyncIterable
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from contracts.constats import Gravite
from contracts.evenements import StatutLigne
from services.collect.entrypoints.rapport_csv import en_csv
from services.collect.entrypoints.reception import (
    en_json,
    forme,
    nouveau_depot,
    repondre_une_fois,
)
from services.collect.entrypoints.serveur import Deposant, Ici, Serveur, titulaire
from services.collect.entrypoints.vues import (
    DepotVu,
    LigneVue,
    PageDepots,
    PageLignes,
    depot_vu,
    ligne_vue,
)
from services.collect.usecases.consulter import Filtre, bilan, lignes
from services.collect.usecases.deposer import deposer
from services.collect.usecases.une_fois import Reponse
from services.kernel.spreadsheet import CSV, attachment

router = APIRouter(prefix="/v1/depots", tags=["dépôts"])

_ACCEPTE_CSV: Final = "text/csv"  # as a caller asks for it, without a charset

_CORPS = {
    "requestBody": {
        "required": True,
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}}
            for media in ("application/x-ndjson", "application/json", "text/csv")
        },
    }
}


@router.post(
    "",
    status_code=202,
    summary="Déposer un fichier d'offres",
    response_model=DepotVu,
    openapi_extra=_CORPS,
)
async def deposer_un_fichier(
    request: Request,
    ici: Ici,
    identite: Deposant,
    essai: Annotated[bool, Query(description="Tout vérifier sans rien enregistrer.")] = False,
    fichier: Annotated[str | None, Query(max_length=200, description="Nom à afficher.")] = None,
    depublication: Annotated[
        bool, Query(description="Admettre que ce dépôt dépublie des offres en masse.")
    ] = False,
) -> Response:
    """Reçoit des offres : JSON Lines, tableau JSON ou CSV, gzip accepté.

    La réponse vient quand tout est enregistré. Une ligne illisible ou refusée n'en coûte aucune
    autre. Un dépôt arrêté en route (limite, archive abîmée) garde les lignes lues avant : le
    problème répondu donne alors son identifiant (`depot`). Un fichier coupé au milieu d'une offre
    est reçu, et le rapport le dit (`coupe`). Avec `Idempotency-Key`, une demande répétée reçoit la
    première réponse.
    """
    attendu = forme(request)
    depot = nouveau_depot(ici, identite, essai=essai, fichier=fichier, depublication=depublication)

    async def travail(contenu: AsyncIterable[bytes]) -> Reponse:
        await deposer(contenu, depot, identite.scopes, attendu, ici.moyens)
        vu = await _vu(depot.id, ici, None)
        return Reponse(202, vu.model_dump_json().encode())

    reponse = await repondre_une_fois(request, ici, identite, depot, travail)
    return en_json(reponse, f"/v1/depots/{orjson.loads(reponse.corps)['id']}")


@router.get("", summary="Lister ses dépôts")
async def lister(
    ici: Ici,
    identite: Deposant,
    curseur: Annotated[str | None, Query(max_length=64)] = None,
    limite: Annotated[int, Query(ge=1, le=100)] = 20,
) -> PageDepots:
    """Donne ses dépôts, du plus récent au plus ancien."""
    depots = await ici.depots.depots(titulaire(identite), curseur, limite + 1)
    maintenant = ici.horloge.now()
    vus = [depot_vu(await bilan(depot.vu(maintenant), ici.depots)) for depot in depots[:limite]]
    return PageDepots(depots=vus, suivant=vus[-1].id if len(depots) > limite else None)


@router.get("/{identifiant}", summary="Suivre un dépôt")
async def suivre(identifiant: str, ici: Ici, identite: Deposant) -> DepotVu:
    """Donne l'état d'un dépôt : ce que sont devenues ses lignes, et où elles en sont.

    À tout moment, reçues = acceptées + à corriger + refusées + identiques + ignorées.
    """
    return await _vu(identifiant, ici, titulaire(identite))


@router.get("/{identifiant}/lignes.csv", summary="Rapport en CSV", response_class=Response)
async def lignes_csv(identifiant: str, ici: Ici, identite: Deposant) -> StreamingResponse:
    """Donne toutes les lignes avec leurs constats, en CSV pour tableur."""
    depot = await ici.depot(identifiant, titulaire(identite))
    toutes = lignes(depot.id, Filtre(), 0, ici.depots)
    nom = f"rapport-{depot.id}.csv"
    return StreamingResponse(en_csv(toutes), media_type=CSV, headers=attachment(nom))


@router.get(
    "/{identifiant}/lignes",
    summary="Rapport, ligne par ligne",
    responses={200: {"content": {"text/csv": {}}}},
    response_model=PageLignes,
)
async def lire_lignes(  # noqa: PLR0913, PLR0917 - the filters of a report
    identifiant: str,
    request: Request,
    ici: Ici,
    identite: Deposant,
    statut: StatutLigne | None = None,
    gravite: Gravite | None = None,
    code: Annotated[str | None, Query(max_length=64)] = None,
    curseur: Annotated[int, Query(ge=0)] = 0,
    limite: Annotated[int | None, Query(ge=1)] = None,
) -> PageLignes | StreamingResponse:
    """Donne les lignes d'un dépôt, dans l'ordre, avec ce qui a été constaté sur chacune.

    `ligne` est le rang de l'offre, `ligne_physique` la ligne du fichier où elle commence. `Accept:
    text/csv` donne tout ce que les filtres retiennent, pour un tableur.
    """
    filtre = Filtre(statut, gravite, code)
    if _ACCEPTE_CSV in request.headers.get("accept", ""):
        depot = await ici.depot(identifiant, titulaire(identite))
        retenues = lignes(depot.id, filtre, curseur, ici.depots)
        return StreamingResponse(en_csv(retenues), media_type=CSV)
    depot = await ici.depot(identifiant, titulaire(identite))
    taille = min(limite or ici.settings.page_defaut, ici.settings.rapport_lignes_max)
    return await page_de_lignes(depot.id, filtre, curseur, taille, ici)


async def page_de_lignes(
    depot: str, filtre: Filtre, apres: int, taille: int, ici: Serveur
) -> PageLignes:
    """Return the lines after a rank that a filter retains, at most `taille`."""
    vues: list[LigneVue] = []
    async for ligne in lignes(depot, filtre, apres, ici.depots):
        if len(vues) == taille:
            return PageLignes(lignes=vues, suivant=str(vues[-1].ligne))
        vues.append(ligne_vue(ligne))
    return PageLignes(lignes=vues)


async def _vu(id_: str, ici: Serveur, pour: str | None) -> DepotVu:
    return depot_vu(await bilan(await ici.depot(id_, pour), ici.depots))
