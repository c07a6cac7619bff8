"""A campaign's start on real servers: previewed, killed half-way, ended once; what vanished."""

import asyncio
import csv
import io
import os
import signal
import subprocess
import sys
from typing import Any

import httpx
import pytest
import pytest_asyncio
from bson.binary import UUID_SUBTYPE, Binary

from contracts.statuts import Plateforme, Statut
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.decisions_du_systeme import Prise, prendre
from services.export.domain.regles_lecture import lire_fichier
from services.export.domain.statut import Nature
from services.export.entrypoints.conduite import conduire
from services.export.ports import Transaction
from services.export.settings import ExportSettings
from services.export.usecases.faits import ecrire_faits
from services.export.usecases.projeter import appliquer
from services.kernel.clock import FixedClock
from tests.integration.export.conftest import cle
from tests.support.polling import eventually
from tests.unit.export.fabrique import INSTANT, document_de_regle, evenement, offre

pytestmark = pytest.mark.integration

ADMIN, INSTRUCTEUR = cle("administrateur"), cle("instructeur")
DEMARRAGE = "/v1/campagnes/parcoursup/demarrage"
DEBUT = {"debut": "2021-09-15"}
NOM = "demarrage-parcoursup-2021"
DITS: list[tuple[Statut | None, str | None]] = [
    (Statut.PRET, "publié"),
    (Statut.PRET, None),
    (Statut.NON_PUBLIE, None),
    (None, None),
]


@pytest.fixture
def export(export: ExportSettings) -> ExportSettings:
    return export.model_copy(update={"operation_lot": 4, "reevaluation_attente_s": 0.05})


@pytest_asyncio.fixture(autouse=True)
async def offres(base: BaseMongo, juges: JugesMongo, horloge: FixedClock) -> list[str]:
    """Twelve offers in two académies: published, asked for, refused, undecided."""
    regles = [document_de_regle(plateforme) for plateforme in Plateforme]
    await ReglesMongo(base).remplacer(lire_fichier(regles).regles, INSTANT)
    contenu = offre(uai_formation="0551031X", date_debut=["2021-09-01", "2022-09-01"])
    ids = [f"{rang:026}" for rang in range(12)]
    lot = [
        evenement(id_, formation=contenu | {"num_academie": "12" if rang % 2 else "10"})
        for rang, id_ in enumerate(ids)
    ]
    await appliquer(lot, base, juges, horloge)
    juge = await juges.courant()

    async def decider(transaction: Transaction) -> None:
        documents = await transaction.formations(ids)
        journal = []
        for rang, id_ in enumerate(ids):
            statut, retour = DITS[rang % len(DITS)]
            if statut is None:
                continue
            nature = Nature.PUBLIER if statut is Statut.PRET else Nature.REFUSER
            prise = Prise(nature, statut, "2020", INSTANT, "nantes")
            journal.append(prendre(documents[id_], Plateforme.PARCOURSUP, prise))
            if retour:
                documents[id_]["retours"] = {"parcoursup": _retour(rang)}
        await ecrire_faits(
            transaction, list(documents.values()), juge, INSTANT, horloge, journal=journal
        )

    await base.transaction(decider)
    return ids


def _retour(rang: int) -> dict[str, Any]:
    return {
        "decision": 1,
        "statut": "publié",
        "campagne": "2020",
        "recu_le": INSTANT,
        "identifiant": str(rang),
        "publiee_le": INSTANT,
    }


async def mener(
    base: BaseMongo, export: ExportSettings, juges: JugesMongo, horloge: FixedClock
) -> None:
    """Run the task of the consumer until no operation is left."""
    stop = asyncio.Event()
    tache = asyncio.create_task(conduire(stop, base, export, juges, horloge))

    async def finie() -> bool:
        operation = await base.base["operations"].find_one({"_id": NOM})
        return operation is not None and operation["etape"] == "terminee"

    try:
        await eventually(finie)
    finally:
        stop.set()
        await tache


async def etat(base: BaseMongo) -> dict[str, list[dict[str, Any]]]:
    """Return all that the start writes; times of the server apart."""
    return {
        nom: [un async for un in base.base[nom].find({}, {"ecrit": 0}, sort=[("_id", 1)])]
        for nom in ("formations", "decisions", "saisons", "statuts_historique", "parametres")
    }


