"""Dual control: what the old catalogue said of its offers beside what we say (domain.md §6).

The offers are rebuilt from its enriched documents, completed by our rules as of the day on which it
last wrote them, and compared field by field. Each difference is listed here with its reason
(docs/constats-offres-2020.md); any other field that both sides hold agrees in every document.
"""

import json
import os
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from services.cli.controle.comparaison import differences
from services.cli.controle.lecture import lire
from services.collect.domain.normalisation import normaliser
from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.references.construction import construire

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(120)]

JOUR_DE_L_INDEX: Final = "2021-10-08"
"""The excerpt of the index does not tell when it was written: as the same document in full."""

PLEINES: Final = ("exemple 1", "exemple 2", "2021", "2023")
INDEX: Final = tuple(f"index {rang}" for rang in range(1, 9))

_UAI_DE_L_EXTRAIT: Final = {"index 3", "index 4", "index 6"}
_SANS_ONISEP: Final = {"2021", "2023", "flux 2"}

ECARTS: Final[Mapping[str, set[str]]] = {
    # The tables of 2022 to 2025 know what came after the documents, or say it anew.
    "cfd_date_fermeture": {"index 2", "index 5"},
    "rncp_details.date_fin_validite_enregistrement": {
        *("2021", "2023", "index 1", "index 2", "index 4", "index 7"),
    },
    "rncp_details.nouvelle_fiche": {
        *("2021", "2023", "index 1", "index 2", "index 3", "index 4", "index 5", "index 7"),
    },
    "rncp_details.type_certif": {"exemple 1"},
    "etablissement_gestionnaire_enseigne": {"index 3", "index 4"},
    "etablissement_formateur_enseigne": {"index 3", "index 4"},
    "etablissement_gestionnaire_raison_sociale": {"index 3", "index 4"},
    "etablissement_gestionnaire_geo_coordonnees": {*PLEINES},
    # Unknown: no partenaires, no links of ONISEP, no status before its source, no group of a fiche.
    "etablissement_gestionnaire_habilite_rncp": {"exemple 1", "2021", "2023", *INDEX},
    "etablissement_formateur_habilite_rncp": {"exemple 1", "2021", "2023"},
    "onisep_url": {*_SANS_ONISEP, *INDEX} - {"index 3", "index 4", "index 6"},
    "onisep_intitule": _SANS_ONISEP,
    "rncp_details.active_inactive": {*PLEINES, *INDEX},
    "rncp_details.nsf_code": {"exemple 1", "exemple 2"},
    # Known to us alone: the excerpt holds no UAI and few addresses, the feed no period.
    "etablissement_gestionnaire_uai": {*_UAI_DE_L_EXTRAIT, "index 1", "index 2"},
    "etablissement_formateur_uai": {*INDEX} - {"index 8"},
    "uai_formation": {*_UAI_DE_L_EXTRAIT, "index 5", "index 7"},
    "etablissement_formateur_adresse": {*INDEX},
    "etablissement_formateur_code_postal": {"index 5", "index 6", "index 7"},
    "etablissement_formateur_code_commune_insee": {"index 5", "index 6", "index 7"},
    "tags": {"2023", "flux 1", "flux 2", *INDEX} - {"index 3", "index 4", "index 6"},
    # Rules that differ: arrondissements, MEF kept by année, no flag where there is no MEF.
    "code_commune_insee": {"flux 2"},
    "bcn_mefs_10": {"2021", "2023"},
    "duree_incoherente": {"exemple 1"},
    "annee_incoherente": {"exemple 1"},
    # Faults of the old catalogue: longitude first, a fiche beside the details of its successor.
    "etablissement_formateur_geo_coordonnees": {*PLEINES},  # in two of them, else rounded
    "rncp_details.ancienne_fiche": {"index 4"},
    "rncp_intitule": {"index 4"},
    "romes": {"index 4"},
    "intitule_court": {"index 7"},
    # No key: the documents of the layouts were made anonymous.
    "cle_ministere_educatif": {"2021", "2023"},
}
"""By field: the documents in which both sides differ."""

_RENOMMES: Final = {
    "rome_codes": "romes",
    **{
        ancien.format(role): nouveau.format(role)
        for role in ("gestionnaire", "formateur")
        for ancien, nouveau in (
            ("etablissement_{}_entreprise_raison_sociale", "etablissement_{}_raison_sociale"),
            ("geo_coordonnees_etablissement_{}", "etablissement_{}_geo_coordonnees"),
        )
    },
}
_LISTES_AILLEURS: Final = frozenset(("parcoursup_mefs_10", "rncp_details.certificateurs"))
"""The list of Parcoursup is loaded apart; the excerpts hold no certificateurs."""


