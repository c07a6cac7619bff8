"""Answers to HTTP: what a browser gets of the real applications; a filter made harmless."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import httpx

from services.acces.domain.mots_de_passe import cout
from services.export.domain.requete_historique import Operateurs, assainir
from tests.acceptance.jugement import Cas
from tests.acceptance.outils import (
    COUT,
    IDENTIFIANT,
    MOT_DE_PASSE,
    NonPrisEnCharge,
    connaitre,
)

if TYPE_CHECKING:
    from tests.acceptance.banc_http import Banc, Bancs

Donnees = Mapping[str, Any]
Reponse = dict[str, Any]

_ROUTE: Final = re.compile(r"(GET|POST|PUT|DELETE) (/\S*)(.*)", re.DOTALL)
_PARAMETRES: Final = frozenset({"page", "limit", "query", "select", "sort"})
_OPERATEURS: Final = {
    "none": Operateurs.AUCUN,
    "find": Operateurs.LECTURE,
    "update": Operateurs.ECRITURE,
}


def repondre(cas: Cas, bancs: "Callable[[], Bancs]") -> Reponse:
    """Answer a case; the applications are asked for only by those that need them."""
    given = cas["given"]
    if "allowed" in given:
        connaitre({"query", "allowed"}, given)
        return {"sanitised": assainir(given["query"], _OPERATEURS[given["allowed"]])}
    route = _ROUTE.match(cas["description"])
    if route and not route[2].startswith(("/api/auth/", "/api/password/")):
        return bancs().executer(lambda banc: _demander(banc, cas, route))
    etape = _etape(cas["description"], given)
    return bancs().executer(lambda banc: etape(banc, given))


def _etape(description: str, given: Donnees) -> "Callable[[Banc, Donnees], Awaitable[Reponse]]":
    dite = description.lower()
    if "newPassword" in given or "reset" in dite:
        return _reinitialiser
    if "forgotten" in dite:
        return _oublier
    if "logout" in dite:
        return _se_deconnecter
    if "current-session" in dite or "current session" in dite:
        return _session
    return _se_connecter


async def _connecter(banc: "Banc", given: Donnees) -> httpx.Response:
    corps = {
        "username": given.get("username", IDENTIFIANT),
        "password": given.get("password", MOT_DE_PASSE),
    }
    return await banc.http.post("/api/auth/login", json=corps)


async def _se_connecter(banc: "Banc", given: Donnees) -> Reponse:
    connaitre({"username", "password", "rounds"}, [*given, "username"])
    await banc.compte(given.get("rounds", COUT))
    reponse = await _connecter(banc, given)
    return _lue(reponse) | {"rounds_after": cout(await banc.empreinte())}


async def _se_deconnecter(banc: "Banc", given: Donnees) -> Reponse:
    await banc.compte()
    (await _connecter(banc, given)).raise_for_status()
    return _lue(await banc.http.post("/api/auth/logout"))


async def _session(banc: "Banc", given: Donnees) -> Reponse:
    await banc.compte()
    if given.get("authenticated", True):
        (await _connecter(banc, {})).raise_for_status()
    return _lue(await banc.http.get("/api/auth/current-session"))


async def _oublier(banc: "Banc", given: Donnees) -> Reponse:
    connaitre({"username", "type"}, [*given, "username"])
    await banc.compte()
    corps = {"username": IDENTIFIANT, **given}
    return _lue(await banc.http.post("/api/password/forgotten-password", json=corps))


async def _reinitialiser(banc: "Banc", given: Donnees) -> Reponse:
    """Use the token of the mail that a forgotten password brings, unless the case gives one."""
    await _oublier(banc, {})
    donne = next((given[nom] for nom in ("passwordToken", "token") if nom in given), None)
    corps = {
        "passwordToken": banc.jeton() if donne is None else donne,
        "newPassword": given.get("newPassword", ""),
    }
    return _lue(await banc.http.post("/api/password/reset-password", json=corps))


async def _demander(banc: "Banc", cas: Cas, route: re.Match[str]) -> Reponse:
    methode, chemin, suite = route.groups()
    adresse = chemin + suite if "?" in chemin else chemin
    given = dict(cas["given"])
    await banc.compte()
    if given.pop("authenticated", False):
        (await _connecter(banc, {})).raise_for_status()
    corps = given.pop("body", None)
    reponse = await banc.http.request(
        methode, adresse.strip(), params=_parametres(given) or None, json=corps
    )
    attendu = cas["expect"].get("body", {})
    return _lue(reponse) | {"body": {nom: _lire(_json(reponse), nom) for nom in attendu}}


def _parametres(given: Donnees) -> dict[str, str]:
    """Return the parameters of a case: named one by one, in `params`, or in `query` altogether."""
    donnes = dict(given)
    donnes |= donnes.pop("params", {})
    if isinstance(donnes.get("query"), Mapping) and donnes["query"].keys() <= _PARAMETRES:
        donnes |= donnes.pop("query")
    if inconnus := donnes.keys() - _PARAMETRES:
        raise NonPrisEnCharge(f"keys {sorted(inconnus)}")
    return {
        nom: valeur if isinstance(valeur, str) else json.dumps(valeur)
        for nom, valeur in donnes.items()
    }


def _lue(reponse: httpx.Response) -> Reponse:
    corps = _json(reponse)
    lue: Reponse = {"status": reponse.status_code}
    if isinstance(corps, dict) and "permissions" in corps:
        lue |= {"isAdmin": corps["permissions"]["isAdmin"], "sub": corps["sub"]}
    elements = _elements(corps)
    return lue | {"length": len(elements), "only_uai": _seule_uai(elements)}


def _json(reponse: httpx.Response) -> Any:  # noqa: ANN401 -- any JSON value
    return reponse.json() if "json" in reponse.headers.get("content-type", "") else None


def _lire(corps: Any, chemin: str) -> Any:  # noqa: ANN401 -- any JSON value
    """Return what is at a dotted path; `length` and `only_uai` are told of the list found there."""
    valeur = corps
    for pas in chemin.split("."):
        if pas == "length":
            return len(_elements(valeur))
        if pas == "only_uai":
            return _seule_uai(_elements(valeur))
        if isinstance(valeur, list) and pas.isdecimal() and int(pas) < len(valeur):
            valeur = valeur[int(pas)]
        else:
            valeur = valeur.get(pas) if isinstance(valeur, dict) else None
    return valeur


def _elements(corps: Any) -> list[Any]:  # noqa: ANN401 -- any JSON value
    """Return the items listed: the answer itself, or the list that it holds under its entity."""
    if isinstance(corps, dict):
        corps = next((valeur for valeur in corps.values() if isinstance(valeur, list)), None)
    return corps if isinstance(corps, list) else []


def _seule_uai(elements: list[Any]) -> Any:  # noqa: ANN401 -- any JSON value
    """Return the UAI of all items, null when they differ or there is none."""
    uais = {un.get("uai") or un.get("uai_formation") for un in elements if isinstance(un, dict)}
    return uais.pop() if len(uais) == 1 else None
