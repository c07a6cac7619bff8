"""Each line of the table of routes, for each role: nobody, one's own académie, another one."""

from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio
from _pytest.mark import ParameterSet

from contracts.portees import Role
from deploy.local.config import Addresses
from tests.integration.export.routes import LYON, NANTES, Banc, banc, cle, montre
from tests.support.routes import Portee, Route
from tests.support.table_routes import EXPORT

pytestmark = pytest.mark.integration

_REFUS: Final = {401, 403}
_BORNEES: Final = {Portee.OFFRE, Portee.ACADEMIE, Portee.ETABLISSEMENT}
_PARTOUT: Final = "administrateur"  # whatever the scopes of the key


def lignes(*portees: Portee) -> list[ParameterSet]:
    """Return the lines of the table with these reaches, all when none is named."""
    return [
        pytest.param(route, id=f"{rang}-{route.nom}-{route.plateforme}")
        for rang, route in enumerate(EXPORT)
        if not portees or route.portee in portees
    ]


@pytest_asyncio.fixture(scope="module")
async def ici(servers: Addresses) -> AsyncIterator[Banc]:
    async with banc(servers) as monte:
        yield monte


@pytest.mark.parametrize("route", lignes())
async def test_who_comes_in(ici: Banc, route: Route) -> None:
    anonyme = await ici.appeler(route, {})
    if route.portee is Portee.PUBLIQUE:
        assert anonyme.status_code not in _REFUS
        return
    assert anonyme.status_code == 401

    for role in Role:
        reponse = await ici.appeler(route, cle(role))
        if role in route.roles:
            assert (role, reponse.status_code in _REFUS) == (role, False), reponse.text
        else:
            assert (role, reponse.status_code) == (role, 403)
            assert reponse.json()["code"]


@pytest.mark.parametrize("route", lignes(*_BORNEES))
async def test_what_is_named_of_another_is_refused(ici: Banc, route: Route) -> None:
    for role in route.roles - {_PARTOUT}:
        reponse = await ici.appeler(route, cle(role), LYON)
        assert (role, reponse.status_code) == (role, 403)
        assert reponse.json()["code"] in {"autre_academie", "autre_etablissement"}
        assert montre(reponse, LYON) == []


@pytest.mark.parametrize("route", lignes(Portee.COUPEE))
async def test_what_is_answered_is_of_ones_own(ici: Banc, route: Route) -> None:
    for role in route.roles - {_PARTOUT}:
        reponse = await ici.appeler(route, cle(role))
        assert (role, montre(reponse, LYON)) == (role, [])
        if route.montre:
            assert (role, NANTES.marques[0] in montre(reponse, NANTES)) == (role, True)


@pytest.mark.parametrize("route", lignes(Portee.OFFRE, Portee.ACADEMIE, Portee.NATIONALE))
async def test_a_national_scope_reaches_both(ici: Banc, route: Route) -> None:
    for role in route.nationaux | (route.roles & {"moss", "dgesco", _PARTOUT}):
        for academie in (NANTES, LYON):
            reponse = await ici.appeler(route, cle(role, "*"), academie)
            assert (role, reponse.status_code in _REFUS) == (role, False), reponse.text
