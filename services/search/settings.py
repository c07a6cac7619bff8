"""Settings of search: where its index lives and how it is written and read."""

from pydantic import Field, PositiveFloat, PositiveInt
from pydantic_settings import SettingsConfigDict

from services.kernel.settings import KernelSettings


class SearchSettings(KernelSettings):
    """What the processes of search are told by their environment."""

    model_config = SettingsConfigDict(env_prefix="CATALOGUE_", frozen=True, extra="ignore")

    index_fragments: PositiveInt = 1  # shards: about one per 50 GB; one is fastest for a nation
    index_repliques: int = Field(default=0, ge=0, le=5)
    index_delai_s: PositiveFloat = 30.0  # of one request to Elasticsearch
    index_envois: PositiveInt = 4  # bulk requests at once: each is held in memory on both sides
    index_tentatives: PositiveInt = 6  # in a batch, for items answered 409, 429 or 503
    index_lot_de_masse: PositiveInt = 500  # from so many records on, a batch is part of a bulk load
    index_rafraichissement: str = Field(default="1s", pattern=r"^\d+(ms|s)$")
    index_rafraichissement_de_masse: str = Field(default="30s", pattern=r"^\d+(ms|s)$")
    index_calme_s: PositiveFloat = 2.0  # without a bulk batch, then the first interval is back
    recherche_lieux_s: PositiveFloat = 300.0  # how long the position of a commune is remembered
    reconstruction_bail_s: PositiveFloat = 30.0
    reconstruction_ecart_s: PositiveFloat = 60.0  # the gate waits so long for both indexes to agree


class IndexerSettings(SearchSettings):
    """The indexer's own port for health and metrics."""

    port: int = Field(default=8013, ge=0, le=65_535)
    lot_max: PositiveInt = 4_000
    # Little of each partition, so that a batch is of all of them. Publications, far smaller, are
    # then read ahead of the formations that wait: a whole document is written once, not twice.
    lot_partition_octets_max: PositiveInt = 128 * 1024


class ApiSettings(SearchSettings):
    """The port of the public API and pages."""

    port: int = Field(default=8003, ge=0, le=65_535)