def _documents(refdata: Path) -> dict[str, Mapping[str, Any]]:
    def contenu(nom: str) -> Any:  # noqa: ANN401 - any JSON
        return json.loads((refdata / nom).read_text(encoding="utf-8"))

    exemples = contenu("catalogue/formations_enrichies_exemples.json")["formations"]
    flux = contenu("layouts/catalogue/api_apprentissage_feed_2.json")
    reponses = contenu("layouts/catalogue/es_msearch_response_excerpt.json")["responses"]
    index = [trouve["_source"] for reponse in reponses for trouve in reponse["hits"]["hits"]]
    return {
        **{f"exemple {rang}": document for rang, document in enumerate(exemples, 1)},
        "2021": contenu("layouts/catalogue/formation_full_2021.json"),
        "2023": contenu("layouts/catalogue/formation_full_2023_sessions.json"),
        **{f"flux {rang}": document for rang, document in enumerate(flux, 1)},
        **{f"index {rang}": document for rang, document in enumerate(index, 1)},
    }


def _jour(document: Mapping[str, Any]) -> date:
    """Return the day on which the old catalogue wrote a document, or about that day."""
    debuts = document.get("date_debut") or [JOUR_DE_L_INDEX]
    return date.fromisoformat(str(document.get("last_update_at") or debuts[0])[:10])


def _du_catalogue(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document of the old catalogue, flat, under our names and forms."""
    details = document.get("rncp_details") or {}
    lu = {
        **{_RENOMMES.get(nom, nom): valeur for nom, valeur in lire(document).items()},
        **{f"rncp_details.{nom}": valeur or None for nom, valeur in lire(details).items()},
    }
    for champ in [champ for champ in lu if champ.endswith("num_academie")]:
        lu[champ] = str(lu[champ]).zfill(2)
    return {**lu, "bcn_mefs_10": _mefs(document)} if "bcn_mefs_10" in document else lu


def _de_nous(formation: Mapping[str, Any]) -> dict[str, Any]:
    """Return a formation, flat, its lists of codes alone."""
    details = formation["rncp_details"] or {}
    return {
        **formation,
        **{f"rncp_details.{nom}": valeur or None for nom, valeur in details.items()},
        "romes": [metier["rome"] for metier in formation["romes"]],
        "bcn_mefs_10": _mefs(formation),
    }


def _mefs(etat: Mapping[str, Any]) -> list[str]:
    return [mef["mef10"] for mef in etat["bcn_mefs_10"]]


@pytest.fixture(scope="module")
def controle() -> tuple[set[str], dict[str, set[str]]]:
    """Return the fields that both sides hold, and those that differ with their documents."""
    dossier = os.environ.get("CATALOGUE_REFDATA")
    if not dossier:
        pytest.skip("CATALOGUE_REFDATA ne désigne aucun dossier de référentiels")
    tables = {table.bilan.table: table.lignes for table in lire_dossier(Path(dossier))}
    references = construire("reelles", tables)
    compares: set[str] = set()
    ecarts: dict[str, set[str]] = defaultdict(set)
    for nom, document in _documents(Path(dossier)).items():
        offre = normaliser(dict(document)).offre
        nous = _de_nous(Enrichisseur(references, _jour(document)).enrichir(offre)[0])
        eux = _du_catalogue(document)
        champs = (eux.keys() & nous.keys()) - _LISTES_AILLEURS - {"rncp_details"}
        compares |= champs
        for champ in differences({c: eux[c] for c in champs}, {c: nous[c] for c in champs}):
            ecarts[champ].add(nom)
    return compares, ecarts


@pytest.mark.parametrize("champ", ECARTS)
def test_a_field_differs_in_the_documents_that_are_explained(
    champ: str, controle: tuple[set[str], dict[str, set[str]]]
) -> None:
    assert controle[1].get(champ, set()) == ECARTS[champ]


def test_every_other_field_agrees_in_all_documents(
    controle: tuple[set[str], dict[str, set[str]]],
) -> None:
    compares, ecarts = controle

    assert ecarts.keys() - ECARTS.keys() == set()
    assert len(compares - ECARTS.keys()) >= 60
