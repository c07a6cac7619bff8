"""What a rehearsal plays; the same plan on the same state ends in the same state."""

from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, model_validator

Part = Annotated[float, Field(ge=0, le=1)]


class _Voulu(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Simulation(_Voulu):
    """How the simulated Parcoursup behaves.

    Shares of offers refused and of answers lost (drawn by offer), of sendings met by a 503; of
    those published, a part (`gestes`) is then closed there, and as many taken back.
    """

    refus: Part = 0.15
    perdues: Part = 0.05
    indisponible: Part = 0.01
    gestes: Part = 0.0


class ImportVoulu(_Voulu):
    """A file of Affelnet (XLSX or CSV) and the day on which it is applied."""

    fichier: Path
    jour: date


class Plan(_Voulu):
    """The calendar, the rules, what people decide and how the platform behaves.

    `jour` is the first day; the campaign starts on it, on both platforms, if `demarrage`. Decisions
    are drawn among what can be decided then; sendings last `jours` days. Without `regles` those in
    force stay, `regles_en_plus` are added to them. On the `nuit` a part of the offers is missing
    from the flow, and is back on the next day.
    """

    graine: str = "1"
    jour: date
    demarrage: bool = True
    regles: Path | None = None
    regles_en_plus: Path | None = None
    decisions_parcoursup: NonNegativeInt = 2_000
    decisions_affelnet: NonNegativeInt = 1_000
    part_de_refus: Part = 0.15
    jours: PositiveInt = 3
    limite: PositiveInt | None = None
    simulation: Simulation = Simulation()
    imports: tuple[ImportVoulu, ...] = ()
    nuit: date | None = None
    part_de_la_nuit: Part = 0.3
    septembre: bool = False
    suivante: date | None = None

    @model_validator(mode="after")
    def _dans_l_ordre(self) -> Self:
        dates = [self.jour, *(un.jour for un in self.imports), self.suivante]
        if any(un is not None and un < self.jour for un in (*dates, self.nuit)):
            raise ValueError("Rien ne peut se jouer avant le premier jour de la répétition.")
        if self.suivante is not None and self.suivante.year <= self.jour.year:
            raise ValueError("La campagne suivante commence une autre année que celle-ci.")
        return self
