"""The command that loads reference tables: `python -m services.enrich references …`."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from pymongo.errors import ConnectionFailure

from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.admission import ChargementRefuse
from services.enrich.domain.comparaison import comparer
from services.enrich.domain.comptes_rendus import (
    compte_rendu,
    rapport_de_comparaison,
    resume,
    resume_du_refus,
)
from services.enrich.entrypoints.chargements import charger_un_chemin, regles
from services.enrich.ports_versions import DERNIERE, RienAvant, VersionInconnue
from services.enrich.settings import BASE, EnrichSettings
from services.enrich.usecases.charger_references import Demande
from services.kernel.clock import SystemClock, jour_metier
from services.kernel.errors import Retry
from services.kernel.mongo import Store, connect


def main(arguments: Sequence[str]) -> int:
    """Run the command; return 0, or 1 after saying on the error output what prevented it."""
    demande = _analyseur().parse_args(arguments)
    try:
        sys.stdout.write(asyncio.run(_executer(demande)) + "\n")
    except ChargementRefuse as erreur:
        motifs = "".join(f"\n  {motif.message}" for motif in erreur.refus.motifs)
        sys.stderr.write(f"Chargement refusé, rien n'a changé :{motifs}\n")
        return 1
    except VersionInconnue as erreur:
        sys.stderr.write(f"Version inconnue, ou dont les lignes ne sont plus là : {erreur}\n")
        return 1
    except RienAvant:
        sys.stderr.write("Aucune version n'était en vigueur avant celle-ci.\n")
        return 1
    except (ConnectionFailure, Retry) as erreur:
        sys.stderr.write(f"Le chargement n'a pas pu se faire, réessayez : {erreur}\n")
        return 1
    return 0


def _analyseur() -> argparse.ArgumentParser:
    analyseur = argparse.ArgumentParser(prog="python -m services.enrich references")
    analyseur.add_argument("--par", default=getpass.getuser(), help="qui agit")
    commandes = analyseur.add_subparsers(dest="commande", required=True)
    charger = commandes.add_parser("charger", help="lire des tables et en faire une version")
    charger.add_argument("chemin", type=Path, help="un fichier, un ZIP ou un dossier")
    charger.add_argument("--table", help="la table du fichier, si son nom ne la dit pas")
    charger.add_argument("--sans-activer", action="store_true")
    charger.add_argument("--forcer", metavar="RAISON", help="accepter ce qui serait refusé")
    charger.add_argument("--depuis", metavar="VERSION", help=f"partir d'elle ou de « {DERNIERE} »")
    commandes.add_parser("lister", help="les versions et les refus, les plus récents d'abord")
    activer = commandes.add_parser("activer", help="mettre une version en vigueur")
    activer.add_argument("version")
    commandes.add_parser("revenir", help="remettre en vigueur la version d'avant")
    comparer_ = commandes.add_parser("comparer", help="ce qui diffère entre deux versions")
    comparer_.add_argument("avant")
    comparer_.add_argument("apres")
    return analyseur


async def _executer(demande: argparse.Namespace) -> str:
    settings = EnrichSettings()
    client = connect(settings)
    try:
        base = Store(client, settings).database(BASE)
        referentiels = MongoReferences(client, base, settings.references_gardees)
        await referentiels.prepare()
        maintenant = SystemClock().now()
        match demande.commande:
            case "charger":
                return await _charger(demande, referentiels, settings)
            case "lister":
                return await _lister(referentiels)
            case "activer":
                await referentiels.activer(demande.version, maintenant, demande.par)
                return f"Version {demande.version} en vigueur."
            case "revenir":
                version = await referentiels.revenir(maintenant, demande.par)
                return f"Version {version} de nouveau en vigueur."
            case _:
                return await _comparer(demande, referentiels, settings)
    finally:
        await client.close()


async def _charger(
    demande: argparse.Namespace, referentiels: MongoReferences, settings: EnrichSettings
) -> str:
    chargement = await charger_un_chemin(
        demande.chemin,
        demande.table,
        Demande(
            demande.par,
            demande.chemin.name,
            activer=not demande.sans_activer,
            forcer=demande.forcer,
            depuis=demande.depuis,
        ),
        referentiels,
        regles(settings, SystemClock()),
    )
    version = await referentiels.trouver(chargement.version.id)
    return compte_rendu(version, nouvelle=chargement.nouvelle)


async def _lister(referentiels: MongoReferences) -> str:
    versions = [resume(version) for version in await referentiels.lister()]
    refus = [resume_du_refus(refus) for refus in await referentiels.refusees()]
    return "\n".join([*versions, *(["", "Chargements refusés :", *refus] if refus else [])])


async def _comparer(
    demande: argparse.Namespace, referentiels: MongoReferences, settings: EnrichSettings
) -> str:
    jour = jour_metier(settings, SystemClock()).isoformat()
    trouvees = await referentiels.differences(demande.avant, demande.apres, jour)
    comparaisons = [comparer(table, une) for table, une in trouvees.items()]
    return "\n".join(rapport_de_comparaison(comparaisons)) or "Aucune différence."
