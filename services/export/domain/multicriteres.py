"""The multi-criteria search of lists: lines of field, operator and value, all or any of which hold.

Fields and operators are those of refdata `metier/champs_recherche.csv`, but for raw expressions: a
text is looked for, never a pattern that costs.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Operateur(StrEnum):
    """How a value is compared: whatever case and accents, but where it says strictly."""

    CONTIENT = "contient"
    NE_CONTIENT_PAS = "ne_contient_pas"
    EGAL = "egal"
    DIFFERENT = "different"
    COMMENCE = "commence"
    TERMINE = "termine"
    CONTIENT_STRICT = "contient_strict"
    NE_CONTIENT_PAS_STRICT = "ne_contient_pas_strict"
    EGAL_STRICT = "egal_strict"
    DIFFERENT_STRICT = "different_strict"
    COMMENCE_STRICT = "commence_strict"
    TERMINE_STRICT = "termine_strict"
    AU_MOINS = "au_moins"
    AU_PLUS = "au_plus"
    PLUS = "plus"
    MOINS = "moins"
    EXISTE = "existe"
    N_EXISTE_PAS = "n_existe_pas"


class Combinateur(StrEnum):
    """Whether every line has to hold, or any."""

    ET = "et"
    OU = "ou"


SANS_VALEUR: Final = frozenset({Operateur.EXISTE, Operateur.N_EXISTE_PAS})
_GESTIONNAIRE: Final = "etablissement_gestionnaire"
_FORMATEUR: Final = "etablissement_formateur"
CHAMPS: Final[dict[str, tuple[str, ...]]] = {
    f"{_GESTIONNAIRE}_raison_sociale_enseigne": (
        f"{_GESTIONNAIRE}_raison_sociale",
        f"{_GESTIONNAIRE}_enseigne",
    ),
    f"{_FORMATEUR}_raison_sociale_enseigne": (
        f"{_FORMATEUR}_raison_sociale",
        f"{_FORMATEUR}_enseigne",
    ),
    **{
        champ: (champ,)
        for champ in (
            f"{_GESTIONNAIRE}_siret",
            f"{_FORMATEUR}_siret",
            "etablissement_lieu_formation_siret",
            f"{_GESTIONNAIRE}_uai",
            f"{_FORMATEUR}_uai",
            "uai_formation",
            "region",
            "nom_departement",
            "localite",
            "intitule_long",
            "rncp_code",
            "cfd",
            "cfd_entree",
            "bcn_mefs_10.mef10",
            "id_certifinfo",
            "diplome",
            "niveau_formation_diplome",
            "libelle_court",
        )
    },
}
"""What each field that a line may name is in a formation."""


class LigneRefusee(ValueError):
    """A line that cannot be understood; the message is French."""


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line; `champ` is one of `CHAMPS`."""

    champ: str
    operateur: Operateur
    valeur: str


def lire_ligne(texte: str) -> Ligne:
    """Read `champ:opérateur:valeur`; the value may hold anything.

    Raises:
        LigneRefusee: an unknown field or operator, a value that is missing or not expected.
    """
    champ, _, reste = texte.partition(":")
    dit, _, valeur = reste.partition(":")
    if champ not in CHAMPS:
        raise LigneRefusee(f"« {champ} » n'est pas un champ ; champs : {', '.join(CHAMPS)}")
    if dit not in list(Operateur):
        raise LigneRefusee(
            f"« {dit} » n'est pas un opérateur ; opérateurs : {', '.join(Operateur)}"
        )
    operateur = Operateur(dit)
    if bool(valeur.strip()) is (operateur in SANS_VALEUR):
        attendue = "n'attend pas" if operateur in SANS_VALEUR else "attend"
        raise LigneRefusee(f"« {dit} » {attendue} de valeur")
    return Ligne(champ, operateur, valeur.strip())
