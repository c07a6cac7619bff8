"""What every store of collect must do: run on the one in memory and on MongoDB."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import orjson
import pytest

from contracts.depot import EtatDepot
from contracts.evenements import Etape, Etat, StatutLigne
from contracts.identifiants import cle as cles
from services.collect.domain.depot import Depot, Passage, Reponse
from services.collect.domain.depublications import Seuil
from services.collect.domain.lignes import LigneJugee
from services.collect.domain.readers.opening import Format
from services.collect.domain.successions import Declaree
from services.collect.domain.tenue import Tenue
from services.collect.ports import Depots, Offres, Transaction
from services.collect.usecases.consulter import Filtre, bilan, lignes
from services.collect.usecases.deposer import Interrompu, deposer
from services.collect.usecases.moyens import Moyens, Reglages
from services.collect.usecases.reemettre import reemettre
from services.collect.usecases.retirer import Demandeur, retirer, transferer
from services.collect.usecases.succeder import appliquer_successions
from services.kernel.events import Event
from services.kernel.ids import SequentialIds
from services.kernel.problem import BadRequest, Conflict, Forbidden, NotFound, TooLarge
from tests.support.offres import offre

T = TypeVar("T")

INSTANT = datetime(2020, 11, 16, 8, tzinfo=UTC)
MOI = Demandeur("cfa", administrateur=False)


def cle(numero: int) -> str:
    return str(offre(numero)["cle_ministere_educatif"])


def sans_cle(numero: int) -> dict[str, object]:
    """Return an offer that a reference names, with all the parts of a clé but no clé."""
    return {**offre(7), "reference": str(numero), "id_certifinfo": "7"} | {
        "cle_ministere_educatif": None
    }


def attribuee(parcours: int) -> str:
    """Return the clé of these parts under a parcours."""
    lue = cles.lire(cle(7))
    assert lue is not None
    return lue._replace(parcours=f"{parcours:02d}").texte


class _Arret(Exception):
    """The process ends here."""


class _CoupeeALaFin:
    """A transaction whose process ends once all is written, before it can commit."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def __getattr__(self, nom: str) -> Any:  # noqa: ANN401 - whatever the store has
        return getattr(self._transaction, nom)

    async def publier(self, evenements: Sequence[Event]) -> None:
        await self._transaction.publier(evenements)
        raise _Arret


class _Coupees:
    """A store whose transactions are all cut."""

    def __init__(self, offres: Offres) -> None:
        self._offres = offres

    def __getattr__(self, nom: str) -> Any:  # noqa: ANN401 - whatever the store has
        return getattr(self._offres, nom)

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self._offres.transaction(lambda t: travail(_CoupeeALaFin(t)))


@dataclass
class Banc:
    """Deposits on a store, three lines a batch; time goes on by a second at each look."""

    offres: Offres
    depots: Depots
    ids: SequentialIds = field(default_factory=SequentialIds)
    instant: datetime = INSTANT

    def maintenant(self) -> datetime:
        self.instant += timedelta(seconds=1)
        return self.instant

    async def deposer(
        self,
        *offres: object,
        deposant: str = "cfa",
        essai: bool = False,
        coupe: bool = False,
        depublication: bool = False,
    ) -> Depot:
        corps = b"".join(orjson.dumps(o, option=orjson.OPT_APPEND_NEWLINE) for o in offres)
        return await self.recevoir(
            [corps[:-10] if coupe else corps],
            deposant=deposant,
            essai=essai,
            depublication=depublication,
        )

    async def recevoir(
        self,
        morceaux: Sequence[bytes | Exception],
        deposant: str = "cfa",
        *,
        essai: bool = False,
        depublication: bool = False,
    ) -> Depot:
        async def flux() -> AsyncIterator[bytes]:
            for morceau in morceaux:
                if isinstance(morceau, Exception):
                    raise morceau
                yield morceau
                await asyncio.sleep(0)

        moyens = Moyens(
            self.offres,
            Reglages(3, 50, 10_000, depublications=Seuil(2, 0.5)),
            self.maintenant,
            self.ids.new,
        )
        instant = self.maintenant()
        depot = Depot(
            self.ids.new(),
            deposant,
            "cle",
            instant,
            instant,
            essai=essai,
            depublication=depublication,
        )
        return await deposer(flux(), depot, frozenset("*"), Format.AUTO, moyens)

    async def statuts(self, depot: Depot) -> list[StatutLigne]:
        return [ligne.statut for ligne in await self.lignes(depot)]

    async def lignes(self, depot: Depot, filtre: Filtre | None = None) -> list[LigneJugee]:
        return [x async for x in lignes(depot.id, filtre or Filtre(), 0, self.depots)]

    async def totaux(self, depot: Depot) -> dict[str, int]:
        totaux = (await bilan(depot, self.depots)).totaux
        assert totaux["recues"] == sum(n for nom, n in totaux.items() if nom != "recues")
        return {nom: n for nom, n in totaux.items() if n}


