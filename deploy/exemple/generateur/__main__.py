"""`python -m deploy.exemple.generateur PAQUET [SORTIE]`: write the sample again.

PAQUET is the unpacked npm package @etalab/decoupage-administratif 6.0.0 (`npm pack`, then `tar x`).
"""

import sys
from pathlib import Path

from deploy.exemple.generateur.certifications import ecrire_certifications
from deploy.exemple.generateur.defauts import planter
from deploy.exemple.generateur.geographie import ecrire_geographie
from deploy.exemple.generateur.offres import offres_saines
from deploy.exemple.generateur.organismes import ecrire_organismes
from deploy.exemple.generateur.regles import ecrire_regles
from deploy.exemple.generateur.tables import ecrire_ndjson

_EXEMPLE = Path(__file__).parents[1]


def generer(paquet: Path, sortie: Path) -> None:
    """Write every file of the sample under a folder."""
    geographie = ecrire_geographie(paquet, sortie)
    certifications = ecrire_certifications(sortie)
    cfas = ecrire_organismes(sortie, geographie)
    offres = offres_saines(cfas, certifications)
    ecrire_ndjson(sortie / "offres/offres_exemple.ndjson", planter(offres, geographie))
    ecrire_regles(sortie)


def main(arguments: list[str]) -> int:
    """Run the command; 2 when it is misused."""
    if len(arguments) not in {1, 2} or not (Path(arguments[0]) / "data").is_dir():
        sys.stderr.write(f"{__doc__}\n")
        return 2
    generer(Path(arguments[0]), Path(arguments[1]) if arguments[1:] else _EXEMPLE)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
