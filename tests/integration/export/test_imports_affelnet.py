"""The Affelnet import through the API: previewed, applied whole or not at all, once."""

import asyncio
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio
from bson.binary import UUID_SUBTYPE, Binary
from openpyxl import Workbook  # type: ignore[import-untyped]

from contracts.statuts import Plateforme
from services.export.adapters.imports import ImportsMongo
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.regles_lecture import lire_fichier
from services.export.usecases.importer_affelnet import Moyens
from services.export.usecases.importer_affelnet import appliquer_import as usecase_appliquer
from services.export.usecases.projeter import appliquer
from services.kernel.clock import FixedClock
from services.kernel.problem import Conflict
from tests.integration.export.conftest import cle
from tests.unit.export.fabrique import INSTANT, document_de_regle, evenement
from tests.unit.export.test_import_affelnet import ENTETE_LONG, document, rangee

pytestmark = pytest.mark.integration

AF = Plateforme.AFFELNET
ADMIN = cle("administrateur")
UN, DEUX, TROIS = (f"{rang:026}" for rang in (1, 2, 3))
IMPORTS = "/v1/affelnet/imports"


@pytest_asyncio.fixture(autouse=True)
async def offres(base: BaseMongo, juges: JugesMongo, horloge: FixedClock) -> None:
    """Three offers that the plain rule of Affelnet admits."""
    await ReglesMongo(base).remplacer(lire_fichier([document_de_regle(AF)]).regles, INSTANT)
    lot = [evenement(f"{rang:026}", formation=document(rang)["projection"]) for rang in (1, 2, 3)]
    await appliquer(lot, base, juges, horloge)


def fichier(*rangees: list[str]) -> bytes:
    return "\r\n".join(";".join(une) for une in (ENTETE_LONG, *rangees)).encode("cp1252")


def classeur(*rangees: list[str]) -> bytes:
    livre = Workbook(write_only=True)
    feuille = livre.create_sheet()
    for une in (ENTETE_LONG, *rangees):
        feuille.append(une)
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


async def deposer(api: httpx.AsyncClient, octets: bytes, **parametres: str) -> httpx.Response:
    return await api.post(IMPORTS, headers=ADMIN, content=octets, params=parametres)


async def appliquer_import(
    api: httpx.AsyncClient, depose: httpx.Response, **entetes: str
) -> httpx.Response:
    vue = {"If-Match": depose.headers["etag"]} | entetes
    adresse = f"{IMPORTS}/{depose.json()['id']}/application"
    return await api.post(adresse, headers=ADMIN | vue)


async def etat(base: BaseMongo) -> list[dict[str, Any]]:
    documents = [un async for un in base.formations.find({}, {"ecrit": 0}, sort=[("_id", 1)])]
    return [*documents, {"outbox": await base.outbox.collection.count_documents({})}]


@pytest.mark.parametrize("forme", [fichier, classeur])
async def test_a_file_is_previewed_then_applied_then_changes_nothing(
    api: httpx.AsyncClient, base: BaseMongo, forme: Callable[..., bytes]
) -> None:
    octets = forme(rangee(1, "10"), rangee(2, "20"), rangee(9, "90"))
    avant = await etat(base)
    depose = await deposer(api, octets)

    assert depose.status_code == 201, depose.text
    apercu = depose.json()["apercu"]
    assert apercu["lignes"] == {"publie": 2, "force_insuffisante": 1}
    assert apercu["comptes"] == [
        {
            "num_academie": "02",
            "statut_avant": "à publier",
            "statut_apres": "publié",
            "nombre": 2,
        }
    ]
    assert await etat(base) == avant

    applique = await appliquer_import(api, depose)
    assert applique.status_code == 200, applique.text
    assert applique.json()["applications"][0]["changements"] == 2
    vue = (await api.get(f"/v1/offres/{UN}", headers=ADMIN)).json()["affelnet"]
    assert vue["affiche"]["statut"] == "publié"
    assert vue["affiche"]["identifiant"] == "AIX-MARSEILLE/10"

    apres = await etat(base)
    encore = await deposer(api, octets)
    assert (encore.status_code, encore.json()["id"]) == (200, depose.json()["id"])
    assert encore.json()["apercu"]["changements"] == 0
    assert (await appliquer_import(api, encore)).status_code == 200
    assert await etat(base) == apres


async def test_the_report_and_the_differences_are_read_and_downloaded(
    api: httpx.AsyncClient,
) -> None:
    identifiant = (await deposer(api, fichier(rangee(1, "10"), rangee(9, "90")))).json()["id"]
    adresse = f"{IMPORTS}/{identifiant}"

    page = (await api.get(f"{adresse}/lignes", headers=ADMIN, params={"limite": 1})).json()
    assert (page["lignes"][0]["code"], page["lignes"][0]["force"]) == ("publie", 5)
    suite = {"apres": page["suivant"], "code": "force_insuffisante"}
    assert [
        une["ligne"]
        for une in (await api.get(f"{adresse}/lignes", headers=ADMIN, params=suite)).json()[
            "lignes"
        ]
    ] == [3]
    tableau = await api.get(f"{adresse}/differences.csv", headers=ADMIN)
    assert tableau.text.startswith("\ufeffid;cle_ministere_educatif;")
    assert UN in tableau.text
    assert "0490000000" not in tableau.text


