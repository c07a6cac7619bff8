"""The offers, rules and persons of a season."""

from collections.abc import Mapping
from typing import Any, Final

from contracts.droits import peut
from contracts.statuts import Plateforme
from services.export.domain.acces import Acteur
from services.export.domain.commandes import COMMANDES, DROITS, Commande
from services.export.ports import Document
from services.kernel.auth import Identity
from tests.unit.export.fabrique import document_de_regle, evenement, offre
from tests.unit.export.test_une_mauvaise_nuit import MAUVAISES

PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET
OFFRES: Final = ("A", "B", "C", "D", "E")
"""A, B and E are of Parcoursup, E taking the place of A; C and D are of Affelnet, D that of C."""
PLATEFORMES: Final = {nom: AF if nom in "CD" else PS for nom in OFFRES}
PRECEDENTES: Final = {"E": "A", "D": "C"}

VARIANTES: Final[Mapping[str, dict[str, Any]]] = {
    "bonne": {},
    "sans uai": {"formation": {"uai_formation": None}},
    "fin de session": {"formation": {"date_debut": ["2021-09-01"]}},
    **MAUVAISES,
}
"""What a delivery makes of an offer."""

REGLES: Final = [
    document_de_regle(plateforme, **parties)
    for plateforme, parties in (
        (PS, {}),
        (PS, {"statut": "à publier (soumis à validation Recteur)", "num_academie": "02"}),
        (PS, {"condition_integration": "ne doit pas intégrer", "nom_regle_complementaire": "non"}),
        (AF, {}),
        (AF, {"statut": "à définir", "condition_integration": "peut intégrer"}),
        (AF, {"statut": "à publier (soumis à validation)", "nom_regle_complementaire": "oui"}),
    )
]

ACTEURS: Final[Mapping[str, Acteur]] = {
    "instructeur": Acteur("nantes", lambda _: True, "instructeur"),
    "seconde": Acteur("nantes-2", lambda _: True, "instructeur"),
    "ailleurs": Acteur("lyon", lambda _: False, "instructeur"),
    "moss": Acteur("dgesip", lambda _: True, "moss"),
    "administrateur": Acteur("admin", lambda _: True, "administrateur"),
}


def permis(qui: str, commande: Commande, plateforme: Plateforme) -> bool:
    """Tell whether somebody may give a command at all."""
    acteur = ACTEURS[qui]
    return (
        commande in COMMANDES[plateforme]
        and acteur.couvre("02")
        and any(peut(acteur.role, droit, plateforme) for droit in DROITS[commande])
    )


def identite(qui: str) -> Identity:
    """Return somebody as the API knows him."""
    acteur = ACTEURS[qui]
    portees = {"academie:02"} if acteur.couvre("02") else {"academie:10"}
    if acteur.role == "moss":
        portees = {"*"}
    return Identity(qui, qui, acteur.role, frozenset(portees), acteur.titulaire)


def id_de(nom: str) -> str:
    """Return the id of an offer of `OFFRES`."""
    return nom * 26


def cle_de(nom: str) -> str:
    """Return the key of an offer of `OFFRES`."""
    rang = OFFRES.index(nom) + 1
    return f"06439{rang}P012119060793700074198401101000{rang}1-84007#L01"


def etat_de(nom: str, sequence: int, **parties: Any) -> Document:  # noqa: ANN401 - an event's
    """Return a state of an offer as it is delivered; `formation` changes its contents."""
    rang = OFFRES.index(nom) + 1
    contenu = offre(PLATEFORMES[nom]) | {
        "cle_ministere_educatif": cle_de(nom),
        "num_academie": "02",
        "num_departement": "84",
        "code_postal": "84000",
        "code_commune_insee": "84007",
        "uai_formation": f"084000{rang}X",
        "bcn_mefs_10": [{"mef10": "2412213331", "duree": "3", "annee": "1"}],
        "date_debut": ["2021-09-01", "2022-09-01"],
    }
    liens = {"predecesseurs": [id_de(PRECEDENTES[nom])]} if nom in PRECEDENTES else {}
    formation = contenu | parties.pop("formation", {})
    return evenement(id_de(nom), sequence, formation, **liens, **parties)
