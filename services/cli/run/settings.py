"""What `catalogue run` is told: where it works, what it deposits, on which ports."""

from datetime import date
from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT: Final = Path(__file__).resolve().parents[3]
SAMPLE: Final = ROOT / "deploy" / "exemple"
BUSINESS_DAY: Final = date(2020, 11, 16)


class RunSettings(BaseSettings):
    """Read from CATALOGUE_* variables, as the services' own settings are.

    `refdata` is a folder in the layouts of the reference data; without one, the sample that the
    project ships is used. Both are offers of the autumn of 2020, hence the business day.
    """

    model_config = SettingsConfigDict(env_prefix="CATALOGUE_", frozen=True, extra="ignore")

    dossier: Path = Path(".local")
    refdata: Path | None = None
    espace: str = ""
    jour_metier: date = BUSINESS_DAY
    decalage_ports: int = Field(default=0, ge=0, le=50_000)
    decisions_demo: int = Field(default=400, ge=0, le=5_000)
    attente_max_s: float = 900.0

    @property
    def source(self) -> Path:
        """The folder that is loaded and deposited."""
        return self.refdata if self.refdata is not None else SAMPLE

    @property
    def is_sample(self) -> bool:
        """Tell whether the shipped sample is used."""
        return self.refdata is None
