"""What answers of Parcoursup mean, and the use case that never sends twice, over fakes."""

import json
from datetime import timedelta

import pytest

from services.export.domain.calendrier_parcoursup import Reglages
from services.export.domain.parcoursup import Issue, Reponse, classer, rang, reponse_de_relecture
from services.export.domain.relecture_parcoursup import Etat, Ligne
from services.export.usecases.relire import demande_de_relecture
from services.kernel.clock import FixedClock
from tests.unit.export.fabrique import INSTANT
from tests.unit.export.faux_parcoursup import UNE, Distant, Memoire, expediteur, relecteur


@pytest.mark.parametrize(
    ("status", "corps", "issue", "statut"),
    [
        (200, b'{"g_ta_cod": 12, "dejaEnvoye": false}', Issue.ACCEPTEE, "publié"),
        (200, b'{"g_ta_cod": "12"}', Issue.ACCEPTEE, "publié"),
        (200, b"{}", Issue.REFUSEE, "échec d'envoi"),
        (200, b'{"g_ta_cod": true}', Issue.REFUSEE, "échec d'envoi"),
        (200, b"[]", Issue.REFUSEE, "échec d'envoi"),
        (200, b"<html>maintenance</html>", Issue.A_REPRENDRE, None),
        (429, b"{}", Issue.A_REPRENDRE, None),
        (503, b"", Issue.A_REPRENDRE, None),
        (401, b"<html>", Issue.ARRET, None),
        (403, b"", Issue.ARRET, None),
        (400, b"{}", Issue.REFUSEE, "échec d'envoi"),
        (404, b"\xff\xfe", Issue.REFUSEE, "échec d'envoi"),
    ],
)
def test_each_answer_has_one_meaning(
    status: int, corps: bytes, issue: Issue, statut: str | None
) -> None:
    reponse = classer(status, corps)
    assert (reponse.issue, reponse.statut) == (issue, statut)


def test_a_formation_closed_there_is_ferme() -> None:
    message = "Formation déclarée fermée dans Parcoursup : g_ta_cod = 12"
    assert classer(400, json.dumps({"message": message}).encode()).statut == "fermé"


@pytest.mark.parametrize(
    ("etats", "issue"),
    [
        ([], Issue.A_REPRENDRE),
        ([("4", Etat.VISIBLE)], Issue.ACCEPTEE),
        ([("4", Etat.FERMEE)], Issue.REFUSEE),
        ([("4", Etat.ANNULEE)], Issue.A_REPRENDRE),
        ([("4", Etat.ANNULEE), ("5", Etat.RIEN)], Issue.ACCEPTEE),
    ],
)
def test_the_read_back_settles_an_unknown_outcome(
    etats: list[tuple[str, Etat]], issue: Issue
) -> None:
    lignes = [Ligne(identifiant, etat, "CLE") for identifiant, etat in etats]
    assert reponse_de_relecture(lignes).issue is issue


ACCEPTEE = classer(200, b'{"g_ta_cod": 77}')
PERDUE = Reponse(Issue.INCONNUE, erreur="??? coupure")
ABSENTE = Reponse(Issue.A_REPRENDRE, erreur="503")
PRETE = "prêt pour intégration"


async def test_an_accepted_offer_leaves_the_queue() -> None:
    memoire, distant = Memoire(), Distant(ACCEPTEE)
    envoi = expediteur(memoire, distant, FixedClock(INSTANT))
    assert (await envoi.passer()).envoyees == 1
    assert (await envoi.passer()).envoyees == 0
    assert memoire.statut() == "publié"
    assert len(memoire.evenements) == 1


async def test_the_exchange_is_kept_with_what_came_and_no_secret() -> None:
    memoire = Memoire()
    await expediteur(memoire, Distant(ACCEPTEE), FixedClock(INSTANT)).passer()
    (envoi,) = memoire.envois.values()
    assert envoi["reponse"] == '200 {"g_ta_cod": 77}'
    assert "Bearer" not in json.dumps(envoi, default=str)


async def test_an_unknown_outcome_waits_for_a_complete_read_back() -> None:
    memoire, horloge = Memoire(), FixedClock(INSTANT)
    distant = Distant(PERDUE, ACCEPTEE)
    envoi, lecture = expediteur(memoire, distant, horloge), relecteur(memoire, distant, horloge)
    await envoi.passer()
    horloge.instant += timedelta(hours=1)
    distant.lignes = None
    assert await lecture.passer()
    await envoi.passer()
    assert (len(distant.recus), memoire.statut()) == (1, PRETE)
    horloge.instant += timedelta(hours=1)
    distant.lignes = [{"rco": distant.recus[0]["rco"], "g_ta_cod": 77, "status": Etat.RIEN}]
    assert await lecture.passer()
    assert (len(distant.recus), memoire.statut()) == (1, "publié")


