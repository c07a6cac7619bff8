"""One offer through the API: submitted, read under any of its names, withdrawn, transferred."""

import asyncio
from typing import Any
from urllib.parse import quote

import httpx
import orjson
import pytest

from contracts.portees import Role
from services.kernel.mongo import Store
from tests.integration.collect.conftest import Cle
from tests.support.offres import AUTRE_SIRET, offre

pytestmark = pytest.mark.integration


async def deposer(
    api: httpx.AsyncClient, cle: dict[str, str], une: dict[str, object]
) -> httpx.Response:
    return await api.post("/v1/offres", json=une, headers=cle)


async def lire(api: httpx.AsyncClient, cle: dict[str, str], nom: str) -> httpx.Response:
    return await api.get(f"/v1/offres/{nom}", headers=cle)


async def deposee(
    api: httpx.AsyncClient, cle: dict[str, str], une: dict[str, object]
) -> dict[str, Any]:
    reponse = await deposer(api, cle, une)
    assert reponse.status_code == 202, reponse.text
    recue: dict[str, Any] = reponse.json()
    return recue


async def test_an_offer_is_accepted_with_links(api: httpx.AsyncClient, cle: Cle) -> None:
    mienne = await cle()
    reponse = await deposer(api, mienne, offre(1, uai_formation="0840001A"))

    assert reponse.status_code == 202
    recue = reponse.json()
    assert recue["statut"] == "a_corriger"
    assert recue["constats"][0]["code"] == "uai_lettre_fausse"
    assert reponse.headers["location"] == recue["liens"]["depot"]
    suivie = await api.get(recue["liens"]["offre"], headers=mienne)
    assert suivie.json()["id"] == recue["offre"]


@pytest.mark.parametrize(
    ("changement", "code"),
    [
        ({"etablissement_gestionnaire_siret": "12"}, "siret_gestionnaire_mal_forme"),
        ({"cfd": None}, "certification_absente"),
        ({"code_commune_insee": None, "code_postal": None}, "lieu_absent"),
    ],
)
async def test_a_refused_offer_is_a_422_and_leaves_nothing(
    api: httpx.AsyncClient, cle: Cle, store: Store, changement: dict[str, Any], code: str
) -> None:
    reponse = await deposer(api, await cle(), offre(1, **changement))

    assert reponse.status_code == 422
    assert code in [erreur["code"] for erreur in reponse.json()["erreurs"]]
    for nom in ("offres", "depots", "outbox"):
        assert await store.database("collect")[nom].count_documents({}) == 0


@pytest.mark.parametrize(
    ("corps", "media", "statut"),
    [
        (b"pas du json", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"", "application/json", 400),
        (b'{"a":"\xe9"}', "application/json", 400),
        (b'{"a":' * 2_000, "application/json", 400),
        (b'{"a":"' + b"x" * 100_000 + b'"}', "application/json", 413),
        (b"{}", "text/plain", 415),
    ],
)
async def test_a_bad_body_has_its_status(
    api: httpx.AsyncClient, cle: Cle, corps: bytes, media: str, statut: int
) -> None:
    entetes = {**await cle(), "Content-Type": media}
    reponse = await api.post("/v1/offres", content=corps, headers=entetes)

    assert reponse.status_code == statut, reponse.text
    assert reponse.json()["detail"]


async def test_a_foreign_siret_is_forbidden(api: httpx.AsyncClient, cle: Cle) -> None:
    reponse = await deposer(api, await cle("cfa", f"siret:{AUTRE_SIRET}"), offre(1))

    assert (reponse.status_code, reponse.json()["code"]) == (403, "hors_portee")


async def test_the_offer_of_another_is_forbidden(api: httpx.AsyncClient, cle: Cle) -> None:
    recue = await deposee(api, await cle("premier"), offre(1))
    autre = await cle("second", f"siret:{AUTRE_SIRET}", "departement:84")

    assert (await deposer(api, autre, offre(1, localite="x"))).status_code == 403
    retrait = await api.delete(f"/v1/offres/{recue['offre']}", params={"motif": "x"}, headers=autre)
    assert retrait.status_code == 403


@pytest.mark.parametrize("forme", ["%23", "%2523", "", "id", "rco"])
async def test_an_offer_is_found_by_any_of_its_names(
    api: httpx.AsyncClient, cle: Cle, forme: str
) -> None:
    mienne = await cle()
    une = offre(1, id_formation="F", id_action="A", id_certifinfo="C")
    recue = await deposee(api, mienne, une)
    texte = str(une["cle_ministere_educatif"])
    noms = {
        "%23": quote(texte),
        "%2523": quote(quote(texte)),
        "": texte.split("#", maxsplit=1)[0],
        "id": recue["offre"],
        "rco": quote("F|A|C"),
    }

    reponse = await lire(api, mienne, noms[forme])

    assert reponse.status_code == 200, reponse.text
    assert reponse.json()["id"] == recue["offre"]
    assert reponse.json()["offre"]["cle_ministere_educatif"] == texte


