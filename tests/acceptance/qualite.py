"""Answers to quality/… by the quality rules of enrich."""

import re
from typing import Any, Final

from services.enrich.domain.enrichissement.fiches import eligible_apprentissage
from services.enrich.domain.enrichissement.habilitation import habilite
from services.enrich.domain.enrichissement.lien_etablissements import (
    Defaut,
    ServiceEnEchec,
    juger_le_lien,
    statut_administratif,
)
from services.enrich.domain.enrichissement.qualite import (
    Candidat,
    catalogue_reglementaire,
    etablissement_reference,
)
from services.enrich.domain.references.tables import Certificateur, Partenaire
from tests.acceptance.jugement import Cas, Donnees
from tests.acceptance.outils import connaitre

_OUI: Final = {"OUI": True, "NON": False}
_REGLE: Final = frozenset(
    ("reference_qualiopi", "code_type_certif", "rncp_eligible_apprentissage", "certificateur")
)
_LIEN: Final = frozenset(
    ("siret_gestionnaire", "siret_formateur", "etat_administratif", "http_status")
)
_ERREURS: Final = {
    Defaut.SIRET_ABSENT: "SIRET missing",
    Defaut.DEUX_INCONNUS: "both unknown",
    Defaut.GESTIONNAIRE_INCONNU: "gestionnaire unknown",
    Defaut.FORMATEUR_INCONNU: "formateur unknown",
    Defaut.GESTIONNAIRE_FERME: "gestionnaire closed",
    Defaut.FORMATEUR_FERME: "formateur closed",
}


def habilitation(given: Donnees) -> dict[str, Any]:
    """Answer quality/habilitation."""
    return {"habilite": _habilite(given["siret"], given)}


def _habilite(siret: str | None, fiche: Donnees) -> bool | None:
    certificateurs = [
        Certificateur("", c.get("certificateur") or "", c.get("siret_certificateur"))
        for c in fiche.get("certificateurs") or ()
    ]
    partenaires = [
        Partenaire("", p.get("Siret_Partenaire") or "", p.get("Habilitation_Partenaire") or "")
        for p in fiche.get("partenaires") or ()
    ]
    return habilite(siret, certificateurs, partenaires)


def reference(given: Donnees) -> dict[str, Any]:
    """Answer quality/établissement de référence."""
    connaitre({"gestionnaire", "formateur", "rncp"}, given)
    fiche = given.get("rncp") or {}
    candidats = {
        role: Candidat(_OUI.get(str(dit.get("conventionne"))), _habilite(dit.get("siret"), fiche))
        if (dit := given.get(role))
        else None
        for role in ("gestionnaire", "formateur")
    }
    retenu = etablissement_reference(
        candidats["gestionnaire"], candidats["formateur"], fiche.get("code_type_certif")
    )
    return {"etablissement_reference": retenu}


def reglementaire(given: Donnees) -> dict[str, Any]:
    """Answer quality/catalogue réglementaire; the certificateur, if any, may habilitate all.

    What a case leaves null is a no: the historic rule knew nothing unknown.
    """
    connaitre(_REGLE, given)
    nom = given.get("certificateur")
    certificateurs = [Certificateur("", nom, None)] if nom else []
    dit = catalogue_reglementaire(
        qualiopi=given.get("reference_qualiopi") == "OUI",
        code_type_certif=given.get("code_type_certif"),
        habilite=habilite("1", certificateurs, []),
        eligible=bool(given.get("rncp_eligible_apprentissage")),
    )
    return {"catalogue_published": dit}


def lien(cas: Cas) -> dict[str, Any]:
    """Answer quality/établissement link; the description gives the known establishments."""
    given = cas["given"]
    connaitre(_LIEN, given)
    if "etat_administratif" in given or "http_status" in given:
        etat, code = given.get("etat_administratif"), given.get("http_status") or 200
        try:
            return {"statut": statut_administratif(etat, code).value}
        except ServiceEnEchec:
            return {"error": "propagated"}
    fermes = {
        siret: etat == "closed"
        for siret, etat in re.findall(r"\{(\d+): (open|closed)\}", cas["description"])
    }
    defaut = juger_le_lien(given.get("siret_gestionnaire"), given.get("siret_formateur"), fermes)
    return {"error": _ERREURS[defaut] if defaut else None}


def eligibilite(given: Donnees) -> dict[str, Any]:
    """Answer quality/RNCP eligibility; null is a fiche that is not registered, or has no jury."""
    jury = given.get("si_jury_ca")
    dit = eligible_apprentissage(
        given["type_enregistrement"] or "aucun",
        jury_apprentissage=jury is True or str(jury).casefold() == "oui",
    )
    return {"rncp_eligible_apprentissage": dit}
