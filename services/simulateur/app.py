"""The routes of the simulator: those of Parcoursup, and those that script and observe it."""

from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import JSONResponse, Response

from services.kernel.clock import Clock
from services.kernel.health import Health, health_routes
from services.simulateur.jeton import SANS_CORPS
from services.simulateur.plateforme import Etat
from services.simulateur.scenario import Scenario
from services.simulateur.service import Simulateur, inconnus
from services.simulateur.settings import SimulateurSettings


class EtatVoulu(BaseModel):
    """What a person makes of an offer in Parcoursup; `uai` for one that was never sent."""

    model_config = ConfigDict(extra="forbid")

    rco: str
    etat: Etat
    uai: str | None = None


def creer(settings: SimulateurSettings, horloge: Clock) -> FastAPI:
    """Return the application of one simulated platform."""
    simulateur = Simulateur(settings, horloge)
    simulateur.charger()
    app = FastAPI(
        title="Simulateur de Parcoursup",
        version="1",
        docs_url=None,
        redoc_url=None,
        routes=[*health_routes(Health())],
    )
    app.state.simulateur = simulateur
    _routes_de_parcoursup(app, simulateur)
    _routes_du_scenario(app, simulateur)
    return app


def _routes_de_parcoursup(app: FastAPI, simulateur: Simulateur) -> None:
    @app.post("/ApiFormation/api/formations", response_class=JSONResponse)
    @app.post("/ApiFormation/api/formations/majFormation", response_class=JSONResponse)
    async def envoyer(
        request: Request, authorization: Annotated[str | None, Header()] = None
    ) -> Response:
        corps = await request.body()
        return simulateur.autoriser(authorization, corps) or await simulateur.envoyer(corps)

    @app.get("/ApiFormation/api/formations/publications/affectation", response_class=JSONResponse)
    async def relire(authorization: Annotated[str | None, Header()] = None) -> Response:
        return simulateur.autoriser(authorization, SANS_CORPS) or simulateur.relire()


def _routes_du_scenario(app: FastAPI, simulateur: Simulateur) -> None:
    @app.put("/scenario")
    async def ecrire_scenario(scenario: Scenario) -> Scenario:
        if codes := inconnus(scenario):
            raise HTTPException(422, f"refus inconnus : {', '.join(codes)}")
        simulateur.scenario = scenario
        return scenario

    @app.get("/scenario")
    async def lire_scenario() -> Scenario:
        return simulateur.scenario

    @app.post("/offres")
    async def poser(voulu: EtatVoulu) -> dict[str, Any]:
        offre = simulateur.plateforme.poser(voulu.rco, voulu.etat, voulu.uai)
        simulateur.garder()
        return offre

    @app.post("/jours")
    async def passer_un_jour() -> dict[str, int]:
        hasard = simulateur.scenario.hasard
        devenues = simulateur.plateforme.passer_un_jour(hasard.graine, hasard.jour)
        simulateur.garder()
        return devenues

    @app.get("/statistiques")
    async def statistiques() -> dict[str, Any]:
        plateforme = simulateur.plateforme
        return {
            "offres": len(plateforme.offres),
            "creations": plateforme.creations,
            "envois": plateforme.envois,
            "ordre": plateforme.ordre,
            "pannes": simulateur.pannes,
            "jetons_refuses": simulateur.jetons_refuses,
        }
