"""Reading the reference files: pure parsers, one module per family of tables."""

from typing import Final

from services.enrich.domain.chargement import certifications, complements, geographie, organismes
from services.enrich.domain.chargement.modele import Table

TABLES: Final[tuple[Table, ...]] = (
    certifications.CFD,
    certifications.NIVEAUX,
    certifications.MEF,
    certifications.KIT,
    certifications.RNCP,
    certifications.ROME,
    geographie.COMMUNES,
    geographie.COMMUNES_ANCIENNES,
    geographie.CODES_POSTAUX,
    geographie.DEPARTEMENTS,
    geographie.REGIONS,
    geographie.ACADEMIES,
    organismes.ETABLISSEMENTS,
    organismes.UAI_SIRET,
    complements.CERTIFICATEURS,
    complements.PARTENAIRES,
    complements.LETTRES,
    complements.DISPOSITIFS,
    complements.ONISEP,
    complements.MEFS_PARCOURSUP,
    complements.APPELLATIONS,
    organismes.UAI,
    organismes.QUALIOPI,
)
