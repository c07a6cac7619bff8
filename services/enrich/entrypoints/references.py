"""The command that loads reference tables: `python -m services.enrich references …`."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from pymongo.errors import ConnectionFailure

from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.adapters.referentiels import MongoReferences, VersionInconnue
from services.enrich.domain.chargement.modele import FichierRefuse
from services.enrich.domain.versions import Version, compte_rendu
from services.enrich.settings import BASE, EnrichSettings
from services.kernel.clock import SystemClock
from services.kernel.errors import Retry
from services.kernel.french import instant, pluriel
from services.kernel.ids import UlidIds
from services.kernel.mongo import Store, connect


def main(arguments: Sequence[str]) -> int:
    """Run the command; return 0, or 1 after saying on the error output what prevented it."""
    demande = _analyseur().parse_args(arguments)
    try:
        asyncio.run(_executer(demande))
    except FichierRefuse as erreur:
        sys.stderr.write(f"Chargement refusé : {erreur}\n")
        return 1
    except VersionInconnue as erreur:
        sys.stderr.write(f"Version inconnue : {erreur}\n")
        return 1
    except (ConnectionFailure, Retry) as erreur:
        sys.stderr.write(f"MongoDB ne répond pas : {erreur}\n")
        return 1
    return 0


def _analyseur() -> argparse.ArgumentParser:
    analyseur = argparse.ArgumentParser(prog="python -m services.enrich references")
    commandes = analyseur.add_subparsers(dest="commande", required=True)
    charger = commandes.add_parser("charger", help="lire un dossier et en faire une version")
    charger.add_argument("dossier", type=Path)
    charger.add_argument("--sans-activer", action="store_true")
    commandes.add_parser("lister", help="les versions, la plus récente d'abord")
    activer = commandes.add_parser("activer", help="mettre une version en vigueur")
    activer.add_argument("version")
    return analyseur


async def _executer(demande: argparse.Namespace) -> None:
    settings = EnrichSettings()
    client = connect(settings)
    try:
        referentiels = MongoReferences(client, Store(client, settings).database(BASE))
        await referentiels.prepare()
        match demande.commande:
            case "charger":
                await _charger(referentiels, demande.dossier, activer=not demande.sans_activer)
            case "lister":
                for version in await referentiels.lister():
                    sys.stdout.write(_resume(version) + "\n")
            case "activer":
                await referentiels.activer(demande.version, SystemClock().now())
                sys.stdout.write(f"Version {demande.version} active.\n")
    finally:
        await client.close()


async def _charger(referentiels: MongoReferences, dossier: Path, *, activer: bool) -> None:
    clock = SystemClock()
    tables = lire_dossier(dossier)
    version = await referentiels.enregistrer(UlidIds(clock).new(), tables, clock.now())
    if activer:
        await referentiels.activer(version.id, clock.now())
    (version,) = [connue for connue in await referentiels.lister() if connue.id == version.id]
    sys.stdout.write(compte_rendu(version) + "\n")


def _resume(version: Version) -> str:
    lignes = sum(bilan.gardees for bilan in version.tables)
    marque = "active" if version.active else "      "
    return (
        f"{version.id}  {marque}  chargée le {instant(version.chargee_le)}  "
        f"{pluriel(lignes, 'ligne')}"
    )
