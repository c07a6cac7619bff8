"""The figures of a set of formations: completeness, findings by kind and severity."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from contracts.constats import Gravite, gravite
from services.enrich.domain.qualite.completude import ELEMENTS, est_complete, manquants

_GRAVITES: Final = (Gravite.BLOQUANT, Gravite.A_CORRIGER, Gravite.INFORMATION)


class Portee(NamedTuple):
    """A set of formations: the whole, an académie, a région, or what a SIRET manages or teaches."""

    espece: str
    valeur: str

    def __str__(self) -> str:
        """Return `espece:valeur`; the whole is `tout`."""
        return f"{self.espece}:{self.valeur}" if self.valeur else self.espece


TOUT: Final = Portee("tout", "")
SANS_CONSTAT: Final = "aucun"


@dataclass(slots=True)
class Bilan:
    """Counts of formations: `constats` by code, `gravites` by the worst finding of each."""

    offres: int = 0
    completes: int = 0
    elements_presents: int = 0
    lacunes: Counter[str] = field(default_factory=Counter)
    constats: Counter[str] = field(default_factory=Counter)
    gravites: Counter[str] = field(default_factory=Counter)

    @property
    def completude(self) -> float | None:
        """Return the mean share of the expected facts that are told, from 0 to 1."""
        return self.elements_presents / (self.offres * len(ELEMENTS)) if self.offres else None

    def ajouter(self, lacunes: Iterable[str], codes: Iterable[str], *, complete: bool) -> None:
        """Count one formation, by the codes of what it lacks and of what was found."""
        self.offres += 1
        self.completes += complete
        lacunes = list(lacunes)
        self.elements_presents += len(ELEMENTS) - len(lacunes)
        self.lacunes.update(lacunes)
        distincts = set(codes)
        self.constats.update(distincts)
        self.gravites[_la_pire(distincts)] += 1

    def document(self) -> dict[str, Any]:
        """Return the counts as stored: codes in order, so that equal figures are equal."""
        return {
            "offres": self.offres,
            "completes": self.completes,
            "elements_presents": self.elements_presents,
            "lacunes": dict(sorted(self.lacunes.items())),
            "constats": dict(sorted(self.constats.items())),
            "gravites": dict(sorted(self.gravites.items())),
        }


def de_document(document: Mapping[str, Any]) -> Bilan:
    """Return the counts of a stored document."""
    return Bilan(
        document["offres"],
        document["completes"],
        document["elements_presents"],
        Counter(document["lacunes"]),
        Counter(document["constats"]),
        Counter(document["gravites"]),
    )


def _la_pire(codes: Iterable[str]) -> str:
    presentes = set(map(gravite, codes))
    return next((g.value for g in _GRAVITES if g in presentes), SANS_CONSTAT)


@dataclass(slots=True)
class Mesure:
    """The figures of every set of formations, and the names that pages show for them."""

    bilans: dict[Portee, Bilan] = field(default_factory=dict)
    noms: dict[Portee, str] = field(default_factory=dict)
    academies: dict[Portee, str] = field(default_factory=dict)

    def noter(self, formation: Mapping[str, Any], codes: Iterable[str]) -> None:
        """Count one formation, with the codes of its findings, in every set it belongs to."""
        absents = manquants(formation)
        lacunes, complete = [element.code for element in absents], est_complete(absents)
        codes = list(codes)
        for portee, nom, academie in portees(formation):
            bilan = self.bilans.get(portee)
            if bilan is None:
                bilan = self.bilans[portee] = Bilan()
            bilan.ajouter(lacunes, codes, complete=complete)
            if nom:
                self.noms[portee] = nom
            if academie:
                self.academies[portee] = academie


def portees(formation: Mapping[str, Any]) -> Iterator[tuple[Portee, str | None, str | None]]:
    """Yield the sets that a formation belongs to, each once, with its name and its académie."""
    lire = formation.get
    yield TOUT, None, None
    if academie := lire("num_academie"):
        yield Portee("academie", academie), lire("nom_academie"), None
    if region := lire("region"):
        yield Portee("region", region), region, None
    vus: set[str] = set()
    for role in ("gestionnaire", "formateur"):
        siret = lire(f"etablissement_{role}_siret")
        if siret and siret not in vus:
            vus.add(siret)
            nom = lire(f"etablissement_{role}_raison_sociale")
            academie = lire(f"etablissement_{role}_num_academie") or lire("num_academie")
            yield Portee("siret", siret), nom, academie
