"""Corrections over HTTP: by scope, under an optimistic lock, read as an identifier."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx
import pytest
import pytest_asyncio

from contracts.portees import Role
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.chargement.modele import TableLue
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.usecases.enrichir import enrichir_lot
from services.kernel.keystore import open_key_store
from services.kernel.settings import KernelSettings
from tests.support.polling import eventually
from tests.support.references import installer
from tests.unit.enrich.fabrique import JOUR, SIRET_CONNU, SIRET_INCONNU, evenement, offre

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
ADRESSE = "/v1/formations/F1/editions"
ETABLISSEMENT = f"/v1/etablissements/{SIRET_CONNU}"
UAI = {"valeurs": {"uai_formation": "0061234J"}}
CleDe = Callable[..., Awaitable[dict[str, str]]]


@pytest.fixture
def cle(settings: KernelSettings) -> CleDe:
    async def emettre(role: Role, portee: str, titulaire: str = "essai") -> dict[str, str]:
        async with open_key_store(settings) as keys:
            texte = await keys.issue(
                role=role.value, titulaire=titulaire, label="essai", scopes=[portee]
            )
        return {"Authorization": f"Bearer {texte}"}

    return emettre


@pytest_asyncio.fixture(autouse=True)
async def formation(
    client: httpx.AsyncClient,
    referentiels: MongoReferences,
    formations: MongoFormations,
    tables: list[TableLue],
) -> None:
    """F1 in Nice, under the sample's tables."""
    await installer(referentiels, "v1", tables, NOW)
    enrichisseur = Enrichisseur(await referentiels.charger("v1"), JOUR)
    lu = lire_evenement(
        evenement(offre=offre(etablissement_gestionnaire_courriel="direction@cfa.fr"))
    )
    await enrichir_lot([lu], enrichisseur, formations, NOW)

    async def connu() -> bool:
        return (await client.get("/v1/referentiels/communes/06088")).status_code == 200

    assert await eventually(connu, deadline=10)


async def test_a_correction_is_a_new_version_that_tells_its_author(
    client: httpx.AsyncClient, administrateur: dict[str, str]
) -> None:
    reponse = await client.put(ADRESSE, headers=administrateur | {"If-Match": '"1"'}, json=UAI)

    assert reponse.status_code == 200
    assert reponse.json()["formation"]["uai_formation"] == "0061234J"
    lues = await client.get(ADRESSE, headers=administrateur)
    assert lues.headers["ETag"] == reponse.headers["ETag"] != '"1"'
    assert lues.json()["editions"]["uai_formation"]["auteur"] == "essai"


async def test_a_correction_names_the_version_that_its_author_saw(
    client: httpx.AsyncClient, administrateur: dict[str, str]
) -> None:
    for if_match, statut in ((None, 428), ("*", 428), ("abc", 422), ('"7"', 412)):
        tete = {} if if_match is None else {"If-Match": if_match}
        reponse = await client.put(ADRESSE, headers=administrateur | tete, json=UAI)
        assert reponse.status_code == statut, if_match


async def test_what_overtook_a_correction_is_told_with_it(
    client: httpx.AsyncClient, administrateur: dict[str, str]
) -> None:
    tete = administrateur | {"If-Match": '"1"'}
    premiere = await client.put(ADRESSE, headers=tete, json=UAI)
    reponse = await client.put(ADRESSE, headers=tete, json={"valeurs": {"capacite": 12}})

    assert reponse.status_code == 412
    assert reponse.headers["ETag"] == premiere.headers["ETag"]
    assert reponse.json()["presente"]["formation"]["uai_formation"] == "0061234J"


@pytest.mark.parametrize("champ", ["capacite", "etablissement_formateur_courriel"])
async def test_of_two_editors_at_once_exactly_one_wins(
    client: httpx.AsyncClient, administrateur: dict[str, str], champ: str
) -> None:
    valeurs = ("12", "20") if champ == "capacite" else ("a@cfa.fr", "b@cfa.fr")
    tete = administrateur | {"If-Match": '"1"'}
    reponses = await asyncio.gather(
        *(client.put(ADRESSE, headers=tete, json={"valeurs": {champ: v}}) for v in valeurs)
    )

    assert sorted(reponse.status_code for reponse in reponses) == [200, 412]


