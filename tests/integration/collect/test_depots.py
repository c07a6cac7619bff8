"""Deposits through the API: every line accounted for, whatever the form and the fault."""

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from contracts.portees import Role
from services.kernel.mongo import Store
from tests.integration.collect.conftest import Cle
from tests.support.offres import AUTRE_SIRET, SIRET, offre

pytestmark = pytest.mark.integration

NDJSON = {"Content-Type": "application/x-ndjson"}
CSV = {"Content-Type": "text/csv"}


def ndjson(*offres: dict[str, object]) -> bytes:
    return b"".join(orjson.dumps(o, option=orjson.OPT_APPEND_NEWLINE) for o in offres)


async def deposer(
    api: httpx.AsyncClient, cle: dict[str, str], corps: bytes | AsyncIterator[bytes], **entetes: str
) -> httpx.Response:
    return await api.post("/v1/depots", content=corps, headers={**NDJSON, **cle, **entetes})


async def lignes(
    api: httpx.AsyncClient, cle: dict[str, str], depot: str, **filtres: str
) -> list[dict[str, Any]]:
    page = await api.get(
        f"/v1/depots/{depot}/lignes", params={"limite": 1000, **filtres}, headers=cle
    )
    assert page.status_code == 200, page.text
    trouvees: list[dict[str, Any]] = page.json()["lignes"]
    return trouvees


def totaux(reponse: httpx.Response) -> dict[str, int]:
    comptes = reponse.json()["lignes"]
    assert comptes["recues"] == sum(n for nom, n in comptes.items() if nom != "recues")
    return {nom: n for nom, n in comptes.items() if n}


async def rien(store: Store) -> bool:
    base = store.database("collect")
    noms = ("offres", "depots", "lignes", "outbox")
    return not any([await base[nom].count_documents({}) for nom in noms])


async def test_a_deposit_is_accepted_and_every_line_told(api: httpx.AsyncClient, cle: Cle) -> None:
    mienne = await cle()
    corps = ndjson(offre(1), offre(2, cfd=None), offre(1, localite="Avignon"), offre(3, duree=None))

    reponse = await deposer(api, mienne, corps + b"pas du json\n")

    assert reponse.status_code == 202
    depot = reponse.json()
    assert reponse.headers["location"] == f"/v1/depots/{depot['id']}"
    assert depot["etat"] == "recu"
    assert totaux(reponse) == {"recues": 5, "acceptees": 2, "refusees": 2, "ignorees": 1}
    recues = await lignes(api, mienne, depot["id"])
    assert [(x["ligne"], x["ligne_physique"], x["statut"]) for x in recues] == [
        (1, 1, "ignoree"),
        (2, 2, "refusee"),
        (3, 3, "acceptee"),
        (4, 4, "acceptee"),
        (5, 5, "refusee"),
    ]
    assert recues[1]["constats"][0]["code"] == "certification_absente"
    assert recues[1]["constats"][0]["que_faire"]


@pytest.mark.parametrize("forme", ["ndjson", "array", "csv", "gzip", "csv cp1252"])
async def test_any_form_gives_the_same_offers(api: httpx.AsyncClient, cle: Cle, forme: str) -> None:
    offres = [offre(n, localite=f"L’Isle-{n}") for n in range(1, 26)]
    colonnes = [nom for nom in offres[0] if nom != "date_debut"]
    csv = "\r\n".join(
        [";".join(colonnes), *(";".join(str(o[c]) for c in colonnes) for o in offres)]
    )
    corps, entetes = {
        "ndjson": (ndjson(*offres), NDJSON),
        "array": (orjson.dumps(offres), {"Content-Type": "application/json"}),
        "csv": (csv.encode("utf-8-sig"), CSV),
        "csv cp1252": (csv.encode("cp1252"), CSV),
        "gzip": (gzip.compress(ndjson(*offres)), {**NDJSON, "Content-Encoding": "gzip"}),
    }[forme]

    reponse = await deposer(api, await cle(), corps, **entetes)

    assert reponse.status_code == 202
    assert reponse.json()["lignes"]["recues"] == 25
    assert reponse.json()["lignes"]["refusees"] == 0
    assert bool(reponse.json()["remarques"]) == (forme == "csv cp1252")


