"""Notices: what a day says of the offers, to whom, and what of it is new."""

from datetime import date, timedelta
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.generer.schemas import schema
from contracts.topics import AVIS
from services.export.domain.avis import (
    OFFRES_PAR_EVENEMENT,
    Avis,
    Element,
    Rubrique,
    compter,
    dits,
    evenements,
    nouvelles,
    suivre,
)
from services.export.domain.avis_faits import destinataires, elements
from services.export.domain.avis_phrases import TITRES, a_faire, cause, nommer
from services.export.domain.motifs import MOTIFS
from services.export.domain.precontrole_parcoursup import CONTROLES
from services.export.domain.projections import rejuger
from tests.unit.export.fabrique import CLE, INSTANT, JOUR, juge, offre, regle

DELAI = 7
GESTIONNAIRE, FORMATEUR = "11111111100011", "22222222200022"
REJET = "400 Mise à jour Impossible : Établissement fermé"


def document(
    affiche: dict[str, str] | None = None,
    projection: dict[str, Any] | None = None,
    **faits: object,
) -> dict[str, Any]:
    projetee = offre(
        intitule_long="BTS CUISINE",
        localite="APT",
        etablissement_gestionnaire_siret=GESTIONNAIRE,
        etablissement_formateur_siret=FORMATEUR,
        **(projection or {}),
    )
    return {
        "_id": "A" * 26,
        "projection": projetee,
        "affiche": affiche or {},
        "publication": {"modifiee_le": INSTANT},
        **faits,
    }


def lus(un: dict[str, Any]) -> list[Element]:
    return list(elements(un, JOUR))


def element(id: str = "A", rubrique: str = "rejetees", **parties: object) -> Element:  # noqa: A002
    return {
        "rubrique": rubrique,
        "plateforme": "parcoursup",
        "id": id,
        "raison": None,
        "depuis": JOUR.isoformat(),
        **parties,
    }


def avis(*elements_: Element, version: int = 1, jour: date = JOUR) -> Avis:
    return Avis("academie:12", version, jour, elements_)


