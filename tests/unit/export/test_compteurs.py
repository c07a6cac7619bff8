"""The daily counters: what each counts, of all, of a région, of an académie."""

from datetime import date
from typing import Any

from contracts.statuts import STATUTS, Plateforme
from services.export.domain.compteurs import COMPTEURS, compter
from tests.unit.export.fabrique import INSTANT


def offre(statut: str = "publié", *, session: bool = False, **faits: object) -> dict[str, Any]:
    return {
        "affiche": {"parcoursup": statut} if statut != "non publiable en l'état" else {},
        "eligibilites": {
            "parcoursup": {"perimetre": True, "session": session},
            "affelnet": {"perimetre": False, "session": False},
        },
        "projection": {
            "num_academie": "12",
            "region": "Grand Est",
            "etablissement_gestionnaire_siret": "1",
            "etablissement_formateur_siret": "2",
        }
        | faits,
    }


def comptes(*offres: dict[str, Any], academie: str | None = None) -> dict[str, Any]:
    (lu,) = (
        un
        for un in compter(offres, date(2020, 11, 16), INSTANT)
        if (un["plateforme"], un["academie"]) == ("parcoursup", academie)
        and (academie is not None or un["region"] is None)
    )
    return lu


def test_thirteen_counters_and_a_count_per_status() -> None:
    lus = comptes(offre(), offre("à publier", session=True), offre("non publiable en l'état"))
    assert len(COMPTEURS) == 13
    assert lus["compteurs"] == {
        "formations_publiees": 1,
        "formations_publiees_sans_session": 1,
        "formations_publiees_sans_session_avec_remplacement": 0,
        "formations_publiees_sans_session_sans_remplacement": 1,
        "formations_publiees_perte_qualiopi": 0,
        "formations_publiees_perte_rncp": 0,
        "formations_publiees_siret_inactif": 0,
        "formations_integrables": 1,
        "formations_perimetre": 3,
        "organismes_avec_formations_publiees": 2,
        "organismes_avec_formations_publiees_sans_session": 2,
        "organismes_avec_formations_integrables": 2,
        "organismes_avec_formations_perimetre": 2,
    }
    assert set(lus["statuts"]) == {statut.value for statut in STATUTS[Plateforme.PARCOURSUP]}
    assert {nom: n for nom, n in lus["statuts"].items() if n} == {
        "publié": 1, "à publier": 1, "non publiable en l'état": 1,
    }  # fmt: skip


def test_what_a_published_offer_lost() -> None:
    perdue = offre(
        etablissement_reference_certifie_qualite=False,
        etablissement_reference_habilite_rncp=False,
        etablissement_formateur_actif=False,
    )
    lus = comptes(perdue)["compteurs"]
    assert [lus[f"formations_publiees_{nom}"] for nom in ("perte_qualiopi", "perte_rncp")] == [1, 1]
    assert lus["formations_publiees_siret_inactif"] == 1


def test_a_withdrawn_offer_counts_nowhere_a_replaced_one_while_it_is_shown() -> None:
    lus = comptes(
        offre(etat="retiree"),
        offre(published=False),
        offre(etat="remplacee", remplacee_par="B"),
        offre("à publier", etat="remplacee"),
    )
    assert lus["statuts"]["publié"] == 1
    assert lus["compteurs"]["formations_publiees_sans_session_avec_remplacement"] == 1
    assert lus["compteurs"]["formations_perimetre"] == 1


def test_an_academie_has_its_own_counts_with_its_region() -> None:
    ailleurs = offre(num_academie="10", region="Auvergne-Rhône-Alpes")
    lus = comptes(offre(), ailleurs, academie="12")
    assert (lus["region"], lus["compteurs"]["formations_publiees"]) == ("Grand Est", 1)
    assert comptes(offre(), ailleurs)["compteurs"]["formations_publiees"] == 2
