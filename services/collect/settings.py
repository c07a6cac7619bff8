"""Settings of collect."""

from typing import Final

from pydantic import Field, PositiveFloat, PositiveInt

from services.collect.domain.depublications import SEUIL
from services.kernel.settings import KernelSettings

SERVICE: Final = "collect"
BASE: Final = "collect"


class CollectSettings(KernelSettings):
    """What the processes of collect are told; the limits of a body are the kernel's."""

    depot_lot: PositiveInt = Field(default=1_000, le=1_000)  # lines in one transaction
    cle_attribuee_suffit: bool = False  # may an offer enter a feed without an official clé
    # What one deposit may unpublish without a word: so many offers, or this part of all.
    depublications_max: PositiveInt = SEUIL.nombre
    depublications_part: float = Field(default=SEUIL.part, ge=0, le=1)
    idempotence_s: PositiveInt = 7 * 86_400  # how long an Idempotency-Key is remembered
    idempotence_attente_s: PositiveFloat = 300.0  # then a request without answer is given up
    diagnostic_delai_s: PositiveFloat = 5.0  # for enrich to say what it knows of one offer
    rapport_lignes_max: PositiveInt = 1_000  # lines in one page of a report
    reemission_lot: PositiveInt = 500  # offers emitted again in one transaction
    reemission_max: PositiveInt = 100_000  # ids in one request


class ApiSettings(CollectSettings):
    """The port of the API and its pages."""

    port: int = Field(default=8001, ge=0, le=65_535)


class ConsumerSettings(CollectSettings):
    """The consumer's own port for health and metrics."""

    port: int = Field(default=8011, ge=0, le=65_535)


class RelaySettings(CollectSettings):
    """The relay's own port for health and metrics."""

    port: int = Field(default=8031, ge=0, le=65_535)
