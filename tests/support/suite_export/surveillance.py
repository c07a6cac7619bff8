"""The stop, the breaker, the alarms and the table of refusals (`ports_parcoursup`)."""

from datetime import timedelta
from typing import Final

from contracts.statuts import Statut
from services.export.domain.disjoncteur import Disjoncteur
from services.export.ports import Document
from tests.support.suite_export.banc import Banc, demandee, un_envoi, une_reponse
from tests.unit.export.fabrique import INSTANT

TARD: Final = INSTANT + timedelta(minutes=1)
REF: Final = "refusee"
TEXTE: Final = "400 Uai non trouvé pour 0840001X"


def un_motif(id_: str, code: str = "uai", motif: str = "Uai non trouvé") -> Document:
    """Return a pattern to be added."""
    dits = {"cause": "c", "action": "a", "statut": Statut.REJET.value}
    return {"_id": id_, "code": code, "motif": motif, **dits}


class SuiteSurveillance:
    """Inherited by a class whose `banc` fixture brings a store."""

    async def test_the_queue_stops_once_told(self, banc: Banc) -> None:
        assert await banc.surveillance.arret() is None
        for raison in ("une", "autre"):
            await banc.surveillance.arreter(raison, INSTANT)
        arret = await banc.surveillance.arret()
        assert arret is not None
        assert (arret["raison"], arret["depuis"]) == ("autre", INSTANT)

    async def test_one_process_alone_tries_the_platform_again(self, banc: Banc) -> None:
        assert await banc.surveillance.disjoncteur() == Disjoncteur()
        vu = Disjoncteur(5, INSTANT, INSTANT)
        assert not await banc.surveillance.sonder(vu, TARD)

        await banc.surveillance.garder(vu, "une offre")
        assert await banc.surveillance.disjoncteur() == vu
        assert not await banc.surveillance.sonder(Disjoncteur(4, INSTANT, INSTANT), TARD)
        assert [await banc.surveillance.sonder(vu, TARD) for _ in range(2)] == [True, False]

        assert await banc.surveillance.disjoncteur() == Disjoncteur(5, TARD, INSTANT)
        await banc.surveillance.garder(Disjoncteur(), None)
        assert await banc.surveillance.disjoncteur() == Disjoncteur()

    async def test_an_alarm_is_raised_once_and_ended_once(self, banc: Banc) -> None:
        lever, baisser = banc.surveillance.lever, banc.surveillance.baisser
        assert not await baisser("feu", INSTANT)
        assert [await lever("feu", "d", INSTANT) for _ in range(2)] == [True, False]
        assert await lever("eau", "d", INSTANT)
        assert [await baisser("feu", TARD) for _ in range(2)] == [True, False]
        assert await lever("feu", "d", TARD)

    async def test_a_pattern_is_in_force_until_it_is_withdrawn(self, banc: Banc) -> None:
        assert (await banc.erreurs.table()).reconnaitre(TEXTE) is None
        assert await banc.erreurs.ajouter(un_motif("1"))
        assert not await banc.erreurs.ajouter(un_motif("2", motif="autre"))

        connue = (await banc.erreurs.table()).reconnaitre(TEXTE)
        assert connue is not None
        assert (connue.code, connue.statut) == ("uai", Statut.REJET)
        assert [await banc.erreurs.retirer("uai", "moi", TARD) for _ in range(2)] == [True, False]
        assert (await banc.erreurs.table()).reconnaitre(TEXTE) is None
        assert await banc.erreurs.ajouter(un_motif("3"))

    async def test_the_first_pattern_added_is_tried_first(self, banc: Banc) -> None:
        for id_, code in (("1", "un"), ("2", "deux")):
            await banc.erreurs.ajouter(un_motif(id_, code))
        assert [erreur.code for erreur in (await banc.erreurs.table()).erreurs[:2]] == [
            "un",
            "deux",
        ]

    async def test_the_offers_refused_once_are_told_with_their_answer(self, banc: Banc) -> None:
        retours = {"parcoursup": {"decision": 0, "campagne": "2020", "recu_le": INSTANT}}
        await banc.poser(*(demandee(nom, retours=retours) for nom in "ABC"))
        for rang, (nom, issue) in enumerate(zip("AABC", [REF, REF, "acceptee", REF], strict=True)):
            assert await banc.envois.preparer(un_envoi(nom, f"e{rang}"), 1)
            await banc.clore(f"e{rang}", une_reponse(issue))

        refusees = [un async for lot in banc.erreurs.refusees() for un in lot]

        assert sorted(refusees, key=lambda un: str(un["_id"])) == [
            {"_id": nom * 26, "retours": retours} for nom in "AC"
        ]
