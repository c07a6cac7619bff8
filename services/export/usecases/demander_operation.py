"""Asks for an operation on all offers; shows before what it would change, writing nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Final

from contracts.statuts import Plateforme
from services.export.domain.apercu_operations import Effet
from services.export.domain.demarrage import Demarrage
from services.export.domain.demarrage import essayer as essayer_le_depart
from services.export.domain.operations import (
    NatureOperation,
    OperationRefusee,
    demarrage,
    identifiant,
    nouvelle,
)
from services.export.domain.projections import Juge
from services.export.domain.septembre import essayer as essayer_l_echeance
from services.export.domain.septembre import premier_septembre
from services.export.ports import Document, Juges
from services.export.ports_operations import Operations
from services.kernel.clock import Clock, now_as_stored
from services.kernel.problem import Conflict

_PAR_TOUR: Final = 200
"""Offers judged before other requests of the process have their turn."""


async def demander_demarrage(
    plateforme: Plateforme,
    debut: date,
    auteur: str,
    operations: Operations,
    juges: Juges,
    horloge: Clock,
) -> Document:
    """Ask for the start of a campaign; asked for again, it is the same operation.

    Raises:
        Conflict: another day for the same campaign, an operation in progress, or an older campaign.
    """
    nom = identifiant(NatureOperation.DEMARRAGE, plateforme, str(debut.year))
    tenue = await operations.une(nom)
    if tenue is None:
        depart = await _depart(plateforme, debut, operations, await juges.courant())
        await _libre(plateforme, operations)
        operation = nouvelle(
            NatureOperation.DEMARRAGE,
            plateforme,
            depart.apres.id,
            auteur,
            now_as_stored(horloge),
            avant=depart.avant.debut.isoformat(),
            debut=debut.isoformat(),
        )
        tenue = await _demander(operation, operations)
    if tenue["parametres"]["debut"] != debut.isoformat():
        raise Conflict(
            f"La campagne {debut.year} a déjà été démarrée, au {tenue['parametres']['debut']}.",
            code="campagne_deja_demarree",
            extra={"operation": nom},
        )
    return tenue


async def demander_septembre(
    auteur: str, jour: date, operations: Operations, juges: Juges, horloge: Clock
) -> Document:
    """Ask for Affelnet's 1 September; once a campaign, asked for again it is the same operation.

    Raises:
        Conflict: the campaign has not had its 1 September yet, or an operation is in progress.
    """
    campagne = (await juges.courant()).contextes[Plateforme.AFFELNET].campagne
    nom = identifiant(NatureOperation.SEPTEMBRE, Plateforme.AFFELNET, campagne.id)
    tenue = await operations.une(nom)
    if tenue is not None:
        return tenue
    premier = premier_septembre(jour)
    if premier <= campagne.debut:
        raise Conflict(
            f"La campagne {campagne.id} n'a pas encore eu de 1er septembre.",
            code="trop_tot",
            extra={"que_faire": f"Recommencez à partir du 1er septembre {premier.year + 1}."},
        )
    await _libre(Plateforme.AFFELNET, operations)
    operation = nouvelle(
        NatureOperation.SEPTEMBRE,
        Plateforme.AFFELNET,
        campagne.id,
        auteur,
        now_as_stored(horloge),
        jour=premier.isoformat(),
    )
    return await _demander(operation, operations)


async def apercevoir_demarrage(
    plateforme: Plateforme, debut: date, operations: Operations, juges: Juges, horloge: Clock
) -> AsyncIterator[Effet]:
    """Return what the start of a campaign would do to each offer, one after the other.

    Raises:
        Conflict: no such start is possible now.
    """
    juge = await juges.courant()
    depart = await _depart(plateforme, debut, operations, juge)
    instant = now_as_stored(horloge)
    return (
        Effet(offre, *essayer_le_depart(offre, depart, juge, instant))
        async for offre in _toutes(operations)
    )


async def apercevoir_septembre(
    jour: date, operations: Operations, juges: Juges, horloge: Clock
) -> AsyncIterator[Effet]:
    """Yield what Affelnet's 1 September would do to each offer with a request."""
    juge = await juges.courant()
    premier, instant = premier_septembre(jour), now_as_stored(horloge)
    async for lot in operations.offres():
        decidees = [un for un in lot if (un.get("decisions") or {}).get(Plateforme.AFFELNET.value)]
        journal = await operations.journal([un["_id"] for un in decidees], Plateforme.AFFELNET)
        for offre in decidees:
            prises = journal.get(offre["_id"], ())
            yield Effet(offre, *essayer_l_echeance(offre, prises, premier, juge, instant))


async def _toutes(operations: Operations) -> AsyncIterator[Document]:
    vues = 0
    async for lot in operations.offres():
        for offre in lot:
            yield offre
            vues += 1
            if vues % _PAR_TOUR == 0:
                await asyncio.sleep(0)


async def _depart(
    plateforme: Plateforme, debut: date, operations: Operations, juge: Juge
) -> Demarrage:
    courante = juge.contextes[plateforme].campagne
    enregistree = await operations.enregistree(plateforme)
    try:
        return demarrage(plateforme, debut, courante, enregistree=enregistree)
    except OperationRefusee as refus:
        raise Conflict(
            refus.raison, code=refus.code, extra={"que_faire": refus.que_faire}
        ) from refus


async def _libre(plateforme: Plateforme, operations: Operations) -> None:
    for autre in await operations.en_cours():
        if autre["plateforme"] == plateforme.value:
            raise Conflict(
                f"Une opération est en cours sur {plateforme.capitalize()}.",
                code="operation_en_cours",
                extra={"operation": autre["_id"], "que_faire": "Attendez qu'elle soit terminée."},
            )


async def _demander(operation: Document, operations: Operations) -> Document:
    await operations.demander(operation)
    tenue = await operations.une(operation["_id"])
    return tenue or operation
