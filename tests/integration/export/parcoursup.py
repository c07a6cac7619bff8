"""Offers asked of Parcoursup, and what the simulated service is told and saw."""

from collections.abc import Mapping
from typing import Any

import httpx

from contracts.statuts import Plateforme, Statut
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.regles import JugesMongo
from services.export.domain.acces import Acteur
from services.export.domain.commandes import Commande
from services.export.usecases.decider import Demande, Moyens, decider
from services.export.usecases.projeter import appliquer
from services.kernel.clock import FixedClock
from services.kernel.ids import SequentialIds
from tests.unit.export.fabrique import evenement


async def valider(
    base: BaseMongo,
    juges: JugesMongo,
    horloge: FixedClock,
    nombre: int,
    parties: Mapping[str, Any] | None = None,
) -> list[str]:
    """Make so many offers that an académie has validated, in the order of their ids."""
    ids = [f"{rang:026}" for rang in range(nombre)]
    await appliquer(
        [
            evenement(un, formation={"cle_ministere_educatif": f"CLE{un}"}, **(parties or {}))
            for un in ids
        ],
        base,
        juges,
        horloge,
    )
    acteur = Acteur("nantes", lambda _: True, "instructeur")
    moyens = Moyens(base, juges, horloge, SequentialIds())
    for un in ids:
        await decider(Demande(un, Plateforme.PARCOURSUP, Commande.PUBLIER), acteur, moyens)
    return ids


async def statuts(base: BaseMongo) -> Mapping[str, str]:
    """Return what each offer shows on Parcoursup."""
    return {
        un["_id"]: un["publication"]["plateformes"]["parcoursup"]["statut"]
        async for un in base.formations.find({}, sort=[("_id", 1)])
    }


async def tous(base: BaseMongo, statut: Statut) -> bool:
    """Tell whether all offers show one status."""
    return set((await statuts(base)).values()) == {statut.value}


async def vu(simulateur: httpx.AsyncClient) -> dict[str, Any]:
    """Return what the simulator saw."""
    reponse: dict[str, Any] = (await simulateur.get("/statistiques")).json()
    return reponse


async def jouer(simulateur: httpx.AsyncClient, **scenario: object) -> None:
    """Give the simulator a scenario."""
    (await simulateur.put("/scenario", json=scenario)).raise_for_status()
