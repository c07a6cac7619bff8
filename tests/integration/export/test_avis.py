"""Notices from the facts to a mailbox, on a real MongoDB and a real SMTP server."""

import asyncio
import csv
import io
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import httpx
import jsonschema_rs
import orjson
import pytest
import pytest_asyncio

from contracts.generer.schemas import schema
from contracts.statuts import Plateforme
from contracts.topics import AVIS
from services.export.adapters.abonnements import AbonnementsMongo
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.regles_lecture import lire_fichier
from services.export.entrypoints.avisage import aviser
from services.export.settings import ExportSettings
from services.export.usecases.projeter import appliquer
from services.kernel import chunk
from services.kernel.auth import Identity
from services.kernel.clock import FixedClock
from tests.integration.export.conftest import IDENTITES, cle
from tests.support.polling import eventually
from tests.support.smtp import Boite, serveur_smtp
from tests.unit.export.fabrique import INSTANT, JOUR, document_de_regle, evenement, offre

pytestmark = pytest.mark.integration

UN, DEUX, LYON = (f"{rang:026}" for rang in range(3))
SIRET = "19840110100011"
INSTRUCTEUR, CFA, ADMIN = cle("instructeur"), cle("cfa"), cle("administrateur")
CELINE, PAUL = "celine@academie.example", "paul@cfa.example"
PRECISION = "voir Mme Durand, bâtiment B"


@pytest.fixture
def smtp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Boite]:
    portees = frozenset({f"siret:{SIRET}"})
    monkeypatch.setitem(IDENTITES, "cfa", Identity("c", "cfa", "deposant", portees, "cfa-apt"))
    with serveur_smtp() as (boite, variables):
        for nom, valeur in variables.items():
            monkeypatch.setenv(nom, valeur)
        yield boite


@pytest_asyncio.fixture
async def offres(
    base: BaseMongo, juges: JugesMongo, horloge: FixedClock, smtp: Boite, api: httpx.AsyncClient
) -> None:
    """Two offers of one establishment in Nantes, one of them refused; one of Lyon."""
    regles = [document_de_regle(plateforme) for plateforme in Plateforme]
    await ReglesMongo(base).remplacer(lire_fichier(regles).regles, INSTANT)
    cap = offre(Plateforme.AFFELNET, etablissement_gestionnaire_siret=SIRET)
    lot = [
        evenement(UN, formation=cap | {"intitule_long": "CAP MÉCANIQUE"}),
        evenement(DEUX, formation=cap | {"intitule_long": "=CAP CUISINE"}),
        evenement(LYON, formation=cap | {"num_academie": "10"}),
    ]
    await appliquer(lot, base, juges, horloge)
    lue = await api.get(f"/v1/offres/{DEUX}", headers=INSTRUCTEUR)
    reponse = await api.post(
        f"/v1/offres/{DEUX}/affelnet/refus",
        headers=INSTRUCTEUR | {"If-Match": lue.headers["etag"]},
        json={"motif": "organisme_change", "precision": PRECISION},
    )
    assert reponse.is_success, reponse.text


@pytest.fixture
def export(export: ExportSettings) -> ExportSettings:
    """Settings that look often, tell what is to be decided at once and retry soon."""
    return export.model_copy(
        update={
            "avis_attente_s": 0.05,
            "avis_delai_jours": 0,
            "avis_reprise_min_s": 0.001,
            "avis_bail_s": 3.0,
        }
    )


@asynccontextmanager
async def avisant(
    base: BaseMongo, settings: ExportSettings, horloge: FixedClock
) -> AsyncIterator[None]:
    stop = asyncio.Event()
    tache = asyncio.create_task(aviser(stop, base, settings, horloge))
    try:
        yield
    finally:
        stop.set()
        await tache


async def abonner(api: httpx.AsyncClient, titulaire: dict[str, str], **corps: str) -> str:
    demande = {"frequence": "quotidienne", **corps}
    reponse = await api.post("/v1/abonnements", headers=titulaire, json=demande)
    assert reponse.status_code == 201, reponse.text
    identifiant: str = reponse.json()["id"]
    return identifiant


def texte(message: EmailMessage) -> str:
    partie = message.get_body(("plain",))
    assert partie is not None
    return str(partie.get_content())


def lien(message: EmailMessage) -> str:
    """Return the path of the last link of a mail."""
    adresse = urlsplit([mot for mot in texte(message).split() if "/abonnements/" in mot][-1])
    return f"{adresse.path}?{adresse.query}"


async def abonne(base: BaseMongo, identifiant: str, espece: str = "academie") -> None:
    """Insert a confirmed subscription, mails of confirmation apart."""
    code = "12" if espece == "academie" else SIRET
    await AbonnementsMongo(base).ajouter(
        {
            "_id": identifiant,
            "destinataire": f"academie:{code}",
            "espece": espece,
            "code": code,
            "frequence": "quotidienne",
            "adresse": f"{identifiant}@x.example",
            "plateformes": ["affelnet"],
            "auteur": "nantes",
            "etat": "actif",
            "demandes": 1,
            "demande_le": INSTANT,
        }
    )


