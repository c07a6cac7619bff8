"""Small reference tables and offers of the tests, written by hand."""

from datetime import date
from typing import Any, Final

from services.enrich.domain.references.construction import construire
from services.enrich.domain.references.tables import References

JOUR: Final = date(2020, 11, 16)

BAC_PRO: Final = "40025214"
CAP_FERME: Final = "50022101"
CAP_SUIVANT: Final = "50022102"
SANS_SUITE: Final = "50022103"
BOUCLE_A: Final = "50022104"
BOUCLE_B: Final = "50022105"
VERS_INCONNU: Final = "50022106"
TITRE: Final = "46T31201"

SIRET_CONNU: Final = "19060793700074"
SIRET_FERME: Final = "19840110100011"
SIRET_INCONNU: Final = "34958609900021"
UAI_CONNU: Final = "0061234F"


def _cfd(code: str, fermeture: str | None = None, nouveaux: tuple[str, ...] = ()) -> list[Any]:
    return [code, code[:3], code[3:6], "CAP", f"STAT {code}", f"LONG {code}", fermeture, nouveaux]


def _fiche(code: str, **valeurs: Any) -> list[Any]:  # noqa: ANN401 - cells of any kind
    cellules = {
        "code": code,
        "intitule": f"Fiche {code}",
        "niveau": "4",
        "type": "BAC PRO",
        "libelle": "Baccalauréat professionnel",
        "statut": "ACTIVE",
        "fin": "2025-08-31",
        "debut": "2018-09-01",
        "enregistrement": "Enregistrement de droit",
        "acces": True,
        "romes": ["I1604"],
        "nsf": "252r",
        "source": "2020-10-01",
    }
    return list((cellules | valeurs).values())


def references(version: str = "v1", **remplacees: list[list[Any]]) -> References:
    """Return the tables, some replaced by their rows."""
    tables: dict[str, list[list[Any]]] = {
        "cfd": [
            _cfd(BAC_PRO),
            _cfd(CAP_FERME, "2020-08-31", (CAP_SUIVANT,)),
            _cfd(CAP_SUIVANT, "2024-08-31"),
            _cfd(SANS_SUITE, "2019-08-31"),
            _cfd(BOUCLE_A, "2010-08-31", (BOUCLE_B,)),
            _cfd(BOUCLE_B, "2012-08-31", (BOUCLE_A,)),
            _cfd(VERS_INCONNU, "2012-08-31", ("50099999",)),
            _cfd(TITRE),
        ],
        "niveaux": [["400", "BAC PROFESSIONNEL"], ["46T", "TH DE NIV 4 ORGANISMES DIVERS"]],
        "mef": [
            ["2472521431", BAC_PRO, "3", "1", None],
            ["2472521432", BAC_PRO, "3", "2", None],
            ["2472521433", BAC_PRO, "3", "3", "2025-08-31"],
        ],
        "kit_apprentissage": [
            [BAC_PRO, "RNCP100"],
            [CAP_SUIVANT, "RNCP201"],
            [CAP_SUIVANT, "RNCP202"],
            [TITRE, "RNCP300"],
        ],
        "rncp": [
            _fiche("RNCP100"),
            _fiche("RNCP201", statut="INACTIVE", fin="2019-12-31"),
            _fiche("RNCP202"),
            _fiche("RNCP300", type=None, enregistrement="Enregistrement sur demande", acces=False),
            _fiche("RNCP400", source="2025-01-31", statut="INACTIVE", romes=[]),
        ],
        "rome": [["I1604", "Mécanique automobile"]],
        "communes": [
            ["06088", "Nice", "06", ["06000", "06100", "06200", "06300"], 43.7102, 7.262],
            ["06029", "Cannes", "06", ["06150", "06400"], 43.5513, 7.0128],
            ["84007", "Avignon", "84", ["84000"], 43.9493, 4.8055],
            ["2A004", "Ajaccio", "2A", ["20000", "20090"], 41.9256, 8.7364],
            ["97411", "Saint-Denis", "974", ["97400"], -20.8789, 55.4481],
        ],
        "communes_anciennes": [["84999", "84007", "commune-deleguee", "Montfavet"]],
        "codes_postaux": [["06402", "06029"], ["84000", "84999"]],
        "departements": [
            ["06", "Alpes-Maritimes", "93", "23"],
            ["84", "Vaucluse", "93", "02"],
            ["2A", "Corse-du-Sud", "94", "27"],
            ["974", "La Réunion", "04", "28"],
            ["988", "Nouvelle-Calédonie", "988", "40"],
        ],
        "regions": [["93", "Provence-Alpes-Côte d'Azur"], ["94", "Corse"], ["04", "La Réunion"]],
        "academies": [["02", "Aix-Marseille"], ["23", "Nice"], ["27", "Corse"], ["28", "Réunion"]],
        "etablissements": [
            _etablissement(SIRET_CONNU, UAI_CONNU, ferme=False),
            _etablissement(SIRET_FERME, None, ferme=True),
        ],
        "uai_siret": [[SIRET_FERME, "0840001A"]],
    }
    return construire(version, {**tables, **remplacees})


def _etablissement(siret: str, uai: str | None, *, ferme: bool) -> list[Any]:
    return [
        siret,
        uai,
        "LYCÉE DES MÉTIERS",
        "CFA",
        "1 RUE DE LA GARE",
        "06000",
        "06088",
        "NICE",
        "43.7,7.26",
        "2001-01-01",
        ferme,
        True,
        "2022-10-12",
    ]


def offre(**champs: Any) -> dict[str, Any]:  # noqa: ANN401 - values of any kind
    """Return an offer that the tables complete without a finding, changed as asked."""
    return {
        "cle_ministere_educatif": f"056927P0131{SIRET_CONNU}{SIRET_CONNU}-06088#L01",
        "id_formation": "24_1",
        "id_action": "24_2",
        "id_certifinfo": "56927",
        "cfd": BAC_PRO,
        "rncp_code": "RNCP100",
        "etablissement_gestionnaire_siret": SIRET_CONNU,
        "etablissement_formateur_siret": SIRET_CONNU,
        "code_postal": "06000",
        "code_commune_insee": "06088",
        "lieu_formation_geo_coordonnees": "43.71,7.26",
        "duree": "3",
        "annee": "1",
        "periode": ["2021-09"],
        "date_debut": ["2021-09-01"],
        "published": True,
    } | champs


def evenement(identifiant: str = "F1", sequence: int = 1, **champs: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the data of an offer event, changed as asked."""
    contenu = champs.pop("offre", offre())
    return {
        "id": identifiant,
        "sequence": sequence,
        "operation": "depot",
        "origine": {"depot": "D1", "ligne": sequence},
        "deposant": "cfa-nice",
        "recue_le": "2020-11-16T08:00:00Z",
        "empreinte": f"{identifiant}.{sequence}",
        "offre": contenu,
        "constats": [],
    } | champs


def codes(constats: Any) -> list[str]:  # noqa: ANN401 - any sequence of findings
    """Return the codes of findings, in their order."""
    return [constat["code"] for constat in constats]
