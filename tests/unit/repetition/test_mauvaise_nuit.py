"""An offer withdrawn for a night comes back as it was known."""

from contracts.statuts import Statut
from services.export.domain.projections import planifier
from services.repetition.campagne import etat_livre
from tests.unit.export.fabrique import INSTANT, evenement, juge, regle


def test_an_offer_that_missed_a_night_is_known_as_before() -> None:
    formation = {
        "etablissement_reference": "formateur",
        "etablissement_formateur_certifie_qualite": True,
        "rncp_details": {"active_inactive": "ACTIVE", "type_certif": "Titre"},
        "bcn_mefs_10": [{"mef10": "2473121411", "duree": "2", "annee": "1"}],
    }
    constats = [
        {"code": "cfd_inconnu", "champ": "cfd", "valeur": "1"},
        {"code": "uai_ferme", "champ": "uai_formation", "valeur": "0840001X", "raison": "r"},
    ]
    qui_juge = juge(regle())
    (connue,) = planifier(
        [evenement(formation=formation, constats=constats)], {}, qui_juge, INSTANT
    ).nouvelles

    retiree = planifier(
        [etat_livre(connue, retiree=True)], {connue["_id"]: connue}, qui_juge, INSTANT
    ).remplacees[0]
    revenue = planifier(
        [etat_livre(retiree, retiree=False)], {connue["_id"]: retiree}, qui_juge, INSTANT
    ).remplacees[0]

    assert retiree["publication"]["plateformes"]["parcoursup"]["statut"] == Statut.NON_PUBLIABLE
    assert revenue["projection"] == connue["projection"]
