"""What of a formation is searched: the fields of the index, from the events' data.

The whole state rides along unindexed, as the text that the event brought, so that a page needs no
other store and a merge need not read it; what is searched is listed here and in `index/mapping.py`,
field by field.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

from services.search.domain.filtres import SEPARATEUR
from services.search.domain.fusion import Etat, Partie
from services.search.domain.sigles import sigles
from services.search.domain.textes import plier

_TRI_MAX: Final = 200

T = TypeVar("T")


class DonneeManquante(ValueError):
    """An event lacks what a document cannot be made without; the message names it."""


def partie_formation(donnees: Mapping[str, Any], texte: str) -> Etat:
    """Return the part of the document that a `FormationV1` gives, of which `texte` is the JSON.

    Raises `DonneeManquante`.
    """
    formation = _exige(donnees, "formation", dict)
    lire = formation.get
    champs = _nettes(
        {
            "etat": _exige(donnees, "etat", str),
            "modifiee_le": donnees.get("modifiee_le"),
            "publiee": lire("published") is not False,
            **_certification(formation),
            **_organismes(formation),
            **_lieu(formation),
            **_sessions(formation),
            "cles": _distincts((lire("cle_ministere_educatif"), *(lire("anciennes_cles") or ()))),
            "codes": _distincts(
                (lire("id_formation"), lire("id_action"), lire("id_certifinfo"), lire("cfd_entree"))
            ),
        }
    )
    champs["formation"] = texte
    return _etat(Partie.FORMATION, donnees, champs)


def partie_publications(donnees: Mapping[str, Any], texte: str) -> Etat:
    """Return the part that a `PublicationV1` gives, as `partie_formation` does."""
    champs = {
        "parcoursup": _exige(donnees, "parcoursup", dict).get("statut"),
        "affelnet": _exige(donnees, "affelnet", dict).get("statut"),
    }
    champs["publications"] = texte
    return _etat(Partie.PUBLICATIONS, donnees, champs)


def _etat(partie: Partie, donnees: Mapping[str, Any], champs: dict[str, Any]) -> Etat:
    return Etat(
        _exige(donnees, "id", str),
        partie,
        _exige(donnees, "sequence", int),
        _exige(donnees, "empreinte", str),
        champs,
    )


def _certification(formation: Mapping[str, Any]) -> dict[str, Any]:
    lire = formation.get
    niveau, romes = lire("niveau"), lire("romes") or ()
    return {
        **_titres(
            lire("intitule_long"),
            lire("rncp_intitule"),
            lire("intitule_rco"),
            lire("intitule_court"),
        ),
        "diplomes": _distincts((lire("libelle_court"), lire("diplome"))),
        "diplome": lire("diplome"),
        "niveau": niveau[:1] if niveau else None,
        "metiers": _distincts([rome.get("libelle") for rome in romes]),
        "romes": _distincts([rome.get("rome") for rome in romes]),
        "cfd": lire("cfd"),
        "rncp": lire("rncp_code"),
        "mefs": _distincts([mef.get("mef10") for mef in lire("bcn_mefs_10") or ()]),
    }


@lru_cache(maxsize=16_384)  # some thousands of certifications serve all offers
def _titres(*intitules: str | None) -> dict[str, Any]:
    titres = _distincts(intitules)
    if not titres:
        return {}
    return {
        "intitule": titres,
        "intitule_tri": plier(titres[0])[:_TRI_MAX],
        "intitule_mots": len(titres[0].split()),
        "sigles": _distincts([sigle for titre in titres for sigle in sigles(titre)]),
    }


def _organismes(formation: Mapping[str, Any]) -> dict[str, Any]:
    lire = formation.get
    return {
        "organismes": _distincts(
            (
                lire("etablissement_gestionnaire_enseigne"),
                lire("etablissement_gestionnaire_raison_sociale"),
                lire("etablissement_formateur_enseigne"),
                lire("etablissement_formateur_raison_sociale"),
            )
        ),
        "sirets": _distincts(
            (
                lire("etablissement_gestionnaire_siret"),
                lire("etablissement_formateur_siret"),
                lire("etablissement_lieu_formation_siret"),
            )
        ),
        "uais": _distincts(
            (
                lire("etablissement_gestionnaire_uai"),
                lire("etablissement_formateur_uai"),
                lire("etablissement_lieu_formation_uai"),
                lire("uai_formation"),
            )
        ),
    }


def _lieu(formation: Mapping[str, Any]) -> dict[str, Any]:
    lire = formation.get
    localite, region = lire("localite"), lire("region")
    departement, nom_departement = lire("num_departement"), lire("nom_departement")
    academie, nom_academie = lire("num_academie"), lire("nom_academie")
    latitude, longitude = lire("latitude"), lire("longitude")
    return {
        "lieux": _distincts((localite, nom_departement, region, nom_academie, lire("code_postal"))),
        "commune": lire("code_commune_insee"),
        "commune_nom": localite,
        "departement": departement,
        "departement_libelle": _code_et_nom(departement, nom_departement),
        "academie": academie,
        "academie_libelle": _code_et_nom(academie, nom_academie),
        "region": region,
        "position": None if latitude is None or longitude is None else [longitude, latitude],
    }


def _sessions(formation: Mapping[str, Any]) -> dict[str, Any]:
    lire = formation.get
    debuts = _distincts(lire("date_debut") or ())
    mois = _distincts([debut[:7] for debut in debuts] or lire("periode") or ())
    return {
        "debuts": debuts or [f"{un_mois}-01" for un_mois in mois],
        "entrees": mois,
        "duree": lire("duree"),
        "annee": lire("annee"),
        "a_distance": bool(lire("entierement_a_distance") or lire("distanciel_lad")),
    }


def _code_et_nom(code: str | None, nom: str | None) -> str | None:
    return f"{code}{SEPARATEUR}{nom or code}" if code else None


def _distincts(valeurs: Iterable[Any]) -> list[Any]:
    return [*{valeur: None for valeur in valeurs if valeur}]


def _nettes(champs: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is unknown: an absent field and a null one are the same to the index."""
    return {nom: valeur for nom, valeur in champs.items() if valeur is not None and valeur != []}


def _exige(donnees: Mapping[str, Any], nom: str, type_: type[T]) -> T:
    valeur = donnees.get(nom)
    if not isinstance(valeur, type_):
        raise DonneeManquante(f"`{nom}` manque ou n'est pas du bon type")
    return valeur
