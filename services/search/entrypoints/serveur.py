"""What the routes of search work with, made once at start-up."""

from dataclasses import dataclass

from elasticsearch import AsyncElasticsearch
from fastapi import Request

from services.kernel.web import Web
from services.search.adapters.lecture import MoteurElastic
from services.search.settings import SearchSettings
from services.search.usecases.situer import Geographie


@dataclass(frozen=True, slots=True)
class Serveur:
    """The index as it is read, the places known, the pages."""

    settings: SearchSettings
    client: AsyncElasticsearch
    moteur: MoteurElastic
    geographie: Geographie
    web: Web


def serveur(request: Request) -> Serveur:
    """Return what the process was started with."""
    trouve: Serveur = request.app.state.serveur
    return trouve
