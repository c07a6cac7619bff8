"""What the routes of enrich work with, and who may call them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from contracts.portees import Role
from services.enrich.adapters.differences import MongoDifferences
from services.enrich.adapters.etablissements import MongoEtablissements
from services.enrich.adapters.impacts import MongoImpacts
from services.enrich.adapters.lecture import Lecture
from services.enrich.adapters.mongo import MongoFormations
from services.enrich.adapters.qualite import MongoQualite
from services.enrich.adapters.recalculs import MongoRecalculs
from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.entrypoints.actif import Actif
from services.enrich.settings import ApiSettings
from services.kernel.auth import require
from services.kernel.clock import Clock, now_as_stored
from services.kernel.keystore import KeyStore

administrateur = Depends(require(Role.ADMINISTRATEUR))
lecture = Depends(require(Role.LECTEUR, Role.ADMINISTRATEUR))


@dataclass(frozen=True, slots=True)
class Moyens:
    """What the routes work with."""

    settings: ApiSettings
    clock: Clock
    lecture: Lecture
    formations: MongoFormations
    referentiels: MongoReferences
    qualite: MongoQualite
    cles: KeyStore
    actif: Actif
    recalculs: MongoRecalculs
    impacts: MongoImpacts
    etablissements: MongoEtablissements
    differences: MongoDifferences

    def maintenant(self) -> datetime:
        """Return the present instant, in the milliseconds that MongoDB keeps.

        An event sent again must carry the time that it was stored with.
        """
        return now_as_stored(self.clock)


def _moyens(request: Request) -> Moyens:
    moyens: Moyens = request.app.state.moyens
    return moyens


UsesMoyens = Annotated[Moyens, Depends(_moyens)]
