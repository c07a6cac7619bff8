"""The walk of one offer: deposited, found, decided, published, withdrawn."""

from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio

from contracts.portees import Role
from services.cli.run.installation import Installation
from services.cli.run.season import Done
from tests.support.exemple import Offre, nouvelle
from tests.support.flux import Flux, Json, client, lire
from tests.support.polling import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

ACADEMIE = "04"
PUBLIE, PRET = "publié", "prêt pour intégration"
SIRET_ET_UAI = ("etablissement_lieu_formation_siret", "uai_formation")


@pytest.fixture(scope="module")
def offre() -> Offre:
    """An offer that only reading tests share."""
    return nouvelle()


@pytest_asyncio.fixture(scope="module")
async def deposee(flux: Flux, offre: Offre) -> str:
    """Its id, once it went all the way."""
    return await flux.deposer_une(offre)


def test_the_season_leaves_every_store_equal_and_both_feeds_filled(saison: Done) -> None:
    assert saison.missing == 0
    assert len(set(saison.counts.values())) == 1
    assert saison.statuses["statuts"][PUBLIE] == saison.decided["parcoursup"] > 100  # type: ignore[index]


async def test_an_offer_is_accepted_and_followed_to_its_last_stage(flux: Flux) -> None:
    reponse = await flux.collect.post("/v1/offres", json=nouvelle())

    recue = reponse.json()
    assert reponse.status_code == 202, reponse.text
    assert recue["statut"] == "acceptee"
    assert reponse.headers["location"] == recue["liens"]["depot"]
    depot = await flux.fini(recue["depot"])
    assert set(depot["avancement"].values()) == {1}
    assert (await lire(flux.collect, recue["liens"]["offre"]))["id"] == recue["offre"]


@pytest.mark.parametrize("forme", ["id", "encodee", "encodee-deux-fois", "coupee"])
@pytest.mark.parametrize("service", ["collect", "search"])
async def test_it_is_read_by_its_id_and_its_key_however_written(
    flux: Flux, offre: Offre, deposee: str, service: str, forme: str
) -> None:
    cle = str(offre["cle_ministere_educatif"])
    assert "#" in cle
    reference = {
        "id": deposee,
        "encodee": quote(cle, safe=""),
        "encodee-deux-fois": quote(quote(cle, safe=""), safe=""),
        "coupee": cle.partition("#")[0],
    }[forme]
    api, chemin = {
        "collect": (flux.collect, "/v1/offres/"),
        "search": (flux.search, "/v1/formations/"),
    }[service]

    async def lue() -> bool:  # a key is searched: new ones are found at the index's next refresh
        reponse = await api.get(chemin + reference)
        return reponse.status_code == 200 and reponse.json()["id"] == deposee

    assert await eventually(lue, deadline=5)


async def test_siret_and_uai_of_the_place_are_in_every_output(
    flux: Flux, offre: Offre, deposee: str
) -> None:
    detail = (await lire(flux.search, f"/v1/formations/{deposee}"))["formation"]
    trouvees = await lire(flux.search, "/v1/formations", cfd=offre["cfd"], departement="33")
    instruite = (await lire(flux.export, f"/v1/offres/{deposee}"))["offre"]
    tenue = (await lire(flux.collect, f"/v1/offres/{deposee}"))["offre"]

    for sortie in (detail, *trouvees["formations"], instruite, tenue):
        assert sortie["uai_formation"] == offre["uai_formation"]
        assert sortie["etablissement_lieu_formation_siret"] is None


async def test_the_publications_that_are_asked_for_reach_search_and_both_platforms(
    flux: Flux, installation: Installation
) -> None:
    offre = nouvelle()
    id_ = await flux.deposer_une(offre)

    for plateforme in ("parcoursup", "affelnet"):
        assert (await flux.publier(id_, plateforme))["statut"] == PRET

    assert await eventually(lambda: _cherchee_avec(flux, id_, (PUBLIE, PRET)), deadline=30)
    ligne = (await flux.affelnet(ACADEMIE))[id_]
    assert ligne["affelnet_statut"] == PRET
    assert set(SIRET_ET_UAI) <= set(ligne)
    csv = await flux.export.get(f"/v1/flux/affelnet/{ACADEMIE}.csv")
    assert offre["cle_ministere_educatif"] in csv.text
    async with client(installation, "simulateur", None) as simulateur:
        recus = (await lire(simulateur, "/statistiques"))["creations"]
    assert recus[offre["cle_ministere_educatif"]] == 1