async def test_a_preview_that_is_no_longer_true_is_not_applied(
    api: httpx.AsyncClient, base: BaseMongo
) -> None:
    premier = await deposer(api, fichier(rangee(1, "10")))
    second = await deposer(api, fichier(rangee(1, "10"), rangee(2, "20")))
    assert (await appliquer_import(api, premier)).status_code == 200
    avant = await etat(base)

    refus = await appliquer_import(api, second)
    assert (refus.status_code, refus.json()["code"]) == (412, "apercu_depasse")
    assert await etat(base) == avant
    nouvelle = f'"{refus.json()["version"]}"'
    assert (await appliquer_import(api, second, **{"If-Match": nouvelle})).status_code == 200

    sans = await api.post(f"{IMPORTS}/{second.json()['id']}/application", headers=ADMIN)
    assert sans.status_code == 428


async def test_an_import_of_too_many_changes_is_refused_whole(
    api: httpx.AsyncClient, base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    depose = await deposer(api, fichier(rangee(1, "10"), rangee(2, "20")))
    avant = await etat(base)
    version = depose.headers["etag"].strip('"')
    moyens = Moyens(ImportsMongo(base), juges, horloge, changements_max=1)

    with pytest.raises(Conflict) as refus:
        await usecase_appliquer(depose.json()["id"], version, "x", moyens)
    assert refus.value.code == "trop_de_changements"
    assert await etat(base) == avant


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "entete_refusee"),
        (b"A;B\r\n1;2", "entete_refusee"),
        (b"PK\x03\x04abc", "classeur_illisible"),
        (fichier(), "fichier_sans_offre"),
        (fichier(rangee(1, UAI="")), "fichier_sans_offre"),
    ],
)
async def test_a_file_that_says_nothing_is_refused(
    api: httpx.AsyncClient, octets: bytes, code: str
) -> None:
    refus = await deposer(api, octets)
    assert (refus.status_code, refus.json()["code"]) == (422, code)


@pytest.mark.parametrize("role", ["instructeur", "partenaire", "deposant"])
async def test_only_an_administrator_imports(api: httpx.AsyncClient, role: str) -> None:
    assert (await api.post(IMPORTS, headers=cle(role), content=b"x")).status_code == 403


_TUEE = """
import asyncio, sys
from services.export.adapters.imports import ImportsMongo
from services.export.adapters.mongo import ouvrir
from services.export.adapters.regles import JugesMongo
from services.export.settings import ExportSettings
from services.export.usecases import importer_affelnet as usecase
from services.kernel.clock import FixedClock
from tests.unit.export.fabrique import INSTANT, JOUR

async def main():
    settings = ExportSettings()
    async with ouvrir(settings) as base:
        imports = ImportsMongo(base)
        faits = usecase.ecrire_faits
        async def puis_attendre(*arguments, **nommes):
            await faits(*arguments, **nommes)
            print(arguments[0]._session.session_id["id"].hex(), flush=True)
            await asyncio.sleep(60)
        usecase.ecrire_faits = puis_attendre
        juges = JugesMongo(base, settings, lambda: JOUR)
        moyens = usecase.Moyens(imports, juges, FixedClock(INSTANT), 100)
        await usecase.appliquer_import(sys.argv[1], sys.argv[2], "x", moyens)

asyncio.run(main())
"""


async def test_an_import_killed_in_its_transaction_changes_nothing(
    api: httpx.AsyncClient, base: BaseMongo, variables: dict[str, str]
) -> None:
    depose = await deposer(api, fichier(rangee(1, "10"), rangee(2, "20")))
    avant = await etat(base)
    version = depose.headers["etag"].strip('"')
    tuee = await asyncio.to_thread(
        subprocess.Popen,
        [sys.executable, "-c", _TUEE, depose.json()["id"], version],
        env=variables,
        stdout=subprocess.PIPE,
    )
    with tuee:
        assert tuee.stdout is not None
        session = bytes.fromhex((await asyncio.to_thread(tuee.stdout.readline)).decode())
        os.kill(tuee.pid, signal.SIGKILL)
    # What the server does by itself, once the limit of a transaction (a minute) is passed.
    await base.client.admin.command({"killSessions": [{"id": Binary(session, UUID_SUBTYPE)}]})

    assert await etat(base) == avant
    entete = (await api.get(f"{IMPORTS}/{depose.json()['id']}", headers=ADMIN)).json()
    assert entete["applications"] == []
    assert (await appliquer_import(api, depose)).status_code == 200