@pytest.mark.parametrize(
    ("role", "portee", "champ", "statut"),
    [
        (Role.INSTRUCTEUR, "academie:23", "uai_formation", 200),
        (Role.INSTRUCTEUR, "academie:23", "cfd", 403),
        (Role.INSTRUCTEUR, "academie:2", "uai_formation", 403),
        (Role.DEPOSANT, f"siret:{SIRET_CONNU}", "uai_formation", 200),
        (Role.DEPOSANT, f"siret:{SIRET_INCONNU}", "uai_formation", 403),
        (Role.DEPOSANT, "region:93", "uai_formation", 200),
        (Role.DEPOSANT, "departement:84", "uai_formation", 403),
        (Role.LECTEUR, "*", "uai_formation", 403),
        (Role.PARTENAIRE, "*", "uai_formation", 403),
    ],
)
async def test_a_correction_is_made_within_a_scope(
    client: httpx.AsyncClient, cle: CleDe, role: Role, portee: str, champ: str, statut: int
) -> None:
    valeur = {"uai_formation": "0061234J", "cfd": "40025214"}[champ]
    reponse = await client.put(
        ADRESSE,
        headers=await cle(role, portee) | {"If-Match": '"1"'},
        json={"valeurs": {champ: valeur}},
    )

    assert reponse.status_code == statut


async def test_a_wrong_letter_is_refused_with_the_right_one(
    client: httpx.AsyncClient, administrateur: dict[str, str]
) -> None:
    reponse = await client.put(
        ADRESSE,
        headers=administrateur | {"If-Match": '"1"'},
        json={"valeurs": {"uai_formation": "0061234A"}},
    )

    (erreur,) = reponse.json()["erreurs"]
    assert (reponse.status_code, erreur["code"]) == (422, "uai_lettre_fausse")
    assert "0061234" in erreur["que_faire"]


async def test_a_reader_sees_neither_authors_nor_addresses(
    client: httpx.AsyncClient, administrateur: dict[str, str], cle: CleDe
) -> None:
    valeurs = {"etablissement_formateur_courriel": "a@cfa.fr", "capacite": "12"}
    await client.put(
        ADRESSE, headers=administrateur | {"If-Match": '"1"'}, json={"valeurs": valeurs}
    )
    for role in (Role.LECTEUR, Role.PARTENAIRE):
        lues = (await client.get(ADRESSE, headers=await cle(role, "*"))).json()["editions"]
        assert list(lues) == ["capacite"]
        assert lues["capacite"]["auteur"] is None


async def test_an_address_is_told_to_those_who_may_change_it(
    client: httpx.AsyncClient, cle: CleDe
) -> None:
    sien = await cle(Role.DEPOSANT, f"siret:{SIRET_CONNU}")
    adresse = f"{ETABLISSEMENT}/courriel"
    corps = {"courriel": "Direction@CFA.fr"}
    assert (await client.put(adresse, headers=sien, json=corps)).status_code == 428
    ecrit = await client.put(adresse, headers=sien | {"If-Match": '"0"'}, json=corps)

    assert ecrit.json()["courriel"]["email_direction"] == "direction@cfa.fr"
    lu = await client.get(ETABLISSEMENT, headers=sien)
    assert (lu.headers["ETag"], lu.json()["offres"]["offres"]) == ('"1"', 1)
    partenaire = await client.get(ETABLISSEMENT, headers=await cle(Role.PARTENAIRE, "*"))
    assert partenaire.json()["courriel"] is None
    autre = await cle(Role.DEPOSANT, f"siret:{SIRET_INCONNU}")
    refus = await client.put(adresse, headers=autre | {"If-Match": '"1"'}, json=corps)
    assert refus.status_code == 403


async def test_of_two_addresses_at_once_exactly_one_is_kept(
    client: httpx.AsyncClient, administrateur: dict[str, str]
) -> None:
    for version in ("0", "1"):
        tete = administrateur | {"If-Match": f'"{version}"'}
        reponses = await asyncio.gather(
            *(
                client.put(f"{ETABLISSEMENT}/courriel", headers=tete, json={"courriel": courriel})
                for courriel in ("a@cfa.fr", "b@cfa.fr")
            )
        )
        assert sorted(reponse.status_code for reponse in reponses) == [200, 412]
