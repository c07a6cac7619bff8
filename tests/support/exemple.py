"""Offers of the shipped sample, and new ones of the same kind under an identity of their own."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import count
from typing import Any, Final

import orjson

from contracts.identifiants import cle as cles
from services.cli.run.settings import SAMPLE

Offre = dict[str, Any]

# Bordeaux, académie 04: a brevet professionnel that both platforms may show.
DES_DEUX_PLATEFORMES: Final = "EX-0007"

_NUMEROS: Final = count(1)


@cache
def fichier() -> bytes:
    """Return the sample as it is deposited."""
    (path,) = (SAMPLE / "offres").glob("*.ndjson")
    return path.read_bytes()


def exemple(reference: str) -> Offre:
    """Return the offer of the sample that bears this reference."""
    return next(une for une in _toutes() if une["reference"] == reference)


def nouvelle(reference: str = DES_DEUX_PLATEFORMES, **champs: object) -> Offre:
    """Return an offer like one of the sample that the catalogue has never seen."""
    return _sous_un_autre_nom(exemple(reference), next(_NUMEROS)) | champs


def nouvelles(nombre: int) -> list[Offre]:
    """Return valid offers that the catalogue has never seen, of all kinds of the sample."""
    return [_sous_un_autre_nom(une, next(_NUMEROS)) for une in _regulieres(nombre)]


def en_lignes(offres: Iterable[Offre]) -> bytes:
    """Return JSON Lines."""
    return b"".join(orjson.dumps(une, option=orjson.OPT_APPEND_NEWLINE) for une in offres)


def _toutes() -> list[Offre]:
    return [orjson.loads(ligne) for ligne in fichier().splitlines()]


def _regulieres(nombre: int) -> Iterator[Offre]:
    """Yield offers whose own key and reference nothing is wrong with, again and again."""
    saines = [une for une in _toutes() if une["reference"].count("-") == 1 and _lue(une)]
    for rang in range(nombre):
        yield saines[rang % len(saines)]


def _lue(une: Offre) -> cles.Cle | None:
    return cles.lire(une.get("cle_ministere_educatif"))


def _sous_un_autre_nom(une: Offre, numero: int) -> Offre:
    cle = _lue(une)
    assert cle is not None
    certifinfo = str(500_000 + numero)
    return une | {
        "cle_ministere_educatif": cle.texte.replace(cle.id_certifinfo, certifinfo, 1),
        "id_certifinfo": certifinfo,
        "id_formation": f"essai_{numero}",
        "id_action": f"essai_{numero}",
        "reference": f"essai-{numero}",
    }
