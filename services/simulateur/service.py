"""One simulated platform with its scenario: how it answers a sending and a read-back."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from services.kernel.clock import Clock
from services.simulateur.erreurs import AU_HASARD, MESSAGES
from services.simulateur.hasard import tirage
from services.simulateur.jeton import JetonRefuse, verifier
from services.simulateur.plateforme import Etat, Plateforme, Reponse
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


class Coupure(Response):
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
    recus: int = 0

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
        self.recus += 1
        rang = self.recus
        await asyncio.sleep(self.scenario.latence(rang))
        charge = _lire(corps)
        panne = self.scenario.prochaine_panne() or self._au_hasard(charge, rang)
        if panne is not None:
            self.pannes[panne.value] += 1
        if panne is Panne.COUPEE:
            return Coupure()
        if (faute := _faute(panne)) is not None:
            return faute
        reponse = self._recevoir(charge)
        self.garder()
        return Coupure() if panne is Panne.PERDUE else reponse

    def relire(self) -> Response:
        """Answer a read-back under the scenario."""
        panne = self.scenario.prochaine_panne_de_relecture()
        if panne is not None:
            self.pannes[f"relecture {panne.value}"] += 1
        if panne is Panne.COUPEE:
            return Coupure()
        if (faute := _faute(panne)) is not None:
            return faute
        lignes = self.plateforme.relecture(self.scenario.statuts)
        if panne is Panne.VIDE:
            lignes = []
        if panne is Panne.PARTIELLE:
            lignes = lignes[: len(lignes) // 2]
        corps = orjson.dumps(lignes)
        if panne is Panne.TRONQUEE:
            corps = corps[: len(corps) // 2]
        return Response(corps, media_type="application/json")

    def _au_hasard(self, charge: dict[str, Any] | None, rang: int) -> Panne | None:
        hasard = self.scenario.hasard
        if tirage(hasard.graine, "indisponible", rang) < hasard.indisponible:
            return Panne.INDISPONIBLE
        cle = charge.get("rco") if charge else None
        return Panne.PERDUE if tirage(hasard.graine, "perdue", cle) < hasard.perdues else None

    def _recevoir(self, charge: dict[str, Any] | None) -> Response:
        if charge is None:
            return JSONResponse({"message": "objet JSON attendu"}, 400)
        reponse = self._voulue(charge) or self.plateforme.recevoir(charge)
        return JSONResponse(reponse.corps, reponse.status)

    def _voulue(self, charge: dict[str, Any]) -> Reponse | None:
        """Return the refusal that the scenario asks for an offer, if any."""
        cle, uai, scenario = str(charge.get("rco")), str(charge.get("uai")), self.scenario
        refus = scenario.refus.get(cle) or scenario.refus.get(uai)
        code = refus.code if refus is not None else self._refus_commun(charge, cle, uai)
        if refus is None and code is None:
            return None
        self.plateforme.noter(cle)
        if code is not None:
            return self.plateforme.refuser(code, charge)
        return Reponse(refus.status, {"message": refus.message}) if refus else None

    def _refus_commun(self, charge: dict[str, Any], cle: str, uai: str) -> str | None:
        scenario, hasard = self.scenario, self.scenario.hasard
        if uai in scenario.uais_inconnus:
            return "etablissement-inconnu-creation"
        valides = scenario.utilisateurs
        if uai in scenario.uais_sans_utilisateur or (
            valides is not None and charge.get("user") not in valides
        ):
            return "aucun-utilisateur"
        if tirage(hasard.graine, "refus", cle) < hasard.refus:
            return AU_HASARD[int(tirage(hasard.graine, "motif", cle) * len(AU_HASARD))]
        return None

    def charger(self) -> None:
        """Take up what an earlier process created."""
        fichier = self.settings.simulateur_fichier
        if fichier is not None and fichier.is_file():
            lues = orjson.loads(fichier.read_bytes())
            # Files of before states were kept hold none.
            self.plateforme.offres = {
                cle: {"etat": Etat.RIEN, **offre} for cle, offre in lues.items()
            }

    def garder(self) -> None:
        """Keep what was created for the next process."""
        fichier = self.settings.simulateur_fichier
        if fichier is not None:
            provisoire = fichier.with_suffix(".nouveau")
            provisoire.write_bytes(orjson.dumps(self.plateforme.offres))
            provisoire.replace(fichier)


def inconnus(scenario: Scenario) -> list[str]:
    """Return the codes of refusals that a scenario names and that do not exist."""
    codes = {refus.code for refus in scenario.refus.values() if refus.code is not None}
    return sorted(codes - MESSAGES.keys())


def _faute(panne: Panne | None) -> Response | None:
    if panne is Panne.MAINTENANCE:
        return HTMLResponse(_MAINTENANCE)
    if panne in _STATUTS:
        return JSONResponse({"message": "panne simulée"}, _STATUTS[panne])
    return None


def _lire(corps: bytes) -> dict[str, Any] | None:
    try:
        charge = json.loads(corps)
    except ValueError:
        return None
    return charge if isinstance(charge, dict) else None
