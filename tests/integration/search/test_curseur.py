"""Walking all pages while documents come and go: nothing skipped, nothing twice."""

import asyncio
import itertools
from typing import Any

import httpx
import pytest

from tests.integration.search.conftest import Deposer
from tests.support.formations import formation_v1

pytestmark = pytest.mark.integration

NOMBRE = 300


def _id(rang: int) -> str:
    return f"f{rang * 7919 % 10_007:05d}"


def _offre(rang: int, **champs: Any) -> dict[str, Any]:  # noqa: ANN401
    place: dict[str, Any] = {"latitude": 48 + rang % 17 / 10, "longitude": rang % 13 / 10}
    if rang % 9 == 0:
        place = {"latitude": None, "longitude": None}
    titres = ("BOULANGER (CAP)", "BOULANGER PATISSIER (BAC PRO)", "PATISSIER (CAP)")
    return formation_v1(_id(rang), intitule_long=titres[rang % 3], **place, **champs)


@pytest.mark.parametrize(
    "parametres",
    [
        {"q": "boulanger"},
        {"tri": "distance", "lat": "48.5", "lon": "0.5"},
        {"tri": "intitule"},
        {},
    ],
    ids=["pertinence", "distance", "intitule", "sans-tri"],
)
async def test_a_walk_under_churn_neither_skips_nor_repeats(
    api: httpx.AsyncClient, deposer: Deposer, parametres: dict[str, str]
) -> None:
    stables = [_offre(rang) for rang in range(NOMBRE)]
    await deposer(*stables)
    fini = asyncio.Event()

    async def remous() -> None:
        for tour in itertools.count():
            if fini.is_set():
                return
            rangs = range(1_000 + tour % 5 * 40, 1_000 + tour % 5 * 40 + 40)
            etat = "active" if tour % 2 else "retiree"
            await deposer(*(_offre(rang, etat=etat) | {"sequence": tour + 1} for rang in rangs))

    agitation = asyncio.create_task(remous())
    vus: list[str] = []
    curseur: str | None = ""
    while curseur is not None:
        demande = {**parametres, "limite": "17", "facettes": "aucune"}
        reponse = await api.get(
            "/v1/formations", params=demande | ({"curseur": curseur} if curseur else {})
        )
        assert reponse.status_code == 200, reponse.text
        vus += [formation["id"] for formation in reponse.json()["formations"]]
        curseur = reponse.json()["suivant"]
    fini.set()
    await agitation

    attendus = {f["id"] for f in stables if "q" not in parametres or _trouvee(f)}
    stables_vus = [id_ for id_ in vus if id_ in attendus]
    assert len(stables_vus) == len(attendus)
    assert set(stables_vus) == attendus
    assert len(vus) == len(set(vus))


def _trouvee(offre: dict[str, Any]) -> bool:
    return bool(offre["formation"]["romes"])


async def test_pages_go_past_ten_thousand(api: httpx.AsyncClient, deposer: Deposer) -> None:
    for debut in range(0, 10_400, 1_300):
        await deposer(*(formation_v1(f"{rang:05d}") for rang in range(debut, debut + 1_300)))
    vus, curseur = 0, ""
    while curseur is not None:
        demande = {"limite": "200", "facettes": "aucune", "tri": "intitule"}
        corps = (
            await api.get(
                "/v1/formations", params=demande | ({"curseur": curseur} if curseur else {})
            )
        ).json()
        vus += len(corps["formations"])
        curseur = corps["suivant"]
    assert vus == corps["total"] == 10_400
