"""Every command of `catalogue` on a running installation: its exit code, what it says in French."""

import re
from pathlib import Path

import pytest

from contracts.portees import Role
from contracts.topics import ALL_TOPICS
from services.cli.run.installation import Installation
from tests.support.commande import Catalogue
from tests.support.exemple import en_lignes, nouvelle, nouvelles
from tests.support.flux import Flux, client, lire
from tests.support.polling import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.fixture
def catalogue(installation: Installation, flux: Flux) -> Catalogue:
    return Catalogue(installation)


@pytest.fixture
def admin(installation: Installation) -> str:
    """The administrator's key, that some commands read from a variable."""
    return installation.keys[Role.ADMINISTRATEUR]


async def test_a_key_is_issued_listed_revoked_and_then_opens_nothing(
    catalogue: Catalogue, installation: Installation
) -> None:
    emission = ("cles", "emettre", "--role", "deposant", "--titulaire", "cfa-essai", "--brut")
    cle = (await catalogue(*emission, "--portee", "region:75")).sortie.strip()
    async with client(installation, "collect-api", None, key=cle) as api:
        assert (await api.get("/v1/depots")).status_code == 200

        liste = (await catalogue("cles", "lister", "--titulaire", "cfa-essai")).sortie
        assert "region:75" in liste
        assert "valable" in liste
        assert cle not in liste

        identifiant = cle.split("_")[1]
        dit = (await catalogue("cles", "revoquer", identifiant)).sortie
        assert f"Clé {identifiant} révoquée" in dit

        async def refusee() -> bool:
            return (await api.get("/v1/depots")).status_code == 401

        assert await eventually(refusee, deadline=5)


async def test_topics_are_all_there(catalogue: Catalogue, installation: Installation) -> None:
    liste = (await catalogue("topics", "lister")).sortie

    for topic in ALL_TOPICS:
        assert f"{installation.kernel.espace}.{topic.name}" in liste
    assert "absent" not in liste


@pytest.mark.parametrize("nom", ["offres.ndjson", "offres.ndjson.gz"])
async def test_a_file_is_deposited_and_followed_to_the_end(
    catalogue: Catalogue, installation: Installation, tmp_path: Path, nom: str
) -> None:
    fichier = tmp_path / nom
    contenu = en_lignes([*nouvelles(20), {"reference": "vide"}])
    fichier.write_bytes(contenu)

    fini = await catalogue("deposer", str(fichier), CATALOGUE_CLE=installation.keys[Role.DEPOSANT])

    assert re.search(r"reçues │ 21 │", fini.sortie)
    assert re.search(r"refusées │ 1 │", fini.sortie)
    assert "il manque" in fini.sortie
    for etape in ("envoi", "déposées", "enrichies", "indexées", "évaluées"):
        assert etape in fini.erreurs


async def test_a_deposit_that_is_refused_says_why_in_one_line(
    catalogue: Catalogue, installation: Installation, tmp_path: Path
) -> None:
    fichier = tmp_path / "offres.ndjson"
    fichier.write_bytes(en_lignes([nouvelle()]))

    lecteur = await catalogue(
        "deposer", str(fichier), CATALOGUE_CLE=installation.keys[Role.LECTEUR], code=1
    )
    vide = tmp_path / "vide.csv"
    vide.touch()
    rien = await catalogue(
        "deposer", str(vide), CATALOGUE_CLE=installation.keys[Role.DEPOSANT], code=1
    )

    assert "Échec : Accès refusé : Le rôle « lecteur »" in lecteur.erreurs
    assert "Le corps est vide." in rien.erreurs


async def test_the_stores_agree(catalogue: Catalogue, admin: str) -> None:
    async def accord() -> str | None:  # the last publications may still be on their way
        fini = await catalogue("reconcilier", "--sans-reparer", CATALOGUE_CLE_ADMIN=admin)
        return fini.sortie

    sortie = await eventually(accord, deadline=30)

    assert "Aucun écart." in sortie
    nombres = re.findall(r"(?:collect|enrich|search|export) │ ([\d ]+?) │", sortie)
    assert len(nombres) == 4
    assert len(set(nombres)) == 1


async def test_the_index_is_rebuilt_while_it_answers(catalogue: Catalogue, flux: Flux) -> None:
    avant = (await lire(flux.search, "/v1/formations"))["total"]

    fini = await catalogue("reconstruire", "index")

    assert "Échec" not in fini.sortie + fini.erreurs
    assert (await lire(flux.search, "/v1/formations"))["total"] == avant


async def test_publications_are_judged_again_without_changing_any(
    catalogue: Catalogue, admin: str
) -> None:
    fini = await catalogue("reconstruire", "publications", CATALOGUE_CLE_ADMIN=admin)

    assert re.search(r"\d+ offres réévaluées, 0 changées\.", fini.sortie)


async def test_the_start_of_a_campaign_is_shown_before_it_is_asked_for(
    catalogue: Catalogue, admin: str, tmp_path: Path
) -> None:
    liste = tmp_path / "offres.csv"
    demarrer = ("campagnes", "demarrer", "parcoursup", "2099-09-15", "--csv", str(liste))

    fini = await catalogue(*demarrer, CATALOGUE_CLE_ADMIN=admin)
    sans = await catalogue("campagnes", "comparer", "affelnet", CATALOGUE_CLE_ADMIN=admin, code=1)

    assert re.search(r"\d+ offres examinées, \d+ changeraient\.", fini.sortie)
    assert "Rien n'est écrit" in fini.sortie
    assert liste.read_text("utf-8-sig").startswith("id")
    assert "saison_inconnue" in sans.erreurs


async def test_the_references_in_force_are_listed(catalogue: Catalogue) -> None:
    liste = (await catalogue("references", "lister")).sortie

    assert re.search(r"\w{26} active chargée le .+ \d+ lignes", liste)


async def test_nothing_was_set_aside(catalogue: Catalogue) -> None:
    assert "Aucun rebut." in (await catalogue("rebuts", "lister")).sortie


async def test_a_wrong_use_is_told_by_the_exit_code(catalogue: Catalogue) -> None:
    assert "Usage" in (await catalogue(code=2)).sortie
    await catalogue("inconnue", code=2)
    await catalogue("deposer", "absent.csv", code=2)


async def test_a_server_that_is_away_is_told_in_one_line(catalogue: Catalogue) -> None:
    fini = await catalogue("topics", "lister", CATALOGUE_KAFKA="127.0.0.1:1", code=1)

    assert "Les serveurs sont-ils démarrés ?" in fini.erreurs
    assert "Traceback" not in fini.erreurs