class SuiteCollect:
    """Inherited by a class whose `banc` fixture brings a store."""

    async def test_every_line_of_a_deposit_is_accounted_for(self, banc: Banc) -> None:
        depot = await banc.deposer(*(offre(n) for n in range(1, 8)), {"cfd": "x"}, [1])

        assert depot.etat is EtatDepot.RECU
        assert await banc.totaux(depot) == {"recues": 9, "acceptee": 7, "refusee": 2}

    async def test_a_deposit_made_again_is_identical(self, banc: Banc) -> None:
        offres = [offre(n) for n in range(1, 8)]
        await banc.deposer(*offres)

        assert await banc.totaux(await banc.deposer(*offres)) == {"recues": 7, "identique": 7}

    async def test_the_last_line_holds_across_batches(self, banc: Banc) -> None:
        autres = [offre(n) for n in range(2, 7)]
        depot = await banc.deposer(offre(1), *autres, offre(1, localite="Avignon"))

        assert (await banc.statuts(depot))[0] is StatutLigne.IGNOREE
        (tenue,) = await banc.offres.vue(["cle:" + cle(1)])
        assert (tenue.sequence, tenue.ligne) == (2, 7)

    async def test_a_file_that_gives_an_offer_twice_changes_nothing_when_it_comes_again(
        self, banc: Banc
    ) -> None:
        livraison = [offre(1, localite="un"), offre(2), offre(3), offre(1, localite="deux")]
        await banc.deposer(*livraison)
        avant = await banc.offres.vue(["cle:" + cle(1)])

        second = await banc.deposer(*livraison)

        assert await banc.statuts(second) == [
            StatutLigne.IGNOREE,
            StatutLigne.IDENTIQUE,
            StatutLigne.IDENTIQUE,
            StatutLigne.IDENTIQUE,
        ]
        assert await banc.offres.vue(["cle:" + cle(1)]) == avant
        assert (await bilan(second, banc.depots)).comptes["livree_deux_fois"] == 1

    async def test_a_line_that_was_replaced_holds_once_it_comes_alone(self, banc: Banc) -> None:
        await banc.deposer(offre(1, localite="un"), offre(1, localite="deux"))

        second = await banc.deposer(offre(1, localite="un"))

        assert await banc.statuts(second) == [StatutLigne.ACCEPTEE]
        tenue = await banc.offres.par_id((await banc.lignes(second))[0].offre or "")
        assert tenue is not None
        assert orjson.loads(tenue.contenu)["localite"] == "un"
        assert (tenue.depot, tenue.ligne) == (second.id, 1)

    async def test_an_offer_without_cle_is_given_one_that_it_keeps(self, banc: Banc) -> None:
        depot = await banc.deposer(sans_cle(1), sans_cle(2))
        (un, deux) = [await self._tenue(banc, ligne) for ligne in await banc.lignes(depot)]

        encore = await banc.deposer(sans_cle(1), sans_cle(2))

        assert [un.cle, deux.cle] == [attribuee(99), attribuee(98)]
        assert orjson.loads(un.contenu)["cle_attribuee"] is True
        assert {c["code"] for c in un.constats} >= {"cle_absente", "cle_attribuee"}
        assert await banc.statuts(encore) == [StatutLigne.IDENTIQUE, StatutLigne.IDENTIQUE]

    async def test_the_official_cle_replaces_the_attributed_one(self, banc: Banc) -> None:
        await banc.deposer(sans_cle(1))
        officielle = sans_cle(1) | {"cle_ministere_educatif": attribuee(1)}

        await banc.deposer(officielle)

        (tenue,) = await banc.offres.vue(["cle:" + attribuee(1)])
        assert (tenue.cle, tenue.cle_attribuee) == (attribuee(1), False)
        assert tenue.anciennes_cles == [attribuee(99)]
        assert await banc.statuts(await banc.deposer(sans_cle(1))) == [StatutLigne.IDENTIQUE]
        former = await banc.deposer(sans_cle(7) | {"cle_ministere_educatif": attribuee(99)})
        assert [c["code"] for c in (await banc.lignes(former))[0].constats] == ["cle_remplacee"]

    async def test_a_copied_attributed_cle_stays_attributed(self, banc: Banc) -> None:
        await banc.deposer(sans_cle(1))

        copie = await banc.deposer(sans_cle(1) | {"cle_ministere_educatif": attribuee(99)})

        assert await banc.statuts(copie) == [StatutLigne.IDENTIQUE]

    async def test_a_dry_run_says_which_cle_would_be_given(self, banc: Banc) -> None:
        essai = await banc.deposer(sans_cle(1), sans_cle(2), essai=True)

        dites = [
            constat["valeur"]
            for ligne in await banc.lignes(essai)
            for constat in ligne.constats
            if constat["code"] == "cle_attribuee"
        ]
        assert dites == [attribuee(99), attribuee(98)]
        assert await banc.offres.vue(["cle:" + attribuee(99)]) == []

    async def _tenue(self, banc: Banc, ligne: LigneJugee) -> Tenue:
        tenue = await banc.offres.par_id(ligne.offre or "")
        assert tenue is not None
        return tenue

    async def test_an_identical_line_is_ignored_for_a_later_one(self, banc: Banc) -> None:
        autres = [offre(n) for n in range(2, 7)]
        await banc.deposer(offre(1), *autres)

        depot = await banc.deposer(offre(1), *autres, offre(1, localite="Avignon"))

        assert await banc.totaux(depot) == {
            "recues": 7,
            "acceptee": 1,
            "identique": 5,
            "ignoree": 1,
        }

    async def test_a_dry_run_reports_the_same_and_keeps_no_offer(self, banc: Banc) -> None:
        offres = [*(offre(n) for n in range(1, 6)), offre(1, localite="Avignon")]
        essai = await banc.deposer(*offres, essai=True)
        assert await banc.offres.vue(["cle:" + cle(1)]) == []

        assert await banc.totaux(essai) == await banc.totaux(await banc.deposer(*offres))

    async def test_a_succession_moves_the_cle(self, banc: Banc) -> None:
        await banc.deposer(offre(1))
        await banc.deposer(offre(2, cle_me_remplace=[cle(1)]))

        (successeur,) = await banc.offres.vue(["cle:" + cle(1)])
        assert (successeur.cle, successeur.anciennes_cles) == (cle(2), [cle(1)])
        predecesseur = await banc.offres.par_id(successeur.predecesseurs[0])
        assert predecesseur is not None
        assert (predecesseur.etat, predecesseur.remplacee_par) == (Etat.REMPLACEE, successeur.id)

    async def test_an_interrupted_succession_changes_nothing(self, banc: Banc) -> None:
        depot = await banc.deposer(offre(1), offre(2))
        avant = await banc.offres.vue(["cle:" + cle(1), "cle:" + cle(2)])
        declaree = Declaree(cle(2), cle(1), 2, "cle_me_remplace")

        with pytest.raises(_Arret):
            await appliquer_successions([declaree], depot, _Coupees(banc.offres), INSTANT)
        interrompue = await banc.offres.vue(["cle:" + cle(1), "cle:" + cle(2)])
        await appliquer_successions([declaree], depot, banc.offres, INSTANT)

        assert {t.id: t for t in interrompue} == {t.id: t for t in avant}
        (tenue,) = await banc.offres.vue(["cle:" + cle(1)])
        assert (tenue.cle, tenue.anciennes_cles) == (cle(2), [cle(1)])

    async def test_a_succession_declared_each_night_happens_once(self, banc: Banc) -> None:
        await banc.deposer(offre(1))
        nuit = offre(2, cle_me_remplace=[cle(1)])
        await banc.deposer(nuit)

        assert await banc.totaux(await banc.deposer(nuit)) == {"recues": 1, "identique": 1}

    async def test_a_cut_delivery_replaces_no_offer(self, banc: Banc) -> None:
        await banc.deposer(offre(1))
        depot = await banc.deposer(offre(2, cle_me_remplace=[cle(1)]), offre(3), coupe=True)

        assert depot.coupe
        (tenue,) = await banc.offres.vue(["cle:" + cle(1)])
        assert tenue.cle == cle(1)

    async def test_a_former_cle_is_ignored(self, banc: Banc) -> None:
        await banc.deposer(offre(1))
        await banc.deposer(offre(2, cle_me_remplace=[cle(1)]))

        (ligne,) = await banc.lignes(await banc.deposer(offre(1)))
        assert ligne.statut is StatutLigne.IGNOREE
        assert ligne.constats[-1]["proposition"] == cle(2)

    async def test_findings_of_successions_are_on_their_line(self, banc: Banc) -> None:
        depot = await banc.deposer(offre(1), offre(2, cle_me_remplace=[cle(9)]))

        assert await banc.statuts(depot) == [StatutLigne.ACCEPTEE, StatutLigne.A_CORRIGER]

    async def test_what_was_read_before_a_fault_is_kept(self, banc: Banc) -> None:
        corps = orjson.dumps([offre(n) for n in range(1, 6)])[:-1]
        with pytest.raises(TooLarge) as refus:
            await banc.recevoir([corps + b",", TooLarge("trop")])

        depot = await banc.depots.depot(refus.value.extra["depot"])
        assert depot is not None
        assert (depot.etat, depot.lignes) == (EtatDepot.ECHOUE, 5)
        assert await banc.totaux(depot) == {"recues": 5, "acceptee": 5}

    async def test_a_caller_who_goes_away_leaves_a_failed_deposit(self, banc: Banc) -> None:
        corps = b"".join(orjson.dumps(offre(n)) + b"\n" for n in range(1, 6))
        with pytest.raises(Interrompu):
            await banc.recevoir([corps, Interrompu()])

        (depot,) = await banc.depots.depots("cfa", None, 10)
        assert (depot.etat, depot.lignes) == (EtatDepot.ECHOUE, 5)

    @pytest.mark.parametrize("corps", [b"", b"[]", b"nom;x\n", b"texte\n" * 9, b"[" * 5_000])
    async def test_a_body_without_any_offer_leaves_nothing(self, banc: Banc, corps: bytes) -> None:
        with pytest.raises(BadRequest):
            await banc.recevoir([corps])

        assert await banc.depots.depots(None, None, 10) == []

    async def test_too_many_lines_are_a_limit(self, banc: Banc) -> None:
        with pytest.raises(TooLarge) as refus:
            await banc.deposer(*(offre(n) for n in range(1, 60)))

        depot = await banc.depots.depot(refus.value.extra["depot"])
        assert depot is not None
        assert depot.lignes == 50

    async def test_two_deposits_racing_for_the_same_offers_make_each_once(self, banc: Banc) -> None:
        offres = [offre(n) for n in range(1, 10)]

        await asyncio.gather(banc.deposer(*offres), banc.deposer(*offres))

        tenues = await banc.offres.vue(["cle:" + cle(n) for n in range(1, 10)])
        assert len({tenue.id for tenue in tenues}) == 9

    async def test_a_withdrawal_happens_once(self, banc: Banc) -> None:
        await banc.deposer(offre(1))
        (tenue,) = await banc.offres.vue(["cle:" + cle(1)])

        premier = await retirer(tenue.id, "fermée", MOI, banc.offres, INSTANT)
        second = await retirer(tenue.id, "encore", MOI, banc.offres, INSTANT)

        assert (premier.etat, premier.sequence) == (Etat.RETIREE, 2)
        assert (second.motif, second.sequence) == ("fermée", 2)

    async def test_only_its_holder_withdraws_an_offer_that_lives(self, banc: Banc) -> None:
        await banc.deposer(offre(1))
        await banc.deposer(offre(2, cle_me_remplace=[cle(1)]))
        (successeur,) = await banc.offres.vue(["cle:" + cle(2)])

        autre = Demandeur("autre", administrateur=False)

        with pytest.raises(Forbidden):
            await retirer(successeur.id, "x", autre, banc.offres, INSTANT)
        with pytest.raises(Conflict):
            await retirer(successeur.predecesseurs[0], "x", MOI, banc.offres, INSTANT)
        with pytest.raises(NotFound):
            await retirer("inconnue", "x", MOI, banc.offres, INSTANT)

    async def test_a_transferred_offer_is_its_new_holders(self, banc: Banc) -> None:
        await banc.deposer(offre(1, reference="r"))
        (tenue,) = await banc.offres.vue(["cle:" + cle(1)])
        admin = Demandeur("admin", administrateur=True)

        donnee = await transferer(tenue.id, "autre", admin, banc.offres, INSTANT)

        assert (donnee.deposant, donnee.aliases) == ("autre", ["cle:" + cle(1)])
        refusee = await banc.deposer(offre(1))
        assert await banc.totaux(refusee) == {"recues": 1, "refusee": 1}

    async def test_states_are_sent_again_at_their_sequence(self, banc: Banc) -> None:
        await banc.deposer(offre(1))
        (tenue,) = await banc.offres.vue(["cle:" + cle(1)])

        assert await reemettre([tenue.id, "inconnue"], banc.offres, INSTANT) == [tenue.id]

    async def test_progress_is_a_union(self, banc: Banc) -> None:
        depot = await banc.deposer(*(offre(n) for n in range(1, 6)), {"cfd": "x"})
        passages = [
            Passage(f"{depot.id}:a", depot.id, Etape.INDEXEE, [(1, 3)]),
            Passage(f"{depot.id}:b", depot.id, Etape.INDEXEE, [(3, 4)]),
        ]
        for _ in range(2):
            await banc.offres.garder_passages([*passages, passages[0]])

        faites = (await bilan(depot, banc.depots)).faites
        assert faites == {"deposee": 6, "enrichie": 1, "indexee": 5, "evaluee": 1}

    async def test_a_line_is_enriched_once_its_answer_has_come(self, banc: Banc) -> None:
        depot = await banc.deposer(offre(1), offre(2))
        await banc.offres.garder_passages(
            [Passage(f"{depot.id}:{e}", depot.id, e, [(1, 2)]) for e in Etape]
        )
        assert (await bilan(depot, banc.depots)).faites["enrichie"] == 0
        assert await banc.depots.bilan(depot.id) is None

        (tenue, autre) = await banc.lignes(depot)
        reponse = Reponse(
            f"{depot.id}:r",
            depot.id,
            [(1, tenue.offre, "acceptee", []), (2, autre.offre, "acceptee", [])],
        )
        await banc.offres.garder_reponses([reponse])

        fini = await bilan(depot, banc.depots)
        assert set(fini.faites.values()) == {2}
        assert await banc.depots.bilan(depot.id) == fini.garde()
        assert (await bilan(depot, banc.depots)).totaux == fini.totaux

    async def test_enrichs_answer_completes_the_report_once(self, banc: Banc) -> None:
        depot = await banc.deposer(offre(1), offre(2))
        offres = [ligne.offre for ligne in await banc.lignes(depot)]
        constats: list[dict[str, Any]] = [{"code": "cfd_inconnu", "champ": "cfd", "valeur": "1"}]
        reponse = Reponse(
            f"{depot.id}:r",
            depot.id,
            [(1, offres[0], "a_corriger", constats), (2, offres[1], "acceptee", [])],
        )
        for _ in range(2):
            await banc.offres.garder_reponses([reponse])

        assert await banc.totaux(depot) == {"recues": 2, "acceptee": 1, "a_corriger": 1}
        (ligne,) = await banc.lignes(depot, Filtre(code="cfd_inconnu"))
        assert (ligne.rang, ligne.statut) == (1, StatutLigne.A_CORRIGER)
        assert (await bilan(depot, banc.depots)).comptes["cfd_inconnu"] == 1

    async def test_a_proposal_that_enrich_adds_is_shown_and_not_counted_again(
        self, banc: Banc
    ) -> None:
        depot = await banc.deposer(offre(1, etablissement_formateur_uai="0061234F"))
        (avant,) = await banc.lignes(depot)
        (faux,) = [c for c in avant.constats if c["code"] == "uai_lettre_fausse"]
        reponse = Reponse(
            f"{depot.id}:r",
            depot.id,
            [(1, avant.offre, "a_corriger", [])],
            [(1, str(avant.offre), [{**faux, "proposition": "0061234J"}])],
        )
        await banc.offres.garder_reponses([reponse])

        (apres,) = await banc.lignes(depot, Filtre(code="uai_lettre_fausse"))
        assert [c.get("proposition") for c in apres.constats if c["code"] == faux["code"]] == [
            "0061234J"
        ]
        assert (await bilan(depot, banc.depots)).comptes["uai_lettre_fausse"] == 1

    async def test_lines_are_filtered(self, banc: Banc) -> None:
        depot = await banc.deposer(offre(1), offre(2, cfd=None), offre(3, duree=None))

        refusees = await banc.lignes(depot, Filtre(statut=StatutLigne.REFUSEE))
        informees = await banc.lignes(depot, Filtre(gravite="information"))

        assert [ligne.rang for ligne in refusees] == [2]
        assert [ligne.rang for ligne in informees] == [3]
