"""An unknown query parameter is refused, never ignored."""

import pytest

from tests.unit.kernel_http.apps import client, make_app


@pytest.mark.parametrize("path", ["/v1/items?page=2", "/v1/filtres?couleur=bleu", "/v1/items"])
async def test_declared_parameters_pass(path: str) -> None:
    async with client(make_app()) as http:
        answer = await http.get(path)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("/v1/items?pages=2", "« page »"),
        ("/v1/filtres?zzz=1", "couleur"),
        ("/v1/panne?x=1", "pas de paramètre"),
    ],
)
async def test_an_unknown_parameter_is_a_422_that_helps(path: str, advice: str) -> None:
    async with client(make_app()) as http:
        answer = await http.get(path)

    assert answer.status_code == 422
    assert answer.json()["code"] == "parametre_inconnu"
    assert advice in answer.json()["erreurs"][0]["que_faire"]


async def test_pages_bear_what_other_sites_append_to_links() -> None:
    async with client(make_app()) as http:
        answer = await http.get("/page?utm_source=lettre")

    assert answer.status_code == 200