async def statuts(base: BaseMongo) -> dict[str, str]:
    return {
        un["_id"]: un["publication"]["plateformes"]["parcoursup"]["statut"]
        async for un in base.formations.find({})
    }


async def test_a_start_does_what_its_preview_says_and_only_once(
    api: httpx.AsyncClient,
    base: BaseMongo,
    export: ExportSettings,
    juges: JugesMongo,
    horloge: FixedClock,
) -> None:
    apercu = await api.get(f"{DEMARRAGE}/apercu", params=DEBUT, headers=ADMIN)
    passages = {(un["avant"], un["apres"]): un["nombre"] for un in apercu.json()["passages"]}
    assert passages == {
        ("publié", "prêt pour intégration"): 3,
        ("prêt pour intégration", "à publier"): 3,
        ("non publié", "non publié"): 3,
        ("à publier", "à publier"): 3,
    }
    tableau = await api.get(f"{DEMARRAGE}/apercu.csv", params=DEBUT, headers=ADMIN)
    lignes = list(csv.DictReader(io.StringIO(tableau.text.removeprefix("\ufeff")), delimiter=";"))
    avant = await etat(base)

    demandee = await api.post(DEMARRAGE, json=DEBUT, headers=ADMIN)
    assert (demandee.status_code, demandee.json()["etape"]) == (202, "photographie")
    await mener(base, export, juges, horloge)

    vus = await statuts(base)
    assert len(lignes) == 6
    assert all(vus[ligne["id"]] == ligne["statut_apres"] for ligne in lignes)
    apres = await etat(base)
    assert apres["decisions"] == avant["decisions"]
    encore = await api.post(DEMARRAGE, json=DEBUT, headers=ADMIN)
    assert (encore.status_code, encore.json()["etape"]) == (202, "terminee")
    assert encore.json()["comptes"]["reprises"] == 12
    await mener(base, export, juges, horloge)
    assert await etat(base) == apres


_TUEE = """
import asyncio, sys
from datetime import date
from services.export.adapters.mongo import ouvrir
from services.export.adapters import operations
from services.export.adapters.regles import JugesMongo
from services.export.settings import ExportSettings
from services.export.usecases.operations import mener
from services.kernel.clock import FixedClock
from tests.unit.export.fabrique import INSTANT, JOUR

nom, reste = sys.argv[1], int(sys.argv[2])
avancer = operations._Transaction.avancer

async def attendre_la_mort(self, operation):
    global reste
    if reste:
        reste -= 1
        return await avancer(self, operation)
    print(self._session.session_id["id"].hex(), flush=True)
    await asyncio.Event().wait()

operations._Transaction.avancer = attendre_la_mort

async def toujours():
    return True

async def main():
    settings = ExportSettings()
    async with ouvrir(settings) as base:
        juges = JugesMongo(base, settings, lambda: JOUR)
        horloge = FixedClock(INSTANT)
        lies = operations.OperationsMongo(base)
        await mener(nom, lies, juges, horloge, lot=5, poursuivre=toujours)

asyncio.run(main())
"""


@pytest.mark.parametrize("reste", [1, 4])  # in the snapshot, while carrying over
async def test_killed_in_a_transaction_it_goes_on_and_ends_alike(
    reste: int,
    api: httpx.AsyncClient,
    base: BaseMongo,
    export: ExportSettings,
    juges: JugesMongo,
    horloge: FixedClock,
    variables: dict[str, str],
) -> None:
    apercu = await api.get(f"{DEMARRAGE}/apercu", params=DEBUT, headers=ADMIN)
    await api.post(DEMARRAGE, json=DEBUT, headers=ADMIN)
    tuee = await asyncio.to_thread(
        subprocess.Popen,
        [sys.executable, "-c", _TUEE, NOM, str(reste)],
        env=variables,
        stdout=subprocess.PIPE,
    )
    with tuee:
        assert tuee.stdout is not None
        session = bytes.fromhex((await asyncio.to_thread(tuee.stdout.readline)).decode())
        os.kill(tuee.pid, signal.SIGKILL)
    # What the server does by itself, once the limit of a transaction (a minute) is passed.
    await base.client.admin.command({"killSessions": [{"id": Binary(session, UUID_SUBTYPE)}]})
    coupee = (await api.get(f"/v1/operations/{NOM}", headers=ADMIN)).json()
    assert coupee["etape"] != "terminee"

    await mener(base, export, juges, horloge)

    finie = (await api.get(f"/v1/operations/{NOM}", headers=ADMIN)).json()["comptes"]
    assert (finie["photographie"], finie["reprise"], finie["saisons"]) == (12, 12, 12)
    annonce = {un["apres"]: 0 for un in apercu.json()["passages"]}
    for un in apercu.json()["passages"]:
        annonce[un["apres"]] += un["nombre"]
    obtenus = list((await statuts(base)).values())
    assert {statut: obtenus.count(statut) for statut in annonce} == annonce
    assert await base.decisions.count_documents({}) == 9


