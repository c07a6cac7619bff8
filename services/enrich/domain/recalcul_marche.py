"""The tables walked backwards, from rows to the declared codes that lead to them.

Mirrors what the rules of `enrichissement` look up; every step here is one of theirs, reversed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from services.enrich.domain.references.tables import References

_RENUMEROTES: Final = {"976": "985", "2A": "20", "2B": "20"}
"""The former beginnings of codes that start so today (`codes_communes`)."""

_ANCIENS_CODES: Final = {
    "97701": "97123",
    "97801": "97127",
    "75016": "75116",
    "97139": "97142",
}
"""Single codes, each with the one before it that offers still declare."""

_COMMUNES_DIVISEES: Final = {"751": "75056", "6938": "69123", "132": "13055"}


class Marche:
    """A walk over one or more versions of the tables; gathers `cles` and `debuts` as it goes."""

    def __init__(self, tables: Sequence[References]) -> None:
        """Walk over all of `tables` at once."""
        self._tables = tables
        self.cles: set[str] = set()
        self.debuts: set[str] = set()
        self._diplomes_vus: set[str] = set()

    def diplomes(self, cfds: Iterable[str]) -> None:
        """Reach who declares these diplomas, one that they replace, or a fiche that leads there."""
        a_voir = [cfd for cfd in cfds if cfd not in self._diplomes_vus]
        while a_voir:
            cfd = a_voir.pop()
            self._diplomes_vus.add(cfd)
            self.cles.add(f"cfd:{cfd}")
            for tables in self._tables:
                self.cles.update(f"rncp:{code}" for code in tables.fiches_par_cfd.get(cfd, ()))
            a_voir += [
                autre for autre in self._remplaces.get(cfd, ()) if autre not in self._diplomes_vus
            ]

    def niveaux(self, niveaux: Iterable[str]) -> None:
        """Reach the diplomas of these levels."""
        voulus = set(niveaux)
        self.diplomes(
            cfd
            for tables in self._tables
            for cfd, diplome in tables.cfds.items()
            if diplome.niveau_formation_diplome in voulus
        )

    def fiches(self, codes: Iterable[str]) -> None:
        """Reach who declares these fiches, or a diploma that leads to one."""
        for code in codes:
            self.cles.add(f"rncp:{code}")
            for tables in self._tables:
                self.diplomes(tables.cfds_par_fiche.get(code, ()))

    def metiers(self, romes: Iterable[str]) -> None:
        """Reach the fiches that name these jobs."""
        voulus = set(romes)
        self.fiches(
            code
            for tables in self._tables
            for code, fiche in tables.fiches.items()
            if not voulus.isdisjoint(fiche.romes)
        )

    def communes(self, codes: Iterable[str]) -> None:
        """Reach the codes that lead to these communes: their own, former ones, post codes."""
        voulus = set(codes)
        villes = {
            ville
            for code in voulus
            for debut, ville in _COMMUNES_DIVISEES.items()
            if code.startswith(debut)
        }
        postaux = {
            postal
            for tables in self._tables
            for postal, communes in tables.communes_par_code_postal.items()
            if not voulus.isdisjoint(communes)
        }
        self.codes_de_lieu(voulus | villes | postaux)

    def codes_de_lieu(self, codes: Iterable[str]) -> None:
        """Reach who declares these INSEE or post codes or a former one, or lies there."""
        atteints: set[str] = set()
        a_voir = list(codes)
        while a_voir:
            code = a_voir.pop()
            if code not in atteints:
                atteints.add(code)
                a_voir += self._anciens(code)
        self.cles.update(f"lieu:{code}" for code in atteints)
        self.sirets(
            siret
            for tables in self._tables
            for siret, connu in tables.etablissements.items()
            if connu.code_commune_insee in atteints or connu.code_postal in atteints
        )

    def departements(self, codes: Iterable[str]) -> None:
        """Reach every code of these départements, known or not."""
        voulus = set(codes)
        debuts = {debut for code in voulus for debut in (code[:2], _RENUMEROTES.get(code, code))}
        self.debuts.update(f"lieu:{debut}" for debut in debuts)
        rangees = {
            commune.code
            for tables in self._tables
            for commune in tables.communes.values()
            if commune.departement in voulus
        }
        self.communes(rangees)
        self.sirets(
            siret
            for tables in self._tables
            for siret, connu in tables.etablissements.items()
            if (connu.code_commune_insee or "").startswith(tuple(debuts))
            or (connu.code_postal or "").startswith(tuple(debuts))
        )

    def sirets(self, sirets: Iterable[str]) -> None:
        """Reach the companies of these establishments."""
        self.cles.update(f"siren:{siret[:9]}" for siret in sirets)

    def sirens(self, sirens: Iterable[str]) -> None:
        """Reach these companies."""
        self.cles.update(f"siren:{siren}" for siren in sirens)

    def _anciens(self, code: str) -> list[str]:
        anciens = [*self._anciennes_communes.get(code, ())]
        if code in _ANCIENS_CODES:
            anciens.append(_ANCIENS_CODES[code])
        for debut, ancien in _RENUMEROTES.items():
            if code.startswith(debut):
                anciens.append(ancien + code[len(debut) :])
        return anciens

    @cached_property
    def _remplaces(self) -> Mapping[str, Sequence[str]]:
        """By diploma, those that name it as a successor."""
        remplaces: dict[str, list[str]] = defaultdict(list)
        for tables in self._tables:
            for diplome in tables.cfds.values():
                for nouveau in diplome.nouveaux:
                    remplaces[nouveau].append(diplome.cfd)
        return remplaces

    @cached_property
    def _anciennes_communes(self) -> Mapping[str, Sequence[str]]:
        """By commune, the former codes that lead to it."""
        anciennes: dict[str, list[str]] = defaultdict(list)
        for tables in self._tables:
            for ancienne, actuelle in tables.anciennes_communes.items():
                anciennes[actuelle].append(ancienne)
        return anciennes
