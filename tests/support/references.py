"""A version of the reference tables, stored as it is: nothing compared, nothing refused."""

from collections.abc import Sequence
from datetime import datetime

from services.enrich.adapters.referentiels import MongoReferences
from services.enrich.domain.chargement.modele import TableLue
from services.enrich.domain.versions import Version, composer, editer, empreinte_des


async def installer(
    referentiels: MongoReferences,
    identifiant: str,
    lues: Sequence[TableLue],
    maintenant: datetime,
    *,
    activer: bool = True,
) -> Version:
    """Store tables under an id, active if asked, and return their version."""
    tables = composer((), [editer(lue, maintenant) for lue in lues])
    version = Version(identifiant, empreinte_des(tables), tables, maintenant, "essai")
    await referentiels.enregistrer(version, lues)
    if activer:
        await referentiels.activer(identifiant, maintenant)
    return await referentiels.trouver(identifiant)