async def test_the_same_deposit_again_changes_nothing(
    api: httpx.AsyncClient, cle: Cle, store: Store
) -> None:
    mienne, corps = await cle(), ndjson(*(offre(n) for n in range(1, 31)))
    await deposer(api, mienne, corps)
    avant = await store.database("collect")["outbox"].count_documents({})

    reponse = await deposer(api, mienne, corps)

    assert totaux(reponse) == {"recues": 30, "identiques": 30}
    assert reponse.json()["fini"]
    assert await store.database("collect")["outbox"].count_documents({}) == avant


async def test_a_later_line_holds_across_batches(api: httpx.AsyncClient, cle: Cle) -> None:
    mienne = await cle()
    offres = [offre(n) for n in range(1, 16)]

    reponse = await deposer(api, mienne, ndjson(*offres, offre(1, localite="Avignon")))

    assert totaux(reponse) == {"recues": 16, "acceptees": 15, "ignorees": 1}
    (ignoree,) = await lignes(api, mienne, reponse.json()["id"], statut="ignoree")
    assert ignoree["ligne"] == 1
    assert "1 et 16" in ignoree["constats"][0]["message"]


async def test_a_dry_run_reports_the_same_and_writes_no_offer(
    api: httpx.AsyncClient, cle: Cle, store: Store
) -> None:
    mienne = await cle()
    corps = ndjson(*(offre(n) for n in range(1, 13)), offre(1, localite="x"), offre(20, cfd=None))

    reponse = await api.post(
        "/v1/depots", params={"essai": "true"}, content=corps, headers={**NDJSON, **mienne}
    )

    assert reponse.status_code == 202
    assert reponse.json()["essai"]
    assert totaux(reponse) == {"recues": 14, "acceptees": 12, "refusees": 1, "ignorees": 1}
    assert await store.database("collect")["offres"].count_documents({}) == 0


async def test_a_succession_is_applied_when_the_delivery_is_whole(
    api: httpx.AsyncClient, cle: Cle
) -> None:
    mienne = await cle()
    ancienne, nouvelle = offre(1), offre(2)
    await deposer(api, mienne, ndjson(ancienne))
    lien = {**nouvelle, "cle_me_remplace": [ancienne["cle_ministere_educatif"]]}

    reponse = await deposer(api, mienne, ndjson(ancienne, lien))

    assert reponse.json()["etat"] == "recu"
    par_ancienne = await api.get(
        f"/v1/offres/{str(ancienne['cle_ministere_educatif']).replace('#', '%2523')}",
        headers=mienne,
    )
    vue = par_ancienne.json()
    assert vue["cle_ministere_educatif"] == nouvelle["cle_ministere_educatif"]
    assert vue["anciennes_cles"] == [ancienne["cle_ministere_educatif"]]
    (predecesseur,) = vue["predecesseurs"]
    remplacee = (await api.get(f"/v1/offres/{predecesseur}", headers=mienne)).json()
    assert (remplacee["etat"], remplacee["remplacee_par"]) == ("remplacee", vue["id"])


async def test_a_succession_that_cannot_be_is_said_on_its_line(
    api: httpx.AsyncClient, cle: Cle
) -> None:
    mienne = await cle()
    lien = offre(1, cle_me_remplace=[offre(9)["cle_ministere_educatif"]])

    reponse = await deposer(api, mienne, ndjson(lien))

    assert totaux(reponse) == {"recues": 1, "a_corriger": 1}
    (ligne,) = await lignes(api, mienne, reponse.json()["id"])
    assert [c["code"] for c in ligne["constats"]] == ["succession_predecesseur_inconnu"]


