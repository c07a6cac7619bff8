"""Export's API as the commands use it, with the key of the person who runs them."""

from pathlib import Path
from typing import Annotated, Any, Final

import httpx
import orjson
import typer

from services.cli.console import fail
from services.kernel.settings import KernelSettings

_TIMEOUT: Final = httpx.Timeout(30.0, read=300.0)

Cle = Annotated[
    str, typer.Option(envvar="CATALOGUE_CLE_ADMIN", help="Clé d'API d'un administrateur.")
]
Parametres = dict[str, str]


def demander(
    methode: str,
    chemin: str,
    cle: str,
    corps: object = None,
    parametres: Parametres | None = None,
) -> Any:  # noqa: ANN401 - JSON
    """Return the decoded answer; anything but a success ends the command with a line."""
    contenu = None if corps is None else orjson.dumps(corps)
    entetes = {} if corps is None else {"Content-Type": "application/json"}
    try:
        with _client(cle) as client:
            reponse = client.request(
                methode, chemin, content=contenu, headers=entetes, params=parametres
            )
    except httpx.TransportError as erreur:
        fail(f"export ne répond pas ({erreur}).")
    _exiger(reponse)
    return reponse.json()


def telecharger(chemin: str, cle: str, fichier: Path, parametres: Parametres | None = None) -> None:
    """Write an answer to a file as it comes; a failure ends the command and leaves no part of it.

    The file is complete or as it was before.
    """
    partiel = fichier.with_name(f".{fichier.name}.partiel")
    try:
        with (
            _client(cle) as client,
            client.stream("GET", chemin, params=parametres) as reponse,
        ):
            if not reponse.is_success:
                reponse.read()
            _exiger(reponse)
            with partiel.open("wb") as sortie:
                for morceau in reponse.iter_bytes():
                    sortie.write(morceau)
        partiel.replace(fichier)
    except httpx.TransportError as erreur:
        fail(f"export ne répond pas ({erreur}).")
    finally:
        partiel.unlink(missing_ok=True)


def _client(cle: str) -> httpx.Client:
    return httpx.Client(
        base_url=str(KernelSettings().adresse_export),
        headers={"Authorization": f"Bearer {cle}"},
        timeout=_TIMEOUT,
    )


def _exiger(reponse: httpx.Response) -> None:
    if not reponse.is_success:
        fail(f"export : {reponse.status_code} {reponse.text[:500]}")
