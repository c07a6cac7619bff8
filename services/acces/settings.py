"""Settings of acces: passwords, one-time links, how fast one may try, where people reach it."""

from typing import Final, Self

from pydantic import Field, PositiveInt, model_validator
from pydantic_settings import SettingsConfigDict

from services.kernel.mail import MailSettings

SERVICE: Final = "acces"
_COUT_MIN_EN_PRODUCTION: Final = 300_000
COUT_MAX: Final = 2_000_000


class ApiSettings(MailSettings):
    """What the process of acces is told by its environment."""

    model_config = SettingsConfigDict(env_prefix="CATALOGUE_", frozen=True, extra="ignore")

    port: int = Field(default=8005, ge=0, le=65_535)

    # Rounds of SHA-512 crypt: about half a second of one core (decision 21).
    motdepasse_cout: int = Field(default=656_000, ge=1_000, le=COUT_MAX)
    motdepasse_attente_max: PositiveInt = 20  # further ones that wait for a hash are sent away

    invitation_duree_s: PositiveInt = 7 * 86_400
    oubli_duree_s: PositiveInt = 3_600

    essais_par_minute: PositiveInt = 30  # of one account, and of one address
    essais_suivis_max: PositiveInt = 50_000
    oublis_par_heure: PositiveInt = 6  # mails of a forgotten password to one name

    comptes_max: PositiveInt = 2_000  # accounts of one page

    @model_validator(mode="after")
    def _refuse_cheap_hashes(self) -> Self:
        if self.environnement == "production" and self.motdepasse_cout < _COUT_MIN_EN_PRODUCTION:
            raise ValueError(
                f"CATALOGUE_MOTDEPASSE_COUT doit être au moins {_COUT_MIN_EN_PRODUCTION} en "
                "production."
            )
        return self
