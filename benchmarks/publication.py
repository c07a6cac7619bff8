"""`python -m benchmarks.publication`: judging the whole catalogue again, the preview of a rule.

Needs the real offers, tables and rules (CATALOGUE_REFDATA). It runs on a MongoDB of its own, by the
very code of the consumer and of the API; a pass and its floor come from one run.
"""

import asyncio
import itertools
import os
import shutil
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson
from pymongo import ReplaceOne

from contracts.statuts import Plateforme
from deploy.local import Ports, Stack, StackConfig
from deploy.local.ports import free_port
from services.cli.preparation import offres_preparees
from services.collect.domain.normalisation import normaliser
from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.references.construction import construire
from services.export.adapters.lectures_regles import LecturesRegles
from services.export.adapters.mongo import BaseMongo, ouvrir
from services.export.adapters.reevaluations import ReevaluationsMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.apercu_regles import changement
from services.export.domain.arbre_regles import arbre
from services.export.domain.campagne import Inconnu
from services.export.domain.regles_lecture import lire_fichier
from services.export.settings import ExportSettings
from services.export.usecases.projeter import appliquer
from services.export.usecases.reevaluer import Bilan, reevaluer_tout, reprendre
from services.export.usecases.regles_apercu import apercevoir
from services.kernel.clock import SystemClock
from services.kernel.process import freeze_gc

JOUR: Final = date(2020, 11, 16)
LOT: Final = 1_000
APERCUS: Final = 20
FOLDER: Final = Path(".local/bench-publication")
Document = dict[str, Any]


def main() -> None:
    """Run everything and print one line a figure."""
    source = os.environ.get("CATALOGUE_REFDATA")
    if source is None:
        sys.exit("CATALOGUE_REFDATA ne désigne aucun dossier.")
    formations = formations_enrichies(Path(source))
    regles = orjson.loads((Path(source) / "regles" / "regles_200.json").read_bytes())
    shutil.rmtree(FOLDER, ignore_errors=True)
    ports = Ports(*(free_port() for _ in range(4)))
    with Stack(StackConfig(folder=FOLDER, ports=ports)) as stack:
        asyncio.run(_measure(stack.addresses.mongo, formations, regles))


def formations_enrichies(source: Path) -> list[Document]:
    """Return the states that enrich would tell of the real offers."""
    tables = construire("v1", {t.bilan.table: t.lignes for t in lire_dossier(source)})
    enrichisseur = Enrichisseur(tables, JOUR)
    formations = []
    for rang, brute in enumerate(offres_preparees(source), 1):
        offre = normaliser(orjson.loads(orjson.dumps(brute))).offre
        formation, constats = enrichisseur.enrichir(offre)
        formations.append(
            {
                "id": f"{rang:026d}",
                "sequence": 1,
                "empreinte": str(rang),
                "etat": "active",
                "formation": formation,
                "constats": constats,
            }
        )
    return formations


async def _measure(mongo: str, formations: Sequence[Document], regles: Sequence[Document]) -> None:
    settings = ExportSettings(mongo=mongo, espace="bench", campagne_debut=date(2020, 9, 15))
    async with ouvrir(settings) as base:
        catalogue = _Catalogue(base, settings)
        await catalogue.charger(regles)
        for debut in range(0, len(formations), LOT):
            lot = formations[debut : debut + LOT]
            await appliquer(lot, base, catalogue.juges, catalogue.horloge)
        formations = ()
        await catalogue.reprendre("first pass")
        for _ in range(2):
            await catalogue.tout()
        await catalogue.floor_of_reading()
        # Rules for every diploma, nothing unknown admitted any more: each offer changes.
        every = [*regles, *_rules_for_all(await catalogue.diplomes())]
        for quoi, jeu, inconnu in (
            ("every offer changes", every, Inconnu.ECARTE),
            ("and back", regles, Inconnu.ADMIS),
        ):
            await catalogue.charger(jeu)
            catalogue.juger_l_inconnu(inconnu)
            await catalogue.reprendre(quoi)
        await catalogue.floor_of_writing()
        await catalogue.charger([{**regles[0], "duree": "2"}, *regles[1:]])
        await catalogue.reprendre("one rule changes")
        await catalogue.previews()
        await catalogue.tree()


def _rules_for_all(diplomes: Sequence[tuple[str, str]]) -> list[Document]:
    return [
        {
            "plateforme": plateforme.value,
            "niveau": niveau,
            "diplome": diplome,
            "condition_integration": "peut intégrer",
            "nom_regle_complementaire": "bench",
            "statut": statut,
        }
        for niveau, diplome in diplomes
        for plateforme, statut in (
            (Plateforme.PARCOURSUP, "à publier (soumis à validation Recteur)"),
            (Plateforme.AFFELNET, "à publier"),
        )
    ]


