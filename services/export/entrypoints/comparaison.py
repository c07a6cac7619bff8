"""Routes of the comparison with the season before: what vanished, why, in which académie."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import StreamingResponse

from contracts.droits import LECTEURS, Droit
from contracts.statuts import Plateforme
from services.export.adapters.saisons import SaisonsMongo
from services.export.domain.saison_precedente import Cause
from services.export.entrypoints.modeles_operations import (
    Comparaison,
    ComparaisonDAcademie,
    OffreDisparue,
)
from services.export.entrypoints.serveur import Ici, Serveur, academies, couvre, exiger, formes
from services.export.usecases.comparer_saisons import Devenir, comparer
from services.kernel.auth import Identity, require
from services.kernel.problem import Forbidden, NotFound
from services.kernel.spreadsheet import CSV, attachment, csv_stream

router = APIRouter(prefix="/v1/campagnes/{plateforme}", tags=["campagnes"])

Lecteur = Annotated[Identity, Depends(require(*LECTEURS))]
Academie = Annotated[str | None, Query(pattern=r"^\d{1,2}$")]

_COLONNES: Final = (
    "id",
    "cle_ministere_educatif",
    "intitule",
    "academie",
    "statut_precedent",
    "cause",
    "remplacee_par",
)


@router.get("/comparaison", summary="Les offres disparues depuis la saison précédente")
async def comparaison(
    plateforme: Plateforme,
    ici: Ici,
    identite: Lecteur,
    academie: Academie = None,
    cause: Cause | None = None,
    apres: Annotated[str, Query(max_length=64)] = "",
    limite: Annotated[int, Query(ge=0, le=500)] = 50,
) -> Comparaison:
    """Compte, par académie et par cause, les offres du périmètre précédent qui n'y sont plus.

    `disparues` en donne la liste, par pages : `suivant` est à redonner en `apres`. Une offre
    remplacée n'a disparu que si celle qui la remplace n'est pas là.
    """
    saison, devenirs = await _devenirs(ici, identite, plateforme, academie)
    comptes: dict[str, Counter[Cause | None]] = {}
    page: list[OffreDisparue] = []
    async for devenir in devenirs:
        comptes.setdefault(devenir.saison["academie"] or "", Counter())[devenir.cause] += 1
        voulue = devenir.cause is not None and cause in (None, devenir.cause)
        if voulue and devenir.saison["formation"] > apres and len(page) <= limite:
            page.append(_offre(devenir))
    total = sum(comptes.values(), Counter())
    return Comparaison(
        plateforme=plateforme,
        saison=saison,
        perimetre=total.total(),
        presentes=total[None],
        causes=_causes(total),
        par_academie=[
            ComparaisonDAcademie(
                academie=nom,
                perimetre=compte.total(),
                presentes=compte[None],
                causes=_causes(compte),
            )
            for nom, compte in sorted(comptes.items())
        ],
        disparues=page[:limite],
        suivant=page[limite - 1].id if 0 < limite < len(page) else None,
    )


@router.get(
    "/comparaison.csv",
    summary="Le tableau des offres disparues",
    response_class=StreamingResponse,
)
async def tableau(
    plateforme: Plateforme, ici: Ici, identite: Lecteur, academie: Academie = None
) -> StreamingResponse:
    """Donne une ligne par offre disparue, avec sa cause."""
    saison, devenirs = await _devenirs(ici, identite, plateforme, academie)
    lignes = (
        tuple(_offre(devenir).model_dump(mode="json").values())
        async for devenir in devenirs
        if devenir.cause is not None
    )
    nom = f"disparues-{plateforme}-{saison}.csv"
    return StreamingResponse(
        csv_stream(_COLONNES, lignes),
        media_type=CSV,
        headers=attachment(nom),
    )


async def _devenirs(
    ici: Serveur, identite: Identity, plateforme: Plateforme, academie: str | None
) -> tuple[str, AsyncIterator[Devenir]]:
    exiger(identite, Droit.VOIR_STATUT, plateforme)
    vues = academies(identite)
    if academie is not None:
        demandees = sorted(formes(academie))
        if not any(couvre(identite, forme) for forme in demandees):
            raise Forbidden(f"L'académie {academie} n'est pas la vôtre.", code="autre_academie")
        vues = demandees
    saisons = SaisonsMongo(ici.base)
    saison = await saisons.derniere(plateforme)
    if saison is None:
        raise NotFound(
            f"Aucune saison passée n'est connue sur {plateforme.capitalize()} : elle l'est au "
            "démarrage de la campagne suivante.",
            code="saison_inconnue",
        )
    return saison, comparer(saison, plateforme, vues, saisons)


def _offre(devenir: Devenir) -> OffreDisparue:
    saison = devenir.saison
    return OffreDisparue(
        id=saison["formation"],
        cle_ministere_educatif=saison["cle"],
        intitule=saison["intitule"],
        academie=saison["academie"],
        statut_precedent=saison["statut"],
        cause=devenir.cause or Cause.AUTRE,
        remplacee_par=devenir.remplacee_par,
    )


def _causes(compte: Counter[Cause | None]) -> dict[Cause, int]:
    return {cause: compte[cause] for cause in Cause}
