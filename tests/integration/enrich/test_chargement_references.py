"""Loading reference tables by the command: what is compared, refused, forced, and never harmed."""

import asyncio
import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services.enrich.adapters.lignes_versions import EDITIONS
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.versions import Version
from services.enrich.entrypoints import references
from services.kernel.mongo import Database

pytestmark = pytest.mark.integration

EXEMPLE = Path("deploy/exemple")
CFD = "certifications/cfd.csv"
ROME = "certifications/rome.csv"
NIVEAUX = "certifications/niveaux_formation_diplome.csv"

Commande = Callable[..., tuple[int, str]]


@pytest.fixture
def commande(
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Commande:
    """Runs the command; returns its code and all that it wrote."""
    for nom, valeur in environment.items():
        monkeypatch.setenv(nom, valeur)

    def executer(*arguments: object) -> tuple[int, str]:
        code = references.main([str(argument) for argument in arguments])
        ecrit = capsys.readouterr()
        return code, ecrit.out + ecrit.err

    return executer


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """A copy of the sample's tables, to be altered."""
    return Path(shutil.copytree(EXEMPLE, tmp_path / "tables"))


async def _charger(commande: Commande, *arguments: object) -> tuple[int, str]:
    return await asyncio.to_thread(commande, "charger", *arguments)


async def _premiere(
    commande: Commande, referentiels: MongoReferences, dossier: Path = EXEMPLE
) -> Version:
    code, dit = await _charger(commande, dossier)
    assert code == 0, dit
    return await _active(referentiels)


async def _active(referentiels: MongoReferences) -> Version:
    active = await referentiels.active()
    assert active is not None
    return active


def _lignes(chemin: Path) -> list[str]:
    return chemin.read_text(encoding="utf-8").splitlines(keepends=True)


def _garder(chemin: Path, part: float) -> None:
    entete, *lignes = _lignes(chemin)
    chemin.write_text("".join([entete, *lignes[: int(len(lignes) * part)]]), encoding="utf-8")


async def test_a_folder_is_loaded_activated_and_reported(
    commande: Commande, referentiels: MongoReferences
) -> None:
    code, dit = await _charger(commande, EXEMPLE)

    assert (code, "communes.csv" in dit) == (0, True)
    assert await referentiels.version_active() is not None


async def test_one_file_replaces_its_table_and_says_what_changes(
    commande: Commande, referentiels: MongoReferences, database: Database, dossier: Path
) -> None:
    premiere = await _premiere(commande, referentiels)
    blocs = await database[EDITIONS].count_documents({})
    entete, ligne, *suite = _lignes(dossier / ROME)
    nouveau = "Z9999" + ligne[ligne.index(",") :]
    (dossier / ROME).write_text("".join([entete, nouveau, *suite]), encoding="utf-8")

    code, dit = await _charger(commande, dossier / ROME)

    active = await _active(referentiels)
    assert (code, active.de) == (0, premiere.id)
    (comparaison,) = active.comparaisons
    assert (comparaison.table, comparaison.ajoutees, comparaison.retirees) == ("rome", 1, 1)
    assert comparaison.exemples["ajoutees"] == ["Z9999"]
    assert "rome : 1\u00a0ajoutée," in dit
    assert await database[EDITIONS].count_documents({}) == blocs + 1


async def test_the_same_content_creates_nothing_and_says_so(
    commande: Commande, referentiels: MongoReferences
) -> None:
    premiere = await _premiere(commande, referentiels)

    for chemin in (EXEMPLE, EXEMPLE / ROME):
        code, dit = await _charger(commande, chemin)
        assert (code, "rien n'a été créé" in dit) == (0, True)
    assert [version.id for version in await referentiels.lister()] == [premiere.id]


async def test_two_files_in_either_order_give_the_same_content(
    commande: Commande, referentiels: MongoReferences, dossier: Path
) -> None:
    premiere = await _premiere(commande, referentiels)
    for table in (ROME, NIVEAUX):
        chemin = dossier / table
        chemin.write_text("".join(_lignes(chemin)[:-1]), encoding="utf-8")
    empreintes = []
    for ordre in ((ROME, NIVEAUX), (NIVEAUX, ROME)):
        for table in ordre:
            assert (await _charger(commande, dossier / table, "--forcer", "essai"))[0] == 0
        empreintes.append((await _active(referentiels)).empreinte)
        assert await asyncio.to_thread(commande, "activer", premiere.id)

    assert empreintes[0] == empreintes[1] != premiere.empreinte


async def test_tables_are_gathered_without_being_activated(
    commande: Commande, referentiels: MongoReferences, dossier: Path
) -> None:
    premiere = await _premiere(commande, referentiels)
    for table in (ROME, NIVEAUX):
        chemin = dossier / table
        chemin.write_text("".join(_lignes(chemin)[:-1]), encoding="utf-8")
        options = ("--sans-activer", "--depuis", "derniere", "--forcer", "essai")
        assert (await _charger(commande, chemin, *options))[0] == 0

    preparee = (await referentiels.lister())[0]
    assert await referentiels.version_active() == premiere.id
    assert set(await referentiels.differences(premiere.id, preparee.id)) == {"rome", "niveaux"}


def _coupe(chemin: Path) -> Path:
    comprime = chemin.with_suffix(".csv.gz")
    contenu = gzip.compress(chemin.read_bytes(), mtime=0)
    comprime.write_bytes(contenu[: len(contenu) // 2])
    return comprime


def _coupe_sans_compression(chemin: Path) -> Path:
    contenu = chemin.read_bytes()
    chemin.write_bytes(contenu[: len(contenu) // 2])
    return chemin


def _autre_encodage(chemin: Path) -> Path:
    chemin.write_bytes(chemin.read_text(encoding="utf-8").encode("utf-16-le"))
    return chemin


def _une_colonne_de_moins(chemin: Path) -> Path:
    lignes = _lignes(chemin)
    chemin.write_text(lignes[0].replace("date_fermeture", "autre") + "".join(lignes[1:]), "utf-8")
    return chemin


def _trente_pour_cent_de_moins(chemin: Path) -> Path:
    _garder(chemin, 0.7)
    return chemin


def _codes_inconnus(chemin: Path) -> Path:
    entete, *lignes = _lignes(chemin)
    autres = [f"9{ligne[1:3]}9{ligne[4:]}" for ligne in lignes]
    chemin.write_text("".join([entete, *autres]), encoding="utf-8")
    return chemin


def _vide(chemin: Path) -> Path:
    chemin.write_text(_lignes(chemin)[0], encoding="utf-8")
    return chemin


@pytest.mark.parametrize(
    ("abimer", "code"),
    [
        (_coupe, "fichier_refuse"),
        (_coupe_sans_compression, "fichier_refuse"),
        (_autre_encodage, "fichier_refuse"),
        (_une_colonne_de_moins, "fichier_refuse"),
        (_trente_pour_cent_de_moins, "baisse"),
        (_codes_inconnus, "cles_nouvelles"),
        (_vide, "fichier_refuse"),
    ],
)
async def test_a_damaged_file_is_refused_noted_and_harms_nothing(
    commande: Commande,
    referentiels: MongoReferences,
    database: Database,
    dossier: Path,
    abimer: Callable[[Path], Path],
    code: str,
) -> None:
    premiere = await _premiere(commande, referentiels)
    blocs = await database[EDITIONS].distinct("_id")

    sortie, dit = await _charger(commande, abimer(dossier / CFD), "--table", "cfd")

    assert (sortie, "Chargement refusé" in dit) == (1, True)
    assert await referentiels.lister() == [premiere]
    assert await database[EDITIONS].distinct("_id") == blocs
    (refus,) = await referentiels.refusees()
    assert code in [motif.code for motif in refus.motifs]
    assert refus.par
    _, liste = await asyncio.to_thread(commande, "lister")
    assert refus.id in liste


async def test_a_load_that_breaks_off_leaves_nothing(
    commande: Commande,
    referentiels: MongoReferences,
    database: Database,
    dossier: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    premiere = await _premiere(commande, referentiels)
    blocs = await database[EDITIONS].distinct("_id")
    _garder(dossier / CFD, 0.95)

    async def rompre(*_: object) -> None:
        raise RuntimeError("courant coupé")

    monkeypatch.setattr(MongoReferences, "_balayer", rompre)
    with pytest.raises(RuntimeError):
        await _charger(commande, dossier / CFD)

    assert await referentiels.lister() == [premiere]
    assert await database[EDITIONS].distinct("_id") == blocs


async def test_rows_that_repeat_a_key_are_reported(
    commande: Commande, referentiels: MongoReferences, dossier: Path
) -> None:
    await _premiere(commande, referentiels)
    entete, *lignes = _lignes(dossier / CFD)
    (dossier / CFD).write_text("".join([entete, *lignes, *lignes]), encoding="utf-8")

    code, dit = await _charger(commande, dossier / CFD)

    assert (code, f"{len(lignes)} × en double" in dit) == (0, True)


async def test_a_refused_load_is_forced_with_a_reason_that_is_kept(
    commande: Commande, referentiels: MongoReferences, dossier: Path
) -> None:
    await _premiere(commande, referentiels)
    _garder(dossier / CFD, 0.7)

    code, dit = await _charger(commande, dossier / CFD, "--forcer", "la BCN a fait le ménage")

    forcage = (await _active(referentiels)).forcage
    assert (code, forcage is not None) == (0, True), dit
    assert forcage
    assert forcage.raison == "la BCN a fait le ménage"
    assert [motif.code for motif in forcage.motifs] == ["baisse"]


async def test_going_back_is_one_command(
    commande: Commande, referentiels: MongoReferences, dossier: Path
) -> None:
    premiere = await _premiere(commande, referentiels)
    _garder(dossier / CFD, 0.95)
    await _charger(commande, dossier / CFD)
    assert await referentiels.version_active() != premiere.id

    assert (await asyncio.to_thread(commande, "revenir"))[0] == 0
    assert await referentiels.version_active() == premiere.id
    assert (await asyncio.to_thread(commande, "revenir"))[0] == 1
    assert await referentiels.version_active() == premiere.id


async def test_two_versions_are_compared(
    commande: Commande, referentiels: MongoReferences, dossier: Path
) -> None:
    premiere = await _premiere(commande, referentiels)
    _garder(dossier / CFD, 0.95)
    await _charger(commande, dossier / CFD)
    seconde = await _active(referentiels)

    code, dit = await asyncio.to_thread(commande, "comparer", premiere.id, seconde.id)
    assert (code, "retirées : " in dit) == (0, True)
    assert "inconnue" in (await asyncio.to_thread(commande, "comparer", "v0", seconde.id))[1]


async def test_loads_at_the_same_time_lose_none_of_their_tables(
    commande: Commande, referentiels: MongoReferences, dossier: Path
) -> None:
    premiere = await _premiere(commande, referentiels)
    for table in (ROME, NIVEAUX):
        _garder(dossier / table, 0.95)

    await asyncio.gather(*(_charger(commande, dossier / table) for table in (ROME, NIVEAUX)))

    active = await _active(referentiels)
    assert set(await referentiels.differences(premiere.id, active.id)) == {"rome", "niveaux"}
