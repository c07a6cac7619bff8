"""Answers to collection, collection/key changes, collection/dual control, histories."""

import json
import re
from pathlib import Path
from typing import Any, Final

from contracts.identifiants import cle as cles
from contracts.identifiants.periode import morceaux
from services.cli.controle.comparaison import CLE, controler, differences
from services.cli.controle.historiques import (
    a_change,
    dernier_changement,
    difference,
    publiee_depuis,
)
from services.cli.controle.lecture import ABANDONNES, Document, lire
from services.cli.controle.livraisons import Bilan, Magasin, livrer
from services.collect.domain.identite import precedentes
from tests.acceptance.jugement import Cas, Donnees
from tests.acceptance.outils import NonPrisEnCharge

_PARIS: Final = "{} (local midnight Paris)"
_QUANTIEME: Final = re.compile(r"-j([+-][0-9]+)")
_DEUX_CONTROLES: Final = {"cle": CLE, "rncp": "rncp_code"}


def collecte(given: Donnees, refdata: Path | None) -> dict[str, Any]:
    """Answer collection: deliveries in a row, or one record under our names and types."""
    if "files" in given:
        if refdata is None:
            raise NonPrisEnCharge("no folder of tables")
        return _livraisons(given["files"], refdata / "layouts" / "rco")
    lu = lire(given)
    dates = {
        nom: _a_paris(valeur) for nom, valeur in lu.items() if "date_" in nom and valeur is not None
    }
    abandonnes = [nom for nom in given if nom in ABANDONNES and nom not in lu]
    return {**lu, **dates, "dropped": abandonnes}


def _a_paris(valeur: str | list[str]) -> str | list[str]:
    if isinstance(valeur, list):
        return [_PARIS.format(un) for un in valeur]
    return _PARIS.format(valeur)


def _livraisons(noms: list[str], dossier: Path) -> dict[str, Any]:
    """Return the figures of the last of these deliveries (cases README, collection)."""
    veille = json.loads((dossier / "rco_delta_j-1.json").read_text(encoding="utf-8"))
    jour = json.loads((dossier / "rco_delta_j.json").read_text(encoding="utf-8"))
    sans_15 = [document for document in jour if str(document.get(CLE)) != "15"]
    livraisons = {"-1": veille, "": jour, "+1": sans_15, "+2": jour}
    magasin: Magasin = {}
    bilan = Bilan()
    for nom in noms:
        quantieme = _QUANTIEME.search(nom)
        livraison = livraisons.get(quantieme[1] if quantieme else "")
        if livraison is None:
            raise NonPrisEnCharge(f"delivery {nom}")
        magasin, bilan = livrer(magasin, map(lire, livraison))
    return _chiffres(bilan, magasin)


def _chiffres(bilan: Bilan, magasin: Magasin) -> dict[str, Any]:
    dits: dict[str, Any] = {}
    listes = (
        ("added", bilan.ajoutees),
        ("updated", list(bilan.modifiees)),
        ("deleted", bilan.supprimees),
    )
    for nom, toutes in listes:
        dits[nom] = len(toutes)
        dits[f"{nom}_key"] = toutes[0] if len(toutes) == 1 else None
        dits[f"{nom}_keys"] = toutes
        publiees = [magasin[une]["published"] for une in toutes]
        dits[f"published_of_{nom}"] = publiees[0] if len(publiees) == 1 else publiees
        dits[f"published_{nom}"] = dits[f"published_of_{nom}"]
    champs = list(bilan.modifiees.values())
    dits["updated_fields"] = champs[0] if len(champs) == 1 else champs
    dits["published"] = sum(document["published"] for document in magasin.values())
    return dits


def changements_de_cle(cas: Cas) -> dict[str, Any]:
    """Answer collection/key changes."""
    given = cas["given"]
    if "old_key" in given:
        ancienne, nouvelle = cles.lire(given["old_key"]), cles.lire(given["new_key"])
        memes = bool(ancienne and nouvelle and cles.precise_l_annee(ancienne, nouvelle))
        return {"same_offer": memes}
    if "key" in given:
        return {"found": _depuis(cas["description"], given["key"], given["existing"])}
    if isinstance(given["new"], dict):
        actions = morceaux(given["new"]["id_action"])
        return {"found": precedentes(actions, given["existing"])}
    nouvelle = cles.lire(given["new"])
    principal = cles.site_principal(nouvelle) if nouvelle else None
    return {"found": [principal] if principal in given["existing"] else []}


def _depuis(description: str, texte: str, existantes: list[str]) -> list[str]:
    lue = cles.lire(texte)
    if lue is None:
        return []
    if "site" in description:
        return cles.autres_sites(lue, existantes)
    return [cle for cle in cles.cles_precisees(lue) if cle in existantes]


def double_controle(given: Donnees) -> dict[str, Any]:
    """Answer collection/dual control."""
    gauche, droite = given["left"], given["right"]
    if isinstance(gauche, dict):
        return {"differences": list(differences(_nomme(gauche), _nomme(droite)))}
    controle = controler(map(_nomme, gauche), map(_nomme, droite))
    return {
        "total_left": controle.total_gauche,
        "total_right": controle.total_droite,
        "not_found": len(controle.introuvables),
        "fields": dict(controle.champs),
    }


def _nomme(document: Donnees) -> Document:
    return {_DEUX_CONTROLES.get(nom, nom): valeur for nom, valeur in document.items()}


def histoires(given: Donnees) -> dict[str, Any]:
    """Answer histories."""
    if "before" in given:
        mises_a_jour = difference(given["before"], given["after"])
        return {"updates": mises_a_jour, "keys": list(mises_a_jour or ())}
    historique = given["history"]
    if historique and isinstance(historique[0], dict):
        return {
            "published_date": publiee_depuis(given.get("statut"), historique),
            "last_change": dernier_changement(historique),
        }
    return {
        "changed": a_change(given["statut"], historique) if "statut" in given else None,
        "published_date": None,
        "last_change": None,
    }
