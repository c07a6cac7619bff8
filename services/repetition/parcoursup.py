"""What goes to the simulated Parcoursup and comes back, day by day, by export's own sender."""

import asyncio
import time
from collections import Counter
from datetime import timedelta
from typing import Any, Final

from contracts.statuts import Plateforme
from services.export.adapters.reglages_parcoursup import ReglagesMongo
from services.export.domain.calendrier_parcoursup import Reglages
from services.repetition import simulation
from services.repetition.plateau import AUTEUR, Plateau
from services.simulateur.scenario import Hasard

Document = dict[str, Any]

_NOM: Final = Plateforme.PARCOURSUP.value
_PATIENCE_S: Final = 60.0
_PAUSE_S: Final = 0.2
_SOLDES: Final = 6


async def envoyer(plateau: Plateau, *, reponses_perdues: bool = True) -> Document:
    """Send what is ready until nothing is left that may go today."""
    simulation.regler(plateau.simulateur, _hasard(plateau, perdues=reponses_perdues))
    await _ouvrir(plateau)
    envoyees, fin = 0, time.monotonic() + _PATIENCE_S
    while True:
        passe = await plateau.expediteur.passer()
        envoyees += passe.envoyees
        if passe.ferme is not None or passe.arretee:
            return {"envoyees": envoyees, "ferme": passe.ferme, "arretee": passe.arretee}
        if passe.envoyees:
            fin = time.monotonic() + _PATIENCE_S
        elif passe.pause_s:
            plateau.horloge.instant += timedelta(seconds=passe.pause_s)
        elif not await _libres(plateau) or time.monotonic() > fin:
            return {"envoyees": envoyees}
        else:  # held by the transaction that a killed process left open
            await asyncio.sleep(_PAUSE_S)


async def relire(plateau: Plateau) -> Document:
    """Let the platform's night go by, then read back all that it shows."""
    simulation.passer_la_nuit(plateau.simulateur)
    while await plateau.relecteur.passer():
        pass
    derniere = await plateau.base.relectures.find_one({}, sort=[("_id", -1)]) or {}
    return {
        "raison": derniere.get("raison"),  # of one that was refused: nothing was applied
        "lignes": derniere.get("lignes"),
        "changees": derniere.get("changees"),
        "resolues": dict(Counter(un["issue"] for un in derniere.get("resolues") or ())),
        "sans_offre": derniere.get("nombre_sans_offre"),
    }


async def solder(plateau: Plateau) -> Document:
    """Send and read back, one day after the other, until no outcome is unknown and none waits."""
    total: Counter[str] = Counter()
    for _ in range(_SOLDES):
        faite = await envoyer(plateau, reponses_perdues=False)
        total["envoyees"] += faite["envoyees"]
        plateau.horloge.instant += timedelta(days=1)
        relue = await relire(plateau)
        total["changees"] += relue["changees"] or 0
        ouverts = await plateau.base.envois.count_documents({"ouvert": True})
        if not ouverts and not await _libres(plateau):
            return {**total, "en_suspens": 0}
    return {**total, "en_suspens": ouverts}


async def gestes(plateau: Plateau) -> Document:
    """Have people close, or take back, some offers on the platform itself; read it back."""
    faits = simulation.gestes(
        plateau.simulateur, plateau.plan.graine, plateau.plan.simulation.gestes
    )
    return {**faits, **await relire(plateau)}


async def _libres(plateau: Plateau) -> int:
    """Count what is ready, in no exchange and not held."""
    file = await plateau.moyens.envois.file(plateau.horloge.now())
    return sum(not (offre.get("retenue") or {}).get(_NOM) for offre in file)


async def _ouvrir(plateau: Plateau) -> None:
    """Put the limit of the plan in force, and the switch on: what is rehearsed is the sending."""
    tenus = ReglagesMongo(plateau.base, plateau.settings)
    version, reglages = await tenus.version()
    limite = plateau.plan.limite or reglages.limite
    voulus = Reglages(
        limite=limite, debut=reglages.debut, fin=reglages.fin, relecture=reglages.relecture
    )
    if voulus != reglages:
        await tenus.changer(version, voulus, AUTEUR, plateau.horloge.now())


def _hasard(plateau: Plateau, *, perdues: bool) -> Hasard:
    voulu = plateau.plan.simulation
    return Hasard(
        graine=plateau.plan.graine,
        refus=voulu.refus,
        perdues=voulu.perdues if perdues else 0,
        indisponible=voulu.indisponible,
    )