class TestWhatAnOfferHasSaidOfIt:
    def test_a_known_rejection_is_named_by_its_code_since_the_day_of_the_answer(self) -> None:
        retour = {"erreur": REJET, "recu_le": INSTANT - timedelta(days=3)}
        (un,) = lus(
            document({"parcoursup": "rejet de publication"}, retours={"parcoursup": retour})
        )

        assert (un["rubrique"], un["raison"]) == ("rejetees", "rejet:etablissement-ferme")
        assert un["depuis"] == "2020-11-13"
        assert "ACCÉ" in a_faire(un)

    def test_an_unknown_failure_tells_no_raw_answer(self) -> None:
        retour = {"erreur": "500 ORA-00942 jean.dupont", "recu_le": INSTANT}
        (un,) = lus(document({"parcoursup": "échec d'envoi"}, retours={"parcoursup": retour}))

        assert un["raison"] is None
        assert "ORA" not in str(un)
        assert cause(un) == "La réponse de la plateforme n'est pas une erreur connue."

    @pytest.mark.parametrize(
        ("statut", "rubrique"),
        [("non publié", "refusees"), ("en attente de mise à jour", "en_attente")],
    )
    def test_a_refusal_tells_its_motif_and_neither_author_nor_precision(
        self, statut: str, rubrique: str
    ) -> None:
        decision = {
            "motif": "L'organisme responsable ou formateur a changé",
            "auteur": "celine",
            "precision": "voir Mme Durand",
            "commentaire": "note",
            "prise_le": INSTANT,
        }
        (un,) = lus(document({"affelnet": statut}, decisions={"affelnet": decision}))

        assert (un["rubrique"], un["raison"]) == (rubrique, "motif:organisme_change")
        assert "SIRET, UAI" in a_faire(un)
        assert not {"celine", "voir Mme Durand", "note"} & set(map(str, un.values()))

    def test_an_offer_held_before_it_is_sent_tells_what_to_mend(self) -> None:
        fait = {
            "reserves": [{"code": "uai_ferme", "valeur": "0840001X"}],
            "depuis": INSTANT - timedelta(days=2),
        }
        (un,) = lus(document({"parcoursup": "prêt pour intégration"}, retenue={"parcoursup": fait}))

        assert un["depuis"] == "2020-11-14"
        assert (un["rubrique"], un["raison"]) == ("retenues", "retenue:uai_ferme")
        assert (cause(un), a_faire(un)) == (
            CONTROLES["uai_ferme"].cause,
            CONTROLES["uai_ferme"].action,
        )

    def test_an_offer_that_leaves_freely_is_not_spoken_of(self) -> None:
        assert lus(document({"parcoursup": "prêt pour intégration"})) == []

    def test_what_waits_for_a_decision_does_since_its_status_is_shown(self) -> None:
        un = document({"affelnet": "à publier (soumis à validation)"})
        un["publication"] = {"depuis": {"affelnet": INSTANT - timedelta(days=9)}}

        assert lus(un)[0]["depuis"] == "2020-11-07"

    def test_a_fact_later_than_a_fixed_business_day_dates_from_that_day(self) -> None:
        decision = {"motif": "offre_annulee", "prise_le": INSTANT + timedelta(days=2_000)}
        (un,) = lus(document({"affelnet": "non publié"}, decisions={"affelnet": decision}))

        assert un["depuis"] == JOUR.isoformat()

    def test_a_closed_certification_is_said_once_for_both_platforms(self) -> None:
        un = document(projection={"cfd_outdated": True})
        del un["publication"]
        un["sequence"] = 1
        rejuger(un, juge(regle()), INSTANT, origine=None)
        (seul,) = lus(un)

        assert (seul["rubrique"], seul["plateforme"]) == ("certification_fermee", None)
        assert cause(seul) == "La certification est périmée."

    @pytest.mark.parametrize(
        ("projection", "attendue"),
        [
            ({"published": False}, "closed"),
            ({"etablissement_reference_certifie_qualite": False}, "qualiopi_lost"),
            ({"etablissement_reference_certifie_qualite": True}, "not_updated"),
        ],
    )
    def test_what_last_season_showed_and_this_one_does_not_has_vanished(
        self, projection: dict[str, Any], attendue: str
    ) -> None:
        un = document(
            projection=projection,
            precedents={"parcoursup": {"campagne": "2019", "perimetre": True}},
            eligibilites={"parcoursup": {"perimetre": True, "session": False, "obstacles": []}},
        )

        assert [e["raison"] for e in lus(un)] == [f"disparue:{attendue}"]

    def test_what_this_season_shows_too_has_not_vanished(self) -> None:
        un = document(
            precedents={"parcoursup": {"perimetre": True}},
            eligibilites={"parcoursup": {"perimetre": True, "session": True, "obstacles": []}},
        )

        assert lus(un) == []


class TestWhomItIsFor:
    def test_an_academie_hears_what_it_has_to_do_an_establishment_what_became_of_its_offers(
        self,
    ) -> None:
        tous = [element(rubrique=une) for une in Rubrique]
        lecteurs: dict[str, set[str]] = {}
        for lecteur, un in destinataires(document()["projection"], tous):
            lecteurs.setdefault(lecteur, set()).add(un["rubrique"])

        assert lecteurs["academie:12"] == {
            *("rejetees", "retenues", "a_decider", "en_attente", "disparues")
        }
        assert lecteurs[f"siret:{GESTIONNAIRE}"] == set(Rubrique) - {"a_decider"}
        assert lecteurs[f"siret:{FORMATEUR}"] == lecteurs[f"siret:{GESTIONNAIRE}"]

    def test_an_establishment_that_manages_and_teaches_hears_it_once(self) -> None:
        projection = offre(
            etablissement_gestionnaire_siret=FORMATEUR, etablissement_formateur_siret=FORMATEUR
        )

        assert [lecteur for lecteur, _ in destinataires(projection, [element()])] == [
            "academie:12",
            f"siret:{FORMATEUR}",
        ]


