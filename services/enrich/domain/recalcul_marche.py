"""The tables walked backwards, from rows to the declared codes that lead to them.

Mirrors what the rules of `enrichissement` look up; every step here is one of theirs, reversed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, TypeVar

from services.enrich.domain.references.tables import References

T = TypeVar("T")

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

    def diplomes(self, cfds: Iterable[str]) -> None:
        """Reach who declares these diplomas, or a diploma or fiche that leads to one."""
        self._certifications([f"cfd:{cfd}" for cfd in cfds])

    def fiches(self, codes: Iterable[str]) -> None:
        """Reach who declares these fiches, or a diploma or fiche that leads to one."""
        self._certifications([f"rncp:{code}" for code in codes])

    def mefs(self, codes: Iterable[str]) -> None:
        """Reach the diplomas that have these MEF, of ten characters or eleven, or borrow them."""
        voulus = set(codes)
        trouves = [
            mef
            for tables in self._tables
            for siennes in tables.mefs.values()
            for mef in siennes
            if mef.mef10 in voulus or mef.mef_stat_11 in voulus
        ]
        self.diplomes([mef.cfd for mef in trouves])
        self.fins_de_mef({mef.mef_stat_11[-5:] for mef in trouves if mef.mef_stat_11})

    def fins_de_mef(self, fins: Iterable[str]) -> None:
        """Reach the diplomas that end as these MEF-STAT-11, whose MEF may stand for theirs."""
        voulues = tuple(fins)
        self.diplomes(
            [cfd for tables in self._tables for cfd in tables.cfds if cfd.endswith(voulues)]
        )

    def liens(self, codes: Iterable[str]) -> None:
        """Reach the diplomas and MEF that these pages describe."""
        toutes = list(codes)
        self.diplomes(toutes)
        self.mefs(toutes)

    def niveaux(self, niveaux: Iterable[str]) -> None:
        """Reach the diplomas of these levels."""
        voulus = set(niveaux)
        self.diplomes(
            cfd
            for tables in self._tables
            for cfd, diplome in tables.cfds.items()
            if diplome.niveau_formation_diplome in voulus
        )

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

    def _certifications(self, a_voir: list[str]) -> None:
        """Reach these diplomas and fiches, and whatever leads to one."""
        while a_voir:
            cle = a_voir.pop()
            if cle not in self.cles:
                self.cles.add(cle)
                a_voir += self._menant_a(cle)

    def _menant_a(self, cle: str) -> list[str]:
        genre, code = cle.split(":", 1)
        if genre == "cfd":
            par_le_kit = [f"rncp:{r}" for t in self._tables for r in t.fiches_par_cfd.get(code, ())]
        else:  # a fiche stands in for the one that replaces it, while this one is still to begin
            par_le_kit = [
                f"cfd:{cfd}"
                for tables in self._tables
                for fiche in (code, *tables.fiches_suivantes.get(code, ()))
                for cfd in tables.cfds_par_fiche.get(fiche, ())
            ]
        return [*par_le_kit, *self._remplacees.get(cle, ())]

    @cached_property
    def _remplacees(self) -> Mapping[str, Sequence[str]]:
        """By diploma or fiche, those that name it as a successor."""
        remplacees: dict[str, list[str]] = defaultdict(list)
        for cfds in _distinctes(tables.cfds for tables in self._tables):
            for diplome in cfds.values():
                for nouveau in diplome.nouveaux:
                    remplacees[f"cfd:{nouveau}"].append(f"cfd:{diplome.cfd}")
        for fiches in _distinctes(tables.fiches_suivantes for tables in self._tables):
            for fiche, suivantes in fiches.items():
                for suivante in suivantes:
                    remplacees[f"rncp:{suivante}"].append(f"rncp:{fiche}")
        return remplacees

    @cached_property
    def _anciennes_communes(self) -> Mapping[str, Sequence[str]]:
        """By commune, the former codes that lead to it."""
        anciennes: dict[str, list[str]] = defaultdict(list)
        for communes in _distinctes(tables.anciennes_communes for tables in self._tables):
            for ancienne, actuelle in communes.items():
                anciennes[actuelle].append(ancienne)
        return anciennes


def _distinctes(tables: Iterable[Mapping[str, T]]) -> Iterable[Mapping[str, T]]:
    """Return each table once: versions share those that did not change."""
    return {id(table): table for table in tables}.values()
