"""Versions of the reference tables on a real MongoDB."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.enrich.adapters.lignes_versions import EDITIONS
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.adapters.versions import VERSIONS
from services.enrich.domain.chargement.modele import TableLue
from services.enrich.domain.references.construction import construire
from services.enrich.domain.versions import composer, editer
from services.enrich.ports_versions import DepartDepasse, RienAvant, VersionInconnue
from services.kernel.mongo import Client, Database
from tests.support.references import installer

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)


def _sans_dernier_cfd(tables: Sequence[TableLue]) -> list[TableLue]:
    return [
        TableLue(lue.bilan, lue.lignes[:-1]) if lue.bilan.table == "cfd" else lue for lue in tables
    ]


async def _editions(database: Database) -> set[str]:
    return set(await database[EDITIONS].distinct("edition"))


async def test_a_version_comes_back_as_it_was_read(
    referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await installer(referentiels, "v1", tables, NOW)

    lues = await referentiels.charger("v1")
    attendues = construire("v1", {table.bilan.table: table.lignes for table in tables})
    assert lues.version == "v1"
    for champ in ("cfds", "mefs", "fiches", "communes", "departements", "etablissements"):
        assert getattr(lues, champ) == getattr(attendues, champ)


async def test_its_report_is_kept(referentiels: MongoReferences, tables: list[TableLue]) -> None:
    version = await installer(referentiels, "v1", tables, NOW)

    assert await referentiels.lister() == [version]
    assert {table.nom: table.bilan for table in version.tables} == {
        lue.bilan.table: lue.bilan for lue in tables
    }


async def test_versions_share_the_rows_of_equal_tables(
    referentiels: MongoReferences, database: Database, tables: list[TableLue]
) -> None:
    await installer(referentiels, "v1", tables, NOW)
    avant = await _editions(database)
    await installer(referentiels, "v2", _sans_dernier_cfd(tables), NOW)

    (nouvelle,) = await _editions(database) - avant
    assert nouvelle.startswith("cfd.")


async def test_versions_loaded_one_after_the_other_share_their_equal_tables(
    referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await installer(referentiels, "v1", tables, NOW)
    await installer(referentiels, "v2", _sans_dernier_cfd(tables), NOW)

    avant, apres = await referentiels.charger("v1"), await referentiels.charger("v2")

    assert len(apres.cfds) == len(avant.cfds) - 1
    assert apres.communes is avant.communes


async def test_a_version_is_in_force_only_once_activated(
    referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await installer(referentiels, "v1", tables, NOW, activer=False)
    assert await referentiels.version_active() is None

    await referentiels.activer("v1", NOW)
    assert await referentiels.version_active() == "v1"


async def test_going_back_goes_one_version_back_each_time(
    referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    for nom in ("v1", "v2", "v3"):
        await installer(referentiels, nom, tables, NOW)

    assert await referentiels.revenir(NOW, "moi") == "v2"
    assert await referentiels.version_active() == "v2"
    assert await referentiels.revenir(NOW, "moi") == "v1"
    with pytest.raises(RienAvant):
        await referentiels.revenir(NOW, "moi")
    assert [une.version for une in await referentiels.activations()] == [
        *("v1", "v2", "v3", "v2", "v1"),
    ]


async def test_an_unknown_version_leaves_the_active_one_alone(
    referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await installer(referentiels, "v1", tables, NOW)

    with pytest.raises(VersionInconnue):
        await referentiels.activer("v9", NOW)
    assert await referentiels.version_active() == "v1"


async def test_rows_of_another_shape_are_not_in_force(
    referentiels: MongoReferences, database: Database, tables: list[TableLue]
) -> None:
    await installer(referentiels, "v1", tables, NOW)
    await database[VERSIONS].update_one({"_id": "v1"}, {"$set": {"format": 0}})

    assert await referentiels.version_active() is None


async def test_activations_at_the_same_time_each_find_their_turn(
    referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await installer(referentiels, "v1", tables, NOW, activer=False)
    await installer(referentiels, "v2", _sans_dernier_cfd(tables), NOW, activer=False)

    await asyncio.gather(*(referentiels.activer(v, NOW) for v in ("v1", "v2", "v1")))

    assert sum(version.active for version in await referentiels.lister()) == 1
    numeros = [une.numero for une in await referentiels.activations()]
    assert numeros == list(range(len(numeros), 0, -1))


async def test_what_was_compared_with_a_version_no_more_in_force_is_not_stored(
    referentiels: MongoReferences, database: Database, tables: list[TableLue]
) -> None:
    version = await installer(referentiels, "v1", tables, NOW)
    avant = await _editions(database)

    autres = [editer(lue, NOW) for lue in _sans_dernier_cfd(tables)]
    suivante = replace(version, id="v2", tables=composer((), autres))
    with pytest.raises(DepartDepasse):
        await referentiels.enregistrer(suivante, _sans_dernier_cfd(tables), apres=0)
    assert await _editions(database) == avant


async def test_rows_of_old_versions_go_and_what_they_were_made_of_stays(
    mongo: Client, database: Database, tables: list[TableLue]
) -> None:
    referentiels = MongoReferences(mongo, database, gardees=1)
    await referentiels.prepare()
    await installer(referentiels, "v1", tables, NOW)
    v1 = await _editions(database)
    for rang in (2, 3, 4):
        autres = [TableLue(lue.bilan, lue.lignes[: 5 - rang]) for lue in tables]
        await installer(referentiels, f"v{rang}", autres, NOW)

    assert not (v1 - await _editions(database)) <= set()
    with pytest.raises(VersionInconnue):
        await referentiels.charger("v1")
    with pytest.raises(VersionInconnue):
        await referentiels.activer("v1", NOW)
    assert set(await referentiels.editions_de("v1")) == {lue.bilan.table for lue in tables}
    assert await referentiels.revenir(NOW, "moi") == "v3"


async def test_the_differences_of_two_versions_name_rows_and_leave_out_equal_tables(
    referentiels: MongoReferences, tables: list[TableLue]
) -> None:
    await installer(referentiels, "v1", tables, NOW)
    await installer(referentiels, "v2", _sans_dernier_cfd(tables), NOW)

    trouvees = await referentiels.differences("v1", "v2")
    (derniere,) = [lue.lignes[-1] for lue in tables if lue.bilan.table == "cfd"]
    assert list(trouvees) == ["cfd"]
    assert dict(trouvees["cfd"].retirees) == {(derniere[0],): derniere}
    assert list(await referentiels.differences("v2", "v1")) == ["cfd"]
    assert await referentiels.differences("v1", "v1") == {}
