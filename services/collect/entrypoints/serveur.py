"""What the routes use, opened with the application and kept in `app.state`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import httpx
from fastapi import Depends, Request

from contracts.portees import Role
from services.collect.adapters.diagnostiqueur import Diagnostiqueur
from services.collect.adapters.mongo import MongoDepots, MongoOffres, MongoReservations
from services.collect.domain.depot import Depot
from services.collect.domain.depublications import Seuil
from services.collect.settings import BASE, CollectSettings
from services.collect.usecases.moyens import Moyens, Reglages
from services.collect.usecases.retirer import Demandeur
from services.kernel.auth import Identity, require
from services.kernel.clock import Clock
from services.kernel.ids import Ids, UlidIds
from services.kernel.mongo import Client, Store, connect
from services.kernel.outbox import Outbox
from services.kernel.problem import NotFound


@dataclass(frozen=True, slots=True)
class Serveur:
    """The adapters that an API process holds."""

    settings: CollectSettings
    client: Client
    offres: MongoOffres
    depots: MongoDepots
    reservations: MongoReservations
    outbox: Outbox
    horloge: Clock
    ids: Ids
    diagnostiqueur: Diagnostiqueur

    @property
    def moyens(self) -> Moyens:
        """Return what a deposit is received with."""
        reglages = Reglages(
            self.settings.depot_lot,
            self.settings.lignes_max,
            self.settings.ligne_max,
            self.settings.cle_attribuee_suffit,
            Seuil(self.settings.depublications_max, self.settings.depublications_part),
        )
        return Moyens(self.offres, reglages, self.horloge.now, self.ids.new)

    async def depot(self, id_: str, titulaire: str | None) -> Depot:
        """Return a deposit of a holder, or of anyone for None; raises `NotFound` otherwise."""
        depot = await self.depots.depot(id_)
        if depot is None or titulaire not in (None, depot.deposant):
            raise NotFound("Aucun de vos dépôts n'a cet identifiant.", code="depot_inconnu")
        return depot.vu(self.horloge.now())


@asynccontextmanager
async def ouvrir(settings: CollectSettings, horloge: Clock) -> AsyncIterator[Serveur]:
    """Open the database, with its indexes; closed at the end."""
    client = connect(settings)
    base = Store(client, settings).database(BASE)
    outbox = Outbox(base, bytes_max=settings.outbox_octets_max)
    offres = MongoOffres(client, base, outbox)
    reservations = MongoReservations(base, timedelta(seconds=settings.idempotence_s))
    http = httpx.AsyncClient(timeout=settings.diagnostic_delai_s)
    try:
        await offres.prepare()
        await reservations.prepare()
        yield Serveur(
            settings,
            client,
            offres,
            MongoDepots(base),
            reservations,
            outbox,
            horloge,
            UlidIds(horloge),
            Diagnostiqueur(http, str(settings.adresse_enrich)),
        )
    finally:
        await http.aclose()
        await client.close()


def _serveur(request: Request) -> Serveur:
    serveur: Serveur = request.app.state.serveur
    return serveur


Ici = Annotated[Serveur, Depends(_serveur)]
Deposant = Annotated[Identity, Depends(require(Role.DEPOSANT, Role.ADMINISTRATEUR))]
Administrateur = Annotated[Identity, Depends(require(Role.ADMINISTRATEUR))]


def titulaire(identite: Identity) -> str | None:
    """Return whose deposits a holder may see: his own; None, all, for an administrator."""
    return None if identite.role == Role.ADMINISTRATEUR else identite.titulaire


def demandeur(identite: Identity) -> Demandeur:
    """Return who asks for a change."""
    return Demandeur(identite.titulaire, identite.role == Role.ADMINISTRATEUR)
