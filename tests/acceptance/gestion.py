"""Answers to Affelnet reinit, previous season, old matching, rule editing and reports."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.statuts import Plateforme, Statut
from services.export.domain import edition_regles as edition
from services.export.domain.constructeur import Ligne, construire
from services.export.domain.rapprochement_parcoursup import LigneHistorique, force
from services.export.domain.reinitialisation_affelnet import (
    prete_avant,
    statut_apres,
    toutes_pretes_depuis,
)
from services.export.domain.saison_precedente import cause
from services.kernel.batches import slices
from tests.acceptance.outils import NonPrisEnCharge, connaitre, jour
from tests.acceptance.pages_historiques import (
    LIGNES_PAR_RAPPORT,
    academies_offertes,
    sans_periode_a_venir,
    statut_modifiable,
)

Donnees = Mapping[str, Any]


def reinit(given: Donnees) -> dict[str, Any]:
    """Answer Affelnet reinit."""
    le_jour = jour(given["date"])
    historique = [
        (jour(une["updated_at"]), Statut(une["to"]["affelnet_statut"]))
        for une in given["updates_history"]
        if "affelnet_statut" in une["to"]
    ]
    apres = statut_apres(
        Statut(given["affelnet_statut"]), historique, le_jour, au_flux=given["published"]
    )
    return {
        "all_after_are_pret": toutes_pretes_depuis(historique, le_jour),
        "last_before_is_pret": prete_avant(historique, le_jour),
        "affelnet_statut_after": apres,
    }


def saison(given: Donnees, maintenant: date) -> dict[str, Any]:
    """Answer previous season comparison, by the older policy of « not updated »."""
    connaitre({"formation_now", "now"}, given)
    return {"cause": cause(given["formation_now"], sans_periode_a_venir(maintenant))}


def rapprochement(given: Donnees) -> dict[str, Any]:
    """Answer Parcoursup matching (2020-2022)."""
    row = given["row"]
    ligne = LigneHistorique(
        codes_cfd=row.get("codes_cfd") or (),
        codes_rncp=row.get("codes_rncp") or (),
        uais=frozenset(un for un in (row.get("uai"), row.get("uai_gestionnaire")) if un),
        siret=row.get("siret"),
        code_postal=row.get("code_postal"),
        code_commune_insee=row.get("code_commune_insee"),
        nom_academie=row.get("nom_academie"),
    )
    trouvee = force(given["formation"], ligne)
    return {"strength": str(trouvee) if trouvee else None}


def regles(given: Donnees) -> dict[str, Any]:
    """Answer perimeter rule editing."""
    if "user" in given:
        return {"options": _options(given["user"])}
    if "builder" in given:
        lignes = [
            Ligne(un["field"], un["operator"], un["value"], un.get("combinator", "AND"))
            for un in given["builder"]
        ]
        return {"regle_complementaire": construire(lignes)}
    if "new_condition" in given:
        plateforme = Plateforme(given.get("plateforme", Plateforme.PARCOURSUP))
        nommee = bool(given.get("nom_regle_complementaire"))
        statut = edition.changer_de_condition(plateforme, given["new_condition"], nommee=nommee)
        return {"statut": statut} if statut else {"effect": "soft delete"}
    if "viewer_academie" in given:
        return {"editable": _modifiable(given)}
    if "condition" in given:
        statut = edition.statut_par_defaut(Plateforme(given["plateforme"]), given["condition"])
        return {"statut": statut, "regle_complementaire": json.dumps(construire(()))}
    raise NonPrisEnCharge(f"keys {sorted(given)}")


def _options(user: Donnees | None) -> int:
    if user is None:
        return 0
    numeros = [int(un) for un in str(user.get("academie") or "").split(",") if un.strip()]
    return academies_offertes(numeros, administrateur=user.get("isAdmin", False))


def _modifiable(given: Donnees) -> bool:
    lecteur = given["viewer_academie"]
    return statut_modifiable(
        Plateforme(given["plateforme"]),
        given["condition"],
        Statut(given["rule_statut"]),
        lecteur=None if lecteur is None else int(lecteur),
        regle=int(given.get("rule_num_academie") or 0),
    )


def rapports(given: Donnees) -> dict[str, Any]:
    """Answer reports."""
    return {"documents": sum(1 for _ in slices(range(given["lines"]), LIGNES_PAR_RAPPORT))}