async def tenu(base: BaseMongo, identifiant: str, issue: str) -> dict[str, object] | None:
    un = await AbonnementsMongo(base).un(identifiant)
    return un if un and (un.get("courrier") or {}).get("issue") == issue else None


@pytest.mark.usefixtures("offres")
async def test_a_notice_reaches_who_confirmed_and_ends_in_one_click(
    base: BaseMongo,
    api: httpx.AsyncClient,
    export: ExportSettings,
    horloge: FixedClock,
    smtp: Boite,
) -> None:
    await abonner(api, INSTRUCTEUR, academie="12", adresse=CELINE)
    await abonner(api, CFA, siret=SIRET, adresse=PAUL)
    async with avisant(base, export, horloge):
        await eventually(lambda: len(smtp.courriels) == 2)
        for demande in list(smtp.courriels):
            page = await api.get(lien(demande))
            assert "Recevoir ces avis" in page.text
            assert (await api.post(lien(demande))).is_success
            assert (await api.post(lien(demande))).status_code == 404
        await eventually(lambda: len(smtp.courriels) == 4)
    avis, du_cfa = smtp.a(CELINE)[1], smtp.a(PAUL)[1]

    assert "CAP MÉCANIQUE" in texte(avis)
    assert "=CAP CUISINE" not in texte(avis)  # refused: the académie knows
    assert "L'organisme responsable ou formateur a changé" in texte(du_cfa)
    assert "Mettez à jour le gestionnaire ou le formateur" in texte(du_cfa)
    assert not any(PRECISION in un.as_string() for un in smtp.courriels)
    sortie = urlsplit(str(avis["List-Unsubscribe"]).strip("<>"))
    un_clic = await api.post(
        f"{sortie.path}?{sortie.query}", data={"List-Unsubscribe": "One-Click"}
    )
    assert un_clic.is_success
    restent = (await api.get("/v1/abonnements", headers=ADMIN)).json()["abonnements"]
    assert [un["siret"] for un in restent] == [SIRET]


@pytest.mark.usefixtures("offres")
async def test_each_reads_its_own_notice_as_a_file(
    base: BaseMongo, api: httpx.AsyncClient, export: ExportSettings, horloge: FixedClock
) -> None:
    vide = await api.get("/v1/avis/academies/12", headers=INSTRUCTEUR)
    assert (vide.json()["version"], vide.json()["jour"]) == (0, None)
    async with avisant(base, export, horloge):
        await eventually(lambda: _lu(api, "/v1/avis/academies/12", INSTRUCTEUR))
    lu = (await api.get("/v1/avis/academies/12", headers=INSTRUCTEUR)).json()
    assert [(un["code"], un["nombre"]) for un in lu["rubriques"]] == [("a_decider", 1)]
    du_cfa = await api.get(f"/v1/avis/etablissements/{SIRET}.csv", headers=CFA)
    (ligne,) = csv.DictReader(io.StringIO(du_cfa.text.removeprefix("\ufeff")), delimiter=";")
    assert (ligne["Rubrique"], ligne["Nouvelle"]) == ("Refusées par l'académie", "oui")
    assert ligne["Intitulé"] == "'=CAP CUISINE"
    assert PRECISION not in du_cfa.text
    connu = {"If-None-Match": du_cfa.headers["etag"]}
    encore = await api.get(f"/v1/avis/etablissements/{SIRET}.csv", headers=CFA | connu)
    assert encore.status_code == 304


async def _lu(api: httpx.AsyncClient, adresse: str, titulaire: dict[str, str]) -> bool:
    return bool((await api.get(adresse, headers=titulaire)).json()["version"])


@pytest.mark.usefixtures("smtp")
@pytest.mark.parametrize(
    ("titulaire", "methode", "adresse", "corps"),
    [
        ("autre", "GET", "/v1/avis/academies/12", None),
        ("autre", "GET", "/v1/avis/academies/12.csv", None),
        ("cfa", "GET", "/v1/avis/academies/12", None),
        ("cfa", "GET", "/v1/avis/etablissements/19840110100099", None),
        ("instructeur", "GET", f"/v1/avis/etablissements/{SIRET}", None),
        ("partenaire", "GET", "/v1/abonnements", None),
        ("autre", "POST", "/v1/abonnements", {"academie": "12"}),
        ("cfa", "POST", "/v1/abonnements", {"academie": "12"}),
        ("cfa", "POST", "/v1/abonnements", {"siret": "19840110100099"}),
        ("instructeur", "POST", "/v1/abonnements", {"siret": SIRET}),
        ("instructeur", "POST", "/interne/avis", None),
    ],
)
async def test_what_is_another_s_is_refused(
    api: httpx.AsyncClient,
    titulaire: str,
    methode: str,
    adresse: str,
    corps: dict[str, str] | None,
) -> None:
    if corps is not None:
        corps = {"frequence": "quotidienne", "adresse": CELINE, **corps}
    reponse = await api.request(methode, adresse, headers=cle(titulaire), json=corps)

    assert reponse.status_code == 403


