"""Settings of export: policies of the rules, the campaign, the two feeds, the change feed."""

from datetime import date, time
from pathlib import Path
from typing import Final, Self

from pydantic import Field, HttpUrl, PositiveFloat, PositiveInt, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from services.export.domain.campagne import Inconnu, Inscription, Politiques
from services.export.settings_avis import AvisSettings
from services.kernel.settings import MIB

SERVICE: Final = "export"
BASE: Final = "export"


class ExportSettings(AvisSettings):
    """What the processes of export are told by their environment."""

    model_config = SettingsConfigDict(env_prefix="CATALOGUE_", frozen=True, extra="ignore")

    # What a fact that no source gives counts as (design.md §4), whom Parcoursup refuses (§3.4).
    catalogue_inconnu: Inconnu = Inconnu.ADMIS
    inscription_inconnue: Inscription = Inscription.DE_DROIT
    fiche_inconnue: Inconnu = Inconnu.ADMIS
    peremption_inconnue: Inconnu = Inconnu.ADMIS
    sirets_refuses: dict[str, date] = Field(default_factory=dict)

    # Start of the campaign while none was recorded; by default the last 15 September.
    campagne_debut: date | None = None

    reevaluation_attente_s: PositiveFloat = 2.0  # between two looks at rules, campaign and day
    reevaluation_lot: PositiveInt = 1_000
    reevaluation_bail_s: PositiveFloat = 30.0

    operation_lot: PositiveInt = 500  # offers of one transaction of an operation on all

    classeur_max: PositiveInt = 20_000  # rows of a workbook; a CSV has no limit
    # Where the public pages of the Carif-Oref are, to which the tables lead.
    fiches_publiques: HttpUrl = HttpUrl("https://catalogue-apprentissage.intercariforef.org")
    compteurs_attente_s: PositiveFloat = 600.0  # between two looks at whether a day is counted

    decisions_max: PositiveInt = 500  # of a list; also how many one transaction takes

    # Parcoursup while no administrator set anything (PUT /v1/flux/parcoursup/reglages).
    parcoursup_actif: bool = True  # the switch of the historic system
    parcoursup_limite: PositiveInt = 1_000  # offers answered a day (historically 50 to 250 a night)
    parcoursup_debut: date | None = None
    parcoursup_fin: date | None = None
    parcoursup_heures: tuple[time, time] | None = None
    parcoursup_relecture: time | None = time(5)  # the hour of the read-back, in Paris
    decisions_en_lot_max: PositiveInt = 5_000  # offers of a bulk decision

    changements_limite: PositiveInt = 200
    changements_limite_max: PositiveInt = 1_000
    changements_attente_max_s: PositiveFloat = 30.0
    changements_page_octets: PositiveInt = 4 * MIB
    changements_tampon_octets: PositiveInt = 64 * MIB  # recent records kept for all followers

    @property
    def politiques(self) -> Politiques:
        """Return what unknown facts count as."""
        return Politiques(
            catalogue_inconnu=self.catalogue_inconnu,
            inscription_inconnue=self.inscription_inconnue,
            fiche_inconnue=self.fiche_inconnue,
            peremption_inconnue=self.peremption_inconnue,
        )


class ApiSettings(ExportSettings):
    """The port of the API and the limits of the files that it takes."""

    port: int = Field(default=8004, ge=0, le=65_535)

    affelnet_import_octets_max: PositiveInt = 32 * MIB
    affelnet_import_lignes_max: PositiveInt = 60_000
    affelnet_changements_max: PositiveInt = 10_000  # 20,000 do not hold in a cache of 512 MiB


class ConsumerSettings(ExportSettings):
    """The consumer's own port for health and metrics."""

    port: int = Field(default=8014, ge=0, le=65_535)
    lot_max: PositiveInt = 2_000  # its documents are small: fewer, larger transactions


class RelaySettings(ExportSettings):
    """The relay's own port for health and metrics, when it runs by itself."""

    port: int = Field(default=8034, ge=0, le=65_535)


class ParcoursupSettings(ExportSettings):
    """How offers are sent to Parcoursup.

    In development a key pair is made where `parcoursup_cle_privee` says when there is none.
    """

    port: int = Field(default=8024, ge=0, le=65_535)

    parcoursup_adresse: HttpUrl = HttpUrl("http://127.0.0.1:8009")
    parcoursup_certificat: str = "catalogue-apprentissage"
    parcoursup_cle_privee: Path = Path(".local/parcoursup/privee.pem")
    parcoursup_phrase: SecretStr | None = None
    parcoursup_jeton_s: PositiveInt = 20
    parcoursup_delai_s: PositiveFloat = 30.0  # of one exchange
    parcoursup_attente_s: PositiveFloat = 1.0  # between two looks at an empty queue
    parcoursup_attente_fermee_s: PositiveFloat = 15.0  # while the calendar or the limit forbids
    parcoursup_reprise_min_s: PositiveFloat = 1.0
    parcoursup_reprise_max_s: PositiveFloat = 300.0
    parcoursup_pannes: PositiveInt = 5  # transient faults in a row that open the circuit breaker
    parcoursup_relecture_reprise_s: PositiveFloat = 900.0  # after a read-back that failed
    parcoursup_inconnu_s: PositiveFloat = 300.0  # an unknown outcome is asked about after so long

    @model_validator(mode="after")
    def _refuse_asking_too_early(self) -> Self:
        if self.parcoursup_inconnu_s <= self.parcoursup_delai_s:
            raise ValueError(
                "CATALOGUE_PARCOURSUP_INCONNU_S doit dépasser CATALOGUE_PARCOURSUP_DELAI_S : un "
                "échange en cours n'est pas un échange perdu."
            )
        return self

    @model_validator(mode="after")
    def _refuse_a_missing_key(self) -> Self:
        if self.environnement == "production" and not self.parcoursup_cle_privee.is_file():
            raise ValueError(
                "CATALOGUE_PARCOURSUP_CLE_PRIVEE doit désigner la clé privée RSA en production."
            )
        return self
