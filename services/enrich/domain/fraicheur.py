"""How old a reference table is, and from when that is an alarm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.enrich.domain.versions import TableEditee


@dataclass(frozen=True, slots=True)
class Alarmes:
    """The age, in days, beyond which a table is out of date; some tables have their own."""

    defaut: int
    par_table: Mapping[str, int]

    def age_max(self, table: str) -> int:
        """Return the greatest age without alarm."""
        return self.par_table.get(table, self.defaut)

    def perimee(self, table: TableEditee, maintenant: datetime) -> bool:
        """Tell whether a table is older than it may be."""
        return age_jours(table, maintenant) > self.age_max(table.nom)


def age_jours(table: TableEditee, maintenant: datetime) -> int:
    """Return the whole days since the date of the source, or since the load when it has none."""
    depuis = date.fromisoformat(table.source_le) if table.source_le else table.chargee_le.date()
    return max(0, (maintenant.date() - depuis).days)
