"""Answers to campaign start, read-back, annule et remplace and Affelnet coverage."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.enrich.domain.heritage import prise
from services.export.domain.campagne import Campagne
from services.export.domain.campagnes import Veille, demarrer
from services.export.domain.couverture import Couverte, Difference, couvrir
from services.export.domain.couverture_rapprochement import Candidate, LigneAffelnet, lire_mef
from services.export.domain.eligibilite import evaluer
from services.export.domain.relecture_parcoursup import Ligne, Suivie, relire
from services.export.domain.remplacements import MOTIF, Engagee, remplacer
from services.export.domain.statut import Retour, statut_affiche
from tests.acceptance import perimetre

Donnees = Mapping[str, Any]

_PAR_IMPORT: Final = ("statut", "identifiant", "secteur", "code_nature", "mef", "infos")


def campagne(given: Donnees, defauts: Donnees) -> dict[str, Any]:
    """Return what an offer shows after the start of a campaign, then after the first run."""
    plateforme = Plateforme(given["plateforme"])
    formation = {**defauts["campaign_start_formation"][plateforme.value], **given["formation"]}
    ici = perimetre.contexte_de(plateforme, given, defauts)
    avant = replace(ici, campagne=Campagne(ici.campagne.debut - timedelta(days=365)))
    texte = formation[f"{plateforme}_statut"]
    decision, retour = perimetre.faits(texte, formation.get(f"{plateforme}_id"), avant)
    projection = perimetre.projection(formation)
    veille = Veille(
        Statut(texte),
        formation[f"{plateforme}_perimetre"],
        decision,
        retour,
        remplacee=formation.get("cle_me_remplace_par_traitee", False),
    )
    depart = demarrer(projection, veille, plateforme, ici.campagne)
    jeu = perimetre.jeu(given["rules"], defauts["rule"], plateforme, formation)
    jugee = evaluer(projection, jeu, ici)
    premiere, _ = statut_affiche(jugee, depart.decision, depart.retour, ici)
    return {
        "after_reset": {
            "statut": depart.statut,
            "id": depart.retour.identifiant if depart.retour else None,
            "previous_statut": depart.statut_precedent,
        },
        "after_first_perimeter_run": {"statut": premiere},
    }


def relecture(given: Donnees) -> dict[str, Any]:
    """Return an offer after a read-back."""
    formation = given["formation"]
    statut, identifiant = formation["parcoursup_statut"], formation.get("parcoursup_id")
    decision, retour = perimetre.faits_de(Statut(statut), identifiant, "2025")
    suivie = Suivie(
        "offre",
        formation["cle_ministere_educatif"],
        decision.numero if decision else 0,
        retour,
        formation.get("parcoursup_published", False),
    )
    lignes = [Ligne(str(un["g_ta_cod"]), un["status"], un["rco"]) for un in given["rows"]]
    changements = relire([suivie], lignes, "2025", perimetre.INSTANT).changements
    apres: Retour | None = changements[0].retour if changements else retour
    montre = changements[0].statut if changements else None
    return {
        "parcoursup_statut": montre or statut,
        "parcoursup_id": apres.identifiant if apres else None,
        "parcoursup_published": changements[0].visible if changements else suivie.visible,
    }


def remplacement(given: Donnees, defauts: Donnees) -> dict[str, Any]:
    """Return the offers of a replacement afterwards, the successor first."""
    plateforme = next(une for une in Plateforme if f"{une}_statut" in given["successor"])
    modele = {
        **defauts["campaign_start_formation"][plateforme.value],
        f"{plateforme}_id": None,
        "raison_depublication": None,
    }
    successeur = {**modele, **given["successor"]}
    anciennes = [{**modele, **une} for une in given["predecessors"]]
    fait = remplacer(
        plateforme,
        _engagee(successeur, plateforme),
        [_engagee(une, plateforme) for une in anciennes],
        envoi_actif=given["config_parcoursup_export"],
    )
    if fait is not None:
        if fait.statut is not None:
            successeur[f"{plateforme}_statut"] = fait.statut
        edition = prise(_editions(anciennes[0]), _editions(successeur), successeur, "ancienne")
        if edition is not None:
            successeur["uai_formation"] = edition["valeur"]
        if fait.ecarte_l_ancienne:
            anciennes[0] |= {
                f"{plateforme}_statut": Statut.NON_PUBLIE,
                f"{plateforme}_id": None,
                "raison_depublication": MOTIF,
            }
    noms = ("cle_ministere_educatif", f"{plateforme}_statut", f"{plateforme}_id", "uai_formation")
    montres = (*noms, "raison_depublication")
    return {"formations": [{nom: une[nom] for nom in montres} for une in (successeur, *anciennes)]}


def _engagee(formation: Donnees, plateforme: Plateforme) -> Engagee:
    return Engagee(
        Statut(formation[f"{plateforme}_statut"]),
        perimetre=formation[f"{plateforme}_perimetre"],
        au_flux=formation.get("published", True),
        traitee=formation.get("cle_me_remplace_traitee", False),
    )


def _editions(formation: Donnees) -> dict[str, dict[str, Any]]:
    return {nom: {"valeur": un} for nom, un in (formation.get("editedFields") or {}).items() if un}


def couverture(given: Donnees, attendues: list[Donnees]) -> dict[str, Any]:
    """Return the offers and the rows of an Affelnet import; of an offer, the keys asked for."""
    offres = [_couverte(une) for une in given["formations"]]
    lignes = [_ligne(une) for une in given["affelnet_rows"]]
    preview = couvrir(offres, lignes)
    apres = {une.id: une for une in preview.differences}
    propres = {une["cle_ministere_educatif"]: une for une in given["formations"]}
    montrees = [
        _montrer(propres[cle], apres.get(cle), attendue)
        for attendue in attendues
        if (cle := attendue["cle_ministere_educatif"]) in propres
    ]
    rows = [
        {
            "matching_strength": str(trouve.force) if trouve.force else None,
            "matches": sorted(une.cle for une in trouve.trouvees),
        }
        for trouve in preview.lignes
    ]
    return {"formations": montrees, "rows": rows}


def _couverte(formation: Donnees) -> Couverte:
    cle = formation["cle_ministere_educatif"]
    ouverte = all(
        formation.get(nom, True) for nom in ("published", "affelnet_perimetre", "affelnet_session")
    )
    candidate = Candidate(
        id=cle,
        cle=cle,
        niveau=formation.get("niveau"),
        mefs=tuple(mef["mef10"] for mef in formation.get("bcn_mefs_10") or ()),
        departement=formation.get("num_departement"),
        code_postal=formation.get("code_postal"),
        code_commune_insee=formation.get("code_commune_insee"),
        uai=formation.get("uai_formation"),
        ouverte=ouverte,
    )
    return Couverte(
        candidate,
        Statut(formation["affelnet_statut"]),
        formation.get("affelnet_id"),
        infos=formation.get("affelnet_infos_offre"),
    )


def _ligne(row: Donnees) -> LigneAffelnet:
    return LigneAffelnet(
        identifiant=f"{row['academie']}/{row['code_offre']}",
        uai=row.get("uai"),
        cle=row.get("cle_ministere_educatif"),
        mef=lire_mef(row.get("code_mef")),
        code_postal=row.get("code_postal"),
        prive=row.get("etablissement_type") != "Public",
        code_nature=row.get("code_nature"),
        informations=row.get("informations"),
    )


def _montrer(avant: Donnees, apres: Difference | None, attendue: Donnees) -> dict[str, Any]:
    montre = {nom: avant.get(nom) for nom in attendue}
    if apres is None:
        return montre
    dits = {nom: getattr(apres, nom) for nom in _PAR_IMPORT}
    montre |= {
        "affelnet_statut": dits["statut"],
        "affelnet_id": dits["identifiant"],
        "affelnet_secteur": dits["secteur"],
        "affelnet_code_nature": dits["code_nature"],
        "affelnet_infos_offre": dits["infos"],
        "affelnet_mefs_10": _mefs(avant, dits["mef"]),
    }
    return {nom: montre[nom] for nom in attendue}


def _mefs(formation: Donnees, mef: str | None) -> list[dict[str, Any]]:
    if mef is None:
        return []
    propres = [un for un in formation.get("bcn_mefs_10") or () if un["mef10"] == mef]
    return propres or [{"mef10": mef, "modalite": {"duree": mef[8], "annee": mef[9]}}]
