"""What the routes use, opened with the application and kept in `app.state`."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from contracts.droits import Droit
from contracts.portees import academie
from contracts.statuts import Plateforme
from services.export.adapters.compteurs import CompteursMongo
from services.export.adapters.envois import EnvoisMongo
from services.export.adapters.journal import Journal
from services.export.adapters.lectures import Lectures
from services.export.adapters.lots import LotsMongo
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.recherche import RecherchesMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.acces import AccesRefuse, exiger_droit
from services.export.settings import ApiSettings
from services.kernel.auth import EVERYTHING, Identity
from services.kernel.clock import Clock
from services.kernel.ids import Ids
from services.kernel.problem import Forbidden
from services.kernel.web import Web

_ACADEMIE = academie("")


@dataclass(frozen=True, slots=True)
class Serveur:
    """The adapters that an API process holds."""

    settings: ApiSettings
    base: BaseMongo
    juges: JugesMongo
    regles: ReglesMongo
    envois: EnvoisMongo
    lectures: Lectures
    recherches: RecherchesMongo
    lots: LotsMongo
    compteurs: CompteursMongo
    journal: Journal
    horloge: Clock
    ids: Ids
    web: Web


def _serveur(request: Request) -> Serveur:
    serveur: Serveur = request.app.state.serveur
    return serveur


Ici = Annotated[Serveur, Depends(_serveur)]


def academies(identite: Identity) -> list[str] | None:
    """Return the académies of a holder, as formations write them; None for all."""
    if EVERYTHING in identite.scopes or identite.role == "administrateur":
        return None
    siennes = {
        portee.removeprefix(_ACADEMIE) for portee in identite.scopes if portee.startswith(_ACADEMIE)
    }
    return sorted(forme for numero in siennes for forme in formes(numero))


def formes(numero: str) -> set[str]:
    """Return the ways in which an académie's number is written: with and without a zero."""
    nu = numero.lstrip("0")
    return {nu, nu.zfill(2)}


def couvre(identite: Identity, numero: str | None) -> bool:
    """Tell whether an académie, or the lack of one, is the holder's."""
    siennes = academies(identite)
    return siennes is None or (numero is not None and numero in siennes)


def exiger(identite: Identity, droit: Droit, plateforme: Plateforme) -> None:
    """Return if the holder has a right on a platform.

    Raises:
        Forbidden: he has not; tells which right, and the roles that have it.
    """
    exiger_un(identite, (droit,), plateforme)


def exiger_un(identite: Identity, droits: tuple[Droit, ...], plateforme: Plateforme) -> None:
    """Return if the holder has one of these rights on a platform; raises as `exiger`."""
    try:
        exiger_droit(identite.role, droits, plateforme)
    except AccesRefuse as refus:
        raise interdire(refus, droit=droits[0].value) from refus


def interdire(refus: AccesRefuse, **plus: str) -> Forbidden:
    """Return the answer to a person who may not, whatever the state of the offer."""
    return Forbidden(refus.raison, code=refus.code, extra={**plus, "que_faire": refus.que_faire})
