"""The process that gathers what the other services say of deposited lines."""

from collections.abc import Sequence

from contracts.topics import AVANCEMENT, CONSTATS
from services.collect.domain.depot import Passage, Reponse
from services.collect.entrypoints.serveur import ouvrir
from services.collect.ports import Offres
from services.collect.settings import SERVICE, ConsumerSettings
from services.collect.usecases.suivre import lire_suivi, noter
from services.kernel.clock import SystemClock
from services.kernel.consumer import Parked, decode, run_consumer
from services.kernel.errors import Park
from services.kernel.events import Record


class SuiviHandler:
    """Stores answers and stages as they come; a record that is neither is parked."""

    def __init__(self, offres: Offres) -> None:
        """Write to `offres`."""
        self._offres = offres

    async def handle(self, records: Sequence[Record]) -> Sequence[Parked]:
        """Store the records, each once whatever comes again; return those that say nothing."""
        lus, ecartes = decode(records)
        suivis: list[Reponse | Passage] = []
        for record, donnees in lus:
            try:
                suivis.append(lire_suivi(record.topic, record.value or b"", donnees))
            except Park as park:
                ecartes.append(Parked(record, park.code, park.reason))
        await noter(suivis, self._offres)
        return ecartes


async def main() -> None:
    """Consume until told to stop."""
    settings = ConsumerSettings()
    async with ouvrir(settings, SystemClock()) as serveur:

        async def verifier() -> None:
            await serveur.client.admin.command("ping")

        await run_consumer(
            settings,
            SERVICE,
            [CONSTATS, AVANCEMENT],
            SuiviHandler(serveur.offres),
            checks={"mongo": verifier},
        )
