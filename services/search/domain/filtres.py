"""The filters of the search, in one table: parameter, field of the index, facet or not, label.

Values of one filter are alternatives, filters add up. A facet counts the offers that each of its
values would give with all other filters on (its own selection hides nothing).
"""

from dataclasses import dataclass
from typing import Final

SEPARATEUR: Final = "|"
"""Between code and label in the fields of facets that show both."""


@dataclass(frozen=True, slots=True)
class Filtre:
    """A filter on exact values.

    `champ` is compared with the values; `facette` is the field whose values are counted, None when
    the filter has no facet. `ordre`: by number of offers or by value.
    """

    nom: str
    libelle: str
    champ: str
    facette: str | None = None
    taille: int = 40
    par_valeur: bool = False
    aide: str = ""


FILTRES: Final[tuple[Filtre, ...]] = (
    Filtre("region", "Région", "region.norme", "region", 30, aide="Nom de la région"),
    Filtre(
        "departement",
        "Département",
        "departement",
        "departement_libelle",
        120,
        par_valeur=True,
        aide="Code du département : 35, 2A, 974",
    ),
    Filtre("academie", "Académie", "academie", "academie_libelle", 40, aide="Numéro : 14"),
    Filtre("commune", "Commune", "commune", aide="Code INSEE ou nom de la commune du lieu"),
    Filtre("niveau", "Niveau", "niveau", "niveau", 10, par_valeur=True, aide="3 (CAP) à 8"),
    Filtre("diplome", "Diplôme", "diplome.norme", "diplome", 60, aide="Libellé du diplôme"),
    Filtre("duree", "Durée", "duree", "duree", 12, par_valeur=True, aide="En années : 1, 2, 3"),
    Filtre("annee", "Année d'entrée", "annee", "annee", 12, par_valeur=True, aide="1 à 9, ou X"),
    Filtre("entree", "Mois d'entrée", "entrees", "entrees", 48, par_valeur=True, aide="AAAA-MM"),
    Filtre("a_distance", "À distance", "a_distance", "a_distance", 2, aide="true ou false"),
    Filtre("parcoursup", "Parcoursup", "parcoursup", "parcoursup", 12, aide="Statut affiché"),
    Filtre("affelnet", "Affelnet", "affelnet", "affelnet", 12, aide="Statut affiché"),
    Filtre("cfd", "Code formation diplôme", "cfd", aide="8 caractères : 32033422"),
    Filtre("rncp", "Fiche RNCP", "rncp", aide="RNCP38362, ou les chiffres seuls"),
    Filtre("rome", "Métier (ROME)", "romes", aide="D1106"),
    Filtre("uai", "UAI", "uais", aide="Du lieu, du gestionnaire ou du formateur"),
    Filtre("siret", "SIRET", "sirets", aide="Du lieu, du gestionnaire ou du formateur"),
)

PAR_NOM: Final = {filtre.nom: filtre for filtre in FILTRES}
FACETTES: Final = tuple(filtre for filtre in FILTRES if filtre.facette)
NOMS_DES_FACETTES: Final = tuple(filtre.nom for filtre in FACETTES)
