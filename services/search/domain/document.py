"""What of a formation is searched: the fields of the index, from the events' data.

The whole state rides along unindexed, so that a page needs no other store; what is searched is
listed here and in `index/mapping.py`, field by field.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

from services.search.domain.filtres import SEPARATEUR
from services.search.domain.fusion import Etat, Partie
from services.search.domain.sigles import sigles
from services.search.domain.textes import plier

_ROLES: Final = ("etablissement_gestionnaire", "etablissement_formateur")
_TRI_MAX: Final = 200

T = TypeVar("T")


class DonneeManquante(ValueError):
    """An event lacks what a document cannot be made without; the message names it."""


def partie_formation(donnees: Mapping[str, Any], brut: Any = None) -> Etat:  # noqa: ANN401 - orjson.Fragment is opaque
    """Return the part of the document that a `FormationV1` gives; `brut` replaces its stored form.

    Raises `DonneeManquante`.
    """
    formation = _exige(donnees, "formation", dict)
    champs = _nettes(
        {
            "etat": _exige(donnees, "etat", str),
            "modifiee_le": donnees.get("modifiee_le"),
            "publiee": bool(formation.get("published", True)),
            **_certification(formation),
            **_organismes(formation),
            **_lieu(formation),
            **_sessions(formation),
            "cles": _distincts(
                [formation.get("cle_ministere_educatif"), *_liste(formation, "anciennes_cles")]
            ),
            "codes": _distincts(
                formation.get(nom)
                for nom in ("id_formation", "id_action", "id_certifinfo", "cfd_entree")
            ),
        }
    )
    champs["formation"] = donnees if brut is None else brut
    return _etat(Partie.FORMATION, donnees, champs)


def partie_publications(donnees: Mapping[str, Any], brut: Any = None) -> Etat:  # noqa: ANN401
    """Return the part of the document that a `PublicationV1` gives; raises `DonneeManquante`."""
    champs = {
        "parcoursup": _exige(donnees, "parcoursup", dict).get("statut"),
        "affelnet": _exige(donnees, "affelnet", dict).get("statut"),
    }
    champs["publications"] = donnees if brut is None else brut
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
    titre = formation.get("intitule_long") or formation.get("rncp_intitule")
    titres = _distincts(
        formation.get(nom)
        for nom in ("intitule_long", "rncp_intitule", "intitule_rco", "intitule_court")
    )
    romes = _liste(formation, "romes")
    niveau = formation.get("niveau")
    return {
        "intitule": titres,
        "intitule_tri": _cle_de_tri(titre) if titre else None,
        "intitule_mots": len(titre.split()) if titre else None,
        "sigles": _distincts(sigle for texte in titres[:3] for sigle in sigles(texte)),
        "diplomes": _distincts(formation.get(nom) for nom in ("libelle_court", "diplome")),
        "diplome": formation.get("diplome"),
        "niveau": niveau[:1] if niveau else None,
        "metiers": _distincts(rome.get("libelle") for rome in romes),
        "romes": _distincts(rome.get("rome") for rome in romes),
        "cfd": formation.get("cfd"),
        "rncp": formation.get("rncp_code"),
        "mefs": _distincts(mef.get("mef10") for mef in _liste(formation, "bcn_mefs_10")),
    }


@lru_cache(maxsize=16_384)
def _cle_de_tri(titre: str) -> str:
    return plier(titre)[:_TRI_MAX]


def _organismes(formation: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "organismes": _distincts(
            formation.get(f"{role}_{nom}")
            for role in _ROLES
            for nom in ("enseigne", "raison_sociale")
        ),
        "sirets": _distincts(
            formation.get(f"{role}_siret") for role in (*_ROLES, "etablissement_lieu_formation")
        ),
        "uais": _distincts(
            [
                *(formation.get(f"{role}_uai") for role in _ROLES),
                formation.get("etablissement_lieu_formation_uai"),
                formation.get("uai_formation"),
            ]
        ),
    }


def _lieu(formation: Mapping[str, Any]) -> dict[str, Any]:
    latitude, longitude = formation.get("latitude"), formation.get("longitude")
    return {
        "lieux": _distincts(
            formation.get(nom)
            for nom in ("localite", "nom_departement", "region", "nom_academie", "code_postal")
        ),
        "commune": formation.get("code_commune_insee"),
        "commune_nom": formation.get("localite"),
        "departement": formation.get("num_departement"),
        "departement_libelle": _code_et_nom(formation, "num_departement", "nom_departement"),
        "academie": formation.get("num_academie"),
        "academie_libelle": _code_et_nom(formation, "num_academie", "nom_academie"),
        "region": formation.get("region"),
        "position": None if latitude is None or longitude is None else [longitude, latitude],
    }


def _sessions(formation: Mapping[str, Any]) -> dict[str, Any]:
    debuts = _distincts(_liste(formation, "date_debut"))
    mois = [debut[:7] for debut in debuts] or _liste(formation, "periode")
    return {
        "debuts": debuts or [f"{un_mois}-01" for un_mois in _distincts(mois)],
        "entrees": _distincts(mois),
        "duree": formation.get("duree"),
        "annee": formation.get("annee"),
        "a_distance": bool(
            formation.get("entierement_a_distance") or formation.get("distanciel_lad")
        ),
    }


def _code_et_nom(formation: Mapping[str, Any], code: str, nom: str) -> str | None:
    valeur = formation.get(code)
    return f"{valeur}{SEPARATEUR}{formation.get(nom) or valeur}" if valeur else None


def _liste(formation: Mapping[str, Any], nom: str) -> list[Any]:
    return formation.get(nom) or []


def _distincts(valeurs: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(valeur for valeur in valeurs if valeur))


def _nettes(champs: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is unknown: an absent field and a null one are the same to the index."""
    return {nom: valeur for nom, valeur in champs.items() if valeur is not None and valeur != []}


def _exige(donnees: Mapping[str, Any], nom: str, type_: type[T]) -> T:
    valeur = donnees.get(nom)
    if not isinstance(valeur, type_):
        raise DonneeManquante(f"`{nom}` manque ou n'est pas du bon type")
    return valeur
