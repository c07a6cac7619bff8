"""What an académie pulls: files of one instant, their manifest; the relations of applications."""

import csv
import hashlib
import io
from typing import Any

import httpx
import pytest
import pytest_asyncio
from openpyxl import load_workbook  # type: ignore[import-untyped]

from contracts.statuts import Plateforme
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.regles_lecture import lire_fichier
from services.export.usecases.projeter import appliquer
from services.kernel.clock import FixedClock
from tests.integration.export.conftest import cle
from tests.unit.export.fabrique import INSTANT, document_de_regle, evenement, offre
from tests.unit.export.test_relations import DEUX, ENTETE, UN, ligne

pytestmark = pytest.mark.integration

FLUX = "/v1/flux/affelnet/12"
RELATIONS = "/v1/affelnet/relations"
OFFRE = "A" * 26
ADMIN, INSTRUCTEUR = cle("administrateur"), cle("instructeur")


@pytest_asyncio.fixture(autouse=True)
async def offres(base: BaseMongo, juges: JugesMongo, horloge: FixedClock) -> None:
    """An offer of Nancy-Metz that Affelnet's plain rule admits."""
    regles = lire_fichier([document_de_regle(Plateforme.AFFELNET)]).regles
    await ReglesMongo(base).remplacer(regles, INSTANT)
    cap = offre(Plateforme.AFFELNET) | {
        "code_postal": "01000",
        "localite": "Épinal",
        "etablissement_gestionnaire_siret": UN,
        "etablissement_formateur_siret": DEUX,
    }
    await appliquer([evenement(OFFRE, formation=cap)], base, juges, horloge)


async def publier(api: httpx.AsyncClient) -> None:
    vue = (await api.get(f"/v1/offres/{OFFRE}", headers=INSTRUCTEUR)).headers["etag"]
    adresse = f"/v1/offres/{OFFRE}/affelnet/publication"
    prise = await api.post(adresse, headers=INSTRUCTEUR | {"If-Match": vue})
    assert prise.status_code == 200, prise.text


async def manifeste(api: httpx.AsyncClient) -> dict[str, Any]:
    lu: dict[str, Any] = (await api.get(f"{FLUX}/manifeste", headers=INSTRUCTEUR)).json()
    return lu


async def test_the_manifest_tells_the_files_of_one_instant(api: httpx.AsyncClient) -> None:
    avant = await manifeste(api)
    await publier(api)
    apres = await manifeste(api)

    assert (avant["nombre"], apres["nombre"]) == (0, 1)
    assert avant["empreinte"] != apres["empreinte"]
    for decrit in apres["fichiers"]:
        fichier = await api.get(decrit["adresse"], headers=INSTRUCTEUR)
        assert fichier.headers["etag"] == f'"{apres["empreinte"]}"'
        assert hashlib.sha256(fichier.content).hexdigest() == decrit["sha256"]
    vue = {"If-None-Match": f'"{apres["empreinte"]}"'}
    assert (await api.get(f"{FLUX}/manifeste", headers=INSTRUCTEUR | vue)).status_code == 304


async def test_each_form_keeps_zeros_and_accents(api: httpx.AsyncClient) -> None:
    await publier(api)
    machine = (await api.get(f"{FLUX}.csv", headers=INSTRUCTEUR)).content
    excel = (await api.get(f"{FLUX}.csv?forme=excel", headers=INSTRUCTEUR)).content
    classeur = (await api.get(f"{FLUX}.xlsx", headers=INSTRUCTEUR)).content

    assert excel == b"\xef\xbb\xbf" + machine
    (lue,) = csv.DictReader(io.StringIO(machine.decode(), newline=""), delimiter=";")
    feuille = load_workbook(io.BytesIO(classeur)).active
    noms, valeurs = feuille.iter_rows(values_only=True)
    de_la_feuille = dict(zip(noms, valeurs, strict=True))
    for forme in (lue, de_la_feuille):
        assert (forme["code_postal"], forme["localite"]) == ("01000", "Épinal")


async def test_another_academie_pulls_nothing(api: httpx.AsyncClient) -> None:
    for adresse in (f"{FLUX}.xlsx", f"{FLUX}/manifeste"):
        assert (await api.get(adresse, headers=cle("autre"))).status_code == 403


async def test_relations_are_replaced_and_shown(api: httpx.AsyncClient) -> None:
    rangees = [ENTETE, ligne("⚠️ Candidatures non téléchargées"), ligne("autre", UN)]
    ecrit = io.StringIO()
    csv.writer(ecrit, delimiter=";").writerows(rangees)
    fichier = ecrit.getvalue().encode()
    depose = await api.post(RELATIONS, headers=ADMIN, content=fichier)
    assert (depose.json()["ajoutees"], depose.json()["lignes_refusees"]) == (1, 1)
    assert await candidatures(api) == (
        "Candidatures non téléchargées, sans modification de contact effectuée depuis"
    )

    paire = {"siret_responsable": UN, "siret_formateur": DEUX}
    note = await api.put(RELATIONS, headers=ADMIN, params=paire)
    assert note.json() == {"relations": 1}
    encore = await api.post(RELATIONS, headers=ADMIN, content=fichier)
    assert (encore.json()["inchangees"], encore.json()["modifiees"]) == (1, 0)
    assert "avec modification" in await candidatures(api)
    (lue,) = (await api.get(RELATIONS, headers=ADMIN, params=paire)).json()["relations"]
    assert lue["intervention"]["par"] == "moss"


async def test_relations_are_of_administrators(api: httpx.AsyncClient) -> None:
    for role in ("instructeur", "partenaire"):
        assert (await api.get(RELATIONS, headers=cle(role))).status_code == 403
    inconnue = await api.put(RELATIONS, headers=ADMIN, params={"siret_responsable": "1" * 14})
    assert inconnue.status_code == 404


async def candidatures(api: httpx.AsyncClient) -> str:
    recue = await api.get(f"/api/entity/formation/{OFFRE}", headers=ADMIN)
    return str(recue.json()["affelnet_candidature_status"])
