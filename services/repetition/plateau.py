"""What a rehearsal is played with: export's own use cases on the copy, a clock that it moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from services.export.adapters.imports import ImportsMongo
from services.export.adapters.mongo import BaseMongo, Collection, ouvrir
from services.export.adapters.operations import OperationsMongo
from services.export.adapters.reevaluations import ReevaluationsMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.adapters.relectures import RelecturesMongo
from services.export.adapters.successions import SuccessionsMongo
from services.export.entrypoints.parcoursup import limites, moyens, rythme
from services.export.settings import ApiSettings, ExportSettings, ParcoursupSettings
from services.export.usecases import importer_affelnet
from services.export.usecases.envoyer import Expediteur, Moyens
from services.export.usecases.reevaluer import reprendre
from services.export.usecases.relire import Relecteur
from services.export.usecases.succeder import succeder_parmi
from services.kernel.clock import FixedClock, jour_metier
from services.repetition import simulation
from services.repetition.copie import en_repetition
from services.repetition.plan import Plan
from services.simulateur.service import Simulateur

AUTEUR = "répétition"


@dataclass(frozen=True, slots=True)
class Plateau:
    """Everything an act needs; nothing here leads to the real state, to Kafka or to a mail."""

    plan: Plan
    settings: ExportSettings
    base: BaseMongo
    horloge: FixedClock
    moyens: Moyens
    regles: ReglesMongo
    operations: OperationsMongo
    expediteur: Expediteur
    relecteur: Relecteur
    simulateur: Simulateur
    imports: importer_affelnet.Moyens

    @property
    def carnet(self) -> Collection:
        """Return where the rehearsal keeps how far it came, in the copy itself."""
        return self.base.base["repetition"]

    async def suivre(self) -> dict[str, int]:
        """Judge again what rules, a campaign or the day moved, as the consumer does."""
        juges, horloge = self.moyens.juges, self.horloge
        bilan = await reprendre(
            ReevaluationsMongo(self.base),
            self.base,
            juges,
            horloge,
            lot=self.settings.reevaluation_lot,
        )
        async for ids in SuccessionsMongo(self.base).en_suspens(self.settings.operation_lot):
            await succeder_parmi(ids, self.base, juges, horloge)
        return {"jugees": bilan.vues, "changees": bilan.changees}


@asynccontextmanager
async def ouvrir_plateau(
    reel: ExportSettings, identifiant: str, plan: Plan, dossier: Path
) -> AsyncIterator[Plateau]:
    """Open the copy `identifiant` of `reel`; `dossier` keeps the platform's keys and offers."""
    settings = _settings(reel, identifiant, dossier)
    horloge = FixedClock(datetime(plan.jour.year, plan.jour.month, plan.jour.day, tzinfo=UTC))
    async with ouvrir(settings) as base:
        http, simulateur = simulation.client_simule(settings, dossier, horloge)
        async with http:
            ici = moyens(settings, base, http, horloge)
            operations, imports = OperationsMongo(base), ImportsMongo(base)
            await operations.preparer()
            await imports.preparer()
            yield Plateau(
                plan=plan,
                settings=settings,
                base=base,
                horloge=horloge,
                moyens=ici,
                regles=ReglesMongo(base),
                operations=operations,
                expediteur=Expediteur(ici, limites(settings)),
                relecteur=Relecteur(ici, RelecturesMongo(base), rythme(settings)),
                simulateur=simulateur,
                imports=importer_affelnet.Moyens(
                    imports,
                    JugesMongo(base, settings, partial(jour_metier, settings, horloge)),
                    horloge,
                    ApiSettings().affelnet_changements_max,
                ),
            )


def _settings(reel: ExportSettings, identifiant: str, dossier: Path) -> ParcoursupSettings:
    faits: dict[str, Any] = en_repetition(reel, identifiant)
    communs = {nom: getattr(reel, nom) for nom in ExportSettings.model_fields}
    nom = faits.pop("espace")
    settings = ParcoursupSettings(
        **{**communs, **faits, "parcoursup_cle_privee": dossier / "privee.pem"}
    )
    # The name may be longer than an installation's own may be.
    return settings.model_copy(update={"espace": nom})
