"""The real applications on a real MongoDB, with the account and the offers that the cases name."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Final, TypeVar

import httpx
from fastapi import FastAPI
from passlib.handlers.sha2_crypt import sha512_crypt

from contracts.portees import Role
from services.acces.entrypoints.api import create_app as acces
from services.acces.settings import ApiSettings as ReglagesAcces
from services.export.entrypoints.api import create_app as export
from services.export.settings import ApiSettings as ReglagesExport
from services.export.usecases.projeter import appliquer
from services.kernel.access import Access
from tests.acceptance.outils import COUT, IDENTIFIANT, MOT_DE_PASSE
from tests.unit.export.fabrique import evenement

T = TypeVar("T")
_ETABLISSEMENTS: Final = 12  # more than a page holds unless it is asked for
_ADRESSE: Final = "http://catalogue.test"
_D_ACCES: Final = ("/api/auth/", "/api/password/", "/v1/session", "/v1/mot-de-passe", "/v1/comptes")


@dataclass
class Banc:
    """A browser for both applications; `compte` gives it an account as good as new."""

    http: httpx.AsyncClient
    access: Access
    cle: str
    recus: list[EmailMessage]

    async def compte(self, rounds: int = COUT) -> None:
        """Have the account of the cases, its password hashed at a cost, and nothing else."""
        for collection in ("comptes", "jetons", "sessions"):
            await self.access.db[collection].delete_many({})
        self.http.cookies.clear()
        self.recus.clear()
        corps = {
            "identifiant": IDENTIFIANT,
            "nom": "Utilisateur",
            "courriel": "user@academie.example",
            "role": Role.LECTEUR,
            "portees": ["*"],
            "empreinte": sha512_crypt.using(rounds=rounds).hash(MOT_DE_PASSE),
        }
        reponse = await self.http.post("/v1/comptes", json=corps, headers={"X-Api-Key": self.cle})
        reponse.raise_for_status()

    async def empreinte(self) -> str:
        """Return the stored hash of the account's password."""
        (compte,) = await self.access.db["comptes"].find().to_list()
        return str(compte["empreinte"])

    def jeton(self) -> str:
        """Return the token of the link in the last mail."""
        return str(self.recus[-1].get_content()).partition("#jeton=")[2].split()[0]


class _Boite(list[EmailMessage]):
    async def send(self, message: EmailMessage) -> None:
        self.append(message)


class _ParChemin(httpx.AsyncBaseTransport):
    """Gives each path to the application that serves it, as the installation's proxy does."""

    def __init__(self, d_acces: FastAPI, autre: FastAPI) -> None:
        self._acces = httpx.ASGITransport(d_acces)
        self._autre = httpx.ASGITransport(autre)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        vers = self._acces if request.url.path.startswith(_D_ACCES) else self._autre
        return await vers.handle_async_request(request)


@dataclass
class Bancs:
    """Runs what needs the applications, which start at the first use, on one event loop."""

    mongo: str
    _boucle: asyncio.Runner = field(default_factory=asyncio.Runner)
    _banc: Banc | None = None
    _ouvert: Any = None

    def executer(self, travail: Callable[[Banc], Awaitable[T]]) -> T:
        """Return what `travail` returns."""
        return self._boucle.run(self._executer(travail))

    async def _executer(self, travail: Callable[[Banc], Awaitable[T]]) -> T:
        if self._banc is None:
            self._ouvert = _ouvrir(self.mongo)
            self._banc = await self._ouvert.__aenter__()
        return await travail(self._banc)

    def fermer(self) -> None:
        """Stop the applications and leave nothing in the database."""
        try:
            if self._banc is not None:
                self._boucle.run(self._ouvert.__aexit__(None, None, None))
        finally:
            self._boucle.close()


@contextmanager
def bancs(mongo: str) -> Iterator[Bancs]:
    """Give the applications on this MongoDB, in a namespace of their own."""
    ceux = Bancs(mongo)
    try:
        yield ceux
    finally:
        ceux.fermer()


@asynccontextmanager
async def _ouvrir(mongo: str) -> AsyncIterator[Banc]:
    commun = {
        "mongo": mongo,
        "espace": f"cas{uuid.uuid4().hex[:12]}",
        "motdepasse_cout": COUT,
        "essais_par_minute": 1_000,
        "oublis_par_heure": 1_000,
    }
    boite = _Boite()
    d_acces = acces(ReglagesAcces.model_validate(commun), courrier=boite)
    autre = export(ReglagesExport.model_validate(commun))
    async with d_acces.router.lifespan_context(d_acces), autre.router.lifespan_context(autre):
        access: Access = d_acces.state.access
        cle = await access.keys.issue(role=Role.ADMINISTRATEUR, titulaire="cas", label="cas")
        await _deposer(autre)
        transport = _ParChemin(d_acces, autre)
        try:
            async with httpx.AsyncClient(transport=transport, base_url=_ADRESSE) as http:
                yield Banc(http, access, str(cle), boite)
        finally:
            await _oublier(access, str(commun["espace"]))


async def _deposer(app: FastAPI) -> None:
    """Have offers of establishments whose first UAI is that of the cases."""
    ici = app.state.serveur
    lot = [evenement(f"{rang:026d}", formation=_formation(rang)) for rang in range(_ETABLISSEMENTS)]
    await appliquer(lot, ici.base, ici.juges, ici.horloge)


def _formation(rang: int) -> dict[str, Any]:
    siret, uai = f"{19_010_856_000_000 + rang}", f"{10_856 + rang:07d}"
    return {
        "cle_ministere_educatif": f"064390P012X{siret}{siret}-01053#L01",
        "uai_formation": _uai(uai),
        "catalogue_published": True,
        **{
            f"etablissement_{role}_{champ}": valeur
            for role in ("gestionnaire", "formateur")
            for champ, valeur in (("siret", siret), ("uai", _uai(uai)))
        },
    }


def _uai(chiffres: str) -> str:
    return chiffres + "ABCDEFGHJKLMNPRSTUVWXYZ"[int(chiffres) % 23]


async def _oublier(access: Access, espace: str) -> None:
    for nom in await access.client.list_database_names():
        if nom.startswith(f"{espace}_"):
            await access.client.drop_database(nom)
