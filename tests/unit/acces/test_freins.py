"""How often one may try: a name and an address apart, whether the name exists or not."""

from dataclasses import dataclass
from typing import cast

import pytest
from fastapi import Request

from services.acces.entrypoints.serveur import Serveur
from services.acces.settings import ApiSettings
from services.acces.usecases.moyens import Moyens
from services.kernel.limits import RateLimiter
from services.kernel.problem import TooMany
from services.kernel.sessions import SessionStore


@dataclass
class Montre:
    """Seconds that the test moves."""

    secondes: float = 0.0

    def __call__(self) -> float:
        return self.secondes


def _de(adresse: str) -> Request:
    return Request({"type": "http", "headers": [], "client": (adresse, 1)})


def _serveur(montre: Montre) -> Serveur:
    frein = RateLimiter(30 / 60, 30, 100, montre)
    rien = cast("Moyens", None), cast("SessionStore", None)
    return Serveur(ApiSettings(), *rien, essais=frein, oublis=frein)


def test_thirty_tries_a_minute_for_one_address_whatever_the_names() -> None:
    montre = Montre()
    ici = _serveur(montre)
    for rang in range(30):
        ici.compter_un_essai(_de("10.0.0.1"), f"nom-{rang}")
    with pytest.raises(TooMany, match="30 requêtes par minute"):
        ici.compter_un_essai(_de("10.0.0.1"), "encore")

    ici.compter_un_essai(_de("10.0.0.2"), "encore")
    montre.secondes = 2.0
    ici.compter_un_essai(_de("10.0.0.1"), "encore")


def test_thirty_tries_a_minute_for_one_name_wherever_they_come_from() -> None:
    ici = _serveur(Montre())
    for rang in range(30):
        ici.compter_un_essai(_de(f"10.0.0.{rang}"), "celine")

    with pytest.raises(TooMany):
        ici.compter_un_essai(_de("10.0.1.1"), " CELINE ")
