"""Settings of enrich."""

from collections.abc import Mapping
from typing import Final

from pydantic import Field, HttpUrl, NonNegativeFloat, PositiveFloat, PositiveInt

from services.enrich.domain.enrichissement.qualite import Politique, SiInconnu, Source
from services.kernel.settings import KernelSettings

SERVICE: Final = "enrich"
BASE: Final = "catalogue"
AGES_MAX_JOURS: Final = {"rncp": 45, "kit_apprentissage": 45, "etablissements": 45, "uai_siret": 45}
"""Tables whose sources are published every month or more often."""


class EnrichSettings(KernelSettings):
    """What the processes of enrich are told by their environment."""

    reglementaire_source: Source = Source.AMONT  # who decides on the catalogue réglementaire
    reglementaire_si_inconnu: SiInconnu = SiInconnu.AMONT  # when computed and a fact is missing
    references_attente_s: PositiveFloat = 2.0  # between two looks at the active version
    references_gardees: PositiveInt = 20  # last versions whose rows are kept
    references_baisse_max: float = Field(default=0.1, ge=0, le=1)  # share of rows a table may lose
    references_nouvelles_max: float = Field(default=0.5, ge=0, le=1)  # share of keys that are new
    references_age_max_jours: PositiveInt = 400  # beyond, a table is out of date: yearly sources
    references_ages_max_jours: Mapping[str, PositiveInt] = AGES_MAX_JOURS
    references_mesure_s: PositiveFloat = 60.0  # between two measures of their age
    reemission_lot: PositiveInt = 500  # formations emitted again in one transaction
    reemission_max: PositiveInt = 100_000  # ids in one request
    recalcul_lot: PositiveInt = 500  # formations computed again in one transaction
    recalcul_pause_s: NonNegativeFloat = 0.01  # between two of these
    recalcul_attente_max_s: NonNegativeFloat = 2.0  # for a moment without offers, before each
    qualite_attente_s: PositiveFloat = 15.0  # between two looks at whether formations moved
    qualite_age_max_s: PositiveFloat = 600.0  # figures of a flow that never rests
    qualite_lien_s: PositiveFloat = 7_200.0  # how long a link to an establishment's page holds
    qualite_jours_max: PositiveInt = 400  # days of a trend

    @property
    def politique(self) -> Politique:
        """The policy on the catalogue réglementaire."""
        return Politique(self.reglementaire_source, self.reglementaire_si_inconnu)


class ApiSettings(EnrichSettings):
    """The port of the API."""

    port: int = Field(default=8002, ge=0, le=65_535)


class ConsumerSettings(EnrichSettings):
    """The consumer's own port for health and metrics."""

    port: int = Field(default=8012, ge=0, le=65_535)


class RelaySettings(EnrichSettings):
    """The relay's own port for health and metrics, when it runs by itself."""

    port: int = Field(default=8032, ge=0, le=65_535)


class GeocodageSettings(EnrichSettings):
    """The address service; without its address, nothing is asked of anyone."""

    port: int = Field(default=8042, ge=0, le=65_535)
    geocodage_adresse: HttpUrl | None = None  # of a service that answers as the BAN does
    geocodage_par_s: PositiveFloat = 5.0  # requests in a second, whatever the service allows
    geocodage_delai_s: PositiveFloat = 5.0  # to wait for an answer
    geocodage_score_min: float = Field(default=0.5, ge=0, le=1)
    geocodage_garder_jours: PositiveInt = 365  # before an answer is asked again
    geocodage_examen_s: PositiveFloat = 900.0  # between two looks for places without a position
    geocodage_reprise_s: PositiveFloat = 20.0  # from an answer to the formations that it changes
    geocodage_bail_s: PositiveFloat = 30.0
