"""Settings of enrich."""

from typing import Final

from pydantic import Field, PositiveFloat, PositiveInt

from services.kernel.settings import KernelSettings

SERVICE: Final = "enrich"
BASE: Final = "catalogue"


class EnrichSettings(KernelSettings):
    """What the processes of enrich are told by their environment."""

    references_attente_s: PositiveFloat = 2.0  # between two looks at the active version
    reemission_lot: PositiveInt = 500  # formations emitted again in one transaction
    reemission_max: PositiveInt = 100_000  # ids in one request


class ApiSettings(EnrichSettings):
    """The port of the API."""

    port: int = Field(default=8002, ge=0, le=65_535)


class ConsumerSettings(EnrichSettings):
    """The consumer's own port for health and metrics."""

    port: int = Field(default=8012, ge=0, le=65_535)


class RelaySettings(EnrichSettings):
    """The relay's own port for health and metrics, when it runs by itself."""

    port: int = Field(default=8032, ge=0, le=65_535)
