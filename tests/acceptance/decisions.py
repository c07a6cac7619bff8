"""Answers to the cases of instructor decisions and of the Parcoursup feed (cases README)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.decisions import DecisionRefusee, choix_affiche
from services.export.domain.erreurs_parcoursup import reconnaitre
from services.export.domain.erreurs_reconnues import juger_erreur
from services.export.domain.liens_affelnet import lien_admis
from services.export.domain.motifs import MOTIFS, trouver
from services.export.domain.parcoursup import Issue, charge_utile, classer, rang
from services.export.domain.transitions import Effet, demander_publication, refuser_publication

Donnees = Mapping[str, Any]

_UAI: Final = "0551031X"
_T: Final = datetime(2026, 1, 15, tzinfo=UTC)
_INSTANTS: Final = {"T": _T, "T-2s": _T - timedelta(seconds=2)}


def decider(given: Donnees) -> dict[str, Any]:
    """Return what an instructor's decision does, or which choice or motif is shown."""
    if "url" in given:
        return {"accepted": lien_admis(given["url"])}
    if "motif" in given:
        motif = trouver(given["motif"])
        if motif is None:
            return {}
        return {
            "statut": motif.statut,
            "tag": motif.tag,
            "platforms": list(motif.plateformes),
        }
    if "decision" not in given:
        return {"publish": choix_affiche(Statut(given["statut"]))}
    return _decision(given)


def _decision(given: Donnees) -> dict[str, Any]:
    plateforme = Plateforme(given["plateforme"])
    try:
        affiche = Statut(given["statut"])
        if given["decision"] == "publish":
            return _effet(demander_publication(plateforme, affiche, _UAI))
        motif = next(
            motif
            for motif in MOTIFS
            if motif.statut == given["motif_statut"] and plateforme in motif.plateformes
        )
        return _effet(refuser_publication(plateforme, affiche, motif, "précisée"))
    except (ValueError, DecisionRefusee):
        return {"statut": given["statut"], "refused": True}


def _effet(effet: Effet) -> dict[str, Any]:
    return {
        "statut": effet.statut,
        "refused": False,
        "clears": list(effet.efface),
        "sets": list(effet.pose),
        "only_updates": None if effet.seuls is None else list(effet.seuls),
    }


def envoyer(given: Donnees) -> dict[str, Any]:
    """Return the order of the queue, a payload, or what an answer to one attempt gives."""
    if "formations" in given:
        return {"order": _ordre(given["formations"])}
    if "error" in given:
        texte = given["error"]
        return {
            "known": reconnaitre(texte) is not None,
            "parcoursup_statut": juger_erreur(texte)[0],
        }
    if "answer" in given:
        return _reponse(given["answer"])
    return {"payload": _charge(given)}


def _ordre(formations: list[Donnees]) -> list[str]:
    pretes = [
        une
        for une in formations
        if une["parcoursup_statut"] == Statut.PRET and une["uai_formation"]
    ]
    pretes.sort(
        key=lambda une: rang(
            en_erreur=bool(une["parcoursup_error"]),
            mise_a_jour=_INSTANTS.get(une["last_update_at"]),
            cle=une["cle"],
        )
    )
    return [une["cle"] for une in pretes]


def _charge(given: Donnees) -> dict[str, Any]:
    fiables = [mef["mef10"] for mef in given.get("parcoursup_mefs_10") or ()]
    projection = {**given, "parcoursup_mefs_10": fiables}
    demandeur = next(
        (
            un["to"].get("last_update_who")
            for un in reversed(given.get("updates_history") or [])
            if un["to"].get("parcoursup_statut") == Statut.PRET
        ),
        None,
    )
    identifiant = given.get("parcoursup_id")
    return charge_utile(
        projection,
        identifiant=str(identifiant) if identifiant else None,
        demandeur=given.get("user_id") or demandeur,
    )


def _reponse(answer: Donnees) -> dict[str, Any]:
    corps = {cle: valeur for cle, valeur in answer.items() if cle != "status"}
    reponse = classer(answer["status"], json.dumps(corps).encode())
    # The cases judge one attempt with no retry left.
    echoue = reponse.issue in (Issue.A_REPRENDRE, Issue.ARRET)
    return {
        "parcoursup_statut": Statut.ECHEC if echoue else reponse.statut,
        "parcoursup_id": reponse.identifiant,
        "parcoursup_error": reponse.erreur,
    }