async def test_the_history_says_what_changed_from_what_to_what_and_who_to_those_concerned(
    flux: Flux, installation: Installation
) -> None:
    offre = nouvelle(intitule_rco="Avant")
    id_ = await flux.deposer_une(offre)
    await flux.deposer_une({**offre, "intitule_rco": "Après"})
    adresse = f"/v1/formations/{id_}/historique"

    for role, auteur in ((Role.DEPOSANT, "demonstration"), (Role.LECTEUR, None)):
        async with client(installation, "enrich-api", role) as enrich:
            creation, entree = (await lire(enrich, adresse))["changements"]
        assert (creation["cause"], entree["cause"]) == ("depot", "depot")
        assert entree["champs"] == {"intitule_rco": ["Avant", "Après"]}
        assert (creation["auteur"], entree["auteur"]) == (auteur, auteur)


async def test_a_withdrawn_offer_is_gone_everywhere_and_its_link_says_since_when(
    flux: Flux,
) -> None:
    mot = "zythologie"
    id_ = await flux.deposer_une(nouvelle(intitule_rco=f"Cuisine et {mot}"))
    for plateforme in ("parcoursup", "affelnet"):
        await flux.publier(id_, plateforme)
    await eventually(lambda: _cherchee_avec(flux, id_, (PUBLIE, PRET)), deadline=30)
    await eventually(lambda: _comptes_sont(flux, mot, (1, 1)), deadline=10)
    demande = datetime.now(UTC)

    await flux.retirer(id_, "session annulée")

    partie = await eventually(lambda: _partie(flux.search, id_), deadline=10)
    assert datetime.fromisoformat(partie["depuis"]) >= demande.replace(microsecond=0)
    assert partie["proches"]
    assert id_ not in {proche["id"] for proche in partie["proches"]}
    assert await eventually(lambda: _comptes_sont(flux, mot, (0, 0)), deadline=10)
    assert await eventually(lambda: _hors_des_flux(flux, id_), deadline=10)


async def test_the_page_of_a_withdrawn_offer_proposes_near_ones(flux: Flux) -> None:
    id_ = await flux.deposer_une(nouvelle())
    await flux.retirer(id_, "session annulée")
    await eventually(lambda: _partie(flux.search, id_), deadline=10)

    page = await flux.search.get(f"/formations/{id_}", headers={"Accept": "text/html"})

    assert page.status_code == 410
    assert "n’est plus au catalogue depuis le" in page.text
    assert page.text.count('<li class="carte resultat">') > 0


async def _cherchee_avec(flux: Flux, id_: str, statuts: tuple[str, str]) -> bool:
    return await flux.statuts_cherches(id_) == statuts


async def _partie(search: httpx.AsyncClient, id_: str) -> Json | None:
    reponse = await search.get(f"/v1/formations/{id_}")
    return dict(reponse.json()) if reponse.status_code == 410 else None


async def _comptes(flux: Flux, mot: str) -> tuple[int, int]:
    """Return the hits of a word, and their count in the facet of the départements."""
    page = await lire(flux.search, "/v1/formations", q=mot, facettes="departement")
    comptes = {v["valeur"]: v["nombre"] for v in page["facettes"]["departement"]}
    return page["total"], comptes.get("33", 0)


async def _comptes_sont(flux: Flux, mot: str, attendus: tuple[int, int]) -> bool:
    return await _comptes(flux, mot) == attendus


async def _hors_des_flux(flux: Flux, id_: str) -> bool:
    """Tell whether Affelnet is no longer given the offer, and Parcoursup will not be.

    What Parcoursup has already published stays its own fact (domain.md §3.7).
    """
    instruite = await lire(flux.export, f"/v1/offres/{id_}")
    file = (await lire(flux.export, "/v1/flux/parcoursup"))["file"]
    return (
        instruite["offre"].get("etat") == "retiree"
        and instruite["affelnet"]["affiche"]["statut"] == "non publiable en l'état"
        and id_ not in {une["id"] for une in file}
        and id_ not in await flux.affelnet(ACADEMIE)
    )
