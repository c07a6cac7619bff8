"""Judging the whole catalogue again, previews of rules and their tree, beside their floors.

On a database of its own, by the very code of the consumer and of the API; a pass and its floor
come from one run.
"""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson
from pymongo import ReplaceOne

from benchmarks.figure import Figure, Latency
from contracts.statuts import Plateforme
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
from services.kernel.batches import in_batches
from services.kernel.clock import SystemClock
from services.kernel.process import freeze_gc

JOUR: Final = date(2020, 11, 16)
LOT: Final = 1_000
APERCUS: Final = 20
_LIRE: Final = "reading all"
_ECRIRE: Final = "reading and writing all"
Document = dict[str, Any]


def measure(mongo: str, source: Path) -> list[Figure]:
    """Return the figures on the real offers, tables and rules of this folder."""
    regles = orjson.loads((source / "regles" / "regles_200.json").read_bytes())
    return asyncio.run(_measure(mongo, formations_enrichies(source), regles))


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


async def _measure(
    mongo: str, formations: Sequence[Document], regles: Sequence[Document]
) -> list[Figure]:
    settings = ExportSettings(mongo=mongo, espace="bench", campagne_debut=date(2020, 9, 15))
    async with ouvrir(settings) as base:
        catalogue = _Catalogue(base, settings)
        await catalogue.charger(regles)
        for debut in range(0, len(formations), LOT):
            lot = formations[debut : debut + LOT]
            await appliquer(lot, base, catalogue.juges, catalogue.horloge)
        formations = ()
        await catalogue.reprendre()  # what the offers' arrival left to be judged: nothing is timed
        calme = [await catalogue.tout() for _ in range(2)]
        lecture = await catalogue.floor_of_reading()
        # Rules for every diploma, nothing unknown admitted any more: each offer changes.
        partout = [*regles, *_rules_for_all(await catalogue.diplomes())]
        pleines = []
        for jeu, inconnu in ((partout, Inconnu.ECARTE), (regles, Inconnu.ADMIS)):
            await catalogue.charger(jeu)
            catalogue.juger_l_inconnu(inconnu)
            pleines.append(await catalogue.reprendre())
        ecriture = await catalogue.floor_of_writing()
        await catalogue.charger([{**regles[0], "duree": "2"}, *regles[1:]])
        une = await catalogue.reprendre()
        return [
            *(_passe("every offer changes", un, 20.0, ecriture, _ECRIRE) for un in pleines),
            *(_passe("quiet, all judged", un, 5.0, lecture, _LIRE) for un in calme),
            _passe("one rule changes", une, None, None, ""),
            await catalogue.previews(),
            await catalogue.tree(),
        ]


def _passe(
    quoi: str, mesure: tuple[float, Bilan], but: float | None, plancher: float | None, lequel: str
) -> Figure:
    secondes, bilan = mesure
    note = f"{bilan.vues:,} judged, {bilan.changees:,} told"
    floor = Latency.of([plancher]) if plancher is not None else None
    return Figure(quoi, Latency.of([secondes]), floor, lequel, but, note)


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

    async def reprendre(self) -> tuple[float, Bilan]:
        """Time the sweep that the consumer would make now."""
        freeze_gc()
        depart = time.perf_counter()
        bilan = await reprendre(self._reevaluations, self._base, self.juges, self.horloge, lot=LOT)
        secondes = time.perf_counter() - depart
        await self._base.outbox.collection.delete_many({})
        return secondes, bilan

    async def tout(self) -> tuple[float, Bilan]:
        """Time judging all again when nothing changes."""
        freeze_gc()
        depart = time.perf_counter()
        bilan = await reevaluer_tout(
            self._reevaluations, self._base, self.juges, self.horloge, lot=LOT
        )
        return time.perf_counter() - depart, bilan

    async def floor_of_reading(self, limite: int = 0) -> float:
        """Time reading that many offers, all by default, without judging."""
        depart = time.perf_counter()
        async for _ in self._base.formations.find({}, batch_size=LOT, limit=limite):
            pass
        return time.perf_counter() - depart

    async def floor_of_writing(self) -> float:
        """Time reading all and writing all back, in batches, without judging."""
        depart = time.perf_counter()
        rang = itertools.count()
        curseur = self._base.formations.find({}, batch_size=LOT)
        async for lot in in_batches(curseur, LOT):
            await self._base.formations.bulk_write(
                [ReplaceOne({"_id": un["_id"]}, {**un, "rang": next(rang)}) for un in lot],
                ordered=False,
            )
        return time.perf_counter() - depart

    async def previews(self) -> Figure:
        """Time trying a change of the rules that have most offers."""
        lectures = LecturesRegles(self._base)
        secondes, planchers, effets = [], [], []
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
            planchers.append(await self.floor_of_reading(max(1, apercu.examinees)))
        return Figure(
            "preview of a rule",
            Latency.of(secondes),
            Latency.of(planchers),
            "reading as many offers",
            2.0,
            f"{min(effets):,} to {max(effets):,} looked at",
        )

    async def tree(self) -> Figure:
        """Time the tree of rules with its counts."""
        depart = time.perf_counter()
        comptes = await LecturesRegles(self._base).compter(Plateforme.PARCOURSUP, None)
        arbre(await self._regles.toutes(), comptes, Plateforme.PARCOURSUP, None)
        return Figure("tree with counts", Latency.of([time.perf_counter() - depart]), goal=1.0)
