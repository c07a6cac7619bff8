"""Answers to identifiers/…, dates, collection/sessions by the contract and the tables."""

from typing import Any

from contracts.identifiants import (
    cfd,
    cle,
    code_postal,
    insee,
    modalite,
    periode,
    rncp,
    sessions,
    siret,
    uai,
)
from services.enrich.domain.references.tables import Departement, References
from services.export.domain.campagne import Campagne, seuil_de_validite
from tests.acceptance.jugement import Donnees
from tests.acceptance.outils import NonPrisEnCharge, jour

_FIN_DE_JOUR = "T23:59:59.999Z"


def uai_(given: Donnees) -> dict[str, Any]:
    """Answer identifiers/UAI."""
    if "text" in given:
        texte = given["text"]
        return {"uai": None if texte is None else uai.extraire(texte)}
    return {"valid": uai.est_valide(given["uai"]), "normalised": uai.normaliser(given["uai"])}


def siret_(given: Donnees) -> dict[str, Any]:
    """Answer identifiers/SIRET."""
    texte = given["siret"]
    return {"valid": siret.est_valide(texte), "normalised": siret.normaliser(texte)}


def cfd_(given: Donnees) -> dict[str, Any]:
    """Answer identifiers/CFD."""
    return {"valid": cfd.est_valide(given["cfd"])}


def rncp_(given: Donnees) -> dict[str, Any]:
    """Answer identifiers/RNCP."""
    code = rncp.normaliser(given["rncp"])
    return {"code": code} if code else {"error": True}


def cle_(given: Donnees) -> dict[str, Any]:
    """Answer identifiers/clé ministère éducatif."""
    lue = cle.lire(given["cle_ministere_educatif"])
    return {"parts": lue._asdict() if lue else None}


def geo(given: Donnees, references: References) -> dict[str, Any]:
    """Answer identifiers/geo codes."""
    if "num_departement" in given:
        nomme = references.departements.get(given["num_departement"])
        return {"nom_departement": nomme.nom if nomme else None}
    if "uai" in given:
        return _territoire(references.departements.get(uai.departement(given["uai"]) or ""))
    if "code_postal" in given:
        return {"valid": code_postal.est_valide(given["code_postal"])}
    code = given["code_insee"]
    lieu = references.departements.get(insee.departement(code) or "")
    return {"valid": insee.est_valide(code), **_territoire(lieu)}


def _territoire(lieu: Departement | None) -> dict[str, Any]:
    return {
        "academie": lieu.nom_academie if lieu else None,
        "region": lieu.region if lieu else None,
    }


def dates_(given: Donnees) -> dict[str, Any]:
    """Answer dates."""
    if "periode" in given:
        lu = given["periode"]
        return {"tags": periode.tags(lu), "lines_include": periode.lignes(lu)}
    if "campagne_start" in given:
        campagne = Campagne(jour(given["campagne_start"]))
        noms = ("session_start", "session_end"), ("previous_session_start", "previous_session_end")
        bornes = zip(noms, (campagne.session, campagne.session_precedente), strict=True)
        return {
            nom: valeur + suite
            for (debut, fin), (premier, dernier) in bornes
            for nom, valeur, suite in (
                (debut, premier, "T00:00:00.000Z"),
                (fin, dernier, _FIN_DE_JOUR),
            )
        }
    if "now" in given:
        return {"threshold": seuil_de_validite(jour(given["now"])) + _FIN_DE_JOUR}
    raise NonPrisEnCharge(f"keys {sorted(given)}")


def sessions_(given: Donnees) -> dict[str, Any]:
    """Answer collection/sessions: durée 2, année 1, capacity "10"."""
    if "date_debut" in given:
        debuts, fins = given["date_debut"] or [], given.get("date_fin") or []
        paires = sessions.apparier(debuts, fins, duree=2, annee=1)
        places = modalite.capacite("10")
        return {"sessions": [{"debut": p.debut, "fin": p.fin, "capacite": places} for p in paires]}
    lues = {champ: modalite.normaliser(given[champ]) for champ in ("duree", "annee")}
    illisibles = {"duree": (None, modalite.NON_COLLECTE), "annee": (None,)}
    faute = next((champ for champ, lue in lues.items() if lue in illisibles[champ]), None)
    return {"error": faute} if faute else {c: modalite.en_nombre(lue) for c, lue in lues.items()}
