"""Versions of the reference tables on a real MongoDB."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bson import Binary

from services.enrich.adapters.referentiels import (
    LIGNES,
    VERSIONS,
    MongoReferences,
    VersionInconnue,
)
from services.enrich.domain.chargement.modele import TableLue
from services.enrich.domain.references.construction import construire
from services.enrich.entrypoints import references
from services.kernel.mongo import Client, Database

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)


def _autres(tables: list[TableLue]) -> list[TableLue]:
    return [TableLue(table.bilan, table.lignes[:-1]) for table in tables]


async def test_a_version_comes_back_as_it_was_read(
    referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await referentiels.enregistrer("v1", tables, NOW)

    lues = await referentiels.charger("v1")
    attendues = construire("v1", {table.bilan.table: table.lignes for table in tables})
    assert lues.version == "v1"
    for champ in ("cfds", "mefs", "fiches", "communes", "departements", "etablissements"):
        assert getattr(lues, champ) == getattr(attendues, champ)


async def test_its_report_is_kept(referentiels: MongoReferences, tables: list[TableLue]) -> None:
    version = await referentiels.enregistrer("v1", tables, NOW)

    assert await referentiels.lister() == [version]
    assert [bilan.table for bilan in version.tables] == [table.bilan.table for table in tables]


async def test_the_same_tables_are_the_same_version(
    referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await referentiels.enregistrer("v1", tables, NOW)

    assert (await referentiels.enregistrer("v2", tables, NOW)).id == "v1"
    assert (await referentiels.enregistrer("v3", _autres(tables), NOW)).id == "v3"


async def test_a_version_is_in_force_only_once_activated(
    referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await referentiels.enregistrer("v1", tables, NOW)
    assert await referentiels.version_active() is None

    await referentiels.activer("v1", NOW)
    assert await referentiels.version_active() == "v1"


async def test_going_back_is_activating_the_former_version(
    referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await referentiels.enregistrer("v1", tables, NOW)
    await referentiels.enregistrer("v2", _autres(tables), NOW)
    for version in ("v1", "v2", "v1"):
        await referentiels.activer(version, NOW)

    assert [(v.id, v.active) for v in await referentiels.lister()] == [("v2", False), ("v1", True)]


async def test_an_unknown_version_leaves_the_active_one_alone(
    referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await referentiels.enregistrer("v1", tables, NOW)
    await referentiels.activer("v1", NOW)

    with pytest.raises(VersionInconnue):
        await referentiels.activer("v9", NOW)
    assert await referentiels.version_active() == "v1"


async def test_rows_of_another_shape_are_not_in_force(
    referentiels: MongoReferences, database: Database, tables: list[TableLue]
) -> None:
    await referentiels.enregistrer("v1", tables, NOW)
    await referentiels.activer("v1", NOW)
    await database[VERSIONS].update_one({"_id": "v1"}, {"$set": {"format": 0}})

    assert await referentiels.version_active() is None


async def test_activations_at_the_same_time_leave_exactly_one(
    referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await referentiels.enregistrer("v1", tables, NOW)
    await referentiels.enregistrer("v2", _autres(tables), NOW)

    await asyncio.gather(*(referentiels.activer(v, NOW) for v in ("v1", "v2", "v1", "v2")))

    assert sum(version.active for version in await referentiels.lister()) == 1


async def test_the_leavings_of_an_interrupted_load_are_swept(
    referentiels: MongoReferences, database: Database, tables: list[TableLue]
) -> None:
    await database[LIGNES].insert_one({"_id": "x/cfd/0", "version": "x", "bloc": Binary(b"")})

    await referentiels.enregistrer("v1", tables, NOW)

    assert await database[LIGNES].distinct("version") == ["v1"]


async def test_the_command_loads_activates_and_reports(
    mongo: Client,
    referentiels: MongoReferences,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for nom, valeur in environment.items():
        monkeypatch.setenv(nom, valeur)

    code = await asyncio.to_thread(references.main, ["charger", "deploy/exemple"])

    assert code == 0
    assert "communes.csv" in capsys.readouterr().out
    assert await referentiels.version_active() is not None


async def test_a_refused_file_leaves_the_active_version(
    referentiels: MongoReferences,
    tables: list[TableLue],
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    for nom, valeur in environment.items():
        monkeypatch.setenv(nom, valeur)
    await referentiels.enregistrer("v1", tables, NOW)
    await referentiels.activer("v1", NOW)

    code = await asyncio.to_thread(references.main, ["charger", str(tmp_path)])

    assert code == 1
    assert "Chargement refusé" in capsys.readouterr().err
    assert await referentiels.version_active() == "v1"
