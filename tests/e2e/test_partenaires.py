"""Partners: a reader made from the AsyncAPI document, a follower of the change feed."""

import ast
import asyncio
import json
import random
from itertools import chain
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.portees import Role
from services.cli.run.installation import Installation
from services.cli.run.settings import ROOT
from tests.support import lecteur_asyncapi
from tests.support.exemple import en_lignes, nouvelles
from tests.support.flux import Flux, Json, client, lire
from tests.support.lecteur_asyncapi import VALIDATED, Reader
from tests.support.polling import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

PLATEFORMES = ("parcoursup", "affelnet")


def lecteur(installation: Installation) -> Reader:
    """A reader as a partner would write it; it is given an address and a namespace."""
    document = json.loads((ROOT / "contracts" / "asyncapi.json").read_text())
    kernel = installation.kernel
    return Reader(document, "publications", kernel.kafka, kernel.espace)


def test_the_reader_owes_the_product_nothing_but_its_document() -> None:
    tree = ast.parse(Path(lecteur_asyncapi.__file__).read_text())
    imported = chain.from_iterable(
        [alias.name for alias in node.names]
        if isinstance(node, ast.Import)
        else [node.module or ""]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    )

    assert {name.partition(".")[0] for name in imported} == {
        "confluent_kafka", "dataclasses", "jsonschema_rs", "orjson", "typing",
    }  # fmt: skip


async def test_a_reader_of_another_family_rebuilds_the_list_of_validated_offers(
    flux: Flux, installation: Installation
) -> None:
    async def meme_liste() -> Reader | None:
        lu = lecteur(installation)
        await asyncio.to_thread(lu.read_to_the_end)
        memes = [lu.validated(nom) == await _validees(flux, nom) for nom in PLATEFORMES]
        return lu if all(memes) else None

    lu: Reader = await eventually(meme_liste, deadline=30, every=0.5)

    assert lu.read >= len(lu.latest) > 500
    assert min(len(lu.validated(nom)) for nom in PLATEFORMES) > 100
    assert lu.validated("affelnet") == await _transmises_a_affelnet(flux, lu)


class Suiveur:
    """A follower of the change feed whose memory survives a stop only as it was last kept."""

    def __init__(self, api: httpx.AsyncClient, alea: random.Random) -> None:
        self._api = api
        self._alea = alea
        self.etat: dict[tuple[str, str], Json] = {}
        self._curseur: str | None = None
        self._garde: tuple[dict[tuple[str, str], Json], str | None] = ({}, None)
        self.arrets = 0

    async def avancer(self) -> bool:
        """Take one page, then perhaps keep what is known, perhaps be stopped; tell if it is all."""
        params = {"limite": str(self._alea.randint(1, 400))}
        if self._curseur:
            params["depuis"] = self._curseur
        page = await lire(self._api, "/v1/changements", **params)
        for un in page["changements"]:
            place = un["type"], un["id"]
            if place not in self.etat or self.etat[place]["sequence"] <= un["sequence"]:
                self.etat[place] = un
        self._curseur = page["curseur"]
        if self._alea.random() < 0.5:
            self._garde = (dict(self.etat), self._curseur)
        if self._alea.random() < 0.2:
            self.arrets += 1
            self.etat, self._curseur = dict(self._garde[0]), self._garde[1]
            return False
        return bool(page["a_jour"])

    def validees(self, plateforme: str) -> set[str]:
        return {
            id_
            for (type_, id_), un in self.etat.items()
            if type_ == "publication"
            and un["etat"] == "active"
            and un["data"][plateforme]["statut"] in VALIDATED
        }


@pytest.mark.parametrize("graine", [1, 2020])
async def test_a_follower_stopped_and_restarted_at_random_ends_with_the_same_list(
    flux: Flux, installation: Installation, graine: int
) -> None:
    async with client(installation, "export-api", Role.PARTENAIRE) as partenaire:
        suiveur = Suiveur(partenaire, random.Random(graine))
        for _ in range(10):
            await suiveur.avancer()
        pendant = asyncio.create_task(flux.deposer(en_lignes(nouvelles(60))))
        while not pendant.done():
            await suiveur.avancer()
        ids = [une["id"] for une in (await _offres(flux, "affelnet", "à publier"))[:5]]
        for id_ in ids:
            await flux.publier(id_, "affelnet")
        await flux.retirer(ids[0], "plus de place")

        async def meme_liste() -> bool:
            while not await suiveur.avancer():
                pass
            return all([suiveur.validees(nom) == await _validees(flux, nom) for nom in PLATEFORMES])

        assert await eventually(meme_liste, deadline=30, every=0.2)
    assert suiveur.arrets > 0
    assert set(ids[1:]) <= suiveur.validees("affelnet")
    assert ids[0] not in suiveur.validees("affelnet")


async def _validees(flux: Flux, plateforme: str) -> set[str]:
    """Return the validated offers as export itself lists them."""
    offres = [une for statut in VALIDATED for une in await _offres(flux, plateforme, statut)]
    return {une["id"] for une in offres if une["etat"] == "active"}


async def _offres(flux: Flux, plateforme: str, statut: str) -> list[Json]:
    offres: list[Json] = []
    apres: Any = ""
    while apres is not None:
        page = await lire(
            flux.export,
            "/v1/offres",
            plateforme=plateforme,
            statut=statut,
            apres=apres,
            limite="500",
        )
        offres += page["offres"]
        apres = page["suivant"]
    return offres


async def _transmises_a_affelnet(flux: Flux, lu: Reader) -> set[str]:
    academies = {str(etat["num_academie"]) for etat in lu.latest.values() if etat["num_academie"]}
    fichiers = [await flux.affelnet(academie) for academie in academies]
    return set(chain.from_iterable(fichiers))