class _Catalogue:
    """Export's database with the parts that keep it true."""

    def __init__(self, base: BaseMongo, settings: ExportSettings) -> None:
        self.horloge = SystemClock()
        self.juges = JugesMongo(base, settings, lambda: JOUR)
        self._settings = settings
        self._base = base
        self._regles = ReglesMongo(base)
        self._reevaluations = ReevaluationsMongo(base)

    def juger_l_inconnu(self, inconnu: Inconnu) -> None:
        champs = dict.fromkeys(("catalogue_inconnu", "peremption_inconnue"), inconnu)
        settings = self._settings.model_copy(update=champs)
        self.juges = JugesMongo(self._base, settings, lambda: JOUR)

    async def charger(self, regles: Sequence[Document]) -> None:
        await self._regles.remplacer(lire_fichier(regles).regles, self.horloge.now())

    async def diplomes(self) -> list[tuple[str, str]]:
        groupes = await self._base.formations.aggregate(
            [{"$group": {"_id": {"n": "$projection.niveau", "d": "$projection.diplome"}}}]
        )
        return [
            (un["_id"]["n"], un["_id"]["d"])
            async for un in groupes
            if un["_id"].get("n") and un["_id"].get("d")
        ]

    async def reprendre(self, quoi: str) -> None:
        """Print the time of the sweep that the consumer would make now."""
        freeze_gc()
        depart = time.perf_counter()
        bilan = await reprendre(self._reevaluations, self._base, self.juges, self.horloge, lot=LOT)
        self._print(quoi, time.perf_counter() - depart, bilan)
        await self._base.outbox.collection.delete_many({})

    async def tout(self) -> None:
        """Print the time of judging all again when nothing changes."""
        freeze_gc()
        depart = time.perf_counter()
        bilan = await reevaluer_tout(
            self._reevaluations, self._base, self.juges, self.horloge, lot=LOT
        )
        self._print("quiet, all judged (goal 5 s)", time.perf_counter() - depart, bilan)

    @staticmethod
    def _print(quoi: str, secondes: float, bilan: Bilan) -> None:
        print(f"{quoi}: {secondes:.2f} s, {bilan.vues:,} judged, {bilan.changees:,} told")

    async def floor_of_reading(self) -> None:
        depart = time.perf_counter()
        nombre = 0
        async for _ in self._base.formations.find({}, batch_size=LOT):
            nombre += 1
        print(f"floor, {nombre:,} read: {time.perf_counter() - depart:.2f} s")

    async def floor_of_writing(self) -> None:
        """Print the time of reading all and writing all back, in batches, without judging."""
        depart = time.perf_counter()
        lot: list[ReplaceOne[Document]] = []
        rang = itertools.count()
        async for document in self._base.formations.find({}, batch_size=LOT):
            lot.append(ReplaceOne({"_id": document["_id"]}, {**document, "rang": next(rang)}))
            if len(lot) == LOT:
                await self._base.formations.bulk_write(lot, ordered=False)
                lot.clear()
        print(f"floor, all read and written: {time.perf_counter() - depart:.2f} s")

    async def previews(self) -> None:
        """Print the time of trying a change of the rules that have most offers."""
        lectures = LecturesRegles(self._base)
        secondes, effets = [], []
        decidees: Counter[str | None] = Counter()
        for plateforme in Plateforme:
            for compte in await lectures.compter(plateforme, None):
                decidees[compte.get("regle")] += compte["nombre"]
        regles = sorted(await self._regles.toutes(), key=lambda une: -decidees[une["_id"]])
        for regle in itertools.islice(itertools.cycle(regles[:10]), APERCUS):
            neuve = {**regle, "contenu": {**regle["contenu"], "duree": "2"}}
            depart = time.perf_counter()
            apercu = await apercevoir(changement(regle, neuve), None, lectures, self.juges)
            secondes.append(time.perf_counter() - depart)
            effets.append(apercu.examinees)
        _, p50, _ = statistics.quantiles(secondes, n=4)
        print(
            f"preview: p50 {p50:.2f} s, p95 {statistics.quantiles(secondes, n=20)[-1]:.2f} s "
            f"(goal 2 s), {min(effets):,} to {max(effets):,} offers looked at"
        )

    async def tree(self) -> None:
        depart = time.perf_counter()
        comptes = await LecturesRegles(self._base).compter(Plateforme.PARCOURSUP, None)
        arbre(await self._regles.toutes(), comptes, Plateforme.PARCOURSUP, None)
        print(f"tree with counts: {time.perf_counter() - depart:.2f} s (goal 1 s)")


if __name__ == "__main__":
    main()
