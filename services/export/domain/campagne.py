"""Campaign, business day and the named policies under which offers are judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from contracts.statuts import Plateforme


class Inconnu(StrEnum):
    """What a fact that no source gives counts as."""

    ADMIS = "admis"
    ECARTE = "ecarte"


class Inscription(StrEnum):
    """How a fiche whose registration type is unknown is judged."""

    DE_DROIT = "de_droit"
    SUR_DEMANDE = "sur_demande"


@dataclass(frozen=True, slots=True)
class Politiques:
    """What unknown facts count as; each one is a setting (design.md §4)."""

    catalogue_inconnu: Inconnu = Inconnu.ADMIS
    inscription_inconnue: Inscription = Inscription.DE_DROIT
    fiche_inconnue: Inconnu = Inconnu.ADMIS
    peremption_inconnue: Inconnu = Inconnu.ADMIS


@dataclass(frozen=True, slots=True)
class Campagne:
    """A campaign of one platform, known by the year in which it starts (domain.md §3.7)."""

    debut: date

    @property
    def id(self) -> str:
        """Return the year of the start, which names the campaign."""
        return str(self.debut.year)

    @property
    def session(self) -> tuple[str, str]:
        """Return the first and the last civil date of a start in the session (§3.3, 7)."""
        return _session(self.debut.year)

    @property
    def session_precedente(self) -> tuple[str, str]:
        """Return the bounds of the session one year earlier."""
        return _session(self.debut.year - 1)


def _session(annee: int) -> tuple[str, str]:
    return f"{annee + 1}-08-01", f"{annee + 2}-07-31"


def seuil_de_validite(jour: date) -> str:
    """Return the last civil date on which a certification is about to close (§3.3, 4).

    It is the 31 August of the year, of the next year from 1 October on.
    """
    annee = jour.year + (1 if jour.month >= 10 else 0)
    return f"{annee}-08-31"


@dataclass(frozen=True, slots=True)
class Contexte:
    """All that an evaluation needs beside the offer and the rules of one platform."""

    plateforme: Plateforme
    campagne: Campagne
    seuil: str
    politiques: Politiques = field(default_factory=Politiques)
    sirets_refuses: frozenset[str] = frozenset()

    @property
    def marque(self) -> str:
        """Return a text that changes when an evaluation may change."""
        return repr(
            (
                self.plateforme.value,
                self.campagne.debut.isoformat(),
                self.seuil,
                self.politiques,
                sorted(self.sirets_refuses),
            )
        )


def contexte(
    plateforme: Plateforme,
    campagne: Campagne,
    jour: date,
    politiques: Politiques | None = None,
    sirets_refuses: Mapping[str, date] | None = None,
) -> Contexte:
    """Return the context of a day; a SIRET is refused from its date on (§3.4)."""
    return Contexte(
        plateforme,
        campagne,
        seuil_de_validite(jour),
        politiques or Politiques(),
        frozenset(siret for siret, depuis in (sirets_refuses or {}).items() if depuis <= jour),
    )
