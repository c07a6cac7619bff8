"""`python -m benchmarks.enrichissement`: enrich() alone, its tables, and what a move of them costs.

Needs the real offers and tables (CATALOGUE_REFDATA). The passes run on a MongoDB of their own, by
the very task that the consumer runs; both figures of a ratio come from one run.
"""

import asyncio
import gc
import os
import resource
import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson

from deploy.local import Ports, Stack, StackConfig
from deploy.local.ports import free_port
from services.cli.preparation import offres_preparees
from services.collect.domain.normalisation import normaliser
from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.adapters.impacts import MongoImpacts
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.recalculs import MongoRecalculs
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.chargement.modele import TableLue
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import Evenement
from services.enrich.domain.recalcul import socle_de
from services.enrich.domain.references.construction import construire
from services.enrich.domain.references.tables import References
from services.enrich.domain.versions import Version, composer, editer, empreinte_des
from services.enrich.entrypoints.actif import Actif
from services.enrich.entrypoints.recalcul import BAIL, Recalculeur
from services.enrich.settings import ConsumerSettings
from services.enrich.usecases.annoncer import Annoncer
from services.enrich.usecases.enrichir import enrichir_lot
from services.enrich.usecases.recalculer import TOUT, Etablir, demander
from services.kernel.clock import SystemClock
from services.kernel.ids import UlidIds
from services.kernel.lease import Lease
from services.kernel.mongo import Store, connect
from services.kernel.outbox import Outbox
from services.kernel.process import freeze_gc

JOUR: Final = date(2020, 11, 16)
LOT: Final = 1_000
TOURS: Final = 3
PART: Final = 0.01
FOLDER: Final = Path(".local/bench-enrichissement")
_LIBELLE_LONG: Final = 5
_NOM: Final = 1
Ligne = list[Any]


def main() -> None:
    """Run everything and print one line a figure."""
    source = os.environ.get("CATALOGUE_REFDATA")
    if source is None:
        sys.exit("CATALOGUE_REFDATA ne désigne aucun dossier.")
    lues = lire_dossier(Path(source))
    brutes = (orjson.loads(orjson.dumps(une)) for une in offres_preparees(Path(source)))
    offres = [normaliser(brute).offre for brute in brutes]
    print(f"tables: {_memory_of_tables(lues):.0f} MiB resident")
    _enrich_alone(offres, construire("v1", {t.bilan.table: t.lignes for t in lues}))
    shutil.rmtree(FOLDER, ignore_errors=True)
    ports = Ports(*(free_port() for _ in range(4)))
    with Stack(StackConfig(folder=FOLDER, ports=ports)) as stack:
        asyncio.run(_passes(stack, lues, offres))