async def test_the_next_season_tells_what_vanished_and_why(
    api: httpx.AsyncClient,
    base: BaseMongo,
    export: ExportSettings,
    juges: JugesMongo,
    horloge: FixedClock,
    offres: list[str],
) -> None:
    adresse = "/v1/campagnes/parcoursup/comparaison"
    inconnue = await api.get(adresse, headers=INSTRUCTEUR)
    assert (inconnue.status_code, inconnue.json()["code"]) == (404, "saison_inconnue")
    await api.post(DEMARRAGE, json=DEBUT, headers=ADMIN)
    await mener(base, export, juges, horloge)
    certifie = offre(date_debut=["2022-09-01"], num_academie="12") | {
        "etablissement_gestionnaire_certifie_qualite": True
    }
    disparues: dict[str, dict[str, Any]] = {
        offres[1]: {"published": False},
        offres[3]: {"etablissement_gestionnaire_certifie_qualite": False, "date_debut": []},
        offres[5]: {"date_debut": ["2021-09-01"]},
        offres[7]: {"annee": "2"},
    }
    lot = [evenement(un, 2, formation=certifie | faits) for un, faits in disparues.items()]
    remplacee = evenement(
        offres[9], 2, formation=certifie, etat="remplacee", remplacee_par="B" * 26
    )
    nouvelle = evenement("B" * 26, 1, formation=certifie, predecesseurs=[offres[9]])
    await appliquer([*lot, remplacee, nouvelle], base, juges, horloge)

    vue = (await api.get(adresse, params={"limite": 3}, headers=INSTRUCTEUR)).json()
    assert vue["saison"] == "2020"
    assert (vue["perimetre"], vue["presentes"]) == (6, 2)  # the académie of the holder alone
    assert vue["causes"] == {"closed": 1, "qualiopi_lost": 1, "not_updated": 1, "other": 1}
    assert [un["id"] for un in vue["disparues"]] == [offres[1], offres[3], offres[5]]
    suite = {"apres": vue["suivant"], "academie": "12"}
    page = (await api.get(adresse, params=suite, headers=INSTRUCTEUR)).json()
    assert [(un["id"], un["cause"]) for un in page["disparues"]] == [(offres[7], "other")]
    tableau = await api.get(f"{adresse}.csv", headers=INSTRUCTEUR)
    assert len(tableau.text.splitlines()) == 5
    ailleurs = await api.get(adresse, params={"academie": "10"}, headers=INSTRUCTEUR)
    assert ailleurs.json()["code"] == "autre_academie"


async def test_another_campaign_is_started_not_noted(
    api: httpx.AsyncClient, base: BaseMongo
) -> None:
    adresse = "/v1/campagnes/parcoursup"
    assert (await api.put(adresse, json={"debut": "2020-09-15"}, headers=ADMIN)).is_success
    assert (await api.put(adresse, json={"debut": "2020-09-20"}, headers=ADMIN)).is_success
    refus = await api.put(adresse, json=DEBUT, headers=ADMIN)
    assert (refus.status_code, refus.json()["code"]) == (409, "demarrage_requis")
    for requete in (
        api.post(DEMARRAGE, json=DEBUT, headers=INSTRUCTEUR),
        api.get("/v1/operations", headers=INSTRUCTEUR),
        api.post("/v1/campagnes/affelnet/septembre", headers=INSTRUCTEUR),
    ):
        assert (await requete).status_code == 403
    tot = await api.post("/v1/campagnes/affelnet/septembre", headers=ADMIN)
    assert (tot.status_code, tot.json()["code"]) == (409, "trop_tot")
    assert await base.base["operations"].count_documents({}) == 0
