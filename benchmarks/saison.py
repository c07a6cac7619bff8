"""`python -m benchmarks.saison [DOCUMENT]`: one simulated season on the real offers, then killed.

Needs the real offers, tables and rules (CATALOGUE_REFDATA). It plays the season twice on copies of
one state, on servers of its own: once whole, once in a process that `kill -9` ends at twenty seeded
moments and another takes up. Both must end in the same facts, journal and statuses. The report is
printed, and written as Markdown in DOCUMENT.
"""

import asyncio
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson
from pymongo import MongoClient

from benchmarks.recalcul import LOT, formations_enrichies
from benchmarks.saison_donnees import GRAINE, ecrire_imports, regles_en_plus
from benchmarks.saison_texte import en_texte
from deploy.local import Ports, Stack, StackConfig
from deploy.local.ports import free_port
from deploy.local.process import guarded
from services.export.adapters.mongo import ouvrir
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.regles_lecture import lire_fichier
from services.export.settings import ExportSettings
from services.export.usecases.projeter import appliquer
from services.kernel.clock import SystemClock
from services.repetition import copie
from services.repetition.plan import ImportVoulu, Plan, Simulation
from services.repetition.repetition import continuer, preparer_copie

Document = dict[str, Any]

FOLDER: Final = Path(".local/bench-saison")
JOUR: Final = date(2020, 11, 16)
ESPACE: Final = "saison"
MORTS: Final = 20
_ENTIERE: Final = "entiere"
_TUEE: Final = "tuee"
_CONTINUER: Final = "--continuer"


def main(arguments: Sequence[str]) -> None:
    """Play both seasons and tell what came of them."""
    if arguments[:1] == [_CONTINUER]:
        _enfant(arguments[1], Path(arguments[2]))
        return
    source = os.environ.get("CATALOGUE_REFDATA")
    if source is None:
        sys.exit("CATALOGUE_REFDATA ne désigne aucun dossier.")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    formations = formations_enrichies(Path(source))
    plan = _plan(Path(source), formations, FOLDER.absolute())
    regles = orjson.loads((Path(source) / "regles" / "regles_200.json").read_bytes())
    ports = Ports(*(free_port() for _ in range(4)))
    with Stack(StackConfig(folder=FOLDER / "serveurs", ports=ports)) as stack:
        os.environ |= stack.addresses.as_environment()
        resultat = _jouer(plan, formations, regles)
    texte = en_texte(resultat)
    print(texte)
    if arguments:
        Path(arguments[0]).write_text(texte)
    if resultat["entiere"]["empreinte"] != resultat["tuee"]["empreinte"]:
        sys.exit("Les deux saisons ne finissent pas dans le même état.")


def _plan(source: Path, formations: Sequence[Document], dossier: Path) -> Plan:
    premier, second = ecrire_imports(source, formations, dossier)
    regles = dossier / "regles-en-plus.json"
    regles.write_bytes(orjson.dumps(regles_en_plus()))
    plan = Plan(
        graine=GRAINE,
        jour=JOUR,
        regles_en_plus=regles,
        decisions_parcoursup=1_800,
        decisions_affelnet=1_200,
        jours=4,
        limite=500,
        simulation=Simulation(refus=0.15, perdues=0.05, indisponible=0.01, gestes=0.01),
        imports=(
            ImportVoulu(fichier=premier, jour=date(2021, 5, 12)),
            ImportVoulu(fichier=second, jour=date(2021, 6, 9)),
        ),
        nuit=date(2021, 2, 13),
        septembre=True,
        suivante=date(2021, 10, 15),
    )
    (dossier / "plan.json").write_text(plan.model_dump_json())
    return plan


def _reel() -> ExportSettings:
    return ExportSettings(espace=ESPACE, campagne_debut=date(2019, 9, 15))


