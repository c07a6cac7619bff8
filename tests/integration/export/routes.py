"""Two académies on one application: who calls, what they hold, and the calls of the table."""

import asyncio
import io
import uuid
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import unquote

import httpx
from fastapi import FastAPI

from contracts.statuts import Plateforme
from deploy.local.config import Addresses
from services.export.adapters.envois import EnvoisMongo
from services.export.adapters.mongo import BaseMongo, ouvrir
from services.export.adapters.operations import OperationsMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.regles_lecture import lire_fichier
from services.export.entrypoints.api import create_app
from services.export.entrypoints.avisage import registre
from services.export.settings import ApiSettings
from services.export.usecases.aviser import etablir
from services.export.usecases.demander_operation import demander_demarrage
from services.export.usecases.operations import mener
from services.export.usecases.projeter import appliquer
from services.export.usecases.retenir import retenir
from services.kernel.auth import Identity
from services.kernel.clock import FixedClock
from tests.support.routes import Route
from tests.unit.export.fabrique import INSTANT, JOUR, document_de_regle, evenement, offre

AF, PS = Plateforme.AFFELNET, Plateforme.PARCOURSUP
A_DEFINIR: Final = {"condition_integration": "peut intégrer", "statut": "à définir"}
REGLES: Final = [document_de_regle(PS), document_de_regle(AF, **A_DEFINIR), document_de_regle(AF)]


@dataclass(frozen=True, slots=True)
class Academie:
    """One of the two académies, and what only its offers say."""

    numero: str
    titre: str
    siret: str
    uai: str
    commune: str
    departement: str
    region: str

    @property
    def ids(self) -> dict[Plateforme, str]:
        """Return the ids of its offers, by the platform that takes them."""
        return {
            une: f"{self.titre}{une}".replace(" ", "").upper().ljust(26, "0") for une in (AF, PS)
        }

    @property
    def marques(self) -> tuple[bytes, ...]:
        """Return what an answer shows of its offers."""
        marques = (self.titre, self.siret, self.uai, self.commune, *self.ids.values())
        return tuple(marque.encode() for marque in marques)

    def offres(self) -> Iterator[dict[str, Any]]:
        """Yield the events of its offers."""
        for rang, (plateforme, identifiant) in enumerate(self.ids.items()):
            yield evenement(
                identifiant,
                constats=[{"code": "uai_ferme", "champ": "uai_formation", "valeur": self.uai}],
                formation=offre(
                    plateforme,
                    num_academie=self.numero,
                    intitule_long=self.titre,
                    cle_ministere_educatif=f"06439{rang}P{self.siret}{self.uai}",
                    uai_formation=self.uai,
                    localite=self.commune,
                    num_departement=self.departement,
                    region=self.region,
                    date_debut=["2021-09-01", "2022-09-01"],
                    etablissement_gestionnaire_siret=self.siret,
                    etablissement_formateur_siret=self.siret,
                ),
            )


NANTES: Final = Academie(
    "12", "CAP de Nantes", "19440029300014", "0440029T", "Nantes", "44", "Pays de la Loire"
)
LYON: Final = Academie(
    "10", "Secret de Lyon", "19690010900017", "0690010W", "Oullins", "69", "Auvergne-Rhône-Alpes"
)


class Cles:
    """A key is `role@académie`, `role@*` for the whole country, and `=holder` where it matters."""

    async def verify(self, text: str) -> Identity | None:
        """Return who the text says to be."""
        role, _, reste = text.partition("@")
        academie, _, titulaire = reste.partition("=")
        if not reste:
            return None
        siens = {une.numero: f"siret:{une.siret}" for une in (NANTES, LYON)}
        portees = {"*"} if academie == "*" else {f"academie:{academie}", siens[academie]}
        return Identity(text, text, role, frozenset(portees), titulaire or text)


def cle(role: str, academie: str = "12") -> dict[str, str]:
    return {"X-Api-Key": f"{role}@{academie}"}


@dataclass(frozen=True, slots=True)
class Banc:
    """The application, a client of it, and the ids of the rules."""

    app: FastAPI
    http: httpx.AsyncClient
    regles: Mapping[str, str]

    async def appeler(
        self, route: Route, entetes: Mapping[str, str], vers: Academie = NANTES
    ) -> httpx.Response:
        """Make the call of a line of the table, about an académie."""
        valeurs = {
            "id": self._id(route, vers),
            "regle": self.regles[route.plateforme],
            "plateforme": route.plateforme,
            "academie": vers.numero,
            "num": vers.siret if "etablissements" in route.chemin else vers.numero,
            "siret": vers.siret,
            "format": "csv",
            "tableau": "rapport",
            "code": "inconnu",
        }
        appel = _remplir(route.appel, valeurs)
        return await self.http.request(
            route.methode,
            route.chemin.format(**valeurs),
            **appel | {"headers": {**appel.get("headers", {}), **entetes}},
        )

    def _id(self, route: Route, vers: Academie) -> str:
        if route.chemin.startswith("/v1/regles"):
            return self.regles[route.plateforme]
        nomme = "/parcoursup/" in route.chemin
        return vers.ids[PS if nomme else Plateforme(route.plateforme)]