async def test_absent_from_the_read_back_it_is_sent_again() -> None:
    memoire, horloge = Memoire(), FixedClock(INSTANT)
    distant = Distant(PERDUE, ACCEPTEE)
    envoi, lecture = expediteur(memoire, distant, horloge), relecteur(memoire, distant, horloge)
    await envoi.passer()
    horloge.instant += timedelta(hours=1)
    await lecture.passer()
    await envoi.passer()
    assert (len(distant.recus), memoire.statut()) == (2, "publié")


@pytest.mark.parametrize("etat", [Etat.ANNULEE, Etat.FERMEE])
async def test_what_the_read_back_tells_of_an_identifier_that_it_gives_is_applied_at_once(
    etat: Etat,
) -> None:
    """Else a second reading of the same rows would change the offer."""
    memoire, horloge = Memoire(), FixedClock(INSTANT)
    distant = Distant(PERDUE)
    await expediteur(memoire, distant, horloge).passer()
    cle = distant.recus[0]["rco"]
    distant.lignes = [
        {"rco": cle, "g_ta_cod": 77, "status": Etat.RIEN},
        {"rco": "une ancienne clé", "g_ta_cod": 77, "status": etat},
    ]
    statuts = []
    for heure in (1, 2):
        horloge.instant = INSTANT + timedelta(hours=heure)
        await memoire.demander(demande_de_relecture(str(heure), "moss", "", horloge.instant))
        lecture = relecteur(memoire, distant, horloge)
        while await lecture.passer():
            pass
        statuts.append((memoire.statut(), memoire.offres[UNE]["retours"]["parcoursup"]))
    assert statuts[0] == statuts[1]
    assert statuts[0][0] != "publié"


async def test_an_hour_of_503_is_one_alarm_few_probes_and_no_refusal() -> None:
    memoire, horloge = Memoire(), FixedClock(INSTANT)
    distant = Distant(*[ABSENTE] * 40, ACCEPTEE)
    envoi = expediteur(memoire, distant, horloge)
    while horloge.instant < INSTANT + timedelta(hours=1):
        passe = await envoi.passer()
        assert memoire.statut() == PRETE
        horloge.instant += timedelta(seconds=max(passe.pause_s, 1))
    sondes = len(distant.recus)
    assert sondes < 25
    assert [alarme["nature"] for alarme in memoire.alarmes] == ["parcoursup_indisponible"]
    del distant.reponses[:-1]
    horloge.instant += timedelta(minutes=5)
    assert (await envoi.passer()).envoyees == 1
    assert (len(distant.recus), memoire.statut()) == (sondes + 1, "publié")
    assert memoire.alarmes[0]["levee"] is False
    assert not (await memoire.disjoncteur()).ouvert


async def test_pauses_grow_while_the_platform_is_away() -> None:
    memoire, horloge = Memoire(), FixedClock(INSTANT)
    envoi = expediteur(memoire, Distant(*[ABSENTE] * 4), horloge)
    pauses = []
    for _ in range(4):
        pauses.append((await envoi.passer()).pause_s)
        horloge.instant += timedelta(seconds=pauses[-1])
    assert pauses == [1, 2, 4, 8]


async def test_during_a_pause_nothing_is_sent() -> None:
    memoire, distant = Memoire(), Distant(ABSENTE)
    envoi = expediteur(memoire, distant, FixedClock(INSTANT))
    await envoi.passer()
    assert (await envoi.passer()).pause_s == 1
    assert len(distant.recus) == 1


async def test_refused_credentials_stop_the_queue() -> None:
    memoire, distant = Memoire(), Distant(classer(401, b"<html>"))
    envoi = expediteur(memoire, distant, FixedClock(INSTANT))
    assert (await envoi.passer()).arretee
    assert (await envoi.passer()).arretee
    assert (len(distant.recus), memoire.statut()) == (1, PRETE)
    assert [alarme["nature"] for alarme in memoire.alarmes] == ["identifiants_refuses"]