def _memory_of_tables(lues: Sequence[TableLue]) -> float:
    """Return what a process gains by holding the tables, read in a process of its own."""
    blob = orjson.dumps({table.bilan.table: table.lignes for table in lues})
    reading, writing = os.pipe()
    if os.fork() == 0:
        gc.collect()
        before = _resident()
        tables = construire("v1", orjson.loads(blob))
        gc.collect()
        os.write(writing, f"{_resident() - before:.1f} {len(tables.cfds)}".encode())
        os._exit(0)
    os.wait()
    return float(os.read(reading, 64).split()[0])


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def _enrich_alone(offres: Sequence[dict[str, Any]], tables: References) -> None:
    freeze_gc()
    for kind, rules in (("cold", None), ("warm", Enrichisseur(tables, JOUR))):
        rates = []
        for _ in range(TOURS):
            used = rules or Enrichisseur(tables, JOUR)
            started = time.perf_counter()
            for offre in offres:
                used.enrichir(offre)
            rates.append(len(offres) / (time.perf_counter() - started))
        rate = sorted(rates)[TOURS // 2]
        print(f"enrich() alone, {kind} answers: {rate:,.0f} offers/s (goal 10,000)")


async def _passes(stack: Stack, lues: Sequence[TableLue], offres: Sequence[dict[str, Any]]) -> None:
    settings = ConsumerSettings(
        mongo=stack.addresses.mongo, espace="bench", recalcul_pause_s=0, jour_metier=JOUR
    )
    client = connect(settings)
    try:
        catalogue = _Catalogue(settings, client)
        await catalogue.prepare()
        await catalogue.charger("v1", lues)
        await catalogue.deposer(offres)
        whole = await catalogue.reprendre_tout()
        print(f"all {len(offres):,}, nothing changes: {whole:.2f} s")
        touched = _some_diplomas(offres)
        few, changed = await catalogue.activer("v2", _renamed(lues, "cfd", _LIBELLE_LONG, touched))
        print(f"a move that touches {changed} ({changed / len(offres):.1%}): {few:.3f} s")
        print(f"ratio to all, nothing changing: {few / whole:.1%} (goal about 1 %)")
        every, changed = await catalogue.activer("v3", _renamed(lues, "academies", _NOM))
        print(f"a move that changes {changed:,}: {every:.2f} s")
        print(f"ratio to all, everything changing: {few / every:.1%}")
    finally:
        await client.close()


class _Catalogue:
    """The parts of a consumer that keep the catalogue true."""

    def __init__(self, settings: ConsumerSettings, client: Any) -> None:  # noqa: ANN401
        database = Store(client, settings).database("catalogue")
        outbox = Outbox(database, bytes_max=settings.outbox_octets_max)
        libre = asyncio.Event()
        libre.set()
        self._clock = SystemClock()
        self._outbox = outbox
        self._referentiels = MongoReferences(client, database)
        self._formations = MongoFormations(client, database, outbox)
        self._recalculs = MongoRecalculs(client, database, outbox)
        self._actif = Actif(self._referentiels, lambda: JOUR, 1)
        self._recalculeur = Recalculeur(
            self._recalculs,
            self._formations,
            Etablir(
                self._recalculs,
                self._referentiels,
                UlidIds(self._clock),
                Annoncer(MongoImpacts(database)),
            ),
            self._actif,
            Lease(database, BAIL, 60),
            settings,
            self._clock,
            libre,
        )

    async def prepare(self) -> None:
        for part in (self._outbox, self._referentiels, self._formations, self._recalculs):
            await part.prepare()

    async def charger(self, version: str, lues: Sequence[TableLue]) -> None:
        """Store and activate a version, and load it as every process does."""
        maintenant = self._clock.now()
        tables = composer((), [editer(lue, maintenant) for lue in lues])
        neuve = Version(version, empreinte_des(tables), tables, maintenant, "bench")
        await self._referentiels.enregistrer(neuve, lues)
        await self._referentiels.activer(version, maintenant)
        await self._actif.actualiser()

    async def deposer(self, offres: Sequence[dict[str, Any]]) -> None:
        evenements = [_evenement(rang, offre) for rang, offre in enumerate(offres)]
        for debut in range(0, len(evenements), LOT):
            await enrichir_lot(
                evenements[debut : debut + LOT],
                self._actif.enrichisseur(),
                self._formations,
                self._clock.now(),
            )
        await self._au_repos()

    async def reprendre_tout(self) -> float:
        """Return the seconds of a whole pass that changes nothing."""
        socle = socle_de(self._actif.enrichisseur())
        nom = UlidIds(self._clock).new()
        await self._au_repos()
        await demander(TOUT, "bench", socle, self._recalculs, nom, self._clock.now())
        return await self._timed()

    async def activer(self, version: str, lues: Sequence[TableLue]) -> tuple[float, int]:
        """Return the seconds from loaded tables to a catalogue that rests on them, and changes."""
        await self.charger(version, lues)
        seconds = await self._timed()
        (last, *_) = await self._recalculs.lister(1)
        return seconds, last.changees

    async def _timed(self) -> float:
        started = time.perf_counter()
        await self._au_repos()
        return time.perf_counter() - started

    async def _au_repos(self) -> None:
        while await self._recalculeur.avancer():
            pass


def _evenement(rang: int, offre: dict[str, Any]) -> Evenement:
    return Evenement(
        f"{rang:026d}",
        1,
        "depot",
        "bench",
        rang + 1,
        essai=False,
        deposant="bench",
        recue_le="2020-11-16T08:00:00Z",
        empreinte=f"{rang}",
        motif=None,
        remplacee_par=None,
        predecesseurs=[],
        anciennes_cles=[],
        offre=offre,
        constats=[],
    )


def _some_diplomas(offres: Sequence[dict[str, Any]]) -> set[str]:
    """Return diplomas that together have about `PART` of the offers, those of middling size."""
    counts = Counter(offre["cfd"] for offre in offres if offre.get("cfd"))
    wanted, chosen = PART * len(offres), set[str]()
    for cfd, count in counts.most_common()[len(counts) // 20 :]:
        if count <= wanted:
            chosen.add(cfd)
            wanted -= count
    return chosen


def _renamed(
    lues: Sequence[TableLue], table: str, column: int, codes: set[str] | None = None
) -> list[TableLue]:
    """Return the tables, with another text in a column of one of them, in some rows or all."""

    def change(ligne: Ligne) -> Ligne:
        if codes is not None and ligne[0] not in codes:
            return ligne
        return [*ligne[:column], f"{ligne[column]} *", *ligne[column + 1 :]]

    return [
        replace(lue, lignes=[change(ligne) for ligne in lue.lignes])
        if lue.bilan.table == table
        else lue
        for lue in lues
    ]


if __name__ == "__main__":
    main()
