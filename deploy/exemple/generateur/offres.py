"""Sound offers of the made-up training centres, under the field names of the catalogue.

No randomness: what varies does so by the rank of the offer, so that each variety is there in a
known number and the same sources give the same bytes.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from contracts.identifiants import cle
from deploy.exemple.generateur.certifications import Certification
from deploy.exemple.generateur.organismes import Cfa, Etablissement

Offre: TypeAlias = dict[str, Any]

OFFRES_PAR_CFA: Final = 15
_HORS_CAMPAGNE: Final = ["2020-09"]
_PERIODES: Final = (
    ["2021-09"],
    ["2021-09"],
    ["2020-09", "2021-09"],
    ["2021-09", "2022-01"],
    ["2021-10"],
    ["2021-09"],
    ["2021-09", "2022-09"],
)
_ANNEES: Final = ("1", "1", "1", "2", "1", "1", "X", "1", "1", "3", "1", "1", "2", "1", "1", "1")


def offres_saines(cfas: list[Cfa], certifications: list[Certification]) -> list[Offre]:
    """Return the offers, none of which has a fault of its own; each has its own key."""
    offres: list[Offre] = []
    parcours: dict[str, int] = defaultdict(int)
    for certification, gestionnaire, formateur in _couples(cfas, certifications):
        rang = len(offres) + 1
        base = f"{certification.id_certifinfo}{gestionnaire.siret}{formateur.siret}"
        parcours[base] += 1
        offres.append(_offre(rang, certification, gestionnaire, formateur, parcours[base]))
    return offres


def _couples(
    cfas: list[Cfa], certifications: list[Certification]
) -> Iterator[tuple[Certification, Etablissement, Etablissement]]:
    for depart, cfa in enumerate(cfas):
        enseignees = [c for c in certifications if c.famille in cfa.familles]
        for rang in range(OFFRES_PAR_CFA):
            certification = enseignees[(depart + rang) % len(enseignees)]
            formateur = cfa.etablissements[rang % len(cfa.etablissements)]
            yield certification, cfa.etablissements[0], formateur


def _offre(
    rang: int,
    certification: Certification,
    gestionnaire: Etablissement,
    formateur: Etablissement,
    parcours: int,
) -> Offre:
    annee = _annee(rang, certification)
    duree = _duree(annee, certification)
    commune = formateur.commune
    periode = _HORS_CAMPAGNE if rang % 29 == 0 else _PERIODES[rang % len(_PERIODES)]
    clef = cle.construire(
        id_certifinfo=certification.id_certifinfo,
        parcours=parcours,
        duree=duree,
        annee=annee,
        siret_gestionnaire=gestionnaire.siret,
        siret_formateur=formateur.siret,
        code_commune_insee=commune.code,
    )
    offre = {
        "cle_ministere_educatif": clef.texte,
        "reference": f"EX-{rang:04d}",
        "id_formation": f"99_{rang}",
        "id_action": f"99_1{rang:04d}",
        "id_certifinfo": certification.id_certifinfo,
        "cfd": certification.cfd,
        "rncp_code": certification.rncp,
        "intitule_rco": certification.intitule,
        **_role("gestionnaire", gestionnaire),
        **_role("formateur", formateur),
        "etablissement_formateur_code_commune_insee": commune.code,
        "lieu_formation_adresse": formateur.adresse,
        "code_postal": formateur.code_postal,
        "code_commune_insee": commune.code,
        "localite": commune.nom,
        "lieu_formation_geo_coordonnees": _position(commune.latitude, commune.longitude, rang),
        "uai_formation": None if rang % 6 == 0 else formateur.uai,
        "duree": duree,
        "annee": annee,
        "periode": periode,
        "date_debut": [f"{mois}-06" for mois in periode],
        "date_fin": [_fin(mois, duree, annee) for mois in periode],
        "capacite": str(12 + rang % 4 * 4),
        "published": rang % 10 != 9,
        "catalogue_published": rang % 19 != 0,
    }
    return {champ: valeur for champ, valeur in offre.items() if valeur is not None}


def _role(role: str, etablissement: Etablissement) -> Offre:
    return {
        f"etablissement_{role}_siret": etablissement.siret,
        f"etablissement_{role}_uai": etablissement.uai,
    }


def _annee(rang: int, certification: Certification) -> str:
    """Return the year in turn, unless no MEF of the diploma has it."""
    annee = _ANNEES[rang % len(_ANNEES)]
    connues = {rang_mef for _, rang_mef in certification.modalites}
    return annee if annee == "X" or not connues or annee in connues else "1"


def _duree(annee: str, certification: Certification) -> str:
    durees = sorted(d for d, a in certification.modalites if annee in (a, "X"))
    if not durees or "2" in durees:
        return "2"
    return durees[0]


def _fin(mois: str, duree: str, annee: str) -> str:
    ans = int(duree) - (1 if annee == "X" else int(annee)) + 1
    return f"{int(mois[:4]) + max(ans, 1)}-07-05"


def _position(latitude: float, longitude: float, rang: int) -> str:
    """Return a point within some hundred metres of the centre of the commune."""
    ecart = (rang % 9 - 4) / 1000
    return f"{latitude + ecart:.4f},{longitude - ecart:.4f}"
