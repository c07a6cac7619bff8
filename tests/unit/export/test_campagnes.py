"""The start of a campaign: what each platform keeps, and that nothing decided is lost (§3.7)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.statuts import STATUTS, Plateforme, Statut
from services.export.domain.campagne import Campagne
from services.export.domain.campagnes import Veille, demarrer, uai_fiable
from services.export.domain.eligibilite import evaluer
from services.export.domain.regles import JeuDeRegles
from services.export.domain.saison_precedente import disparition
from services.export.domain.statut import Decision, Retour
from tests.unit.export.fabrique import CAMPAGNE, le_contexte, offre, regle
from tests.unit.export.test_statut import AF, DECISIONS, PS, RETOURS, retour

SUIVANTE = Campagne(date(2021, 9, 15))
UAI = "0551031X"


def dans_la_nouvelle_session() -> dict[str, object]:
    return offre(uai_formation=UAI, date_debut=["2022-09-01"])


@given(st.sampled_from(Plateforme), DECISIONS, RETOURS, st.booleans(), st.data())
def test_starting_twice_is_starting_once_and_no_decision_is_lost(
    plateforme: Plateforme,
    prise: Decision | None,
    recu: Retour | None,
    remplacee: bool,
    data: st.DataObject,
) -> None:
    statut = data.draw(st.sampled_from(STATUTS[plateforme]))
    veille = Veille(statut, True, prise, recu, remplacee)
    une = demarrer(dans_la_nouvelle_session(), veille, plateforme, CAMPAGNE)
    deux = demarrer(
        dans_la_nouvelle_session(),
        replace(veille, decision=une.decision, retour=une.retour),
        plateforme,
        CAMPAGNE,
    )

    assert deux == une
    assert (une.decision and une.decision.statut) == (prise and prise.statut)


@pytest.mark.parametrize(
    ("debut", "attendu"), [("2022-09-01", Statut.PRET), ("2021-09-01", Statut.NON_PUBLIABLE)]
)
def test_a_publication_on_parcoursup_is_asked_for_anew_for_an_offer_of_the_new_session(
    debut: str, attendu: Statut
) -> None:
    veille = Veille(Statut.PUBLIE, True, None, retour(Statut.PUBLIE))
    formation = offre(uai_formation=UAI, date_debut=[debut])

    assert demarrer(formation, veille, PS, SUIVANTE).statut is attendu


def test_affelnet_keeps_its_requests_and_not_its_publications() -> None:
    def apres(statut: Statut) -> Statut:
        veille = Veille(statut, True, None, None)
        return demarrer(dans_la_nouvelle_session(), veille, AF, SUIVANTE).statut

    assert apres(Statut.PRET) is Statut.PRET
    assert apres(Statut.PUBLIE) is Statut.NON_PUBLIABLE


@pytest.mark.parametrize(
    ("faits", "fiable"),
    [
        ({"uai_formation": UAI}, True),
        ({"uai_formation": None}, False),
        ({"uai_formation": "0551031A"}, False),
        (
            {
                "uai_formation": UAI,
                "etablissement_formateur_uai": UAI,
                "code_commune_insee": "55029",
                "etablissement_formateur_code_commune_insee": "55545",
            },
            False,
        ),
    ],
)
def test_an_identifier_is_kept_only_with_a_place_that_can_be_trusted(
    faits: dict[str, object], fiable: bool
) -> None:
    assert uai_fiable(faits) is fiable


@pytest.mark.parametrize(
    ("faits", "raison"),
    [
        ({}, None),
        ({"published": False}, "closed"),
        ({"etat": "retiree"}, "closed"),
        ({"etablissement_reference_certifie_qualite": False, "annee": "2"}, "qualiopi_lost"),
        ({"date_debut": []}, "not_updated"),
        ({"annee": "2"}, "other"),
    ],
)
def test_why_an_offer_of_last_season_vanished(faits: dict[str, object], raison: str | None) -> None:
    projection = offre() | {"etablissement_reference_certifie_qualite": True} | faits
    eligibilite = evaluer(projection, JeuDeRegles([regle()], 1), le_contexte())
    document = {"projection": projection, "eligibilites": {"parcoursup": eligibilite._asdict()}}
    assert disparition(document, "parcoursup") == raison
