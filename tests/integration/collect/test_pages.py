"""The deposit page: a plain form, followed and read without script, by whoever made the deposit."""

import gzip
import re

import httpx
import orjson
import pytest

from contracts.portees import Role
from services.kernel.mongo import Store
from tests.integration.collect.conftest import Cle
from tests.support.offres import AUTRE_SIRET, offre

pytestmark = pytest.mark.integration

PAGE = {"Accept": "text/html"}


async def envoyer(
    api: httpx.AsyncClient, cle: dict[str, str], corps: bytes, **champs: str
) -> httpx.Response:
    texte = cle.get("Authorization", "").removeprefix("Bearer ")
    return await api.post(
        "/deposer",
        data={"cle": texte, **champs},
        files={"fichier": ("offres « 2020 ».ndjson", corps, "application/octet-stream")},
        headers=PAGE,
    )


def ndjson(*offres: dict[str, object]) -> bytes:
    return b"".join(orjson.dumps(o, option=orjson.OPT_APPEND_NEWLINE) for o in offres)


@pytest.mark.parametrize("adresse", ["/", "/deposer"])
async def test_the_form_needs_no_key_and_no_script(api: httpx.AsyncClient, adresse: str) -> None:
    page = await api.get(adresse)

    assert page.status_code == 200
    assert 'enctype="multipart/form-data"' in page.text
    assert "<script" not in page.text
    ordre = [page.text.index(f'name="{nom}"') for nom in ("cle", "essai", "fichier")]
    assert ordre == sorted(ordre)  # the file is read as it comes: what it needs is before it


@pytest.mark.parametrize("compresse", [False, True])
async def test_a_file_is_deposited_and_its_report_read(
    api: httpx.AsyncClient, cle: Cle, compresse: bool
) -> None:
    corps = ndjson(*(offre(n) for n in range(1, 60)), offre(60, cfd=None))

    reponse = await envoyer(api, await cle(), gzip.compress(corps) if compresse else corps)

    assert reponse.status_code == 303
    page = await api.get(reponse.headers["location"])
    assert page.status_code == 200
    assert "offres « 2020 ».ndjson" in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert page.text.count('<th scope="row"') == 50
    suivante = re.search(r'href="(/depots/[^"]+apres=50[^"]*)"', page.text)
    assert suivante
    reste = await api.get(suivante[1].replace("&amp;", "&").partition("#")[0])
    assert reste.text.count('<th scope="row"') == 10
    assert "Donnez le code formation diplôme" in reste.text
    rapport = re.search(r'href="(/depots/[^"]+rapport\.csv[^"]*)"', page.text)
    assert rapport
    csv = await api.get(rapport[1])
    assert len(csv.text.splitlines()) == 61


async def test_the_report_is_filtered(api: httpx.AsyncClient, cle: Cle) -> None:
    corps = ndjson(offre(1), offre(2, cfd=None))
    adresse = (await envoyer(api, await cle(), corps)).headers["location"]

    for filtre in ("statut=refusee", "gravite=refus", "code=certification_absente"):
        page = await api.get(f"{adresse}&{filtre}")
        assert page.text.count('<th scope="row"') == 1


async def test_a_dry_run_is_said(api: httpx.AsyncClient, cle: Cle, store: Store) -> None:
    reponse = await envoyer(api, await cle(), ndjson(offre(1)), essai="oui")

    page = await api.get(reponse.headers["location"])
    assert "Essai" in page.text
    assert await store.database("collect")["offres"].count_documents({}) == 0


async def test_what_is_refused_is_said_on_the_form(
    api: httpx.AsyncClient, cle: Cle, store: Store
) -> None:
    mauvaises = [
        (await envoyer(api, {}, ndjson(offre(1))), 401),
        (await envoyer(api, await cle(role=Role.LECTEUR), ndjson(offre(1))), 403),
        (await envoyer(api, await cle(), b""), 400),
        (await envoyer(api, await cle(), b"<html>"), 400),
    ]

    for page, statut in mauvaises:
        assert page.status_code == statut
        assert 'role="alert"' in page.text
        assert 'name="fichier"' in page.text
    assert await store.database("collect")["depots"].count_documents({}) == 0


async def test_a_deposit_stopped_on_the_way_leads_to_its_report(
    api: httpx.AsyncClient, cle: Cle
) -> None:
    reponse = await envoyer(api, await cle(), ndjson(*(offre(n) for n in range(1, 300))))

    assert reponse.status_code == 303
    page = await api.get(reponse.headers["location"])
    assert "La réception s’est arrêtée" in page.text
    assert "200" in page.text


async def test_the_page_of_a_deposit_is_only_for_who_made_it(
    api: httpx.AsyncClient, cle: Cle
) -> None:
    adresse = (await envoyer(api, await cle(), ndjson(offre(1)))).headers["location"]
    nue, _, jeton = adresse.partition("?jeton=")

    for lien in (nue, f"{nue}?jeton=", f"{nue}?jeton={jeton[:-1]}x", f"{nue}/rapport.csv"):
        assert (await api.get(lien, headers=PAGE)).status_code == 404


async def test_texts_of_depositors_are_escaped(api: httpx.AsyncClient, cle: Cle) -> None:
    mechant = offre(1, uai_formation="<script>alert(1)</script>")
    mechant["<img src=x>"] = 1
    adresse = (await envoyer(api, await cle(), ndjson(mechant))).headers["location"]

    page = await api.get(adresse)

    assert "<script>alert" not in page.text
    assert "<img src=x>" not in page.text
    assert "&lt;script&gt;" in page.text


async def test_a_form_that_is_none_is_refused(api: httpx.AsyncClient) -> None:
    for entetes in (
        {"Content-Type": "text/plain"},
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": "multipart/form-data; boundary=x"},
    ):
        page = await api.post("/deposer", content=b"abc", headers={**PAGE, **entetes})
        assert page.status_code in (400, 401)


async def test_the_scope_of_the_key_counts_on_the_page_too(
    api: httpx.AsyncClient, cle: Cle
) -> None:
    mienne = await cle("cfa", f"siret:{AUTRE_SIRET}")
    adresse = (await envoyer(api, mienne, ndjson(offre(1)))).headers["location"]

    assert "ne couvre ni le gestionnaire ni le formateur" in (await api.get(adresse)).text
