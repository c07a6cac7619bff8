"""Facets count what a reading of every offer finds, and each value selects what it counts."""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import pytest
import pytest_asyncio

from contracts.statuts import Plateforme
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.recherche import RecherchesMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.adapters.relations import RelationsMongo
from services.export.domain.derivees import (
    Reperes,
    agriculture,
    lien,
    regles_academiques,
    session_renouvelee,
    siret_actif,
)
from services.export.domain.facettes import FACETTES
from services.export.domain.recherche import Recherche
from services.export.domain.regles_lecture import lire_fichier
from services.export.domain.relations import Candidatures, identifiant, statut_candidatures
from services.export.usecases.projeter import appliquer
from services.kernel.clock import FixedClock
from tests.unit.export.fabrique import INSTANT, document_de_regle, evenement, offre

pytestmark = pytest.mark.integration

PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET
SIRETS = [f"1300{rang:010}" for rang in range(3)]
Document = dict[str, Any]
Valeurs = Callable[[Mapping[str, Any], Plateforme], Any]


def formations() -> list[Document]:
    """Return offers of both platforms in which every fact takes each of its values."""
    faits: dict[str, list[Any]] = {
        "etablissement_gestionnaire_actif": [True, False, None],
        "etablissement_formateur_actif": [True, None],
        "etablissement_reference": ["gestionnaire"],
        "etablissement_gestionnaire_certifie_qualite": [True, None],
        "catalogue_published": [True, None],
    }
    lot = []
    for rang, valeurs in enumerate(product(*faits.values())):
        annee = ("2019", "2020")[rang % 2]
        lot.append(
            offre((PS, AF)[rang % 2])
            | dict(zip(faits, valeurs, strict=True))
            | {
                "num_academie": ("12", "10")[rang % 3 == 0],
                "cfd": ("40330803", "32033422", None)[rang % 3],
                "tags": ([annee], ["2020", "2021"], [])[rang % 3],
                "date_debut": (["2021-09-01"], ["2020-09-01"], [])[rang % 3],
                "etablissement_gestionnaire_siret": SIRETS[rang % 3],
                "etablissement_formateur_siret": SIRETS[0],
            }
        )
    return lot


def decisions(rang: int) -> Document:
    """Return facts to set beside: season that ended, read-back, links, what follows a decision."""
    faits: Document = {}
    if rang % 4 > 1:
        faits["precedents"] = {un.value: {"statut": "publié"} for un in Plateforme}
        for un in Plateforme:
            vus = {"perimetre": True, "session_precedente": True, "session": rang % 3 == 0}
            faits |= {f"eligibilites.{un}.{nom}": vu for nom, vu in vus.items()}
    if rang % 4 == 0:
        faits["projection.predecesseurs"] = ["X"]
    if rang % 5 == 0:
        faits["relecture"] = {"parcoursup": {"visible": rang % 2 == 0}}
        faits["suivi"] = {un.value: {"auto": rang % 2 == 0, "tag": "SSA"} for un in Plateforme}
    if rang % 6 == 0:
        faits["projection.remplacee_par"] = "Y"
        faits["projection.etat"] = "remplacee"
    if rang % 7 == 0:
        faits["eligibilites.affelnet.regle"] = "un autre"
    return faits


@pytest_asyncio.fixture(autouse=True)
async def offres(base: BaseMongo, juges: JugesMongo, horloge: FixedClock) -> None:
    regles = [
        document_de_regle(PS),
        document_de_regle(AF, num_academie=12),
        document_de_regle(AF),
    ]
    await ReglesMongo(base).remplacer(lire_fichier(regles).regles, INSTANT)
    ids = [f"0{'1H'[rang % 3 == 0]}{rang:024}" for rang in range(len(formations()))]
    lot = [evenement(id_, formation=une) for id_, une in zip(ids, formations(), strict=True)]
    await appliquer(lot, base, juges, horloge)
    for rang, id_ in enumerate(ids):
        if faits := decisions(rang):
            await base.formations.update_one({"_id": id_}, {"$set": faits})
    relations = {
        (nom := identifiant(siret, SIRETS[0])): {"_id": nom, "telechargement": dit}
        for siret, dit in zip(SIRETS, ("toutes", "aucune"), strict=False)
    }
    await RelationsMongo(base).remplacer(relations)


