"""Bad input over real HTTP: the right status, a French problem, nothing half-written."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import pytest_asyncio

from contracts.portees import Role, siret
from services.cli.run.installation import Installation
from services.kernel.mongo import Database, Store, connect
from tests.support.exemple import en_lignes, nouvelle, nouvelles
from tests.support.flux import NDJSON, Flux, Json, client, lire
from tests.support.installation import issue_key
from tests.support.memory import forget_peak, peak

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

MIB = 1024 * 1024
JSON = "application/json"
CSV = "text/csv"
SIRET_AILLEURS = "19060793700074"
MEMOIRE_PLATE = 48  # MiB that a request may leave or take, whatever it sends

REFUSES: dict[str, tuple[bytes, str, int, str]] = {
    "html": (b"<html><body>bonjour</body></html>\n", NDJSON, 400, "corps_illisible"),
    "texte": (b"bonjour\nau revoir\n", NDJSON, 400, "corps_illisible"),
    "vide": (b"", NDJSON, 400, "corps_illisible"),
    "lignes-vides": (b"\n\r\n  \n", NDJSON, 400, "corps_illisible"),
    "csv-vide": (b"", CSV, 400, "corps_illisible"),
    "csv-sans-colonne-connue": (b"a;b\n1;2\n", CSV, 400, "corps_illisible"),
    "profond": (b"[" * 100_000 + b"]" * 100_000, JSON, 400, "corps_illisible"),
    "utf-16": ('{"cfd": "50022137"}\n'.encode("utf-16"), NDJSON, 400, "corps_illisible"),
    "gzip-abime": (b"\x1f\x8b\x08\x00" + b"\x00" * 40, NDJSON, 400, "gzip_illisible"),
    "type-inconnu": (b"<a/>", "application/xml", 415, "format_non_pris_en_charge"),
}


@pytest_asyncio.fixture
async def collecte(installation: Installation, flux: Flux) -> AsyncIterator[Database]:
    """What collect has stored."""
    async with connect(installation.kernel) as mongo:
        yield Store(mongo, installation.kernel).database("collect")


async def _compte(base: Database) -> dict[str, int]:
    noms = ("offres", "depots", "lignes", "outbox")
    return {nom: await base[nom].count_documents({}) for nom in noms}


async def _deposer(flux: Flux, corps: httpx._types.RequestContent, type_: str) -> httpx.Response:
    return await flux.collect.post(
        "/v1/depots", content=corps, headers={"Content-Type": type_}, timeout=60
    )


def _est_un_probleme(reponse: httpx.Response, statut: int, code: str) -> Json:
    assert reponse.status_code == statut, reponse.text
    assert reponse.headers["content-type"] == "application/problem+json"
    probleme: Json = reponse.json()
    assert probleme["code"] == code
    assert probleme["detail"].endswith(".")
    return probleme


@pytest.mark.parametrize("cas", REFUSES)
async def test_what_cannot_be_read_is_refused_and_leaves_nothing(
    flux: Flux, collecte: Database, cas: str
) -> None:
    corps, type_, statut, code = REFUSES[cas]
    avant = await _compte(collecte)

    reponse = await _deposer(flux, corps, type_)

    _est_un_probleme(reponse, statut, code)
    assert await _compte(collecte) == avant


@pytest.mark.parametrize(
    ("corps", "type_", "statut", "code"),
    [
        (b"{", JSON, 400, "json_illisible"),
        (b"", JSON, 400, "json_illisible"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, JSON, 400, "json_illisible"),
        ('{"localite": "Mérignac"}'.encode("cp1252"), JSON, 400, "json_illisible"),
        (b"{}", JSON, 422, "offre_refusee"),
        (b"{}", CSV, 415, "format_non_pris_en_charge"),
        (b" " * (2 * MIB), JSON, 413, "corps_trop_grand"),
    ],
)
async def test_a_single_offer_that_cannot_be_taken_leaves_nothing(
    flux: Flux, collecte: Database, corps: bytes, type_: str, statut: int, code: str
) -> None:
    avant = await _compte(collecte)

    reponse = await flux.collect.post("/v1/offres", content=corps, headers={"Content-Type": type_})

    _est_un_probleme(reponse, statut, code)
    assert await _compte(collecte) == avant


async def test_a_line_that_never_ends_is_stopped_with_memory_flat(
    flux: Flux, installation: Installation
) -> None:
    async def corps() -> AsyncIterator[bytes]:
        yield en_lignes([nouvelle()]) + b'{"a": "'
        for _ in range(96):
            yield b"a" * MIB

    pid = installation.fleet.pid("collect-api")
    avant = forget_peak(pid)
    reponse = await _deposer(flux, corps(), NDJSON)

    assert peak(pid) - avant < MEMOIRE_PLATE
    assert reponse.status_code == 202, reponse.text
    depot = await flux.fini(reponse.json()["id"])
    assert (depot["lignes"]["acceptees"], depot["lignes"]["refusees"]) == (1, 1)
    assert depot["constats"][0]["code"] == "ligne_trop_longue"


@pytest.mark.parametrize("contenu", ["rien", "offres"])
async def test_a_gzip_bomb_is_stopped_early_while_others_go_on(
    flux: Flux, installation: Installation, contenu: str
) -> None:
    ligne = b"\0" * 1_000 if contenu == "rien" else en_lignes([nouvelle()])
    bombe = gzip.compress(ligne * (128 * MIB // len(ligne)), 9)
    pid = installation.fleet.pid("collect-api")
    avant = forget_peak(pid)

    bombes = [asyncio.create_task(_deposer(flux, bombe, NDJSON)) for _ in range(3)]
    honnete = await flux.deposer(en_lignes(nouvelles(50)))
    problemes = [_est_un_probleme(await une, 413, "dilatation_excessive") for une in bombes]

    assert peak(pid) - avant < MEMOIRE_PLATE
    assert honnete["lignes"]["acceptees"] + honnete["lignes"]["a_corriger"] == 50
    for probleme in problemes:
        assert probleme["limite_ratio"] == 100
        assert "plus de 100 fois" in probleme["detail"]


async def test_a_real_delivery_that_expands_twenty_times_is_taken(flux: Flux) -> None:
    offres = en_lignes(nouvelles(700))
    compresse = gzip.compress(offres, 9)
    assert len(offres) / len(compresse) > 12

    depot = await flux.deposer(compresse)

    assert depot["lignes"]["recues"] == 700


def _coupes() -> Iterator[tuple[str, bytes, str]]:
    offres = nouvelles(40)
    lignes = en_lignes(offres)
    tableau = b"[" + b",".join(lignes.splitlines()) + b"]"
    yield "json-lines", lignes[:-200], NDJSON
    yield "tableau", tableau[:-200], JSON
    yield "gzip", gzip.compress(lignes)[:-100], NDJSON


@pytest.mark.parametrize("rang", range(3), ids=["json-lines", "tableau", "gzip"])
async def test_a_file_cut_in_the_middle_is_told_and_what_precedes_is_kept(
    flux: Flux, rang: int
) -> None:
    _, corps, type_ = list(_coupes())[rang]

    depot = await flux.deposer(corps, type_)

    assert depot["coupe"]
    assert depot["lignes"]["acceptees"] + depot["lignes"]["a_corriger"] > 10
    assert depot["lignes"]["refusees"] == 1


async def test_a_file_that_merely_lacks_its_last_newline_is_whole(flux: Flux) -> None:
    depot = await flux.deposer(en_lignes(nouvelles(5)).rstrip(b"\n"))

    assert not depot["coupe"]
    assert depot["lignes"]["refusees"] == 0


COLONNES = (
    "cle_ministere_educatif",
    "cfd",
    "etablissement_gestionnaire_siret",
    "etablissement_formateur_siret",
    "code_commune_insee",
    "localite",
    "lieu_formation_adresse",
    "duree",
    "annee",
    "date_debut",
)


def _csv(offre: Json, *, separateur: str, fin: str, **cellules: str) -> str:
    """Return one line of a table under `COLONNES`, every cell quoted."""
    valeurs = {**offre, "date_debut": "2021-09-06", **cellules}
    return separateur.join(f'"{valeurs[nom]}"' for nom in COLONNES) + fin


async def test_a_table_of_a_french_spreadsheet_is_read_and_its_unknown_column_told(
    flux: Flux,
) -> None:
    entete = ";".join((*COLONNES, "colonne_mystere")) + "\r\n"
    ligne = _csv(nouvelle(), separateur=";", fin=";x\r\n", localite="Bègles")

    depot = await flux.deposer((entete + ligne).encode("cp1252"), CSV)

    assert depot["lignes"]["recues"] == 1
    assert depot["lignes"]["refusees"] == 0
    remarques = " ".join(depot["remarques"])
    assert "colonne_mystere" in remarques
    assert "UTF-8" in remarques
    (ligne_vue,) = (await lire(flux.collect, f"/v1/depots/{depot['id']}/lignes"))["lignes"]
    offre = await lire(flux.collect, f"/v1/offres/{ligne_vue['offre']}")
    assert offre["offre"]["localite"] == "Bègles"


async def test_a_table_with_a_mark_and_quoted_line_breaks_keeps_ranks_lines_and_text(
    flux: Flux,
) -> None:
    adresse = '1 rue ""des Lilas"", bâtiment B;\r\nporte 3'
    entete = "\ufeff" + ",".join(COLONNES) + "\r\n"
    premiere = _csv(nouvelle(), separateur=",", fin="\r\n", lieu_formation_adresse=adresse)
    seconde = _csv(nouvelle(), separateur=",", fin="\r\n", cfd="5002", annee="deux")

    depot = await flux.deposer((entete + premiere + seconde).encode(), CSV)

    lignes = (await lire(flux.collect, f"/v1/depots/{depot['id']}/lignes"))["lignes"]
    assert [(une["ligne"], une["ligne_physique"]) for une in lignes] == [(1, 2), (2, 4)]
    tenue = await lire(flux.collect, f"/v1/offres/{lignes[0]['offre']}")
    assert tenue["offre"]["lieu_formation_adresse"] == adresse.replace('""', '"')
    assert "cfd_mal_forme" in {constat["code"] for constat in lignes[1]["constats"]}


@pytest.mark.parametrize(
    ("cle", "statut", "code"),
    [
        (None, 401, "cle_api_absente"),
        ("cat_abcdefgh_0123456789012345678901234567890123456_abcdef", 401, "cle_api_invalide"),
        (b"n'importe quoi".hex(), 401, "cle_api_invalide"),
    ],
)
@pytest.mark.parametrize("chemin", ["/v1/depots", "/v1/offres"])
async def test_without_a_valid_key_nothing_is_read(
    installation: Installation,
    collecte: Database,
    chemin: str,
    cle: str | None,
    statut: int,
    code: str,
) -> None:
    avant = await _compte(collecte)

    async with client(installation, "collect-api", None, key=cle) as api:
        reponse = await api.post(chemin, json=nouvelle())

    _est_un_probleme(reponse, statut, code)
    assert reponse.headers["www-authenticate"]
    assert await _compte(collecte) == avant


@pytest.mark.parametrize("role", [Role.LECTEUR, Role.INSTRUCTEUR, Role.PARTENAIRE])
async def test_a_key_of_another_role_deposits_nothing(
    installation: Installation, collecte: Database, role: Role
) -> None:
    avant = await _compte(collecte)

    async with client(installation, "collect-api", role) as api:
        reponse = await api.post("/v1/offres", json=nouvelle())

    _est_un_probleme(reponse, 403, "role_insuffisant")
    assert await _compte(collecte) == avant


async def test_a_key_of_other_establishments_touches_no_offer(
    installation: Installation, collecte: Database
) -> None:
    cle = await issue_key(
        installation.kernel, Role.DEPOSANT, "cfa-d-ailleurs", siret(SIRET_AILLEURS)
    )
    avant = await collecte["offres"].count_documents({})

    async with client(installation, "collect-api", None, key=cle) as api:
        seule = await api.post("/v1/offres", json=nouvelle())
        fichier = await api.post(
            "/v1/depots", content=en_lignes(nouvelles(3)), headers={"Content-Type": NDJSON}
        )

    _est_un_probleme(seule, 403, "hors_portee")
    assert fichier.json()["lignes"]["refusees"] == 3
    assert fichier.json()["constats"][0]["code"] == "hors_portee"
    assert await collecte["offres"].count_documents({}) == avant
