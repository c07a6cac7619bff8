"""A rehearsal on a copy of a small catalogue: what it tells, and what it leaves untouched."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio

from contracts.statuts import Plateforme
from services.export.adapters.mongo import BaseMongo, ouvrir
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.regles_lecture import lire_fichier
from services.export.settings import ExportSettings
from services.export.usecases.projeter import appliquer
from services.kernel.clock import FixedClock
from services.kernel.lease import Lease
from services.kernel.mongo import Client
from services.kernel.settings import KernelSettings
from services.repetition import copie
from services.repetition.plan import Plan, Simulation
from services.repetition.repetition import continuer, preparer_copie, repeter
from tests.support.commande import CATALOGUE, lancer
from tests.support.polling import eventually
from tests.unit.export.fabrique import CLE, INSTANT, JOUR, document_de_regle, evenement, offre

NOMBRE: Final = 200
PLAN: Final = Plan(
    jour=date(2020, 11, 16),
    decisions_parcoursup=40,
    decisions_affelnet=20,
    jours=1,
    simulation=Simulation(refus=0.2, perdues=0.1, indisponible=0.05),
    nuit=date(2021, 2, 13),
    septembre=True,
    suivante=date(2021, 10, 15),
)


@pytest.fixture
def reel(settings: KernelSettings) -> ExportSettings:
    return ExportSettings(**{**settings.model_dump(), "campagne_debut": date(2019, 9, 15)})


@pytest_asyncio.fixture
async def base(reel: ExportSettings, mongo: Client) -> AsyncIterator[BaseMongo]:
    """Two hundred offers of two académies, half of each platform."""
    async with ouvrir(reel) as base:
        regles = [document_de_regle(plateforme) for plateforme in Plateforme]
        await ReglesMongo(base).remplacer(lire_fichier(regles).regles, INSTANT)
        juges = JugesMongo(base, reel, lambda: JOUR)
        await appliquer([_offre(rang) for rang in range(NOMBRE)], base, juges, FixedClock(INSTANT))
        yield base
    for nom in await mongo.list_database_names():
        if nom.startswith(f"{reel.espace}-{copie.PREFIXE}"):
            await mongo.drop_database(nom)


def _offre(rang: int) -> dict[str, Any]:
    plateforme = list(Plateforme)[rang % 2]
    formation = offre(
        plateforme,
        cle_ministere_educatif=CLE.replace("064390", f"{rang:06}"),
        num_academie="12" if rang < NOMBRE // 2 else "17",
    )
    return evenement(id=f"{rang:026}", formation=formation)


async def _etat(client: Client, reel: ExportSettings) -> dict[str, Any]:
    """Return the server's own digest of each real collection."""
    condense = await client[f"{reel.espace}_export"].command("dbHash")
    collections: dict[str, Any] = condense["collections"]
    return collections


async def test_a_rehearsal_tells_a_season_and_leaves_the_real_state_as_it_was(
    base: BaseMongo,
    reel: ExportSettings,
    mongo: Client,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    avant = await _etat(mongo, reel)
    noms = set(await mongo.list_database_names())

    texte, rapport = await _commander(environment, tmp_path)

    assert await _etat(mongo, reel) == avant
    assert set(await mongo.list_database_names()) == noms
    issues = {issue: _somme(lignes) for issue, lignes in rapport["envois"].items()}
    assert issues["acceptee"] + issues["refusee"] > 25
    assert 2 <= issues["refusee"] <= 15
    assert rapport["doubles"] == 0
    joues = {un["acte"]: un["resultat"] for un in rapport["actes"]}
    assert joues["derniers envois et relectures"]["en_suspens"] == 0
    assert joues["mauvaise nuit"]["manquantes"] == joues["lendemain"]["revenues"] > 30
    assert rapport["evenements_retenus"] > 0
    assert "| campagne suivante |" in texte
    vues = Counter(un["plateforme"] for un in rapport["passages"] for _ in range(un["nombre"]))
    assert vues == {"parcoursup": NOMBRE, "affelnet": NOMBRE}
    assert _somme(rapport["disparues"]) > 20


async def _commander(environment: dict[str, str], dossier: Path) -> tuple[str, dict[str, Any]]:
    """Run the command itself; return what it says and the report that it writes."""
    plan, rapport = dossier / "plan.json", dossier / "rapport.json"
    plan.write_text(PLAN.model_dump_json())
    fini = await lancer(
        *(*CATALOGUE, "repeter", "--plan", str(plan), "--rapport", str(rapport)),
        environnement={**environment, "CATALOGUE_CAMPAGNE_DEBUT": "2019-09-15"},
    )
    assert fini.code == 0, fini.erreurs
    lu: dict[str, Any] = json.loads(rapport.read_bytes())
    return fini.sortie, lu


async def test_a_rehearsal_that_is_killed_goes_on_to_the_same_end(
    base: BaseMongo, reel: ExportSettings, mongo: Client, tmp_path: Path
) -> None:
    plan = PLAN.model_copy(update={"decisions_parcoursup": 15, "nuit": None})
    entiere = await repeter(reel, plan, tmp_path)
    (tmp_path / "simulateur.json").unlink()
    await preparer_copie(reel, "coupee", plan, tmp_path)
    carnet = mongo[f"{copie.espace(reel, 'coupee')}_export"]["repetition"]
    for acte in ("démarrage de la campagne", "envois du jour 1"):
        tache = asyncio.create_task(continuer(reel, "coupee", plan, tmp_path))
        # A quick act may be over before it is looked at: the kill then falls in a later one.
        begun = {"$or": [{f"en_cours.{acte}": {"$exists": True}}, {"faits.acte": acte}]}
        await eventually(partial(carnet.find_one, begun), every=0.005)
        tache.cancel()
        await asyncio.gather(tache, return_exceptions=True)

    coupee = await continuer(reel, "coupee", plan, tmp_path)

    assert coupee["empreinte"] == entiere["empreinte"]


async def test_what_an_interrupted_rehearsal_left_is_dropped_not_one_that_is_played(
    base: BaseMongo, reel: ExportSettings, mongo: Client, tmp_path: Path
) -> None:
    await preparer_copie(reel, "laissee", PLAN, tmp_path)
    await preparer_copie(reel, "jouee", PLAN, tmp_path)
    en_cours = mongo[f"{copie.espace(reel, 'jouee')}_export"]
    await Lease(en_cours, copie.BAIL, copie.BAIL_S).hold()

    effacees = await copie.nettoyer(reel)

    restent = [nom for nom in await mongo.list_database_names() if copie.PREFIXE in nom]
    assert effacees == ["laissee"]
    assert f"{copie.espace(reel, 'jouee')}_export" in restent
    assert f"{copie.espace(reel, 'laissee')}_export" not in restent


def _somme(lignes: list[dict[str, Any]]) -> int:
    return sum(un["nombre"] for un in lignes)