async def test_the_daily_limit_is_kept_and_said() -> None:
    memoire, distant = Memoire(reglages=Reglages(limite=1)), Distant(ACCEPTEE)
    memoire.envois["x"] = {
        "formation": "x",
        "issue": "acceptee",
        "repondu_le": INSTANT,
        "ouvert": False,
    }
    passe = await expediteur(memoire, distant, FixedClock(INSTANT)).passer()
    assert distant.recus == []
    assert passe.ferme == "La limite du jour est atteinte (1 offres)."


async def test_out_of_the_calendar_the_queue_waits_and_says_why() -> None:
    reglages = Reglages(fin=INSTANT.date() - timedelta(days=1))
    memoire, distant = Memoire(reglages=reglages), Distant(ACCEPTEE)
    passe = await expediteur(memoire, distant, FixedClock(INSTANT)).passer()
    assert passe.ferme == "Les transferts ont pris fin le 15/11/2020."
    assert distant.recus == []


async def test_a_closed_place_is_held_with_its_successor_and_goes_once_mended() -> None:
    memoire, distant = Memoire(), Distant(ACCEPTEE)
    envoi = expediteur(memoire, distant, FixedClock(INSTANT))
    projection = memoire.offres[UNE]["projection"]
    uai = projection["uai_formation"]
    projection["alertes"] = [{"code": "uai_ferme", "valeur": uai, "proposition": "0840002Y"}]
    await envoi.passer()
    (reserve,) = memoire.offres[UNE]["retenue"]["parcoursup"]["reserves"]
    assert (reserve["code"], reserve["proposition"]) == ("uai_ferme", "0840002Y")
    assert (distant.recus, memoire.statut()) == ([], PRETE)
    memoire.offres[UNE]["projection"] = {**projection, "uai_formation": "0840002Y"}
    for _ in range(2):  # let go, then sent as it then is
        await envoi.passer()
    assert [charge["uai"] for charge in distant.recus] == ["0840002Y"]
    assert memoire.offres[UNE]["retenue"] == {}
    assert memoire.offres[UNE]["decisions"]["parcoursup"]["numero"] == 1


async def test_forcing_passes_over_what_is_presumed() -> None:
    memoire, distant = Memoire(), Distant(ACCEPTEE)
    une = memoire.offres[UNE]
    uai = une["projection"]["uai_formation"]
    une["projection"]["alertes"] = [{"code": "uai_ferme", "valeur": uai}]
    une["decisions"]["parcoursup"]["nature"] = "forcer"
    assert (await expediteur(memoire, distant, FixedClock(INSTANT)).passer()).envoyees == 1


@pytest.mark.parametrize(
    "lignes",
    [
        [],
        {"lignes": []},
        ["<html>"],
        [{"g_ta_cod": 77, "status": None, "rco": "x"}],
        [{"g_ta_cod": "", "status": Etat.RIEN, "rco": "x"}],
    ],
)
async def test_a_read_back_that_cannot_be_whole_changes_nothing(lignes: object) -> None:
    memoire, horloge = Memoire(), FixedClock(INSTANT)
    distant = Distant(ACCEPTEE)
    await expediteur(memoire, distant, horloge).passer()
    avant = json.dumps(memoire.offres, default=str)
    distant.lignes = lignes
    assert await relecteur(memoire, distant, horloge).passer()
    assert json.dumps(memoire.offres, default=str) == avant
    (rapport,) = memoire.relectures.values()
    assert rapport["etat"] == "refusee"
    assert [alarme["nature"] for alarme in memoire.alarmes] == ["relecture_refusee"]


async def test_a_key_accepted_under_another_place_stays_held_from_look_to_look() -> None:
    memoire, distant = Memoire(), Distant(ACCEPTEE)
    envoi = expediteur(memoire, distant, FixedClock(INSTANT))
    await envoi.passer()
    une = memoire.offres[UNE]
    une["projection"] = {**une["projection"], "uai_formation": "0840002Y"}
    une["decisions"] = {"parcoursup": {**une["decisions"]["parcoursup"], "numero": 2}}
    une["affiche"] = {"parcoursup": PRETE}
    for _ in range(3):
        await envoi.passer()
        (reserve,) = memoire.offres[UNE]["retenue"]["parcoursup"]["reserves"]
        assert (reserve["code"], reserve["proposition"]) == ("cle_sur_un_autre_uai", "0840001X")
    assert len(distant.recus) == 1


def test_what_is_forced_goes_first_even_after_an_error() -> None:
    ordinaire = rang(en_erreur=False, mise_a_jour=INSTANT - timedelta(days=9), cle="a")
    forcee = rang(en_erreur=True, mise_a_jour=INSTANT, cle="z", forcee=True)
    assert forcee < ordinaire
