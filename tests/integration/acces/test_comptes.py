"""Accounts and passwords on a real MongoDB."""

import asyncio

import httpx
import pytest
from passlib.handlers.sha2_crypt import sha512_crypt

from services.kernel.keystore import DATABASE
from services.kernel.mongo import Store
from tests.integration.acces.outils import MOT_DE_PASSE, Boite, Personnes, connecter

pytestmark = pytest.mark.integration

AUTRE = "Bonsoir!2"


async def test_an_account_is_opened_read_listed_and_never_shows_a_secret(
    personnes: Personnes,
) -> None:
    compte = await personnes.installer("celine")
    lu = await personnes.admin.get(f"/v1/comptes/{compte['id']}")
    liste = await personnes.admin.get("/v1/comptes", params={"actif": True})

    assert lu.headers["etag"] == f'"{compte["version"]}"'
    assert lu.json()["mot_de_passe_choisi"] is True
    assert liste.json() == {"nombre": 1, "tronquee": False, "comptes": [lu.json()]}
    assert "$6$" not in lu.text + liste.text


async def test_an_account_is_found_by_how_its_sign_in_begins(personnes: Personnes) -> None:
    for nom in ("celine", "celia", "marc"):
        await personnes.ouvrir(nom)

    for debut, trouves in (("CEL", 2), ("marc@academie", 1), (".*", 0)):
        liste = await personnes.admin.get("/v1/comptes", params={"debut": debut})
        assert liste.json()["nombre"] == trouves


async def test_one_name_is_one_account_s(personnes: Personnes) -> None:
    await personnes.ouvrir("celine")
    for pris in (
        {"identifiant": "CELINE", "courriel": "autre@academie.example"},
        {"identifiant": "autre", "courriel": "Celine@academie.example"},
        {"identifiant": "celine@academie.example", "courriel": "autre@academie.example"},
    ):
        with pytest.raises(httpx.HTTPStatusError, match="409"):
            await personnes.ouvrir(**pris)


async def test_only_an_administrator_manages_accounts(
    personnes: Personnes, http: httpx.AsyncClient
) -> None:
    compte = await personnes.installer("celine")
    await connecter(http, "celine")
    corps = {"identifiant": "x1", "nom": "X", "courriel": "x@y.fr", "role": "administrateur"}
    une = f"/v1/comptes/{compte['id']}"

    assert {
        (await http.get("/v1/comptes")).status_code,
        (await http.get(une)).status_code,
        (await http.post("/v1/comptes", json={**corps, "portees": ["*"]})).status_code,
        (await http.put(une, json=corps, headers={"If-Match": '"1"'})).status_code,
        (await http.post(f"{une}/invitation")).status_code,
    } == {403}


async def test_a_change_names_the_version_that_it_replaces(personnes: Personnes) -> None:
    compte = await personnes.ouvrir("celine")
    sans = await personnes.admin.put(
        f"/v1/comptes/{compte['id']}",
        json={"nom": "C", "courriel": "c@d.fr", "role": "partenaire"},
    )
    change = await personnes.modifier(compte, nom="Céline D.")
    depasse = await personnes.modifier(compte, nom="Céline E.")

    assert (sans.status_code, change.status_code, depasse.status_code) == (428, 200, 412)
    assert depasse.json()["version"] == 2


async def test_what_an_account_has_been_is_kept_with_who_decided_it(personnes: Personnes) -> None:
    compte = await personnes.ouvrir("celine")
    await personnes.modifier(compte, portees=["academie:25"])
    etapes = (await personnes.admin.get(f"/v1/comptes/{compte['id']}/historique")).json()

    assert [(une["version"], une["portees"], une["par"]) for une in etapes] == [
        (2, ["academie:25"], "mission"),
        (1, ["academie:10"], "mission"),
    ]


async def test_the_form_of_an_account_knows_its_lists(personnes: Personnes) -> None:
    dit = (await personnes.admin.get("/v1/comptes/vocabulaire")).json()

    moss = next(un for un in dit["roles"] if un["role"] == "moss")
    assert (moss["national"], moss["droits"]["affelnet"]) == (True, [])
    assert "Autre" in dit["tags_1"]


