"""The circuit breaker before Parcoursup: an outage is met with few probes and told once."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Seuils:
    """So many faults in a row open it; the pause doubles from one to the other of its bounds."""

    echecs: int
    pause_min_s: float
    pause_max_s: float


@dataclass(frozen=True, slots=True)
class Disjoncteur:
    """So many transient faults in a row; nothing is sent before `pas_avant`, then one offer is."""

    echecs: int = 0
    pas_avant: datetime | None = None
    ouvert_depuis: datetime | None = None

    @property
    def ouvert(self) -> bool:
        """Tell whether the platform is held to be away."""
        return self.ouvert_depuis is not None

    def attente_s(self, instant: datetime) -> float:
        """Return for how long nothing may be sent, 0 when one offer may."""
        if self.pas_avant is None:
            return 0.0
        return max(0.0, (self.pas_avant - instant).total_seconds())


def pause_s(echecs: int, seuils: Seuils) -> float:
    """Return how long to wait after so many faults in a row."""
    doublee = seuils.pause_min_s * 2 ** min(max(echecs, 1) - 1, 16)
    return float(min(seuils.pause_max_s, doublee))


def apres_une_panne(etat: Disjoncteur, instant: datetime, seuils: Seuils) -> Disjoncteur:
    """Count a transient fault: the pause grows, and past the threshold the breaker opens."""
    echecs = etat.echecs + 1
    ouvert_depuis = etat.ouvert_depuis or (instant if echecs >= seuils.echecs else None)
    return Disjoncteur(echecs, instant + timedelta(seconds=pause_s(echecs, seuils)), ouvert_depuis)
