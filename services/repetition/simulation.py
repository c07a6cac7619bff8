"""The simulated Parcoursup in this process: reached by the real client, without a socket."""

from pathlib import Path
from typing import Final

import httpx

from contracts.statuts import Plateforme, Statut
from services.export.adapters.cles import PUBLIQUE
from services.export.adapters.mongo import BaseMongo
from services.export.settings import ParcoursupSettings
from services.kernel.clock import Clock
from services.simulateur.app import creer
from services.simulateur.hasard import tirage
from services.simulateur.plateforme import Etat
from services.simulateur.scenario import Hasard, Scenario
from services.simulateur.service import Simulateur
from services.simulateur.settings import SimulateurSettings

_NOM: Final = Plateforme.PARCOURSUP.value
_FICHIER: Final = "simulateur.json"


class EnProcessus(httpx.AsyncBaseTransport):
    """Carries requests to the application; an answer that it cuts is a network's fault."""

    def __init__(self, app: object) -> None:
        """Carry to `app`."""
        self._dedans = httpx.ASGITransport(app)  # type: ignore[arg-type]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        try:
            return await self._dedans.handle_async_request(request)
        except ConnectionAbortedError as coupure:
            raise httpx.ReadError(str(coupure), request=request) from coupure


def client_simule(
    settings: ParcoursupSettings, dossier: Path, horloge: Clock
) -> tuple[httpx.AsyncClient, Simulateur]:
    """Return a client of a platform that keeps in `dossier` what it created, and that platform."""
    app = creer(
        SimulateurSettings(
            simulateur_cle_publique=settings.parcoursup_cle_privee.with_name(PUBLIQUE),
            simulateur_certificat=settings.parcoursup_certificat,
            simulateur_fichier=dossier / _FICHIER,
        ),
        horloge,
    )
    client = httpx.AsyncClient(transport=EnProcessus(app), base_url="http://simulateur")
    simulateur: Simulateur = app.state.simulateur
    return client, simulateur


async def peupler(simulateur: Simulateur, base: BaseMongo) -> int:
    """Have the platform know what it published in earlier seasons; return how many offers."""
    criteres = {f"retours.{_NOM}.identifiant": {"$ne": None}}
    champs = {"projection": 1, f"retours.{_NOM}": 1, f"relecture.{_NOM}": 1, "affiche": 1}
    posees = 0
    async for offre in base.formations.find(criteres, champs):
        cle = offre["projection"].get("cle_ministere_educatif")
        identifiant = str(offre["retours"][_NOM]["identifiant"])
        if not cle or cle in simulateur.plateforme.offres:
            continue
        simulateur.plateforme.offres[cle] = {
            "rco": cle,
            "uai": offre["projection"].get("uai_formation"),
            "g_ta_cod": int(identifiant) if identifiant.isdecimal() else identifiant,
            "etat": Etat.FERMEE if offre["affiche"].get(_NOM) == Statut.FERME else Etat.VISIBLE,
        }
        posees += 1
    simulateur.garder()
    return posees


def regler(simulateur: Simulateur, hasard: Hasard) -> None:
    """Have the platform behave so from now on."""
    simulateur.scenario = Scenario(hasard=hasard)


def passer_la_nuit(simulateur: Simulateur) -> None:
    """Let the platform show what it created since its last night."""
    simulateur.plateforme.passer_un_jour(simulateur.scenario.hasard.graine, {Etat.VISIBLE: 1.0})
    simulateur.garder()


def gestes(simulateur: Simulateur, graine: str, part: float) -> dict[str, int]:
    """Have people close and take back a part of what the platform shows; drawn by offer."""
    faits = {"fermees": 0, "annulees": 0}
    for cle, offre in simulateur.plateforme.offres.items():
        tire = tirage(graine, "geste", cle)
        if offre["etat"] == Etat.VISIBLE:
            if tire < part:
                offre["etat"] = Etat.FERMEE
                faits["fermees"] += 1
            elif tire < 2 * part:
                offre["etat"] = Etat.ANNULEE
                faits["annulees"] += 1
    simulateur.garder()
    return faits
