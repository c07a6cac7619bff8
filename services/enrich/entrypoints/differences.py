"""The differences of the catalogue between two days over HTTP, streamed."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from contracts.portees import Role
from services.enrich.adapters.differences import Ligne
from services.enrich.domain.differences import concerne
from services.enrich.entrypoints.formations import instant_demande
from services.enrich.entrypoints.interne import NDJSON
from services.enrich.entrypoints.moyens import UsesMoyens
from services.kernel.auth import require
from services.kernel.problem import Invalid
from services.kernel.spreadsheet import CSV, attachment, csv_stream

router = APIRouter(
    prefix="/v1/catalogue", tags=["catalogue"], dependencies=[Depends(require(*Role))]
)

_LIGNES_PAR_ENVOI: Final = 500
_COLONNES: Final = (
    "offre",
    "cle_ministere_educatif",
    "intitule",
    "academie",
    "academie_avant",
    "difference",
    "le",
    "champ",
    "avant",
    "apres",
)
Jour = Annotated[str, Query(max_length=40)]


@router.get(
    "/differences",
    summary="Ce qui a changé dans le catalogue entre deux jours",
    response_class=StreamingResponse,
)
async def differences(
    moyens: UsesMoyens,
    de: Jour,
    a: Jour,
    academie: Annotated[str | None, Query(pattern=r"^\d{1,2}$")] = None,
    forme: Annotated[Literal["ndjson", "csv"], Query(alias="format")] = "ndjson",
) -> StreamingResponse:
    """Donne les offres créées, retirées, remplacées, rétablies et modifiées, champ par champ.

    Chaque jour est pris à sa fin, à Paris. Une offre qui change d'académie est dite aux deux.
    """
    debut, fin = instant_demande("de", de), instant_demande("a", a)
    if debut >= fin:
        raise Invalid("« de » doit précéder « a ».")
    lignes = _de_l_academie(moyens.differences.entre(debut, fin), academie)
    if forme == "csv":
        nom = f"differences-{debut:%Y%m%d}-{fin:%Y%m%d}.csv"
        tete = attachment(nom)
        return StreamingResponse(
            csv_stream(_COLONNES, _rangees(lignes)), media_type=CSV, headers=tete
        )
    return StreamingResponse(_ndjson(lignes), media_type=NDJSON)


async def _de_l_academie(
    lignes: AsyncIterator[Ligne], academie: str | None
) -> AsyncIterator[Ligne]:
    numero = academie and academie.zfill(2)
    async for ligne in lignes:
        if concerne(ligne.difference, numero):
            yield ligne


async def _ndjson(lignes: AsyncIterator[Ligne]) -> AsyncIterator[bytes]:
    envoi: list[bytes] = []
    async for ligne in lignes:
        envoi.append(orjson.dumps(_document(ligne), option=orjson.OPT_APPEND_NEWLINE))
        if len(envoi) == _LIGNES_PAR_ENVOI:
            yield b"".join(envoi)
            envoi.clear()
    yield b"".join(envoi)


def _document(ligne: Ligne) -> dict[str, Any]:
    une = ligne.difference
    return {
        "id": ligne.id,
        "cle_ministere_educatif": ligne.cle_ministere_educatif,
        "intitule": ligne.intitule,
        "num_academie": une.num_academie,
        "num_academie_avant": une.de_l_academie,
        "difference": une.nature.value,
        "le": une.derniere,
        "champs": une.champs,
    }


async def _rangees(lignes: AsyncIterator[Ligne]) -> AsyncIterator[list[object]]:
    async for ligne in lignes:
        une = ligne.difference
        tete: list[object] = [
            ligne.id,
            ligne.cle_ministere_educatif,
            ligne.intitule,
            une.num_academie,
            une.de_l_academie,
            une.nature.value,
            _texte(une.derniere),
        ]
        for champ, (avant, apres) in une.champs.items():
            yield [*tete, champ, _texte(avant), _texte(apres)]
        if not une.champs:
            yield [*tete, None, None, None]


def _texte(valeur: object) -> object:
    if valeur is None or isinstance(valeur, str):
        return valeur
    if isinstance(valeur, datetime):
        return valeur.isoformat(timespec="seconds")
    return orjson.dumps(valeur).decode()
