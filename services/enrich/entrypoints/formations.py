"""Formations over HTTP: as they stand, as they were, how they changed."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.enrich.domain.historique import a_plat, remonter
from services.enrich.domain.instants import lire_instant
from services.enrich.entrypoints.acces_formations import Identifiant, UneFormation
from services.enrich.entrypoints.moyens import UsesMoyens
from services.enrich.entrypoints.vues_formations import (
    FormationPassee,
    FormationVue,
    Historique,
    creation,
    entree,
    passee,
)
from services.kernel.french import PARIS
from services.kernel.problem import Invalid, NotFound

router = APIRouter(prefix="/v1/formations", tags=["formations"])


@router.get("/{identifiant}", summary="Une formation, telle qu'elle est ou telle qu'elle était")
async def lire(
    identifiant: Identifiant,
    moyens: UsesMoyens,
    vue: UneFormation,
    reponse: Response,
    au: Annotated[str | None, Query(max_length=40)] = None,
) -> FormationVue | FormationPassee:
    """Donne l'état présent, avec sa version dans `ETag` ; avec `au`, l'état à la fin de ce jour.

    `au` est un jour (AAAA-MM-JJ, jusqu'à minuit à Paris) ou un instant.
    """
    if au is None:
        reponse.headers["ETag"] = vue.etag
        return vue.presente()
    instant = instant_demande("au", au)
    document = vue.document
    if instant < document["creee_le"]:
        jour = document["creee_le"].astimezone(PARIS)
        raise NotFound(
            f"Cette formation n'existait pas encore : elle date du {jour:%d/%m/%Y}.",
            code="pas_encore_creee",
        )
    recul = await moyens.lecture.recul(identifiant, document["sequence"], instant)
    plat = remonter(a_plat(document), recul.defaites)
    depuis = recul.depuis or document["creee_le"]
    return passee(identifiant, instant, recul.sequence, depuis, plat)


@router.get(
    "/{identifiant}/historique",
    summary="Changements d'une formation, du plus ancien au plus récent",
)
async def historique(
    identifiant: Identifiant,
    moyens: UsesMoyens,
    vue: UneFormation,
    apres: Annotated[int, Query(ge=0)] = 0,
    limite: Annotated[int | None, Query(ge=1)] = None,
) -> Historique:
    """Donne la création, puis les seuls vrais changements ; les constats n'y sont que des codes."""
    taille = min(limite or moyens.settings.page_defaut, moyens.settings.page_max)
    documents = await moyens.lecture.historique(identifiant, apres, taille + 1)
    lus = [entree(document, auteurs=vue.auteurs) for document in documents]
    if apres == 0:
        lus.insert(0, creation(vue.document, auteurs=vue.auteurs))
    changements = lus[:taille]
    suite = changements[-1].sequence if len(lus) > taille else None
    return Historique(formation=identifiant, changements=changements, suite=suite)


def instant_demande(nom: str, texte: str) -> datetime:
    """Return the instant that a parameter gives; raises `Invalid`."""
    instant = lire_instant(texte)
    if instant is None:
        raise Invalid(f"« {nom} » est un jour (AAAA-MM-JJ) ou un instant ; reçu : « {texte} ».")
    return instant
