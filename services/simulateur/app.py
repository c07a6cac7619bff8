"""The routes of the simulator: those of Parcoursup, and those that script and observe it."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import orjson
from fastapi import FastAPI, Header, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from services.kernel.clock import Clock
from services.kernel.health import Health, health_routes
from services.simulateur.jeton import SANS_CORPS, JetonRefuse, verifier
from services.simulateur.plateforme import Plateforme
from services.simulateur.scenario import Panne, Scenario
from services.simulateur.settings import SimulateurSettings

_MAINTENANCE: Final = "<html><body><h1>Site en maintenance</h1></body></html>"
_STATUTS: Final = {
    Panne.INDISPONIBLE: 503,
    Panne.ERREUR: 500,
    Panne.TROP: 429,
    Panne.NON_AUTORISE: 401,
    Panne.INTERDIT: 403,
}


class _Coupure(Response):
    """An answer cut in its middle: the client never learns what became of its request."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        entetes = [(b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": entetes})
        await send({"type": "http.response.body", "body": b"", "more_body": True})
        raise ConnectionAbortedError("coupure demandée par le scénario")


@dataclass(slots=True)
class Simulateur:
    """One simulated platform, its scenario and what it saw."""

    settings: SimulateurSettings
    horloge: Clock
    plateforme: Plateforme = field(default_factory=Plateforme)
    scenario: Scenario = field(default_factory=Scenario)
    pannes: Counter[str] = field(default_factory=Counter)
    jetons_refuses: Counter[str] = field(default_factory=Counter)

    def autoriser(self, autorisation: str | None, corps: bytes) -> Response | None:
        """Return the 401 of a request whose token is not accepted."""
        try:
            verifier(
                autorisation,
                corps,
                cle=self.settings.simulateur_cle_publique,
                certificat=self.settings.simulateur_certificat,
                maintenant_ms=int(self.horloge.now().timestamp() * 1000),
            )
        except JetonRefuse as refus:
            self.jetons_refuses[str(refus)] += 1
            return JSONResponse({"message": f"Accès refusé : {refus}"}, 401)
        return None

    async def envoyer(self, corps: bytes) -> Response:
        """Answer one sending under the scenario."""
        await asyncio.sleep(self.scenario.latence_s)
        panne = self.scenario.prochaine_panne()
        if panne is not None:
            self.pannes[panne.value] += 1
        if panne is Panne.COUPEE:
            return _Coupure()
        if panne is Panne.MAINTENANCE:
            return HTMLResponse(_MAINTENANCE)
        if panne in _STATUTS:
            return JSONResponse({"message": "panne simulée"}, _STATUTS[panne])
        reponse = self._recevoir(corps)
        self._garder()
        return _Coupure() if panne is Panne.PERDUE else reponse

    def _recevoir(self, corps: bytes) -> Response:
        try:
            charge = json.loads(corps)
        except ValueError:
            return JSONResponse({"message": "JSON illisible"}, 400)
        if not isinstance(charge, dict):
            return JSONResponse({"message": "objet attendu"}, 400)
        for nom in (str(charge.get("rco")), str(charge.get("uai"))):
            refus = self.scenario.refus.get(nom)
            if refus is not None:
                self.plateforme.envois[str(charge.get("rco"))] += 1
                return JSONResponse({"message": refus.message}, refus.status)
        reponse = self.plateforme.recevoir(charge)
        return JSONResponse(reponse.corps, reponse.status)

    def charger(self) -> None:
        """Take up what an earlier process created."""
        fichier = self.settings.simulateur_fichier
        if fichier is not None and fichier.is_file():
            self.plateforme.offres = orjson.loads(fichier.read_bytes())

    def _garder(self) -> None:
        fichier = self.settings.simulateur_fichier
        if fichier is not None:
            provisoire = fichier.with_suffix(".nouveau")
            provisoire.write_bytes(orjson.dumps(self.plateforme.offres))
            provisoire.replace(fichier)


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

    @app.post("/ApiFormation/api/formations", response_class=JSONResponse)
    @app.post("/ApiFormation/api/formations/majFormation", response_class=JSONResponse)
    async def envoyer(
        request: Request, authorization: Annotated[str | None, Header()] = None
    ) -> Response:
        corps = await request.body()
        return simulateur.autoriser(authorization, corps) or await simulateur.envoyer(corps)

    @app.get("/ApiFormation/api/formations/publications/affectation", response_class=JSONResponse)
    async def relire(authorization: Annotated[str | None, Header()] = None) -> Response:
        lignes = simulateur.plateforme.relecture(simulateur.scenario.statuts)
        return simulateur.autoriser(authorization, SANS_CORPS) or JSONResponse(lignes)

    @app.put("/scenario")
    async def ecrire_scenario(scenario: Scenario) -> Scenario:
        simulateur.scenario = scenario
        return scenario

    @app.get("/scenario")
    async def lire_scenario() -> Scenario:
        return simulateur.scenario

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

    return app