async def test_a_cut_cle_of_several_sites_is_ambiguous(api: httpx.AsyncClient, cle: Cle) -> None:
    mienne = await cle()
    une = offre(1)
    texte = str(une["cle_ministere_educatif"])
    await deposee(api, mienne, une)
    await deposee(api, mienne, {**une, "cle_ministere_educatif": texte.replace("L01", "L02")})

    assert (await lire(api, mienne, texte.split("#", maxsplit=1)[0])).status_code == 409
    assert (await lire(api, mienne, "inconnue")).status_code == 404


async def test_a_withdrawal_is_a_state_and_happens_once(
    api: httpx.AsyncClient, cle: Cle, store: Store
) -> None:
    mienne = await cle()
    recue = await deposee(api, mienne, offre(1))
    adresse = f"/v1/offres/{recue['offre']}"
    avant = await store.database("collect")["outbox"].count_documents({})

    premiere = await api.delete(adresse, params={"motif": "formation fermée"}, headers=mienne)
    seconde = await api.request("DELETE", adresse, json={"motif": "autre"}, headers=mienne)

    assert premiere.json()["etat"] == "retiree"
    assert (premiere.json()["sequence"], seconde.json()["sequence"]) == (2, 2)
    assert seconde.json()["motif"] == "formation fermée"
    assert await store.database("collect")["outbox"].count_documents({}) == avant + 1


async def test_a_withdrawal_has_a_motif(api: httpx.AsyncClient, cle: Cle) -> None:
    mienne = await cle()
    recue = await deposee(api, mienne, offre(1))

    assert (await api.delete(f"/v1/offres/{recue['offre']}", headers=mienne)).status_code == 422


async def test_a_withdrawn_offer_comes_back_when_deposited(
    api: httpx.AsyncClient, cle: Cle
) -> None:
    mienne = await cle()
    recue = await deposee(api, mienne, offre(1))
    await api.delete(f"/v1/offres/{recue['offre']}", params={"motif": "x"}, headers=mienne)

    revenue = await deposee(api, mienne, offre(1))

    assert (revenue["offre"], revenue["sequence"]) == (recue["offre"], 3)
    assert (await lire(api, mienne, recue["offre"])).json()["etat"] == "active"


async def test_an_administrator_transfers_an_offer(api: httpx.AsyncClient, cle: Cle) -> None:
    premier, second = await cle("premier"), await cle("second")
    admin = await cle("admin", role=Role.ADMINISTRATEUR)
    recue = await deposee(api, premier, offre(1, reference="r1"))
    adresse = f"/v1/offres/{recue['offre']}/transfert"

    refus = await api.post(adresse, json={"deposant": "second"}, headers=premier)
    donnee = await api.post(adresse, json={"deposant": "second"}, headers=admin)

    assert refus.status_code == 403
    assert donnee.json()["deposant"] == "second"
    assert (await deposer(api, premier, offre(1, localite="x"))).status_code == 403
    reprise = await deposee(api, second, offre(1, localite="x"))
    assert reprise["offre"] == recue["offre"]


async def test_two_requests_racing_for_one_cle_make_one_offer(
    api: httpx.AsyncClient, cle: Cle
) -> None:
    mienne = await cle()
    reponses = await asyncio.gather(
        *(deposer(api, mienne, offre(1, localite=f"v{n}")) for n in range(6))
    )

    assert {r.status_code for r in reponses} == {202}
    assert len({r.json()["offre"] for r in reponses}) == 1
    assert sorted(r.json()["sequence"] for r in reponses) == list(range(1, 7))


async def test_administrators_compare_and_send_again(
    api: httpx.AsyncClient, cle: Cle, store: Store
) -> None:
    mienne, admin = await cle(), await cle("admin", role=Role.ADMINISTRATEUR)
    recues = [await deposee(api, mienne, offre(n)) for n in (1, 2, 3)]

    assert (await api.get("/interne/empreintes", headers=mienne)).status_code == 403
    flux = await api.get("/interne/empreintes", headers=admin)
    lignes = [orjson.loads(ligne) for ligne in flux.text.splitlines()]
    assert [ligne["id"] for ligne in lignes] == sorted(r["offre"] for r in recues)
    assert set(lignes[0]) == {"id", "sequence", "empreinte", "etat"}

    base = store.database("collect")
    avant = await base["outbox"].count_documents({})
    ids = [recues[0]["offre"], "inconnue"]
    reponse = await api.post("/interne/reemettre", json={"ids": ids}, headers=admin)
    assert reponse.json() == {"reemises": 1, "inconnues": ["inconnue"]}
    assert await base["outbox"].count_documents({}) == avant + 1
