"""Settings common to all processes: one frozen class, read from CATALOGUE_* variables only.

A service adds its own by subclassing. Every limit is a setting with a sane value; sizes are in
bytes and durations in seconds unless the name says otherwise.
"""

from datetime import date
from typing import Final, Literal, Self

from pydantic import Field, HttpUrl, PositiveFloat, PositiveInt, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MIB: Final = 1024 * 1024
POIVRE_DE_DEVELOPPEMENT: Final = "poivre-de-developpement-a-remplacer-partout-ailleurs"
_POIVRE_MIN: Final = 32


class _Servers(BaseSettings):
    """Where the engines and the other services are, and under which namespace."""

    kafka: str = "127.0.0.1:19092"
    mongo: str = "mongodb://127.0.0.1:19017/?replicaSet=rs0&directConnection=true"
    elastic: str = "http://127.0.0.1:19200"
    espace: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9_-]{0,30})?$")

    adresse_collect: HttpUrl = HttpUrl("http://127.0.0.1:8001")
    adresse_enrich: HttpUrl = HttpUrl("http://127.0.0.1:8002")
    adresse_search: HttpUrl = HttpUrl("http://127.0.0.1:8003")
    adresse_export: HttpUrl = HttpUrl("http://127.0.0.1:8004")
    adresse_acces: HttpUrl = HttpUrl("http://127.0.0.1:8005")  # as people reach it, from mails too


class _HttpLimits(BaseSettings):
    """What one caller may ask of an HTTP process."""

    corps_max: PositiveInt = MIB  # an ordinary body, as received
    flux_max: PositiveInt = 512 * MIB  # a streamed body, as received
    flux_decompresse_max: PositiveInt = 2048 * MIB
    flux_ratio_max: PositiveFloat = 100.0  # expansion of a gzip body (real ones: about 20) …
    flux_ratio_apres: PositiveInt = MIB  # … looked at once this much came out of it
    ligne_max: PositiveInt = MIB
    lignes_max: PositiveInt = 1_000_000
    page_defaut: PositiveInt = 20
    page_max: PositiveInt = 1_000
    requete_max: PositiveInt = 8_192  # length of a query string

    debit_par_seconde: PositiveFloat = 500.0  # requests of one key, or of one address without key
    debit_rafale: PositiveInt = 5_000
    debit_suivis_max: PositiveInt = 50_000  # callers remembered at once
    cles_cache_s: PositiveFloat = 30.0  # so long may a revoked key still be accepted
    sessions_cache_s: PositiveFloat = 5.0  # and a session that is over
    session_duree_s: PositiveInt = 30 * 86_400  # whatever use is made of it
    session_inactivite_s: PositiveInt = 3 * 86_400  # without any use
    arret_max_s: PositiveInt = 20  # for requests in flight at a stop


class _ConsumerLimits(BaseSettings):
    """How records are taken from Kafka and events brought there."""

    lot_max: PositiveInt = 1_000
    lot_attente_ms: PositiveInt = 20
    lot_partition_octets_max: PositiveInt = MIB  # fetched at once of one partition, as compressed
    scrutation_max_s: PositiveFloat = 300.0  # max.poll.interval of a consumer
    lot_delai_s: PositiveFloat = 120.0  # then the batch is given up uncommitted and the next halved
    session_s: PositiveFloat = 10.0
    reprise_min_s: PositiveFloat = 0.2
    reprise_max_s: PositiveFloat = 10.0
    rebuts_fenetre: PositiveInt = 50  # the line stops when most of the last records are bad …
    rebuts_part_max: float = Field(default=0.5, gt=0, le=1)  # … that is more than this share
    bail_s: PositiveFloat = 10.0  # lease of a relay
    relais_attente_s: PositiveFloat = 0.5  # between two looks when nothing wakes it
    outbox_octets_max: PositiveInt = 4 * MIB
    relais_integre: bool = True


class KernelSettings(_Servers, _HttpLimits, _ConsumerLimits):
    """What every process is told by its environment; refuses to start on unsafe values.

    In production the pepper must be set, be no placeholder and have at least 32 characters.
    `jour_metier` fixes the business day; without it, it is today's date in Europe/Paris.
    """

    model_config = SettingsConfigDict(env_prefix="CATALOGUE_", frozen=True, extra="ignore")

    environnement: Literal["developpement", "production"] = "developpement"
    poivre: SecretStr = SecretStr(POIVRE_DE_DEVELOPPEMENT)
    jour_metier: date | None = None

    journal_niveau: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    traces_otlp: HttpUrl | None = None

    hote: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535)
    mandataires: str = "127.0.0.1"  # proxies whose X-Forwarded-* are believed (uvicorn's syntax)
    origines_cors: tuple[str, ...] = ("*",)  # sites whose pages may read

    @model_validator(mode="after")
    def _refuse_unsafe(self) -> Self:
        if self.lot_delai_s >= self.scrutation_max_s / 2:
            raise ValueError(
                "CATALOGUE_LOT_DELAI_S doit rester sous la moitié de CATALOGUE_SCRUTATION_MAX_S : "
                "au-delà, un lot trop long ferait exclure le consommateur de son groupe."
            )
        if self.environnement == "production":
            self._refuse_placeholder_pepper()
        return self

    def _refuse_placeholder_pepper(self) -> None:
        pepper = self.poivre.get_secret_value()
        if pepper == POIVRE_DE_DEVELOPPEMENT or len(pepper) < _POIVRE_MIN:
            raise ValueError(
                "CATALOGUE_POIVRE doit être fixé en production : au moins "
                f"{_POIVRE_MIN} caractères aléatoires, propres à cette installation."
            )
