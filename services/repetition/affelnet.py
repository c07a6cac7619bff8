"""The imports of Affelnet, as an administrator makes them: deposited, previewed, applied."""

import hashlib
from contextlib import closing
from typing import Any, Final

from services.export.adapters.tableurs import Bornes, rangees
from services.export.domain.lignes_affelnet import LigneLue, lire_lignes
from services.export.settings import ApiSettings
from services.export.usecases.importer_affelnet import Depot, appliquer_import, deposer
from services.repetition.plan import ImportVoulu
from services.repetition.plateau import AUTEUR, Plateau

Document = dict[str, Any]

_EMPREINTE: Final = 32


async def importer(plateau: Plateau, voulu: ImportVoulu) -> Document:
    """Apply a file whole; applied before, it changes nothing."""
    octets = voulu.fichier.read_bytes()
    empreinte = hashlib.blake2b(octets, digest_size=32).hexdigest()
    identifiant = empreinte[:_EMPREINTE]
    depot = Depot(identifiant, voulu.fichier.name, len(octets), empreinte, None, AUTEUR)
    entete, _ = await deposer(depot, _lire(voulu), plateau.imports)
    apercu = entete["apercu"]
    await appliquer_import(identifiant, apercu["version"], AUTEUR, plateau.imports)
    return {"lignes": apercu["lignes"], "changements": apercu["changements"]}


def _lire(voulu: ImportVoulu) -> list[LigneLue]:
    bornes = Bornes(ApiSettings().affelnet_import_lignes_max)
    with voulu.fichier.open("rb") as fichier, closing(rangees(fichier, bornes)) as table:
        return list(lire_lignes(table))