async def test_a_change_of_scope_is_known_to_the_open_session(
    personnes: Personnes, http: httpx.AsyncClient
) -> None:
    compte = await personnes.installer("celine")
    await connecter(http, "celine")
    await personnes.modifier(compte, portees=["academie:25"])

    assert (await http.get("/v1/session")).json()["academies"] == ["25"]


async def test_a_closed_account_is_out_at_once(
    personnes: Personnes, http: httpx.AsyncClient
) -> None:
    compte = await personnes.installer("celine")
    await connecter(http, "celine")
    await personnes.modifier(compte, actif=False)

    assert (await http.get("/v1/session")).status_code == 401
    assert (await connecter(http, "celine")).status_code == 401


async def test_two_administrators_who_close_each_other_leave_one(personnes: Personnes) -> None:
    comptes = [
        await personnes.ouvrir(nom, role="administrateur", portees=["*"]) for nom in ("anne", "bea")
    ]
    reponses = await asyncio.gather(*(personnes.modifier(un, actif=False) for un in comptes))

    assert sorted(une.status_code for une in reponses) == [200, 409]


async def test_a_forgotten_password_has_one_answer_for_all(
    personnes: Personnes, http: httpx.AsyncClient, boite: Boite
) -> None:
    await personnes.installer("celine")
    await personnes.modifier(await personnes.installer("fermee"), actif=False)
    boite.recus.clear()
    reponses = {
        (une.status_code, une.text)
        for nom in ("celine", "inconnue", "fermee")
        for une in [await http.post("/v1/mot-de-passe/oubli", json={"identifiant": nom})]
    }

    assert len(reponses) == 1
    assert [mail["To"].addresses[0].username for mail in boite.recus] == ["celine"]


async def test_a_chosen_password_ends_the_sessions_of_before(
    personnes: Personnes, http: httpx.AsyncClient, boite: Boite
) -> None:
    await personnes.installer("celine")
    await connecter(http, "celine")
    await http.post("/v1/mot-de-passe/oubli", json={"identifiant": "celine"})
    jeton = boite.jeton()
    faible = await http.put("/v1/mot-de-passe", json={"jeton": jeton, "nouveau": "invalid"})
    choisi = await http.put("/v1/mot-de-passe", json={"jeton": jeton, "nouveau": AUTRE})
    encore = await http.put("/v1/mot-de-passe", json={"jeton": jeton, "nouveau": AUTRE})

    assert (faible.status_code, choisi.status_code, encore.status_code) == (400, 200, 401)
    assert (await http.get("/v1/session")).status_code == 401
    assert (await connecter(http, "celine", MOT_DE_PASSE)).status_code == 401
    assert (await connecter(http, "celine", AUTRE)).status_code == 200


async def test_who_is_signed_in_changes_the_password_and_stays(
    personnes: Personnes, http: httpx.AsyncClient
) -> None:
    await personnes.installer("celine")
    await connecter(http, "celine")
    ancienne = http.cookies["catalogue"]
    corps = {"actuel": MOT_DE_PASSE, "nouveau": AUTRE}
    assert (await http.put("/v1/session/mot-de-passe", json=corps)).status_code == 204
    assert (await http.get("/v1/session")).status_code == 200

    http.cookies.clear()
    http.cookies["catalogue"] = ancienne
    assert (await http.get("/v1/session")).status_code == 401


async def test_a_historic_account_signs_in_and_its_hash_becomes_dearer(
    personnes: Personnes, http: httpx.AsyncClient, store: Store
) -> None:
    """The password of the old system is not judged by our policy until it is changed."""
    await personnes.ouvrir("user", empreinte=sha512_crypt.using(rounds=1000).hash("password"))
    connecte = await http.post("/api/auth/login", json={"username": "user", "password": "password"})
    [document] = await store.database(DATABASE)["comptes"].find().to_list()

    assert connecte.json()["permissions"] == {"isAdmin": False}
    assert connecte.json()["sub"] == "user"
    assert document["empreinte"].startswith("$6$rounds=1001$")
    assert (await http.get("/api/auth/current-session")).json() == connecte.json()
    assert (await http.post("/api/auth/logout")).status_code == 200
    assert (await http.get("/api/auth/current-session")).status_code == 401
