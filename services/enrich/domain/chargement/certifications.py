"""Tables of diplomas and certifications: BCN, kit apprentissage, RNCP, ROME."""

from collections.abc import Sequence
from typing import Final

from contracts.identifiants import cfd as cfd_
from contracts.identifiants import mef as mef_
from contracts.identifiants import rncp as rncp_
from contracts.identifiants import rome as rome_
from services.enrich.domain.chargement.modele import (
    Ligne,
    Table,
    booleen,
    exiger,
    jour,
    jour_de_source,
    liste,
)


def _cfd(cellules: Sequence[str]) -> Ligne:
    code, niveau, groupe, court, stat, long, fermeture, nouveaux = cellules
    exiger(cfd_.est_valide(code) and len(code) == 8, "CFD malformé")
    exiger(niveau, "niveau de diplôme absent")
    return [
        code,
        niveau,
        groupe or None,
        court or None,
        stat or None,
        long or None,
        jour(fermeture),
        liste(nouveaux),
    ]


def _niveau(cellules: Sequence[str]) -> Ligne:
    code, libelle = cellules
    exiger(len(code) == 3, "code de niveau malformé")
    exiger(libelle, "libellé absent")
    return [code, libelle]


def _mef(cellules: Sequence[str]) -> Ligne:
    mef10, cfd, duree, annee, fermeture, stat_11 = cellules
    exiger(mef_.est_valide(mef10), "MEF malformé")
    exiger(cfd_.est_valide(cfd), "CFD malformé")
    exiger(duree and annee, "durée ou année absente")
    return [mef10, cfd, duree, annee, jour(fermeture), stat_11 or None]


def _couple_du_kit(cellules: Sequence[str]) -> Ligne:
    cfd, rncp = cellules
    exiger(cfd_.est_valide(cfd), "CFD malformé")
    exiger(rncp != rncp_.NON_INSCRIT, "diplôme non inscrit au RNCP (NR)")
    exiger(rncp_.est_valide(rncp), "code RNCP malformé")
    return [cfd, rncp]


def _fiche(cellules: Sequence[str]) -> Ligne:
    code, intitule, niveau, code_type, type_, statut, fin, debut, enregistrement, acces = cellules[
        :10
    ]
    romes, nsf, source, anciennes, nouvelles = cellules[10:]
    exiger(rncp_.est_valide(code), "code RNCP malformé")
    return [
        code,
        _sans_le_type(intitule, code_type) or None,
        niveau or None,
        code_type or None,
        type_ or None,
        statut or None,
        jour(fin),
        jour(debut),
        enregistrement or None,
        booleen(acces),
        [rome for rome in liste(romes) if rome_.est_valide(rome)],
        next(iter(liste(nsf)), None),
        jour_de_source(source),
        _fiches(anciennes),
        _fiches(nouvelles),
    ]


def _sans_le_type(intitule: str, code_type: str) -> str:
    """Return a title without the type that the kit writes in front of it, once or more.

    `BTSA - BTSA Gestion forestière` is « Gestion forestière ».
    """
    devant = f"{code_type} - "
    if not code_type or not intitule.startswith(devant):
        return intitule
    nu = intitule.removeprefix(devant)
    while nu.startswith(f"{code_type} "):
        nu = nu.removeprefix(f"{code_type} ").lstrip()
    return nu or intitule


def _fiches(cellule: str) -> list[str]:
    return [code for code in liste(cellule) if rncp_.est_valide(code)]


def _boucles(diplomes: Sequence[Ligne]) -> dict[str, int]:
    """Count the diplomas whose successors loop, and those that lead to an unknown code."""
    suivants = {ligne[0]: ligne[7][-1] for ligne in diplomes if ligne[7]}
    codes = {ligne[0] for ligne in diplomes}
    boucles = inconnus = 0
    for code in suivants:
        vus = {code}
        while (code := suivants.get(code, "")) and code not in vus:
            vus.add(code)
        boucles += bool(code)
        inconnus += not vus <= codes
    return {"remplacements en boucle": boucles, "remplacements vers un code inconnu": inconnus}


def _rome(cellules: Sequence[str]) -> Ligne:
    code, libelle = cellules
    exiger(rome_.est_valide(code), "code ROME malformé")
    exiger(libelle, "libellé absent")
    return [code, libelle]


CFD: Final = Table(
    "cfd",
    "Diplômes (BCN, formations diplômes)",
    ("certifications/cfd.csv", "certifications/cfd.csv.gz"),
    (
        "cfd",
        "niveau_formation_diplome",
        "groupe_specialite",
        "libelle_court",
        "libelle_stat",
        "libelle_long",
        "date_fermeture",
        "nouveaux",
    ),
    _cfd,
    remarquer=_boucles,
)
NIVEAUX: Final = Table(
    "niveaux",
    "Niveaux de formation (BCN)",
    ("certifications/niveaux_formation_diplome.csv*",),
    ("code", "libelle"),
    _niveau,
)
MEF: Final = Table(
    "mef",
    "Modules élémentaires de formation (BCN)",
    ("certifications/mef.csv", "certifications/mef.csv.gz"),
    ("mef", "cfd", "duree_dispositif", "annee_dispositif", "date_fermeture"),
    _mef,
    cle=2,
    optionnelles=("mef_stat_11",),
)
KIT: Final = Table(
    "kit_apprentissage",
    "Correspondance CFD – RNCP (kit apprentissage)",
    ("certifications/cfd_rncp_kit*.csv*",),
    ("cfd", "code_rncp"),
    _couple_du_kit,
    cle=2,
)
RNCP: Final = Table(
    "rncp",
    "Fiches RNCP (France compétences)",
    ("certifications/rncp.csv", "certifications/rncp.csv.gz"),
    (
        "code_rncp",
        "intitule",
        "niveau",
        "type_certif_code",
        "type_certif",
        "statut",
        "date_fin_validite",
        "date_debut_parcours",
        "type_enregistrement",
        "acces_apprentissage",
        "romes",
        "nsf",
        "source",
    ),
    _fiche,
    optionnelles=("anciennes", "nouvelles"),
    rang_source=12,
)
ROME: Final = Table(
    "rome",
    "Métiers (ROME, France Travail)",
    ("certifications/rome.csv", "certifications/rome.csv.gz"),
    ("code_rome", "libelle"),
    _rome,
)
