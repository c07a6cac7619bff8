"""The metrics that are export's own."""

from typing import Final

from prometheus_client import Gauge

FILE_ARRETEE: Final = Gauge(
    "catalogue_parcoursup_stopped", "1 while Parcoursup refuses our credentials: resume by hand"
)
DISJONCTEUR_OUVERT: Final = Gauge(
    "catalogue_parcoursup_unavailable", "1 while Parcoursup does not answer and is only probed"
)
FILE_FERMEE: Final = Gauge(
    "catalogue_parcoursup_closed", "1 while the switch, the calendar or the daily limit forbids"
)
