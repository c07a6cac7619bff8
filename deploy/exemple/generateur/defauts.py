"""The common faults of real deliveries (notes on 39,510 offers), planted in sound offers.

Each faulty offer names its fault in its reference, so that a reader of the report finds it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.identifiants import cle, insee, siret, uai
from deploy.exemple.generateur.geographie import Geographie
from deploy.exemple.generateur.offres import Offre


@dataclass(frozen=True, slots=True)
class Defaut:
    """A fault: its name, in how many offers, and what it changes in one; None takes a field out."""

    nom: str
    combien: int
    changer: Callable[[Offre, Geographie], dict[str, Any]]


def _fixe(nom: str, combien: int, **champs: Any) -> Defaut:  # noqa: ANN401 - any field
    return Defaut(nom, combien, lambda _offre, _geographie: champs)


def _lettre_fausse(offre: Offre, _: Geographie) -> dict[str, Any]:
    code = offre["etablissement_formateur_uai"]
    return {"etablissement_formateur_uai": code[:7] + ("A" if code[7] != "A" else "B")}


def _zero_perdu(offre: Offre, _: Geographie) -> dict[str, Any]:
    return {"uai_formation": offre["etablissement_formateur_uai"].removeprefix("0")}


def _uai_en_texte(offre: Offre, _: Geographie) -> dict[str, Any]:
    return {"uai_formation": f"UAI du site : {offre['etablissement_formateur_uai'].lower()}"}


def _autre_uai(offre: Offre, _: Geographie) -> dict[str, Any]:
    chiffres = offre["etablissement_formateur_uai"][:3] + "9899"
    return {"etablissement_formateur_uai": chiffres + uai.lettre(chiffres)}


def _siret_faux(offre: Offre, _: Geographie) -> dict[str, Any]:
    juste = offre["etablissement_formateur_siret"]
    return {"etablissement_formateur_siret": f"{juste[:13]}{(int(juste[13]) + 1) % 10}"}


def _cedex(offre: Offre, geographie: Geographie) -> dict[str, Any]:
    debut = geographie.communes[offre["code_commune_insee"]].codes_postaux[0][:3]
    connus = {code for c in geographie.communes.values() for code in c.codes_postaux}
    return {
        "code_postal": next(c for n in range(99, 0, -1) if (c := f"{debut}{n:02d}") not in connus)
    }


def _autre_departement(offre: Offre, _: Geographie) -> dict[str, Any]:
    return {"code_postal": "51100" if offre["code_postal"] != "51100" else "10000"}


def _ancienne_commune(offre: Offre, geographie: Geographie) -> dict[str, Any]:
    anciennes = list(geographie.anciennes.items())
    ancienne, actuelle = anciennes[int(offre["id_formation"].removeprefix("99_")) % len(anciennes)]
    return {"code_commune_insee": ancienne, **_lieu(geographie, actuelle)}


def _lieu(geographie: Geographie, code: str) -> dict[str, Any]:
    commune = geographie.communes[code]
    return {
        "code_postal": commune.codes_postaux[0],
        "localite": commune.nom,
        "lieu_formation_geo_coordonnees": f"{commune.latitude},{commune.longitude}",
    }


def _decale(degres: float) -> Callable[[Offre, Geographie], dict[str, Any]]:
    def changer(offre: Offre, geographie: Geographie) -> dict[str, Any]:
        commune = geographie.communes[offre["code_commune_insee"]]
        position = f"{commune.latitude + degres:.4f},{commune.longitude:.4f}"
        return {"lieu_formation_geo_coordonnees": position}

    return changer


def _inversees(offre: Offre, _: Geographie) -> dict[str, Any]:
    latitude, longitude = offre["lieu_formation_geo_coordonnees"].split(",")
    return {"lieu_formation_geo_coordonnees": f"{longitude},{latitude}"}


def _cle_d_un_autre(offre: Offre, _: Geographie) -> dict[str, Any]:
    lue = cle.lire(offre["cle_ministere_educatif"])
    return {"cle_ministere_educatif": lue._replace(parcours="77", duree="9").texte} if lue else {}


def _a_distance(offre: Offre, _: Geographie) -> dict[str, Any]:
    lue = cle.lire(offre["cle_ministere_educatif"])
    clef = cle.variante_a_distance(lue).texte if lue else None
    return {"cle_ministere_educatif": clef, "entierement_a_distance": True}


def _plusieurs_actions(offre: Offre, _: Geographie) -> dict[str, Any]:
    return {"id_action": f"{offre['id_action']}|{offre['id_action']}0|{offre['id_action']}1"}


_MOIS: Final = [f"{annee}-{mois:02d}" for annee in (2021, 2022, 2023) for mois in range(1, 13)]

DEFAUTS: Final[Sequence[Defaut]] = (
    Defaut("uai-lettre-fausse", 6, _lettre_fausse),
    _fixe("uai-mal-forme", 3, etablissement_formateur_uai="033O12SP"),
    Defaut("uai-zero-perdu", 3, _zero_perdu),
    Defaut("uai-en-texte", 2, _uai_en_texte),
    Defaut("uai-different", 4, _autre_uai),
    _fixe("siret-gestionnaire-court", 2, etablissement_gestionnaire_siret="1234567"),
    _fixe("siret-formateur-court", 2, etablissement_formateur_siret="78136153 0000"),
    _fixe("siret-manquant", 1, etablissement_gestionnaire_siret=None),
    Defaut("siret-cle-fausse", 3, _siret_faux),
    Defaut("cedex", 8, _cedex),
    Defaut("code-postal-autre-departement", 3, _autre_departement),
    _fixe("code-postal-mal-forme", 2, code_postal="33O00"),
    Defaut("insee-ancien", 5, _ancienne_commune),
    _fixe("insee-inconnu", 3, code_commune_insee="06901", code_postal=None),
    _fixe(
        "lieu-absent",
        2,
        code_commune_insee=None,
        code_postal=None,
        localite=None,
        lieu_formation_adresse=None,
        lieu_formation_geo_coordonnees=None,
    ),
    _fixe("cfd-ferme", 4, cfd="46321208", rncp_code="RNCP2266"),
    _fixe("cfd-remplace", 5, cfd="32033420", rncp_code="RNCP14892"),
    _fixe("cfd-inconnu", 3, cfd="32099999"),
    _fixe("cfd-mal-forme", 2, cfd="5OO-22"),
    _fixe("cfd-zero-perdu", 2, cfd="1033410", rncp_code="RNCP6985"),
    _fixe("cfd-absent", 5, cfd=None),
    _fixe("rncp-absent", 6, rncp_code=None),
    _fixe("rncp-inconnu", 3, rncp_code="RNCP20700"),
    _fixe("rncp-mal-forme", 2, rncp_code="R-5226"),
    _fixe("certification-absente", 2, cfd=None, rncp_code=None),
    _fixe("certification-inconnue", 2, cfd="40099999", rncp_code="RNCP99999"),
    Defaut("coordonnees-a-40-km", 3, _decale(0.36)),
    Defaut("coordonnees-a-100-km", 4, _decale(0.9)),
    Defaut("coordonnees-inversees", 2, _inversees),
    _fixe("coordonnees-illisibles", 2, lieu_formation_geo_coordonnees="à côté de la mairie"),
    _fixe("coordonnees-absentes", 3, lieu_formation_geo_coordonnees=None),
    _fixe("cle-absente", 3, cle_ministere_educatif=None),
    _fixe("cle-mal-formee", 2, cle_ministere_educatif="cle_1"),
    Defaut("cle-incoherente", 2, _cle_d_un_autre),
    Defaut("a-distance", 4, _a_distance),
    Defaut("plusieurs-actions", 10, _plusieurs_actions),
    _fixe("plus-de-24-mois", 2, periode=_MOIS),
    _fixe("periode-invalide", 2, periode=["2021-09", "à la rentrée"]),
    _fixe("listes-inegales", 3, date_fin=["2023-07-05", "2024-07-05", "2025-07-04"]),
    _fixe("date-illisible", 2, date_debut=["31/02/2021"], date_fin=["2023-07-05"]),
    _fixe("duree-illisible", 2, duree="deux ans"),
    _fixe("capacite-illisible", 2, capacite="une quinzaine"),
)


def planter(offres: list[Offre], geographie: Geographie) -> list[Offre]:
    """Return the offers, with the faults spread evenly among them; then the repeats.

    The last five lines deliver again an offer of the beginning under the same key, as collectors
    do: identical for two of them, changed for the others.
    """
    livrees = list(offres)
    plantes = [defaut for defaut in DEFAUTS for _ in range(defaut.combien)]
    for n, defaut in enumerate(plantes):
        rang = 1 + n * (len(livrees) - 1) // len(plantes)
        livrees[rang] = _avec(livrees[rang], defaut, geographie)
    repetees = [{**offre, "capacite": str(30 + n)} for n, offre in enumerate(livrees[0:9:3])]
    return livrees + repetees + livrees[9:13:3]


def _avec(offre: Offre, defaut: Defaut, geographie: Geographie) -> Offre:
    changes = defaut.changer(offre, geographie)
    fautive = {**offre, **changes, "reference": f"{offre['reference']}-{defaut.nom}"}
    if "cle_ministere_educatif" not in changes:
        fautive["cle_ministere_educatif"] = _cle_accordee(fautive)
    return {champ: valeur for champ, valeur in fautive.items() if valeur is not None}


def _cle_accordee(offre: Offre) -> str:
    """Return the key with the parts that the fault changed, so that one fault is one finding."""
    clef = offre["cle_ministere_educatif"]
    lue = cle.lire(clef)
    if lue is None:
        return str(clef)
    if siret.est_bien_forme(offre["etablissement_formateur_siret"]):
        lue = lue._replace(siret_formateur=offre["etablissement_formateur_siret"])
    if insee.est_valide(offre["code_commune_insee"]):
        lue = lue._replace(code_commune_insee=offre["code_commune_insee"])
    return lue.texte