def _jouer(plan: Plan, formations: Sequence[Document], regles: Sequence[Document]) -> Document:
    reel = _reel()
    depart = time.perf_counter()
    asyncio.run(_charger(reel, formations, regles))
    print(f"loaded: {time.perf_counter() - depart:.0f} s", flush=True)
    entiere, secondes = _entiere(reel, plan)
    print(f"season: {secondes:.0f} s", flush=True)
    tuee, morts, secondes_tuee = _tuee(reel, plan, secondes)
    print(f"killed {sum(morts.values())} times: {secondes_tuee:.0f} s", flush=True)
    return {
        "offres": len(formations),
        "regles_en_plus": len(regles_en_plus()),
        "entiere": entiere,
        "secondes": secondes,
        "tuee": tuee,
        "morts": dict(morts),
        "secondes_tuee": secondes_tuee,
    }


async def _charger(
    reel: ExportSettings, formations: Sequence[Document], regles: Sequence[Document]
) -> None:
    """Make the state that both seasons begin from: the offers under the two hundred rules."""
    async with ouvrir(reel) as base:
        horloge = SystemClock()
        await ReglesMongo(base).remplacer(lire_fichier(regles).regles, horloge.now())
        juges = JugesMongo(base, reel, lambda: JOUR)
        for debut in range(0, len(formations), LOT):
            await appliquer(formations[debut : debut + LOT], base, juges, horloge)
        await base.outbox.collection.delete_many({})


def _entiere(reel: ExportSettings, plan: Plan) -> tuple[Document, float]:
    dossier = _dossier(_ENTIERE)
    asyncio.run(preparer_copie(reel, _ENTIERE, plan, dossier))
    depart = time.perf_counter()
    rapport = asyncio.run(continuer(reel, _ENTIERE, plan, dossier))
    secondes = time.perf_counter() - depart
    asyncio.run(copie.supprimer(reel, _ENTIERE))
    return rapport, secondes


def _tuee(
    reel: ExportSettings, plan: Plan, secondes: float
) -> tuple[Document, Counter[str], float]:
    """Play the season in processes that are killed; return the report, what each was doing."""
    dossier = _dossier(_TUEE)
    asyncio.run(preparer_copie(reel, _TUEE, plan, dossier))
    hasard = random.Random(GRAINE)
    morts: Counter[str] = Counter()
    depart = time.perf_counter()
    rapport = dossier / "rapport.json"
    while not rapport.is_file():
        enfant = _lancer(dossier)
        delai = None
        if sum(morts.values()) < MORTS:
            delai = 2 + hasard.uniform(0.2, 1.8) * secondes / MORTS
        try:
            enfant.wait(delai)
        except subprocess.TimeoutExpired:
            enfant.send_signal(signal.SIGKILL)
            enfant.wait()
            morts[_en_cours(reel)] += 1
        if enfant.returncode not in (0, -signal.SIGKILL):
            sys.exit(f"La saison s'est arrêtée : {enfant.returncode}.")
    return orjson.loads(rapport.read_bytes()), morts, time.perf_counter() - depart


def _lancer(dossier: Path) -> "subprocess.Popen[bytes]":
    commande = [sys.executable, "-m", "benchmarks.saison", _CONTINUER, _TUEE, str(dossier)]
    return subprocess.Popen(guarded(commande))


def _enfant(identifiant: str, dossier: Path) -> None:
    plan = Plan.model_validate_json((dossier.parent / "plan.json").read_bytes())
    rapport = asyncio.run(continuer(_reel(), identifiant, plan, dossier))
    provisoire = dossier / "rapport.nouveau"
    provisoire.write_bytes(orjson.dumps(rapport))
    provisoire.replace(dossier / "rapport.json")


def _en_cours(reel: ExportSettings) -> str:
    """Return the act in which the killed process was."""
    with MongoClient[Document](reel.mongo) as client:
        base = client[f"{copie.espace(reel, _TUEE)}_export"]
        marche = base["repetition"].find_one({"_id": "marche"}) or {}
    return next(iter(marche.get("en_cours") or {}), "entre deux actes")


def _dossier(nom: str) -> Path:
    dossier = FOLDER.absolute() / nom
    dossier.mkdir()
    return dossier


if __name__ == "__main__":
    main(sys.argv[1:])
