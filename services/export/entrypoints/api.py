"""The API of export: académies, feeds, partners."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from fastapi import FastAPI

from services.export.adapters.compteurs import CompteursMongo
from services.export.adapters.envois import EnvoisMongo
from services.export.adapters.imports import ImportsMongo
from services.export.adapters.journal import Journal
from services.export.adapters.lectures import Lectures
from services.export.adapters.lots import LotsMongo
from services.export.adapters.mongo import ouvrir
from services.export.adapters.recherche import RecherchesMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.entrypoints import (
    abonnements,
    avis,
    avisage,
    comparaison,
    compteurs,
    decisions,
    flux,
    flux_affelnet,
    flux_parcoursup,
    historique_dumps,
    historique_http,
    historique_listes,
    imports,
    interne,
    lots,
    offres,
    operations,
    parcoursup_erreurs,
    parcoursup_relectures,
    reglages,
    regles,
    regles_essai,
    relations,
    tableaux,
)
from services.export.entrypoints.serveur import Serveur
from services.export.settings import SERVICE, ApiSettings
from services.kernel.auth import KeyVerifier
from services.kernel.clock import Clock, SystemClock, jour_metier
from services.kernel.health import Health
from services.kernel.http import create_api, serve
from services.kernel.ids import UlidIds
from services.kernel.web import Web

_DESCRIPTION: Final = """
Les académies décident ici de ce qui va à **Parcoursup** et à **Affelnet** ; chaque offre y a trois
faits distincts (éligibilité, décision, retour) et un statut affiché qui en découle.

Les partenaires suivent tout ce qui change par `GET /v1/changements`.
"""


def create_app(
    settings: ApiSettings, *, keys: KeyVerifier | None = None, horloge: Clock | None = None
) -> FastAPI:
    """Return the application."""
    horloge = horloge or SystemClock()
    sante = Health()
    web = Web(settings, horloge, "services.export")

    @asynccontextmanager
    async def vie(app: FastAPI) -> AsyncIterator[None]:
        async with ouvrir(settings) as base:
            await ImportsMongo(base).preparer()
            await avisage.preparer(base, settings)
            journal = Journal(settings)
            juges = JugesMongo(base, settings, partial(jour_metier, settings, horloge))
            app.state.serveur = Serveur(
                settings=settings,
                base=base,
                juges=juges,
                regles=ReglesMongo(base),
                envois=EnvoisMongo(base),
                lectures=Lectures(base),
                recherches=RecherchesMongo(base, juges),
                lots=LotsMongo(base),
                compteurs=CompteursMongo(base),
                journal=journal,
                horloge=horloge,
                ids=UlidIds(horloge),
                web=web,
            )
            try:
                yield
            finally:
                await journal.fermer()

    return create_api(
        settings,
        service=SERVICE,
        title="Catalogue des formations en apprentissage : diffusion",
        version="1",
        summary="Décisions des académies, flux Parcoursup et Affelnet, changements.",
        description=_DESCRIPTION,
        routers=[
            tableaux.router,  # before the route of one offer, whose id matches anything
            offres.router,
            decisions.router,
            lots.router,
            compteurs.router,
            flux.router,
            flux_parcoursup.router,
            parcoursup_erreurs.router,
            parcoursup_relectures.router,
            flux_affelnet.router,
            imports.router,
            relations.router,
            historique_http.router,
            historique_dumps.router,
            historique_listes.router,
            regles_essai.router,  # before the routes of one rule, whose ids match anything
            regles.router,
            reglages.router,
            operations.router,
            comparaison.router,
            avis.router,
            abonnements.router,
            abonnements.pages,
            interne.router,
        ],
        lifespan=vie,
        keys=keys,
        health=sante,
        web=web,
    )


async def main() -> None:
    """Serve until told to stop."""
    settings = ApiSettings()
    await serve(create_app(settings), settings)