@pytest.mark.usefixtures("offres")
async def test_its_events_are_told_once_and_bear_public_facts_only(
    base: BaseMongo, api: httpx.AsyncClient, export: ExportSettings, horloge: FixedClock
) -> None:
    for tour in range(3):
        async with avisant(base, export, horloge):
            if tour:  # asked for again the same day
                assert (await api.post("/interne/avis", headers=ADMIN)).status_code == 202
            await eventually(lambda: _etabli(base))
    blocs = [bloc["bloc"] async for bloc in base.outbox.collection.find()]
    dits = [un for bloc in blocs for un in chunk.unpack(bloc) if un.topic == AVIS]

    assert sorted(un.key for un in dits) == ["academie:10", "academie:12", f"siret:{SIRET}"]
    for un in dits:
        jsonschema_rs.Draft202012Validator(schema(AVIS)).validate(orjson.loads(un.data))
        assert PRECISION.encode() not in un.data


async def _etabli(base: BaseMongo) -> bool:
    note = await base.parametres.find_one({"_id": "avis_etablis"})
    return note is not None and not note["demandes"]


@pytest.mark.usefixtures("offres")
async def test_what_the_mail_server_answers_decides(
    base: BaseMongo, export: ExportSettings, smtp: Boite
) -> None:
    for nom in ("passager", "inconnu", "perdu"):
        await abonne(base, nom)
    smtp.refus = {
        "passager@x.example": ["451 plus tard", "452 encore"],
        "inconnu@x.example": ["550 pas de boîte"],
    }
    avance = FixedClock(INSTANT)
    async with avisant(base, export, avance):
        await eventually(lambda: tenu(base, "inconnu", "refuse"))
        await eventually(lambda: _avancer(base, avance))
    suspendu = await AbonnementsMongo(base).un("inconnu")

    assert suspendu is not None
    assert suspendu["etat"] == "suspendu"
    assert "550" in suspendu["courrier"]["erreur"]
    assert len(smtp.a("passager@x.example")) == 1
    assert smtp.a("inconnu@x.example") == []


async def _avancer(base: BaseMongo, horloge: FixedClock) -> object:
    horloge.instant += timedelta(seconds=1)
    return await tenu(base, "passager", "envoye")


@pytest.mark.usefixtures("offres")
async def test_an_answer_that_was_lost_is_no_second_mail_that_day(
    base: BaseMongo, export: ExportSettings, horloge: FixedClock, smtp: Boite
) -> None:
    await abonne(base, "perdu")
    smtp.perdre = True
    async with avisant(base, export, horloge):
        await eventually(lambda: tenu(base, "perdu", "inconnue"))
    smtp.perdre = False
    await abonne(base, "temoin")
    async with avisant(base, export, horloge):
        await eventually(lambda: tenu(base, "temoin", "envoye"))
    assert len(smtp.a("perdu@x.example")) == 1
    demain = export.model_copy(update={"jour_metier": JOUR + timedelta(days=1)})
    async with avisant(base, demain, horloge):
        await eventually(lambda: tenu(base, "perdu", "envoye"))

    assert "CAP MÉCANIQUE" in texte(smtp.a("perdu@x.example")[1])
    assert len(smtp.a("temoin@x.example")) == 1


@pytest.mark.chaos
@pytest.mark.usefixtures("offres")
async def test_killed_while_a_mail_is_handed_over_it_is_not_sent_twice(
    base: BaseMongo,
    export: ExportSettings,
    variables: dict[str, str],
    horloge: FixedClock,
    smtp: Boite,
) -> None:
    await abonne(base, "tue")
    smtp.suspendre = True
    environ = {**variables, **{nom: v for nom, v in os.environ.items() if "SMTP" in nom}} | {
        "CATALOGUE_AVIS_HEURE": "0",
        "CATALOGUE_AVIS_DELAI_JOURS": "0",
        "CATALOGUE_AVIS_BAIL_S": "1",
    }
    processus = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.avis_process"), env=environ
    )
    try:
        await eventually(lambda: smtp.courriels)
    finally:
        processus.kill()
        await processus.wait()
    smtp.suspendre = False
    await abonne(base, "vivant")
    async with avisant(base, export, horloge):
        await eventually(lambda: tenu(base, "vivant", "envoye"))

    assert len(smtp.a("tue@x.example")) == 1
    assert await tenu(base, "tue", "en_cours")
