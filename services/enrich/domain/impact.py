"""What a move of the tables means for the offers: who is concerned by what closes or is replaced.

Pure, and the same before activation and after: a notice is a fact that two versions differ by, and
the active offers that it concerns.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from services.enrich.domain.recalcul_cles import Differences, Touchees, touchees
from services.enrich.domain.references.tables import Cfd, Etablissement, Fiche, References


class Nature(StrEnum):
    """What happens to a code."""

    CFD_FERME = "cfd_ferme"
    CFD_REMPLACE = "cfd_remplace"
    CFD_RETIRE = "cfd_retire"
    RNCP_TERMINE = "rncp_termine"
    RNCP_REMPLACE = "rncp_remplace"
    RNCP_RETIRE = "rncp_retire"
    COMMUNE_REUNIE = "commune_reunie"
    ETABLISSEMENT_FERME = "etablissement_ferme"
    QUALIOPI_PERDUE = "qualiopi_perdue"


@dataclass(frozen=True, slots=True)
class Fait:
    """What happens to a code, from which day if the tables tell, and what takes its place."""

    nature: Nature
    code: str
    libelle: str | None = None
    le: str | None = None
    successeur: str | None = None
    successeur_libelle: str | None = None


class Concernee(NamedTuple):
    """An active formation, as far as facts concern it; several codes where rules derive one."""

    cfds: frozenset[str]
    rncp: str | None
    commune: str | None
    gestionnaire: str | None
    formateur: str | None
    academie: str | None


class Groupe(NamedTuple):
    """Offers of the same establishments in the same académie, and how many they are."""

    gestionnaire: str | None
    formateur: str | None
    academie: str | None
    offres: int


@dataclass(frozen=True, slots=True)
class Avis:
    """A fact and the offers that it concerns, each in exactly one group."""

    fait: Fait
    groupes: tuple[Groupe, ...]

    @property
    def offres(self) -> int:
        """How many offers are concerned."""
        return sum(groupe.offres for groupe in self.groupes)

    def par_academie(self) -> Mapping[str, int]:
        """Return how many are concerned, by number of académie."""
        return _sommes((groupe.academie, groupe.offres) for groupe in self.groupes)

    def par_etablissement(self) -> Mapping[str, int]:
        """Return how many each establishment manages or teaches, by SIRET."""
        return _sommes(
            (siret, groupe.offres)
            for groupe in self.groupes
            for siret in {groupe.gestionnaire, groupe.formateur}
        )


class Impact(NamedTuple):
    """The facts by which two versions differ, and the declared codes that lead to them.

    `tables` are the fields of `References` that differ at all.
    """

    faits: tuple[Fait, ...]
    touchees: Touchees
    tables: frozenset[str]


class Rapport(NamedTuple):
    """The notices of a move from one version to another, and when they were made."""

    de: str
    vers: str
    calcule_le: datetime
    tables: frozenset[str]
    avis: tuple[Avis, ...]


def impact(changees: Differences, avant: References, apres: References, jour: str) -> Impact:
    """Return what closes, ends, is replaced or is lost from one version to the next.

    `changees` is how they differ; `jour` is the business day, `AAAA-MM-JJ`: the end of what has
    long ended is no news.
    """
    faits = tuple(_faits(changees, avant, apres, jour))
    reduites = {
        table: codes & {fait.code for fait in faits}
        for table, codes in changees.items()
        if table in _TABLES
    }
    atteintes = touchees({nom: codes for nom, codes in reduites.items() if codes}, avant, apres)
    return Impact(faits, atteintes, frozenset(changees))


def avis(faits: Iterable[Fait], concernees: Iterable[Concernee]) -> list[Avis]:
    """Return a notice for each fact that concerns an offer, the widest first."""
    par_code = {(_genre(fait.nature), fait.code): fait for fait in faits}
    comptes: dict[Fait, Counter[tuple[str | None, str | None, str | None]]] = {}
    for une in concernees:
        groupe = (une.gestionnaire, une.formateur, une.academie)
        for fait in {par_code[code] for code in _codes(une) if code in par_code}:
            comptes.setdefault(fait, Counter())[groupe] += 1
    trouves = [
        Avis(fait, tuple(Groupe(*groupe, nombre) for groupe, nombre in compte.most_common()))
        for fait, compte in comptes.items()
    ]
    return sorted(trouves, key=lambda un: (-un.offres, un.fait.nature, un.fait.code))


def restreindre(
    tous: Iterable[Avis], sirets: Collection[str], academies: Collection[str]
) -> list[Avis]:
    """Return the notices of some establishments or académies, with these offers alone."""
    restreints = [
        replace(
            un,
            groupes=tuple(
                groupe
                for groupe in un.groupes
                if groupe.academie in academies
                or groupe.gestionnaire in sirets
                or groupe.formateur in sirets
            ),
        )
        for un in tous
    ]
    return [un for un in restreints if un.groupes]


_TABLES = frozenset(("cfds", "fiches", "anciennes_communes", "etablissements"))
_PERDUE = "qualiopi"


def _faits(
    changees: Differences, avant: References, apres: References, jour: str
) -> Iterator[Fait]:
    for cfd in sorted(changees.get("cfds", ())):
        if fait := _du_diplome(avant.cfds.get(cfd), apres.cfds.get(cfd), apres, jour):
            yield fait
    for code in sorted(changees.get("fiches", ())):
        if fait := _de_la_fiche(avant.fiches.get(code), apres.fiches.get(code), apres, jour):
            yield fait
    for insee in sorted(changees.get("anciennes_communes", ())):
        nouvelle = apres.communes.get(apres.anciennes_communes.get(insee, ""))
        if nouvelle is not None:
            ancienne = avant.communes.get(insee)
            nom = ancienne.nom if ancienne else None
            yield Fait(Nature.COMMUNE_REUNIE, insee, nom, None, nouvelle.code, nouvelle.nom)
    for siret in sorted(changees.get("etablissements", ())):
        yield from _de_l_etablissement(
            avant.etablissements.get(siret), apres.etablissements.get(siret)
        )


def _du_diplome(avant: Cfd | None, apres: Cfd | None, tables: References, jour: str) -> Fait | None:
    if avant is None:
        return None
    libelle = avant.libelle_long or avant.libelle_court
    if apres is None:
        return Fait(Nature.CFD_RETIRE, avant.cfd, libelle)
    if list(apres.nouveaux) != list(avant.nouveaux) and apres.nouveaux:
        suivant = tables.cfds.get(apres.nouveaux[-1])
        return Fait(
            Nature.CFD_REMPLACE,
            avant.cfd,
            libelle,
            apres.date_fermeture,
            apres.nouveaux[-1],
            suivant.libelle_long if suivant else None,
        )
    if not _se_rapproche(avant.date_fermeture, apres.date_fermeture, jour):
        return None
    successeur = apres.nouveaux[-1] if apres.nouveaux else None
    suivant = tables.cfds.get(successeur or "")
    return Fait(
        Nature.CFD_FERME,
        avant.cfd,
        libelle,
        apres.date_fermeture,
        successeur,
        suivant.libelle_long if suivant else None,
    )


def _de_la_fiche(
    avant: Fiche | None, apres: Fiche | None, tables: References, jour: str
) -> Fait | None:
    if avant is None:
        return None
    if apres is None:
        return Fait(Nature.RNCP_RETIRE, avant.code, avant.intitule)
    suivantes = tables.fiches_suivantes.get(avant.code, ())
    successeur = suivantes[-1] if suivantes else None
    suivante = tables.fiches.get(successeur or "")
    remplacee = list(apres.nouvelles) != list(avant.nouvelles) and apres.nouvelles
    inactive = avant.statut == "ACTIVE" and apres.statut == "INACTIVE"
    finie = _se_rapproche(avant.date_fin_validite, apres.date_fin_validite, jour)
    if not (remplacee or inactive or finie):
        return None
    return Fait(
        Nature.RNCP_REMPLACE if remplacee else Nature.RNCP_TERMINE,
        avant.code,
        avant.intitule,
        apres.date_fin_validite,
        successeur,
        suivante.intitule if suivante else None,
    )


def _de_l_etablissement(avant: Etablissement | None, apres: Etablissement | None) -> Iterator[Fait]:
    if avant is None or apres is None:
        return
    nom = apres.enseigne or apres.raison_sociale
    if apres.ferme and not avant.ferme:
        yield Fait(Nature.ETABLISSEMENT_FERME, apres.siret, nom, apres.source_le)
    if avant.certifie_qualite and not apres.certifie_qualite:
        yield Fait(Nature.QUALIOPI_PERDUE, apres.siret, nom, apres.source_le)


def _se_rapproche(avant: str | None, apres: str | None, jour: str) -> bool:
    """Tell whether something now ends that was open, or ends sooner than was said."""
    return bool(apres) and (avant is None or str(apres) < avant) and (avant is None or avant > jour)


def _genre(nature: Nature) -> str:
    return _PERDUE if nature is Nature.QUALIOPI_PERDUE else nature.split("_", 1)[0]


def _codes(une: Concernee) -> Iterator[tuple[str, str]]:
    for cfd in une.cfds:
        yield "cfd", cfd
    if une.rncp:
        yield "rncp", une.rncp
    if une.commune:
        yield "commune", une.commune
    for siret in {une.gestionnaire, une.formateur} - {None}:
        yield "etablissement", str(siret)
    if une.gestionnaire:
        yield _PERDUE, une.gestionnaire


def _sommes(paires: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    sommes: Counter[str] = Counter()
    for code, nombre in paires:
        if code:
            sommes[code] += nombre
    return dict(sommes.most_common())