class TestWhatIsNew:
    def test_the_first_notice_tells_all(self) -> None:
        suite = suivre(None, "academie:12", [element("A"), element("B")], JOUR, DELAI)

        assert suite is not None
        assert [un["id"] for un in suite.nouvelles] == ["A", "B"]
        assert (suite.avis.version, suite.precedent) == (1, None)

    def test_nothing_changed_nothing_follows(self) -> None:
        demain = JOUR + timedelta(days=1)

        assert suivre(avis(element()), "academie:12", [element()], demain, DELAI) is None
        assert suivre(None, "academie:12", [], JOUR, DELAI) is None

    def test_what_is_settled_changes_the_notice_and_tells_nothing(self) -> None:
        suite = suivre(avis(element()), "academie:12", [], JOUR + timedelta(days=1), DELAI)

        assert suite is not None
        assert (suite.nouvelles, suite.avis.elements) == ([], [])
        assert list(evenements(suite, DELAI, INSTANT)) == []

    def test_the_same_rejection_met_again_is_new(self) -> None:
        apres = element(depuis="2020-11-17")

        assert nouvelles(avis(element()), avis(apres, version=2), DELAI) == [apres]

    def test_an_offer_to_decide_is_told_once_its_time_has_come(self) -> None:
        attend = element(rubrique="a_decider")
        cinq, sept, huit = (JOUR + timedelta(days=n) for n in (5, 7, 8))
        premier = avis(attend)

        assert dits(premier, DELAI) == []
        assert suivre(premier, "academie:12", [attend], cinq, DELAI) is None
        venu = suivre(premier, "academie:12", [attend], sept, DELAI)
        assert venu is not None
        assert venu.nouvelles == [attend]
        assert suivre(venu.avis, "academie:12", [attend], huit, DELAI) is None

    def test_a_fact_without_date_keeps_the_day_on_which_it_was_first_told(self) -> None:
        hier, demain = element(rubrique="disparues"), JOUR + timedelta(days=1)
        meme = {**hier, "depuis": demain.isoformat()}

        assert suivre(avis(hier), "academie:12", [meme], demain, DELAI) is None


class TestItsEvents:
    @given(st.integers(1, 3 * OFFRES_PAR_EVENEMENT))
    def test_each_new_offer_is_in_exactly_one_of_growing_events(self, nombre: int) -> None:
        offres = [element(f"{rang:05}") for rang in range(nombre)]
        suite = suivre(None, "academie:12", offres, JOUR, DELAI)
        assert suite is not None
        parties = list(evenements(suite, DELAI, INSTANT))

        assert [s for s, _ in parties] == sorted({s for s, _ in parties})
        dites = [o["id"] for _, data in parties for r in data["rubriques"] for o in r["offres"]]
        assert dites == [un["id"] for un in offres]
        assert {data["rubriques"][0]["nombre"] for _, data in parties} == {nombre}

    def test_they_satisfy_the_frozen_schema_and_hold_public_facts_only(self) -> None:
        un = element(intitule="BTS", organisme="CFA", cle=CLE, statut="rejet de publication")
        suite = suivre(None, "academie:12", [un], JOUR, DELAI)
        assert suite is not None
        ((sequence, data),) = evenements(suite, DELAI, INSTANT)

        jsonschema_rs.Draft202012Validator(schema(AVIS)).validate(data)
        assert data["sequence"] == sequence
        assert set(data["rubriques"][0]["offres"][0]) == {
            *("id", "cle_ministere_educatif", "plateforme", "statut", "raison", "depuis")
        }


class TestItsSentences:
    def test_every_reason_has_a_cause_in_french(self) -> None:
        raisons = [
            *(f"motif:{un.code}" for un in MOTIFS),
            *(f"retenue:{code}" for code in CONTROLES),
        ]

        assert [
            r for r in raisons if not (cause(element(raison=r)) and a_faire(element(raison=r)))
        ] == []

    def test_every_heading_has_a_title(self) -> None:
        assert set(TITRES) == set(Rubrique)
        assert list(compter([element(rubrique=une) for une in Rubrique])) == list(Rubrique)

    @pytest.mark.parametrize(
        ("destinataire", "nom"),
        [
            ("academie:10", "l'académie de Lyon"),
            ("academie:20", "l'académie d'Amiens"),
            ("siret:11111111100011", "l'établissement 11111111100011"),
        ],
    )
    def test_a_reader_is_named_as_sentences_do(self, destinataire: str, nom: str) -> None:
        assert nommer(destinataire) == nom