class TestRights:
    @pytest.mark.parametrize(
        ("entetes", "statut", "code"),
        [
            ({}, 401, "cle_api_absente"),
            ({"Authorization": "Bearer cat_nimporte"}, 401, "cle_api_invalide"),
        ],
    )
    async def test_without_a_good_key(
        self, api: httpx.AsyncClient, store: Store, entetes: dict[str, str], statut: int, code: str
    ) -> None:
        reponse = await deposer(api, entetes, ndjson(offre()))

        assert (reponse.status_code, reponse.json()["code"]) == (statut, code)
        assert await rien(store)

    async def test_with_a_key_of_another_role(
        self, api: httpx.AsyncClient, cle: Cle, store: Store
    ) -> None:
        reponse = await deposer(api, await cle(role=Role.PARTENAIRE), ndjson(offre()))

        assert (reponse.status_code, reponse.json()["code"]) == (403, "role_insuffisant")
        assert await rien(store)

    async def test_a_foreign_siret_is_refused_on_its_line(
        self, api: httpx.AsyncClient, cle: Cle
    ) -> None:
        mienne = await cle("cfa", f"siret:{AUTRE_SIRET}")
        sienne = offre(2, etablissement_formateur_siret=AUTRE_SIRET)

        reponse = await deposer(api, mienne, ndjson(offre(1), sienne))

        assert totaux(reponse) == {"recues": 2, "a_corriger": 1, "refusees": 1}
        assert (await lignes(api, mienne, reponse.json()["id"], code="hors_portee"))[0][
            "ligne"
        ] == 1

    @pytest.mark.parametrize("portee", ["departement:84", "region:93", "academie:2"])
    async def test_a_collector_deposits_for_its_territory(
        self, api: httpx.AsyncClient, cle: Cle, portee: str
    ) -> None:
        reponse = await deposer(api, await cle("carif", portee), ndjson(offre(1)))

        assert totaux(reponse) == {"recues": 1, "acceptees": 1}

    async def test_the_offer_of_another_depositor_is_refused_on_its_line(
        self, api: httpx.AsyncClient, cle: Cle
    ) -> None:
        await deposer(api, await cle("premier"), ndjson(offre(1)))

        reponse = await deposer(api, await cle("second"), ndjson(offre(1), offre(2)))

        assert totaux(reponse) == {"recues": 2, "acceptees": 1, "refusees": 1}

    async def test_the_deposit_of_another_is_not_found(
        self, api: httpx.AsyncClient, cle: Cle
    ) -> None:
        depot = (await deposer(api, await cle("premier"), ndjson(offre(1)))).json()["id"]
        autre = await cle("second")

        for adresse in (f"/v1/depots/{depot}", f"/v1/depots/{depot}/lignes"):
            assert (await api.get(adresse, headers=autre)).status_code == 404
        assert (await api.get("/v1/depots", headers=autre)).json()["depots"] == []


