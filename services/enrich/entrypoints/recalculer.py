"""The command that asks for a pass over the catalogue: `python -m services.enrich recalculer …`.

The consumers carry it out; the command only asks, and follows if told to.
"""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Sequence

from pymongo.errors import PyMongoError

from services.enrich.adapters.recalculs import MongoRecalculs
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.recalcul import Etat, Recalcul
from services.enrich.domain.recalcul_cles import Touchees, cles_touchees
from services.enrich.ports_versions import VersionInconnue
from services.enrich.settings import BASE, EnrichSettings
from services.enrich.usecases.recalculer import TOUT, demander
from services.kernel.clock import SystemClock
from services.kernel.errors import Retry
from services.kernel.french import nombre
from services.kernel.ids import UlidIds
from services.kernel.mongo import Store, connect
from services.kernel.outbox import Outbox


class RienEtabli(Exception):
    """No consumer has taken any version into account yet: there is nothing to compute again."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; return 0, or 1 after saying on the error output what prevented it."""
    demande = _analyseur().parse_args(arguments)
    try:
        asyncio.run(_executer(demande))
    except VersionInconnue as erreur:
        sys.stderr.write(f"Version inconnue, ou dont les lignes ne sont plus là : {erreur}\n")
        return 1
    except RienEtabli:
        sys.stderr.write("Aucun référentiel n'est encore appliqué : démarrez l'enrichissement.\n")
        return 1
    except (PyMongoError, Retry) as erreur:
        sys.stderr.write(f"MongoDB ne répond pas, réessayez : {erreur}\n")
        return 1
    return 0


def _analyseur() -> argparse.ArgumentParser:
    analyseur = argparse.ArgumentParser(prog="python -m services.enrich recalculer")
    analyseur.add_argument("--par", default=getpass.getuser(), help="qui demande")
    analyseur.add_argument("--suivre", action="store_true", help="attendre la fin")
    etendue = analyseur.add_mutually_exclusive_group(required=True)
    etendue.add_argument("--tout", action="store_true", help="toutes les offres")
    etendue.add_argument(
        "--depuis", metavar="VERSION", help="celles que touche ce qui a changé depuis elle"
    )
    return analyseur


async def _executer(demande: argparse.Namespace) -> None:
    settings = EnrichSettings()
    clock = SystemClock()
    client = connect(settings)
    try:
        database = Store(client, settings).database(BASE)
        recalculs = MongoRecalculs(
            client, database, Outbox(database, bytes_max=settings.outbox_octets_max)
        )
        etabli = await recalculs.etabli()
        if etabli is None:
            raise RienEtabli
        references = MongoReferences(client, database)
        touchees = await _touchees(demande.depuis, etabli.socle.version, references)
        identifiant = UlidIds(clock).new()
        instant = clock.now()
        faite = await demander(touchees, demande.par, etabli.socle, recalculs, identifiant, instant)
        sys.stdout.write(f"Reprise {faite.id} demandée : {_offres(faite.total)}.\n")
        if demande.suivre:
            await _suivre(faite, recalculs, settings.references_attente_s)
    finally:
        await client.close()


async def _touchees(depuis: str | None, vers: str, references: MongoReferences) -> Touchees:
    if depuis is None:
        return TOUT
    return cles_touchees(await references.charger(depuis), await references.charger(vers))


async def _suivre(recalcul: Recalcul, recalculs: MongoRecalculs, attente_s: float) -> None:
    dit = -1
    while recalcul.etat is not Etat.TERMINE:
        await asyncio.sleep(attente_s)
        recalcul = await recalculs.trouver(recalcul.id) or recalcul
        if recalcul.lues != dit:
            dit = recalcul.lues
            sys.stdout.write(f"{nombre(dit)} sur {_offres(recalcul.total)}.\n")
            sys.stdout.flush()
    sys.stdout.write(f"Terminée : {_offres(recalcul.changees)} changées.\n")


def _offres(combien: int) -> str:
    return f"{nombre(combien)} offres"
