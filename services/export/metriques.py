"""The metrics that are export's own."""

from typing import Final

from prometheus_client import Gauge

FILE_ARRETEE: Final = Gauge(
    "catalogue_parcoursup_stopped", "1 while Parcoursup refuses our credentials: resume by hand"
)