class TestBadBodies:
    @pytest.mark.parametrize(
        ("corps", "entetes", "statut", "code"),
        [
            (b"", NDJSON, 400, "corps_illisible"),
            (b"\n \n", NDJSON, 400, "corps_illisible"),
            (b"ceci n'est pas du JSON\n", NDJSON, 400, "corps_illisible"),
            (b"[]", {"Content-Type": "application/json"}, 400, "corps_illisible"),
            (b'{"a":"\xe9"}\n', NDJSON, 400, "corps_illisible"),
            (b"[" * 50_000, NDJSON, 400, "corps_illisible"),
            (b'{"a":' * 50_000, NDJSON, 400, "corps_illisible"),
            (b"couleur;taille\nbleu;grand\n", CSV, 400, "corps_illisible"),
            ("siret;cfd\n1;2\n".encode("utf-16"), CSV, 400, "corps_illisible"),
            (b"<offres/>", {"Content-Type": "application/xml"}, 415, None),
            (b"{}", {**NDJSON, "Content-Encoding": "br"}, 415, "codage_non_pris_en_charge"),
            (gzip.compress(b"{}")[:10] + b"\xff" * 50, NDJSON, 400, "gzip_illisible"),
            (gzip.compress(b"\0" * 3_000_000), NDJSON, 413, "dilatation_excessive"),
        ],
    )
    async def test_is_refused_whole_and_nothing_is_written(
        self,
        api: httpx.AsyncClient,
        cle: Cle,
        store: Store,
        corps: bytes,
        entetes: dict[str, str],
        statut: int,
        code: str | None,
    ) -> None:
        reponse = await deposer(api, await cle(), corps, **entetes)

        assert reponse.status_code == statut, reponse.text
        assert code in (None, reponse.json()["code"])
        assert reponse.json()["detail"]
        assert await rien(store)

    async def test_a_line_that_never_ends_costs_memory_for_one_line_only(
        self, api: httpx.AsyncClient, cle: Cle, store: Store
    ) -> None:
        async def sans_fin() -> AsyncIterator[bytes]:
            for _ in range(10_000):
                yield b"x" * 65_536

        tracemalloc.start()
        reponse = await deposer(api, await cle(), sans_fin())
        pic = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        assert reponse.status_code == 413
        assert pic < 16 * 1024 * 1024
        assert await rien(store)

    async def test_a_bomb_is_stopped_early_while_others_deposit(
        self, api: httpx.AsyncClient, cle: Cle
    ) -> None:
        mienne = await cle()
        bombe = gzip.compress(ndjson(offre(1, localite="x" * 2_000)) * 4_000, 9)

        arretee, autre = await asyncio.gather(
            deposer(api, mienne, bombe), deposer(api, mienne, ndjson(offre(2)))
        )

        assert arretee.status_code == 413
        assert "limite" in arretee.json()["detail"] or arretee.json()["code"] in (
            "dilatation_excessive",
            "trop_de_lignes",
        )
        assert autre.status_code == 202

    async def test_too_many_lines_keep_those_before_and_say_so(
        self, api: httpx.AsyncClient, cle: Cle
    ) -> None:
        mienne = await cle()

        reponse = await deposer(api, mienne, ndjson(*(offre(n) for n in range(1, 302))))

        assert (reponse.status_code, reponse.json()["code"]) == (413, "trop_de_lignes")
        suivi = await api.get(f"/v1/depots/{reponse.json()['depot']}", headers=mienne)
        assert totaux(suivi) == {"recues": 200, "acceptees": 200}
        assert suivi.json()["etat"] == "echoue"
        assert suivi.json()["echec"]["code"] == "trop_de_lignes"

    @pytest.mark.parametrize(
        ("corps", "entetes"),
        [
            (ndjson(offre(1), offre(2))[:-40], NDJSON),
            (orjson.dumps([offre(1), offre(2)])[:-40], {"Content-Type": "application/json"}),
            (gzip.compress(ndjson(offre(1), offre(2)) + b"\n" * 99)[:-12], NDJSON),
        ],
    )
    async def test_a_cut_body_is_received_and_said(
        self, api: httpx.AsyncClient, cle: Cle, corps: bytes, entetes: dict[str, str]
    ) -> None:
        mienne = await cle()

        reponse = await deposer(api, mienne, corps, **entetes)

        assert reponse.status_code == 202
        assert reponse.json()["coupe"]
        assert (await lignes(api, mienne, reponse.json()["id"]))[0]["statut"] == "acceptee"

    async def test_an_unknown_column_is_said_once_for_the_file(
        self, api: httpx.AsyncClient, cle: Cle
    ) -> None:
        corps = ndjson(*(offre(n, couleur="bleu") for n in range(1, 31)))

        reponse = await deposer(api, await cle(), corps)

        assert totaux(reponse) == {"recues": 30, "acceptees": 30}
        (remarque,) = reponse.json()["remarques"]
        assert "couleur" in remarque

    async def test_csv_tells_the_physical_line_of_each_record(
        self, api: httpx.AsyncClient, cle: Cle
    ) -> None:
        mienne = await cle()
        corps = (
            "﻿etablissement_gestionnaire_siret;intitule_formation\r\n"
            f'{SIRET};"CAP\r\nPâtissier ; ""bio"""\r\n'
            f"{SIRET};CAP\r\n"
        ).encode()

        reponse = await deposer(api, mienne, corps, **CSV)

        recues = await lignes(api, mienne, reponse.json()["id"])
        assert [(x["ligne"], x["ligne_physique"]) for x in recues] == [(1, 2), (2, 4)]


