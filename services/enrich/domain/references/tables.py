"""The reference tables in memory: immutable, keyed by the code that an offer carries.

Dates are civil dates as text, `AAAA-MM-JJ`, so that comparing texts compares dates. Each row is
shared by every formation that it completes: nobody may change what hangs on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cfd:
    """A diploma of the BCN. `nouveaux` holds its successors, the one to follow last."""

    cfd: str
    niveau_formation_diplome: str
    groupe_specialite: str | None
    libelle_court: str | None
    libelle_stat: str | None
    libelle_long: str | None
    date_fermeture: str | None
    nouveaux: Sequence[str]


@dataclass(frozen=True, slots=True)
class Mef:
    """A MEF of a diploma."""

    mef10: str
    cfd: str
    duree: str
    annee: str
    date_fermeture: str | None
    mef_stat_11: str | None = None


@dataclass(frozen=True, slots=True)
class Fiche:
    """A fiche of the RNCP. `statut` was true on `source_le` and says nothing of earlier days."""

    code: str
    intitule: str | None
    niveau: str | None
    code_type_certif: str | None
    type_certif: str | None
    statut: str | None
    date_fin_validite: str | None
    date_debut_parcours: str | None
    type_enregistrement: str | None
    acces_apprentissage: bool | None
    romes: Sequence[str]
    nsf: str | None
    source_le: str
    anciennes: Sequence[str] = ()
    nouvelles: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Certificateur:
    """Who registered a fiche; most names come without a SIRET."""

    fiche: str
    nom: str
    siret: str | None


@dataclass(frozen=True, slots=True)
class Partenaire:
    """Who may prepare for a fiche, or judge it, as its certificateur declared."""

    fiche: str
    siret: str
    habilitation: str
    nom: str | None = None


@dataclass(frozen=True, slots=True)
class LettreSpecialite:
    """What the ninth letter of a CFD stands for."""

    lettre: str
    libelle: str | None
    libelle_court: str | None


@dataclass(frozen=True, slots=True)
class LienOnisep:
    """The page of ONISEP on a MEF or a CFD."""

    code: str
    url: str
    intitule: str | None = None


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune or a municipal arrondissement, by its current INSEE code."""

    code: str
    nom: str
    departement: str
    codes_postaux: Sequence[str]
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Departement:
    """A département with the région and académie that follow from it."""

    code: str
    nom: str
    region: str | None
    num_academie: str | None
    nom_academie: str | None
    code_region: str | None = None


@dataclass(frozen=True, slots=True)
class Etablissement:
    """An establishment as the national list knew it on `source_le`."""

    siret: str
    uai: str | None
    raison_sociale: str | None
    enseigne: str | None
    adresse: str | None
    code_postal: str | None
    code_commune_insee: str | None
    localite: str | None
    geo_coordonnees: str | None
    date_creation: str | None
    ferme: bool
    certifie_qualite: bool | None
    source_le: str


@dataclass(frozen=True, slots=True)
class Uai:
    """A UAI of the ACCE register; `date_fermeture` may lie ahead."""

    uai: str
    nom: str | None
    code_commune_insee: str | None
    siret: str | None
    date_ouverture: str | None
    date_fermeture: str | None
    ferme: bool


@dataclass(frozen=True, slots=True, eq=False)
class References:
    """One version of all tables. Two versions are the same only when they are the same object.

    A table that is None was never loaded: what it would have said is unknown.
    """

    version: str = ""
    cfds: Mapping[str, Cfd] = field(default_factory=dict)
    diplomes: Mapping[str, str] = field(default_factory=dict)
    mefs: Mapping[str, tuple[Mef, ...]] = field(default_factory=dict)
    fiches_par_cfd: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cfds_par_fiche: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fiches: Mapping[str, Fiche] = field(default_factory=dict)
    romes: Mapping[str, str] = field(default_factory=dict)
    communes: Mapping[str, Commune] = field(default_factory=dict)
    anciennes_communes: Mapping[str, str] = field(default_factory=dict)
    communes_par_code_postal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    departements: Mapping[str, Departement] = field(default_factory=dict)
    etablissements: Mapping[str, Etablissement] = field(default_factory=dict)
    uai_par_siret: Mapping[str, str] = field(default_factory=dict)
    sirets_par_siren: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    noms_anciens: Mapping[str, str] = field(default_factory=dict)
    """The names of communes that are part of another under their own name."""
    mefs_par_fin_stat: Mapping[str, tuple[Mef, ...]] = field(default_factory=dict)
    mefs_partages: frozenset[str] = frozenset()
    mefs_parcoursup: frozenset[str] | None = None
    fiches_suivantes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    certificateurs: Mapping[str, tuple[Certificateur, ...]] | None = None
    partenaires: Mapping[str, tuple[Partenaire, ...]] | None = None
    lettres: Mapping[str, LettreSpecialite] = field(default_factory=dict)
    onisep: Mapping[str, LienOnisep] = field(default_factory=dict)
    uais: Mapping[str, Uai] | None = None
