"""Who passes, who does not, and that no route forgets to ask."""

import pytest
from fastapi import Depends

from services.kernel.auth import Identity, require, unguarded_routes
from tests.unit.kernel_http.apps import client, make_app, settings

BODY = {"nom": "a", "rang": 1}


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "cle_api_absente"),
        ({"Authorization": "Basic abc"}, 401, "cle_api_absente"),
        ({"X-Api-Key": "inconnue"}, 401, "cle_api_invalide"),
        ({"Authorization": "Bearer inconnue"}, 401, "cle_api_invalide"),
        ({"X-Api-Key": "lecteur"}, 403, "role_insuffisant"),
    ],
)
async def test_who_may_not_is_told_why(headers: dict[str, str], status: int, code: str) -> None:
    async with client(make_app()) as http:
        answer = await http.post("/v1/items", json=BODY, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("www-authenticate" in answer.headers) is (status == 401)
    assert "inconnue" not in answer.json()["detail"].split(":")[0]


@pytest.mark.parametrize("headers", [{"X-Api-Key": "auteur"}, {"Authorization": "Bearer auteur"}])
async def test_the_right_role_passes_by_either_header(headers: dict[str, str]) -> None:
    async with client(make_app()) as http:
        answer = await http.post("/v1/items", json=BODY, headers=headers)

    assert answer.json() == "a h"


async def test_a_wrong_key_is_refused_even_where_none_is_needed() -> None:
    async with client(make_app(), X_Api_Key="inconnue") as http:
        answer = await http.get("/v1/items")

    assert answer.status_code == 401


async def test_a_route_that_names_nobody_is_found() -> None:
    app = make_app()
    assert unguarded_routes(app) == []

    @app.get("/ouverte")
    async def ouverte() -> None: ...

    @app.get("/gardee", dependencies=[Depends(require("x"))])
    async def gardee() -> None: ...

    assert unguarded_routes(app) == ["GET /ouverte"]


def test_require_names_at_least_one_role() -> None:
    with pytest.raises(ValueError, match="at least one role"):
        require()


def test_scopes_are_compared_and_a_star_covers_all() -> None:
    some = Identity("k", "", "r", frozenset({"a:1", "b:2"}), "t")
    everything = Identity("k", "", "r", frozenset({"*"}), "t")

    assert some.covers("a:1")
    assert not some.covers("a:2")
    assert some.covers_any(["a:9", "b:2"])
    assert not some.covers_any([])
    assert everything.covers("z:0")
    assert everything.covers_any(["z:0"])


async def test_a_caller_too_fast_is_told_when_to_come_back_and_others_are_not_held() -> None:
    app = make_app(settings(debit_par_seconde=0.01, debit_rafale=2))
    async with client(app) as http:
        fast = [await http.get("/v1/items", headers={"X-Api-Key": "lecteur"}) for _ in range(3)]
        other = await http.get("/v1/items", headers={"X-Api-Key": "auteur"})

    assert [answer.status_code for answer in fast] == [200, 200, 429]
    assert 0 < int(fast[-1].headers["retry-after"]) <= 100
    assert other.status_code == 200
