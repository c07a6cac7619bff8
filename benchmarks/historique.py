"""`python -m benchmarks.historique`: what a year of daily deliveries adds to the history.

Twice over the same offers, through the real use cases, on the MongoDB that CATALOGUE_MONGO names
and in a namespace that is dropped at the end: every line delivered again every day and nothing
changed, then one offer in a hundred changed every day. Then how long the differences of that year,
the state of one offer as of a day, and its history take to read.
"""

import asyncio
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from services.cli.preparation import offres_preparees
from services.cli.run.settings import RunSettings
from services.collect.domain.normalisation import normaliser
from services.enrich.adapters.differences import MongoDifferences
from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.adapters.lecture import Lecture
from services.enrich.adapters.mongo import HISTORIQUE, MongoFormations
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.domain.historique import a_plat, remonter
from services.enrich.domain.references.construction import construire
from services.enrich.settings import BASE
from services.enrich.usecases.enrichir import enrichir_lot
from services.kernel.mongo import Client, Database, Store, connect
from services.kernel.outbox import Outbox
from services.kernel.settings import KernelSettings

OFFERS: Final = 4_000
DAYS: Final = 365
CHANGED: Final = 100  # one offer in so many changes each day
BATCH: Final = 1_000
JOUR: Final = date(2020, 11, 16)
START: Final = datetime(2020, 11, 16, 3, tzinfo=UTC)

_console = Console(width=110)


@dataclass(frozen=True, slots=True)
class Growth:
    """What the history holds after a year, and how long the year took."""

    entries: int
    bytes: int
    stored: int
    indexes: int
    seconds: float


class Year:
    """The offers of one year, delivered day after day to a catalogue of their own."""

    def __init__(
        self, client: Client, database: Database, rules: Enrichisseur, offers: Sequence[Any]
    ) -> None:
        """Write in `database` by these rules."""
        self.database = database
        self._outbox = Outbox(database, bytes_max=8_000_000)
        self._formations = MongoFormations(client, database, self._outbox)
        self._rules = rules
        self._offers = list(offers)
        self._sequences = [0] * len(self._offers)

    async def open(self) -> None:
        """Deliver every offer a first time."""
        await self._outbox.prepare()
        await self._formations.prepare()
        await self._deliver(range(len(self._offers)), 0)

    async def quiet_day(self, day: int) -> None:
        """Deliver everything again, unchanged."""
        await self._deliver(range(len(self._offers)), day)

    async def busy_day(self, day: int) -> None:
        """Change one offer in a hundred: its places, its starts, its address or its length."""
        ranks = range(day % CHANGED, len(self._offers), CHANGED)
        for rank in ranks:
            self._offers[rank] = {**self._offers[rank], **_change(day)}
        await self._deliver(ranks, day)

    async def _deliver(self, ranks: Sequence[int], day: int) -> None:
        now = START + timedelta(days=day)
        for start in range(0, len(ranks), BATCH):
            lot = [self._event(rank, day, now) for rank in ranks[start : start + BATCH]]
            await enrichir_lot(list(map(lire_evenement, lot)), self._rules, self._formations, now)
        await self._outbox.collection.delete_many({})  # as the relay does

    def _event(self, rank: int, day: int, now: datetime) -> dict[str, Any]:
        self._sequences[rank] += 1
        sequence = self._sequences[rank]
        return {
            "id": f"{rank:026d}",
            "sequence": sequence,
            "operation": "depot",
            "origine": {"depot": f"{day:026d}", "ligne": rank + 1},
            "deposant": "carif",
            "recue_le": now.isoformat(),
            "empreinte": f"{rank}.{sequence}",
            "offre": self._offers[rank],
        }


def _change(day: int) -> dict[str, Any]:
    """Return what a day changes in an offer: each kind in its turn."""
    kinds = (
        {"capacite": str(8 + day % 20)},
        {"date_debut": [f"{2021 + day % 3}-09-01"], "date_fin": [f"{2023 + day % 3}-07-01"]},
        {"lieu_formation_adresse": f"{day} rue du Port"},
        {"duree": str(1 + day % 3), "annee": "1"},
    )
    return kinds[(day // CHANGED) % len(kinds)]


async def _growth(year: Year, step: str, seconds: float) -> Growth:
    await year.database.client.admin.command("fsync")
    found = await year.database.command("collStats", HISTORIQUE)
    _console.print(f"{step}: {found['count']} entries, {seconds:.0f} s")
    return Growth(
        found["count"], found["size"], found["storageSize"], found["totalIndexSize"], seconds
    )


async def _reads(client: Client, year: Year) -> None:
    """Print how long the year takes to read."""
    shown = Table("read", "lines", "ms", title="reading a year in which 1 % changes every day")
    end = START + timedelta(days=DAYS)
    for name, since in (("a day", end - timedelta(days=1)), ("the year", START)):
        started = time.perf_counter()
        lines = [one async for one in MongoDifferences(client, year.database).entre(since, end)]
        shown.add_row(f"differences of {name}", str(len(lines)), _ms(started))
    reading = Lecture(year.database)
    started = time.perf_counter()
    document = await reading.trouver(f"{0:026d}")
    if document is None:
        raise LookupError("the first offer is not there")
    way = await reading.recul(document["_id"], document["sequence"], START)
    remonter(a_plat(document), way.defaites)
    shown.add_row("one offer as of a year ago", str(len(way.defaites)), _ms(started))
    _console.print(shown)


def _ms(started: float) -> str:
    return f"{(time.perf_counter() - started) * 1000:.0f}"


def _offers(settings: RunSettings) -> Iterator[dict[str, Any]]:
    """Yield offers as collect would send them on."""
    for raw in offres_preparees(settings.source):
        yield normaliser(raw).offre


async def main() -> None:
    """Live both years and print one table."""
    sources = RunSettings()
    settings = KernelSettings(espace=f"b{uuid.uuid4().hex[:8]}")
    tables = {table.bilan.table: table.lignes for table in lire_dossier(sources.source)}
    rules = Enrichisseur(construire("banc", tables), JOUR)
    offers = list(islice(_offers(sources), OFFERS))
    client = connect(settings)
    database = Store(client, settings).database(BASE)
    try:
        await client.drop_database(database.name)
        year = Year(client, database, rules, offers)
        await year.open()
        empty = await _growth(year, "opened", 0)
        figures = {}
        for name, live in (("nothing changes", year.quiet_day), ("1 % changes", year.busy_day)):
            started = time.perf_counter()
            for day in range(1, DAYS + 1):
                await live(day)
            figures[name] = await _growth(year, name, time.perf_counter() - started)
        _table(empty, figures, len(offers))
        await _reads(client, year)
    finally:
        await client.drop_database(database.name)
        await client.close()


def _table(empty: Growth, figures: dict[str, Growth], offers: int) -> None:
    shown = Table(
        "365 deliveries",
        "entries",
        "bytes an offer",
        "bytes an entry",
        "stored, compressed, an offer",
        "indexes an offer",
        title=f"history of {offers} offers",
    )
    before = empty
    for name, after in figures.items():
        entries, size = after.entries - before.entries, after.bytes - before.bytes
        shown.add_row(
            name,
            str(entries),
            f"{size / offers:.0f}",
            f"{size / entries:.0f}" if entries else "-",
            f"{(after.stored - before.stored) / offers:.0f}",
            f"{(after.indexes - before.indexes) / offers:.0f}",
        )
        before = after
    _console.print(shown)


if __name__ == "__main__":
    asyncio.run(main())
