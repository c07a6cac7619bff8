"""Which offers a row of an Affelnet import is about, and how strongly (domain.md §4.3)."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from contracts.identifiants import cle as cles

EXACTE: Final = 100
SUFFISANTE: Final = 4
SANS_MEF: Final = "AFFECTATION"
_LONGUEUR_MEF: Final = 10
_NIVEAUX: Final = ("3", "4")


@dataclass(frozen=True, slots=True)
class LigneAffelnet:
    """What is used of a row; `mef` is 10 digits at most, the identifier `ACADEMIE/code`."""

    identifiant: str
    uai: str | None
    cle: str | None = None
    mef: str | None = None
    code_postal: str | None = None
    prive: bool = False
    code_nature: str | None = None
    informations: str | None = None

    @property
    def ignoree(self) -> bool:
        """Tell whether the row lacks what any match needs."""
        return not self.uai or not (self.cle or self.mef)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What an offer is matched by; `ouverte`: published, in the perimeter and in session."""

    id: str
    cle: str
    niveau: str | None
    mefs: tuple[str, ...]
    departement: str | None
    code_postal: str | None
    code_commune_insee: str | None
    uai: str | None
    ouverte: bool


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """The strength of a row and the offers found; `sites` are published along with an L01."""

    force: int | None = None
    trouvees: tuple[Candidate, ...] = ()
    sites: tuple[Candidate, ...] = ()

    @property
    def publiees(self) -> tuple[Candidate, ...]:
        """Return the offers that the row publishes: of a unique match that is strong enough."""
        if self.force is None or self.force < SUFFISANTE or len(self.trouvees) != 1:
            return ()
        return (*self.trouvees, *self.sites)


def lire_mef(texte: str | None) -> str | None:
    """Return the MEF of a cell, cut to its 10 digits; `AFFECTATION` means none."""
    return None if not texte or texte == SANS_MEF else texte[:_LONGUEUR_MEF]


def departements(code_postal: str | None) -> tuple[str, ...]:
    """Return the départements that a postal code may be of."""
    if not code_postal:
        return ()
    if code_postal.startswith("20"):
        return ("2A", "2B")
    return (code_postal[: 3 if code_postal.startswith("97") else 2],)


class Catalogue:
    """The offers that rows are matched against, by key and by MEF."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._par_cle = {une.cle: une for une in candidates}
        self._par_racine: dict[str, list[str]] = {}
        self._par_mef: dict[str, list[Candidate]] = {}
        self._par_uai: dict[tuple[str, str | None], list[Candidate]] = {}
        self._par_departement: dict[tuple[str, str | None], list[Candidate]] = {}
        for cle in sorted(self._par_cle):
            une = self._par_cle[cle]
            self._par_racine.setdefault(cle.partition("#")[0], []).append(cle)
            if une.ouverte and (une.niveau or "").startswith(_NIVEAUX):
                for mef in dict.fromkeys(une.mefs):
                    self._par_mef.setdefault(mef, []).append(une)
                    self._par_uai.setdefault((mef, une.uai), []).append(une)
                    self._par_departement.setdefault((mef, une.departement), []).append(une)

    def par_cle(self, ligne: LigneAffelnet) -> Rapprochement:
        """Return the exact match of a row: its key, else those that its `X` year became."""
        lue = cles.lire(ligne.cle)
        if ligne.ignoree or lue is None:
            return Rapprochement()
        voulues = [lue.texte] if lue.texte in self._par_cle else cles.cles_precisees(lue)
        trouvees = tuple(self._par_cle[cle] for cle in voulues if cle in self._par_cle)
        if not trouvees:
            return Rapprochement()
        return Rapprochement(EXACTE, trouvees, self._sites(trouvees))

    def _sites(self, trouvees: Sequence[Candidate]) -> tuple[Candidate, ...]:
        lue = cles.lire(trouvees[0].cle)
        if lue is None or len(trouvees) != 1:
            return ()
        autres = cles.autres_sites(lue, self._par_racine[lue.racine])
        return tuple(self._par_cle[cle] for cle in autres)

    def par_mef(self, ligne: LigneAffelnet, prises: AbstractSet[str]) -> Rapprochement:
        """Return the strongest match of a row by its MEF, offers already taken left out."""
        if ligne.ignoree or ligne.mef is None:
            return Rapprochement()
        mef, ici = ligne.mef, departements(ligne.code_postal)
        if memes := _libres(self._par_uai.get((mef, ligne.uai), ()), prises):
            sur_place = [une for une in memes if une.departement in ici and _sur_place(une, ligne)]
            return Rapprochement(5, tuple(sur_place)) if sur_place else Rapprochement(4, memes)
        departement = [une for lieu in ici for une in self._par_departement.get((mef, lieu), ())]
        if voisines := _libres(departement, prises):
            postales = [une for une in voisines if une.code_postal == ligne.code_postal]
            return Rapprochement(3, tuple(postales)) if postales else Rapprochement(2, voisines)
        restantes = _libres(self._par_mef.get(mef, ()), prises)
        return Rapprochement(1, restantes) if restantes else Rapprochement()


def _libres(candidates: Sequence[Candidate], prises: AbstractSet[str]) -> tuple[Candidate, ...]:
    return tuple([une for une in candidates if une.id not in prises])


def _sur_place(une: Candidate, ligne: LigneAffelnet) -> bool:
    return ligne.code_postal in (une.code_postal, une.code_commune_insee)