class TestIdempotencyKey:
    async def test_the_same_body_gets_the_first_answer(
        self, api: httpx.AsyncClient, cle: Cle
    ) -> None:
        mienne, corps = await cle(), ndjson(offre(1))
        premiere = await deposer(api, mienne, corps, **{"Idempotency-Key": "a"})

        seconde = await deposer(api, mienne, corps, **{"Idempotency-Key": "a"})

        assert (seconde.status_code, seconde.content) == (202, premiere.content)
        assert len((await api.get("/v1/depots", headers=mienne)).json()["depots"]) == 1

    async def test_another_body_is_refused(self, api: httpx.AsyncClient, cle: Cle) -> None:
        mienne = await cle()
        await deposer(api, mienne, ndjson(offre(1)), **{"Idempotency-Key": "a"})

        reponse = await deposer(api, mienne, ndjson(offre(2)), **{"Idempotency-Key": "a"})

        assert (reponse.status_code, reponse.json()["code"]) == (422, "idempotence_autre_contenu")

    async def test_a_request_in_progress_is_a_conflict(
        self, api: httpx.AsyncClient, cle: Cle
    ) -> None:
        mienne, suite = await cle(), asyncio.Event()

        async def lent() -> AsyncIterator[bytes]:
            yield ndjson(offre(1))
            await suite.wait()

        premiere = asyncio.create_task(deposer(api, mienne, lent(), **{"Idempotency-Key": "a"}))
        await asyncio.sleep(0.2)
        seconde = await deposer(api, mienne, ndjson(offre(1)), **{"Idempotency-Key": "a"})
        suite.set()

        assert (seconde.status_code, seconde.json()["code"]) == (409, "idempotence_en_cours")
        assert (await premiere).status_code == 202

    async def test_a_refused_request_frees_its_key(self, api: httpx.AsyncClient, cle: Cle) -> None:
        mienne = await cle()
        await deposer(api, mienne, b"", **{"Idempotency-Key": "a"})

        reponse = await deposer(api, mienne, ndjson(offre(1)), **{"Idempotency-Key": "a"})

        assert reponse.status_code == 202


async def test_the_report_as_csv_computes_nothing(api: httpx.AsyncClient, cle: Cle) -> None:
    mienne = await cle()
    depot = (
        await deposer(api, mienne, ndjson(offre(1, uai_formation='=HYPERLINK("http://x")')))
    ).json()["id"]

    for adresse, entetes in (
        (f"/v1/depots/{depot}/lignes.csv", {}),
        (f"/v1/depots/{depot}/lignes", {"Accept": "text/csv"}),
    ):
        rapport = await api.get(adresse, headers={**mienne, **entetes})

        assert rapport.headers["content-type"].startswith("text/csv")
        assert rapport.text.startswith("\ufeffligne;ligne_physique;statut")
        assert "\"'=HYPERLINK" in rapport.text


async def test_pages_of_lines_neither_skip_nor_repeat(api: httpx.AsyncClient, cle: Cle) -> None:
    mienne = await cle()
    depot = (await deposer(api, mienne, ndjson(*(offre(n) for n in range(1, 36))))).json()["id"]
    rangs: list[int] = []
    curseur: str | None = "0"
    while curseur is not None:
        page = await api.get(
            f"/v1/depots/{depot}/lignes", params={"limite": 8, "curseur": curseur}, headers=mienne
        )
        rangs += [ligne["ligne"] for ligne in page.json()["lignes"]]
        curseur = page.json()["suivant"]

    assert rangs == list(range(1, 36))
