"""The layouts of the live exports (docs/referentiels.md).

Each file is recognised by its columns, and rewritten under the columns of our own tables, whose
parsers then judge each row.
"""

from typing import Final

from services.enrich.domain.chargement.exports import (
    bcn,
    certifications,
    france_competences,
    geographie,
    organismes,
    rome,
)
from services.enrich.domain.chargement.exports.modele import Export

EXPORTS: Final[tuple[Export, ...]] = (
    *bcn.EXPORTS,
    *france_competences.EXPORTS,
    *certifications.EXPORTS,
    *geographie.EXPORTS,
    *organismes.EXPORTS,
    *rome.EXPORTS,
)