def _du(document: Mapping[str, Any], chemin: str) -> Any:  # noqa: ANN401 - a value as stored
    lu: Any = document
    for nom in chemin.split("."):
        lu = (lu or {}).get(nom)
    return lu


async def derivees(base: BaseMongo, reperes: Reperes) -> dict[str, Valeurs]:
    """Return how a program that reads whole offers tells what no field holds."""
    relations = {une["_id"]: une async for une in base.base["relations"].find({})}
    role = "projection.etablissement_"

    def renouvelee(document: Mapping[str, Any], p: Plateforme) -> bool | None:
        eligibilite = document["eligibilites"][p]
        return session_renouvelee(
            _du(document, f"precedents.{p}.statut"),
            perimetre=eligibilite["perimetre"],
            en_session_alors=eligibilite["session_precedente"],
            en_session=eligibilite["session"],
        )

    def candidatures(document: Mapping[str, Any], _: Plateforme) -> Candidatures | None:
        sirets = [str(_du(document, f"{role}{un}_siret")) for un in ("gestionnaire", "formateur")]
        return statut_candidatures(
            relations.get(identifiant(*sirets)),
            perimetre=document["eligibilites"][AF]["perimetre"],
        )

    return {
        "siret_actif": lambda lu, _: siret_actif(
            _du(lu, f"{role}{un}_actif") for un in ("gestionnaire", "formateur")
        ),
        "agriculture": lambda lu, _: agriculture((_du(lu, "projection.cfd") or "")[2:3]),
        "nouvelle_fiche": lambda lu, _: lu["_id"] >= reperes.premiere_nouvelle,
        "lien": lambda lu, _: lien(
            succede=_du(lu, "projection.predecesseurs"),
            remplacee=_du(lu, "projection.remplacee_par"),
        ),
        "session_renouvelee": renouvelee,
        "regle_academique": lambda lu, _: (
            lu["eligibilites"][AF]["regle"] in reperes.regles_academiques
        ),
        "candidatures": candidatures,
    }


@pytest.mark.parametrize("plateforme", Plateforme)
async def test_facets_agree_with_a_reading_of_all_offers(
    base: BaseMongo, juges: JugesMongo, plateforme: Plateforme
) -> None:
    recherches = RecherchesMongo(base, juges)
    toutes = Recherche(academies=None, plateforme=plateforme)
    noms = [nom for nom, facette in FACETTES.items() if facette.existe(plateforme)]
    reperes = await recherches.reperes(toutes)
    assert reperes.regles_academiques == regles_academiques((await juges.courant()).jeu)
    calculees = await derivees(base, reperes)
    documents = [document async for document in base.formations.find({})]
    comptes = await recherches.facettes(toutes, noms)
    assert comptes.total == len(documents)
    assert {nom for nom in calculees if len(comptes.facettes.get(nom, ())) == 1} == set()
    for nom in noms:
        attendus: dict[Any, set[str]] = {}
        for document in documents:
            for valeur in _valeurs(nom, document, plateforme, calculees):
                attendus.setdefault(valeur, set()).add(document["_id"])
        assert comptes.facettes[nom] == {un: len(ids) for un, ids in attendus.items()}, nom
        for valeur, ids in attendus.items():
            if (nom, valeur) == ("candidatures", None):
                continue
            choix = Recherche(None, plateforme, criteres={nom: (valeur,)})
            page = await recherches.page(choix, {"_id": 1}, limite=1_000)
            assert {une["_id"] for une in page} == ids, (nom, valeur)
            seule = await recherches.facettes(choix, [nom, "niveau"])
            assert (seule.total, seule.facettes[nom]) == (len(ids), comptes.facettes[nom])


def _valeurs(
    nom: str,
    document: Mapping[str, Any],
    plateforme: Plateforme,
    calculees: Mapping[str, Valeurs],
) -> list[Any]:
    if nom in calculees:
        return [calculees[nom](document, plateforme)]
    facette = FACETTES[nom]
    lu = _du(document, str(facette.champ).format(p=plateforme))
    if isinstance(lu, list):
        return lu
    return [facette.absent if lu is None else lu]
