"""Settings of the notices and of their subscriptions."""

from pydantic import Field, HttpUrl, PositiveFloat, PositiveInt

from services.kernel.settings import KernelSettings


class AvisSettings(KernelSettings):
    """When notices are established, what they count, where their mails lead.

    `avis_courriels` false leaves the events and the files, and sends no mail.
    """

    avis_courriels: bool = True
    avis_heure: int = Field(default=7, ge=0, le=23)  # in Paris, from which a day's are established
    avis_delai_jours: int = Field(default=7, ge=0)  # an offer to decide is told after so long
    avis_attente_s: PositiveFloat = 5.0
    avis_bail_s: PositiveFloat = 60.0
    avis_gardes_jours: PositiveInt = 90
    avis_adresse: HttpUrl = HttpUrl("http://127.0.0.1:8004")  # of this API, as readers reach it
    avis_adresse_fiches: HttpUrl = HttpUrl("http://127.0.0.1:8003")  # of the search pages

    avis_reprise_min_s: PositiveFloat = 60.0
    avis_reprise_max_s: PositiveFloat = 3_600.0
    abonnement_confirmation_h: PositiveInt = 48
    abonnements_max: PositiveInt = 50  # of one holder
