"""What is known to be refused is told before sending, and by which pattern."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.export.domain.calendrier_parcoursup import (
    Reglages,
    fermeture,
    relecture_attendue,
)
from services.export.domain.erreurs_parcoursup import CONNUE, ERREURS
from services.export.domain.expressions import ExpressionRefusee
from services.export.domain.precontrole_parcoursup import (
    CHAMPS_CONTROLES,
    CONTROLES,
    Attache,
    precontroler,
    retenues,
)
from services.export.domain.relecture_parcoursup import Etat
from services.export.domain.table_erreurs import inconnues, table
from tests.unit.export.fabrique import INSTANT, offre

PARIS = ZoneInfo("Europe/Paris")
SAINE: dict[str, Any] = {"etablissement_gestionnaire_siret": "19060793700074"}
MOTIF = {
    "code": "quota",
    "motif": "Quota atteint pour .+",
    "cause": "c",
    "action": "a",
    "statut": "rejet de publication",
}


def codes(faits: dict[str, Any], **parties: Any) -> list[str]:  # noqa: ANN401 - named arguments
    entiere = offre() | SAINE | faits
    lue = {champ: entiere[champ] for champ in CHAMPS_CONTROLES if champ in entiere}
    return [un.code for un in precontroler({"projection": lue}, **parties)]


@pytest.mark.parametrize(
    ("faits", "code"),
    [
        ({"cle_ministere_educatif": None}, "cle_absente"),
        ({"uai_formation": None}, "uai_absent"),
        ({"uai_formation": "CFA de Nice"}, "uai_mal_forme"),
        ({"alertes": [{"code": "uai_ferme", "valeur": "0840001X"}]}, "uai_ferme"),
        ({"cfd": None}, "certification_absente"),
        ({"cfd_outdated": True}, "certification_fermee"),
        ({"alertes": [{"code": "uai_hors_registre", "valeur": "0840001X"}]}, "uai_hors_registre"),
        ({"etablissement_gestionnaire_siret": None}, "gestionnaire_absent"),
        ({"alertes": [{"code": "rncp_inactif", "valeur": "RNCP1"}]}, "rncp_douteux"),
    ],
)
def test_each_reason_to_expect_a_refusal_is_told(faits: dict[str, Any], code: str) -> None:
    assert codes(faits) == [code]


def test_a_sound_offer_has_nothing_to_mend() -> None:
    assert codes({}) == []


def test_a_finding_on_another_uai_than_that_of_today_counts_no_more() -> None:
    assert codes({"alertes": [{"code": "uai_ferme", "valeur": "0840009Z"}]}) == []


def test_a_key_that_parcoursup_holds_elsewhere_waits_until_it_is_withdrawn_there() -> None:
    attache = Attache("0840002Y", "56")
    assert codes({}, attache=attache) == ["cle_sur_un_autre_uai"]
    assert codes({}, attache=Attache("0840001X", "56")) == []
    relecture = {"parcoursup": {"lues": [[Etat.ANNULEE, "56"]]}}
    document = {"projection": offre() | SAINE, "relecture": relecture}
    assert precontroler(document, attache) == []


def test_forcing_passes_over_what_is_presumed_never_over_what_is_missing() -> None:
    faits = {"alertes": [{"code": "uai_ferme", "valeur": "0840001X"}], "cfd": None}
    reserves = precontroler({"projection": offre() | SAINE | faits})
    assert [un.code for un in retenues(reserves, forcee=True)] == ["certification_absente"]


def test_every_control_prevents_refusals_that_exist() -> None:
    connus = {erreur.code for erreur in ERREURS}
    assert all(controle.previent for controle in CONTROLES.values())
    assert {code for un in CONTROLES.values() for code in un.previent} <= connus


def test_a_pattern_added_comes_first_and_takes_the_place_of_its_code() -> None:
    en_vigueur = table([MOTIF, {**MOTIF, "code": "etablissement-ferme", "motif": "fermé à clé"}])
    connue = en_vigueur.reconnaitre("400 Quota atteint pour 12")
    assert connue is not None
    assert connue.code == "quota"
    assert len(en_vigueur.erreurs) == len(ERREURS) + 1


def test_a_pattern_that_no_automaton_decides_is_refused() -> None:
    with pytest.raises(ExpressionRefusee):
        table([{**MOTIF, "motif": r"(a)\1"}])


def test_unknown_texts_are_gathered_by_their_form() -> None:
    def echec(texte: str, nombre: int) -> dict[str, Any]:
        return {
            "erreur": texte,
            "nombre": nombre,
            "premiere": INSTANT,
            "derniere": INSTANT,
            "formations": ["a"],
        }

    echecs = [
        echec("400 Quota atteint pour 0840001X", 2),
        echec("400 Quota atteint pour 0840002Y", 3),
        echec("400 Mise à jour Impossible : Établissement fermé", 9),
    ]
    assert [vue.nombre for vue in inconnues(echecs, CONNUE)] == [5]
    assert inconnues(echecs, table([MOTIF])) == []


@pytest.mark.parametrize(
    ("reglages", "heure", "ouvert"),
    [
        (Reglages(), time(3), True),
        (Reglages(actif=False), time(3), False),
        (Reglages(debut=date(2026, 1, 15)), time(0), True),
        (Reglages(debut=date(2026, 1, 16)), time(23), False),
        (Reglages(fin=date(2026, 1, 15)), time(23, 59), True),
        (Reglages(fin=date(2026, 1, 14)), time(0), False),
        (Reglages(heures=(time(22), time(6))), time(23), True),
        (Reglages(heures=(time(22), time(6))), time(5, 59), True),
        (Reglages(heures=(time(22), time(6))), time(6), False),
        (Reglages(heures=(time(8), time(18))), time(18), False),
    ],
)
def test_the_calendar_is_that_of_paris(reglages: Reglages, heure: time, ouvert: bool) -> None:
    instant = datetime.combine(date(2026, 1, 15), heure, PARIS)
    assert (fermeture(reglages, instant) is None) is ouvert


def test_the_read_back_is_due_once_a_day_from_its_hour_on() -> None:
    reglages = Reglages(relecture=time(5))
    matin = datetime(2026, 1, 15, 5, 1, tzinfo=PARIS)
    assert relecture_attendue(reglages, matin, None)
    assert relecture_attendue(reglages, matin, matin - timedelta(hours=1))
    assert not relecture_attendue(reglages, matin + timedelta(hours=20), matin)
    assert not relecture_attendue(reglages, matin - timedelta(hours=1), matin - timedelta(hours=20))
    assert not relecture_attendue(Reglages(relecture=None), matin, None)
