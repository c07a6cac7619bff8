"""What sending to Parcoursup rests on (`ports_parcoursup.Envois`)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

from contracts.statuts import Statut
from services.export.domain.parcoursup import (
    CHAMPS_ENVOYES,
    PANNES_SEULE,
    SEULE_DEPUIS,
    SEULE_REPRISE,
)
from services.export.domain.precontrole_parcoursup import CHAMPS_CONTROLES, Attache
from tests.support.suite_export.banc import (
    Banc,
    demandee,
    un_envoi,
    une_decision,
    une_offre,
    une_reponse,
)
from tests.unit.export.fabrique import CLE, INSTANT

A, B = "A" * 26, "B" * 26
UNE_HEURE: Final = timedelta(hours=1)
LUS: Final = {*CHAMPS_ENVOYES, *CHAMPS_CONTROLES}


class SuiteEnvois:
    """Inherited by a class whose `banc` fixture brings a store."""

    async def file(self, banc: Banc, instant: datetime = INSTANT) -> str:
        """Return the first letters of the queue."""
        return "".join(offre["_id"][0] for offre in await banc.envois.file(instant))

    async def test_the_queue_holds_what_is_ready_and_what_sending_reads_of_it(
        self, banc: Banc
    ) -> None:
        faits: dict[str, Any] = {
            "retenue": {"parcoursup": {"reserves": []}, "affelnet": 1},
            "relecture": {"parcoursup": {"lues": []}},
            "textes": {"affelnet": {}},
        }
        prete = demandee("A", **faits)
        await banc.poser(prete, une_offre("B"), demandee("C", formation={"published": False}))

        (offre,) = await banc.envois.file(INSTANT)

        assert offre == {
            "_id": A,
            "projection": {
                nom: prete["projection"][nom] for nom in LUS & prete["projection"].keys()
            },
            "decisions": prete["decisions"],
            "retenue": {"parcoursup": {"reserves": []}},
            "relecture": faits["relecture"],
            "publication": {"sequence": 1},
        }

    async def test_the_queue_has_its_order(self, banc: Banc) -> None:
        erreur: dict[str, dict[str, object]] = {
            "parcoursup": {"decision": 0, "statut": Statut.REJET.value, "erreur": "400 x"}
        }
        erreur["parcoursup"] |= {"campagne": "2020", "recu_le": INSTANT}
        forcee = {"parcoursup": {**une_decision(2, INSTANT), "nature": "forcer"}}
        await banc.poser(
            demandee("A", INSTANT - UNE_HEURE, retours=erreur),
            demandee("B"),
            demandee("C", INSTANT - UNE_HEURE),
            une_offre("D", decisions=forcee),
        )
        assert await self.file(banc) == "DCBA"

    async def test_an_offer_in_an_exchange_is_not_in_the_queue(self, banc: Banc) -> None:
        await banc.poser(demandee("A"), demandee("B"))
        assert await banc.envois.preparer(un_envoi("A"), 1)
        assert await self.file(banc) == "B"
        await banc.envois.suspendre("e", une_reponse("a_reprendre"), INSTANT)
        assert await self.file(banc) == "AB"

    async def test_what_alone_meets_faults_for_long_comes_last_and_rests(self, banc: Banc) -> None:
        await banc.poser(demandee("A"), demandee("B", INSTANT + UNE_HEURE))
        derniere = INSTANT + SEULE_DEPUIS
        for rang in range(PANNES_SEULE + 1):
            assert await self.file(banc, derniere + timedelta(seconds=1)) == "AB"
            quand = INSTANT if rang == 0 else derniere
            await banc.envois.preparer(un_envoi("A", f"e{rang:02}", quand), 1)
            await banc.envois.suspendre(f"e{rang:02}", une_reponse("a_reprendre"), quand)

        assert await self.file(banc, INSTANT + SEULE_DEPUIS) == "AB"
        assert await self.file(banc, derniere + timedelta(seconds=1)) == "B"
        assert await self.file(banc, derniere + SEULE_REPRISE) == "BA"

    async def test_an_intent_is_kept_for_what_is_still_as_it_was_seen(self, banc: Banc) -> None:
        await banc.poser(demandee("A"), une_offre("B"))
        assert not await banc.envois.preparer(un_envoi("A"), 2)
        assert not await banc.envois.preparer(un_envoi("B"), 1)
        assert not await banc.envois.preparer(un_envoi("C"), 1)
        assert await banc.envois.preparer(un_envoi("A"), 1)
        assert not await banc.envois.preparer(un_envoi("A", "autre"), 1)

    async def test_of_two_senders_one_has_the_offer(self, banc: Banc) -> None:
        await banc.poser(demandee("A"))
        issues = await asyncio.gather(
            *(banc.envois.preparer(un_envoi("A", id_), 1) for id_ in ("e", "f"))
        )
        assert sorted(issues) == [False, True]

    async def test_an_outcome_that_nobody_knows_is_found_after_a_while(self, banc: Banc) -> None:
        await banc.poser(demandee("A"), demandee("B"))
        await banc.envois.preparer(un_envoi("A", "e"), 1)
        await banc.envois.preparer(un_envoi("B", "f", INSTANT + UNE_HEURE), 1)
        await banc.envois.suspendre("e", une_reponse("inconnue", erreur="coupée"), None)

        assert await banc.envois.inconnus(INSTANT) == []
        (envoi,) = await banc.envois.inconnus(INSTANT + UNE_HEURE)
        assert (envoi["formation"], envoi["erreur"], envoi["ouvert"]) == (A, "coupée", True)
        await banc.clore("e", une_reponse("acceptee"))
        assert await banc.envois.inconnus(INSTANT + UNE_HEURE) == []

    async def test_only_final_answers_are_counted(self, banc: Banc) -> None:
        await banc.poser(*map(demandee, "ABCD"))
        for nom, issue in zip("ABCD", ("acceptee", "refusee", "a_reprendre", "arret"), strict=True):
            await banc.envois.preparer(un_envoi(nom, nom), 1)
            await banc.clore(nom, une_reponse(issue))
        assert await banc.envois.repondus_depuis(INSTANT) == 2
        assert await banc.envois.repondus_depuis(INSTANT + UNE_HEURE) == 0

    async def test_a_key_is_attached_where_it_was_accepted_last(self, banc: Banc) -> None:
        await banc.poser(demandee("A"))
        for id_, issue, uai in (
            ("2", "acceptee", "B"),
            ("1", "acceptee", "A"),
            ("3", "refusee", "C"),
        ):
            await banc.envois.preparer(un_envoi("A", id_, uai=uai), 1)
            await banc.clore(id_, une_reponse(issue, identifiant=id_))
        assert await banc.envois.attaches([CLE, "autre"]) == {CLE: Attache("B", "2")}
        assert await banc.envois.attaches([]) == {}
