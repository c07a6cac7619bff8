"""Routes of offers: submit one, read it, withdraw it, give it to another depositor."""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Annotated

import orjson
from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.evenements import StatutLigne
from services.collect.domain.lignes import LigneJugee
from services.collect.domain.portee import couvre
from services.collect.domain.preparation import Preparation
from services.collect.domain.readers.opening import Format
from services.collect.domain.readers.row import Bounds, Row, read_json
from services.collect.domain.tenue import Tenue
from services.collect.entrypoints.reception import (
    en_json,
    nouveau_depot,
    repondre_une_fois,
)
from services.collect.entrypoints.serveur import (
    Administrateur,
    Deposant,
    Ici,
    Serveur,
    demandeur,
    titulaire,
)
from services.collect.entrypoints.vues import (
    OffreRecue,
    OffreVue,
    constat_vu,
    offre_recue,
    offre_vue,
)
from services.collect.usecases.deposer import deposer
from services.collect.usecases.retirer import retirer, transferer
from services.collect.usecases.trouver import trouver
from services.collect.usecases.une_fois import Reponse
from services.kernel.auth import Identity
from services.kernel.french import octets
from services.kernel.problem import (
    BadRequest,
    Conflict,
    Erreur,
    Forbidden,
    Invalid,
    Problem,
    TooLarge,
    UnsupportedMedia,
)

router = APIRouter(prefix="/v1/offres", tags=["offres"])

_MOTIF = Field(min_length=1, max_length=500, description="Pourquoi l'offre est retirée.")
_CORPS = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


class Retrait(BaseModel):
    """Why an offer is withdrawn."""

    motif: Annotated[str, _MOTIF]


class Transfert(BaseModel):
    """To whom an offer is given: the stable id of a key's holder."""

    deposant: Annotated[str, Field(min_length=1, max_length=200)]


@router.post(
    "",
    status_code=202,
    summary="Déposer une offre",
    response_model=OffreRecue,
    openapi_extra=_CORPS,
)
async def deposer_une_offre(request: Request, ici: Ici, identite: Deposant) -> Response:
    """Reçoit une offre : un objet JSON, sous les noms de champs de la documentation.

    202 : elle est enregistrée, et la suite se suit par son dépôt. 422 : elle est refusée, rien
    n'est enregistré, et chaque raison est dite. 403 : elle n'est pas à vous.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise UnsupportedMedia("Une offre seule s'envoie en application/json.")
    depot = nouveau_depot(ici, identite, essai=False, fichier=None)

    async def travail(contenu: AsyncIterable[bytes]) -> Reponse:
        brut = await _tout(contenu, ici.settings.ligne_max)
        _verifier(brut, identite, ici)
        await deposer(_une(brut), depot, identite.scopes, Format.JSON, ici.moyens)
        ligne = await _premiere(depot.id, ici)
        _refuser(ligne, depot.id)
        return Reponse(202, offre_recue(depot.id, ligne).model_dump_json().encode())

    reponse = await repondre_une_fois(request, ici, identite, depot, travail)
    return en_json(reponse, f"/v1/depots/{orjson.loads(reponse.corps)['depot']}")


@router.get("/{identifiant}", summary="Lire une offre")
async def lire(identifiant: str, ici: Ici, identite: Deposant) -> OffreVue:
    """Donne une offre par son identifiant, sa clé (`#` encodé en %23) ou un autre de ses noms."""
    return offre_vue(await _accessible(identifiant, ici, identite))


@router.delete("/{identifiant}", summary="Retirer une offre")
async def retirer_une_offre(
    identifiant: str,
    ici: Ici,
    identite: Deposant,
    motif: Annotated[str | None, Query(min_length=1, max_length=500)] = None,
    corps: Annotated[Retrait | None, Body()] = None,
) -> OffreVue:
    """Retire une offre du catalogue, avec un motif, en paramètre ou dans le corps.

    Le redemander est sans effet. Une offre retirée revient si elle est déposée de nouveau.
    """
    dit = corps.motif if corps is not None else motif
    if dit is None:
        raise Invalid(
            "Un retrait a un motif.",
            [Erreur("motif", "missing", "Ce champ est obligatoire.", "Dites pourquoi.")],
        )
    tenue = await trouver(identifiant, titulaire(identite), ici.offres)
    retiree = await retirer(tenue.id, dit, demandeur(identite), ici.offres, ici.horloge.now())
    return offre_vue(retiree)


@router.post("/{identifiant}/transfert", summary="Transférer une offre à un autre déposant")
async def transferer_une_offre(
    identifiant: str, transfert: Transfert, ici: Ici, identite: Administrateur
) -> OffreVue:
    """Donne une offre à un autre déposant, par l'identifiant de titulaire de sa clé."""
    tenue = await trouver(identifiant, None, ici.offres)
    donnee = await transferer(
        tenue.id, transfert.deposant, demandeur(identite), ici.offres, ici.horloge.now()
    )
    return offre_vue(donnee)


async def _accessible(identifiant: str, ici: Serveur, identite: Identity) -> Tenue:
    pour = titulaire(identite)
    tenue = await trouver(identifiant, pour, ici.offres)
    if pour not in (None, tenue.deposant) and not couvre(
        identite.scopes, orjson.loads(tenue.contenu)
    ):
        raise Forbidden("Cette offre n'est ni à vous ni dans le périmètre de votre clé.")
    return tenue


async def _tout(contenu: AsyncIterable[bytes], maximum: int) -> bytes:
    brut = b""
    async for chunk in contenu:
        brut += chunk
        if len(brut) > maximum:
            raise TooLarge(f"Une offre tient en {octets(maximum)}.")
    return brut


def _verifier(brut: bytes, identite: Identity, ici: Serveur) -> None:
    """Raise when the line is refused by itself, before anything is written."""
    value, fault = read_json(brut, Bounds(record_bytes=ici.settings.ligne_max))
    if fault is not None:
        raise BadRequest(f"Le corps n'est pas une offre : {fault.detail}.", code="json_illisible")
    ligne = Preparation(identite.titulaire, identite.scopes).preparer(Row(1, 1, value, None))
    if ligne.offre is not None:
        return
    vus = [constat_vu(constat) for constat in ligne.constats]
    if vus[-1].code == "hors_portee":
        raise Forbidden(vus[-1].message, code="hors_portee")
    raise Invalid(
        "L'offre est refusée.",
        [Erreur(vu.champ, vu.code, vu.message, vu.que_faire) for vu in vus],
        code="offre_refusee",
    )


def _refuser(ligne: LigneJugee, depot: str) -> None:
    """Raise when the offer that the line is forbids it; the deposit keeps the reason."""
    if ligne.statut not in (StatutLigne.REFUSEE, StatutLigne.IGNOREE):
        return
    vu = constat_vu(ligne.constats[-1])
    refus: type[Problem] = Forbidden if ligne.statut is StatutLigne.REFUSEE else Conflict
    extra = {"depot": depot, "proposition": vu.proposition}
    raise refus(f"{vu.message} {vu.que_faire}", code=vu.code, extra=extra)


async def _premiere(depot: str, ici: Serveur) -> LigneJugee:
    async for lot in ici.depots.lots(depot, 0):
        return lot[0]
    raise RuntimeError(f"{depot}: a deposit that was received has a line")


async def _une(brut: bytes) -> AsyncIterator[bytes]:
    """Yield the object on one line, as pretty-printed JSON has several."""
    yield orjson.dumps(orjson.loads(brut))