def _remplir(valeur: Any, valeurs: Mapping[str, str]) -> Any:  # noqa: ANN401 - as httpx takes it
    if valeur == "{regles}":
        return REGLES
    if isinstance(valeur, str):
        return valeur.format(**valeurs)
    if isinstance(valeur, Mapping):
        return {nom: _remplir(un, valeurs) for nom, un in valeur.items()}
    if isinstance(valeur, list):
        return [_remplir(un, valeurs) for un in valeur]
    return valeur


def contenu(reponse: httpx.Response) -> bytes:
    """Return what an answer says, a workbook opened."""
    if reponse.content[:2] != b"PK":
        return reponse.content
    with zipfile.ZipFile(io.BytesIO(reponse.content)) as classeur:
        return b"".join(classeur.read(nom) for nom in classeur.namelist())


def montre(reponse: httpx.Response, academie: Academie) -> list[bytes]:
    """Return the marks of an académie's offers that an answer shows, but those that were sent."""
    dit, envoye = contenu(reponse), unquote(str(reponse.request.url)).encode()
    envoye += reponse.request.content
    return [marque for marque in academie.marques if marque in dit and marque not in envoye]


@asynccontextmanager
async def banc(servers: Addresses) -> AsyncIterator[Banc]:
    """Open the application on a database of its own, with the offers of both académies."""
    settings = ApiSettings(
        kafka=servers.kafka,
        mongo=servers.mongo,
        espace=f"t{uuid.uuid4().hex[:12]}",
        port=0,
        jour_metier=JOUR,
        avis_delai_jours=0,
        debit_rafale=100_000,
    )
    app = create_app(settings, keys=Cles(), horloge=FixedClock(INSTANT))
    async with ouvrir(settings) as base:
        try:
            await semer(base, settings)
            async with (
                app.router.lifespan_context(app),
                httpx.AsyncClient(
                    transport=httpx.ASGITransport(app), base_url="http://export"
                ) as http,
            ):
                monte = Banc(app, http, await _regles(base))
                await vivre(monte, base, settings)
                yield monte
        finally:
            await base.client.drop_database(base.base.name)


async def semer(base: BaseMongo, settings: ApiSettings) -> None:
    """Bring the offers of both académies, then start a campaign so that a season is past."""
    horloge, juges = FixedClock(INSTANT), JugesMongo(base, settings, lambda: JOUR)
    await ReglesMongo(base).remplacer(lire_fichier(REGLES).regles, INSTANT)
    await appliquer([*NANTES.offres(), *LYON.offres()], base, juges, horloge)
    operations = OperationsMongo(base)
    await operations.preparer()
    for plateforme in Plateforme:
        demande = await demander_demarrage(
            plateforme, date(2021, 9, 15), "national", operations, juges, horloge
        )
        await mener(demande["_id"], operations, juges, horloge, lot=500, poursuivre=_toujours)


async def vivre(monte: Banc, base: BaseMongo, settings: ApiSettings) -> None:
    """Have both académies ask for their offers, one be held, notices and counters be made."""
    for academie in (NANTES, LYON):
        entetes = cle("instructeur", academie.numero)
        for plateforme, identifiant in academie.ids.items():
            lue = await monte.http.get(f"/v1/offres/{identifiant}", headers=entetes)
            prise = await monte.http.post(
                f"/v1/offres/{identifiant}/{plateforme}/publication",
                headers=entetes | {"If-Match": lue.headers["etag"]},
            )
            assert prise.status_code == 200, prise.text
    horloge, juges = FixedClock(INSTANT), JugesMongo(base, settings, lambda: JOUR)
    envois = EnvoisMongo(base)
    await retenir(await envois.file(INSTANT), 0, base, juges, envois, horloge)
    await etablir(
        registre(base, settings),
        JOUR,
        horloge,
        delai=0,
        poursuivre=_toujours,
    )
    (await monte.http.post("/v1/compteurs", headers=cle("administrateur", "*"))).raise_for_status()


async def _regles(base: BaseMongo) -> dict[str, str]:
    return {
        plateforme.value: regle["_id"]
        for plateforme, statut in ((PS, "à publier"), (AF, "à définir"))
        for regle in await ReglesMongo(base).toutes()
        if (regle["contenu"]["plateforme"], regle["contenu"]["statut"]) == (plateforme, statut)
    }


async def _toujours() -> bool:
    await asyncio.sleep(0)
    return True
