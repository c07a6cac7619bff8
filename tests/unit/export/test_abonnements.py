"""Subscriptions: when a mail is due, at most one a day, and what each outcome makes of them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.export.domain.abonnements import (
    Espece,
    Frequence,
    Objet,
    Rythme,
    Usage,
    du,
    intention,
    jeton,
    reprise,
)
from services.export.domain.avis import Avis, Element, Suite
from services.export.domain.avis_courrier import Courrier, Liens
from services.export.usecases.abonner import Abonner, Demande
from services.export.usecases.distribuer import Facteur
from services.kernel.clock import FixedClock
from services.kernel.errors import Retry
from services.kernel.events import Event
from services.kernel.ids import SequentialIds
from services.kernel.mail import OutcomeUnknown, SenderRefused, Undeliverable
from services.kernel.problem import Conflict, Invalid, NotFound
from tests.unit.export.fabrique import INSTANT, JOUR

RYTHME = Rythme(timedelta(hours=48), timedelta(seconds=60), timedelta(hours=1))
POIVRE = "p" * 32
LUNDI = date(2020, 11, 16)


def abonnement(**parties: object) -> dict[str, Any]:
    return {
        "_id": "B1",
        "destinataire": "academie:12",
        "espece": "academie",
        "code": "12",
        "frequence": "quotidienne",
        "adresse": "celine@academie.example",
        "plateformes": ["parcoursup", "affelnet"],
        "auteur": "nancy",
        "etat": "actif",
        "demandes": 1,
        "demande_le": INSTANT,
        "revision": 1,
        **parties,
    }


def element(id: str, plateforme: str | None = "parcoursup") -> Element:  # noqa: A002
    return {
        "rubrique": "rejetees",
        "plateforme": plateforme,
        "id": id,
        "raison": None,
        "depuis": JOUR.isoformat(),
    }


class TestWhenAMailIsDue:
    def test_never_to_a_suspended_address(self) -> None:
        assert du(abonnement(etat="suspendu"), JOUR, INSTANT) is None

    def test_a_confirmation_is_asked_for_once_on_whichever_day(self) -> None:
        un = abonnement(etat="a_confirmer")
        assert du(un, JOUR, INSTANT) is Objet.CONFIRMATION

        un["courrier"] = intention(un, Objet.CONFIRMATION, JOUR, INSTANT)
        assert du(un, JOUR + timedelta(days=1), INSTANT) is None

    def test_the_first_notice_follows_the_confirmation_the_same_day(self) -> None:
        un = abonnement(courrier=intention(abonnement(), Objet.CONFIRMATION, JOUR, INSTANT))

        assert du(un, JOUR, INSTANT) is Objet.AVIS

    @pytest.mark.parametrize("issue", ["en_cours", "inconnue", "envoye"])
    def test_a_mail_that_may_have_left_does_not_leave_again_that_day(self, issue: str) -> None:
        courrier = {**intention(abonnement(), Objet.AVIS, JOUR, INSTANT), "issue": issue}
        un = abonnement(courrier=courrier)

        assert du(un, JOUR, INSTANT + timedelta(hours=9)) is None
        assert du(un, JOUR + timedelta(days=1), INSTANT) is Objet.AVIS

    @pytest.mark.parametrize(
        ("examine", "attendu"),
        [
            (LUNDI - timedelta(days=1), Objet.AVIS),
            (LUNDI, None),
        ],
    )
    def test_a_weekly_notice_is_due_the_first_day_of_a_week(
        self, examine: date, attendu: Objet | None
    ) -> None:
        un = abonnement(frequence="hebdomadaire", examine=examine.isoformat())

        assert du(un, LUNDI, INSTANT) is attendu
        assert du(un, LUNDI + timedelta(days=3), INSTANT) is attendu

    def test_what_met_a_transient_fault_is_tried_later_and_later(self) -> None:
        courrier = intention(abonnement(), Objet.AVIS, JOUR, INSTANT)
        delais = []
        for essais in range(1, 20):
            quand = reprise({**courrier, "essais": essais}, INSTANT, RYTHME)
            delais.append((quand - INSTANT).total_seconds())

        assert delais[:4] == [60, 120, 240, 480]
        assert delais[-1] == 3_600
        un = abonnement(courrier={**courrier, "issue": "a_reprendre", "reprendre_le": INSTANT})
        assert du(un, JOUR, INSTANT - timedelta(seconds=1)) is None
        assert du(un, JOUR, INSTANT) is Objet.AVIS


class Coupure(BaseException):
    """The process dies."""


class Carnet:
    """The subscriptions, in memory."""

    def __init__(self, *tenus: dict[str, Any]) -> None:
        self.tenus = {un["_id"]: un for un in tenus}

    async def oublier_expires(self, avant: datetime) -> None:
        self.tenus = {
            cle: un
            for cle, un in self.tenus.items()
            if un["etat"] != "a_confirmer" or un["demande_le"] >= avant
        }

    async def a_servir(self) -> list[dict[str, Any]]:
        return [dict(un) for un in self.tenus.values() if un["etat"] != "suspendu"]

    async def changer(
        self, abonnement: Mapping[str, Any], valeurs: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        tenu = self.tenus.get(abonnement["_id"])
        if tenu is None or tenu["revision"] != abonnement["revision"]:
            return None
        tenu |= {**valeurs, "revision": tenu["revision"] + 1}
        return dict(tenu)

    async def ajouter(self, abonnement: Mapping[str, Any]) -> bool:
        if await self.de(abonnement["destinataire"], abonnement["adresse"]):
            return False
        self.tenus[abonnement["_id"]] = {**abonnement, "revision": 1}
        return True

    async def un(self, identifiant: str) -> dict[str, Any] | None:
        return self.tenus.get(identifiant)

    async def de(self, destinataire: str, adresse: str) -> dict[str, Any] | None:
        for un in self.tenus.values():
            if (un["destinataire"], un["adresse"]) == (destinataire, adresse):
                return dict(un)
        return None

    async def compter(self, auteur: str) -> int:
        return sum(un["auteur"] == auteur for un in self.tenus.values())

    async def finir(self, identifiant: str) -> None:
        self.tenus.pop(identifiant, None)


class Registre:
    """Notices, in memory."""

    def __init__(self, *avis: Avis) -> None:
        self.avis = {(un.destinataire, un.version): un for un in avis}
        self.jour: date | None = JOUR

    async def etabli(self) -> date | None:
        return self.jour

    async def derniers(self, destinataires: Sequence[str]) -> dict[str, Avis]:
        return {lu: self.avis[lu, v] for lu, v in sorted(self.avis) if lu in destinataires}

    async def version(self, destinataire: str, version: int) -> Avis | None:
        return self.avis.get((destinataire, version))

    def offres(self) -> AsyncIterator[dict[str, Any]]:
        raise NotImplementedError

    async def lecteurs(self) -> set[str]:
        raise NotImplementedError

    async def garder(
        self, suites: Sequence[Suite], dits: Sequence[Event], instant: datetime
    ) -> None:
        raise NotImplementedError

    async def oublier(self, instant: datetime) -> None:
        raise NotImplementedError

    async def noter(self, jour: date, instant: datetime) -> None:
        raise NotImplementedError


class Poste:
    """A mail server that answers as it is told."""

    def __init__(self, *fautes: BaseException) -> None:
        self.fautes: list[BaseException] = list(fautes)
        self.partis: list[tuple[str, Objet, str]] = []

    def liens(self, abonnement: Mapping[str, Any]) -> Liens:
        return Liens("L", "F{id}", f"Q{abonnement['_id']}")

    def confirmation(self, abonnement: Mapping[str, Any]) -> str:
        return f"C{abonnement['_id']}"

    async def poster(self, abonnement: Mapping[str, Any], courrier: Courrier, objet: Objet) -> None:
        self.partis.append((abonnement["adresse"], objet, courrier.texte))
        if self.fautes:
            raise self.fautes.pop(0)


def facteur(carnet: Carnet, poste: Poste, registre: Registre, horloge: FixedClock) -> Facteur:
    return Facteur(carnet, registre, poste, horloge, RYTHME, 7)


async def toujours() -> bool:
    return True


@pytest.fixture
def horloge() -> FixedClock:
    return FixedClock(INSTANT)


def un_avis(*elements: Element, version: int = 1) -> Avis:
    return Avis("academie:12", version, JOUR, elements)


class TestTheRound:
    async def test_a_notice_leaves_once_however_often_it_is_looked_at(
        self, horloge: FixedClock
    ) -> None:
        carnet, poste = Carnet(abonnement()), Poste()
        rond = facteur(carnet, poste, Registre(un_avis(element("A"))), horloge)

        assert (await rond.passer(JOUR, toujours)).envoyes == 1
        assert (await rond.passer(JOUR, toujours)).envoyes == 0
        assert len(poste.partis) == 1
        assert carnet.tenus["B1"]["courrier"]["issue"] == "envoye"

    async def test_the_next_day_only_what_is_new_is_told_and_nothing_when_nothing_is(
        self, horloge: FixedClock
    ) -> None:
        carnet, poste = Carnet(abonnement()), Poste()
        registre = Registre(un_avis(element("A")))
        rond = facteur(carnet, poste, registre, horloge)
        await rond.passer(JOUR, toujours)
        demain, apres = JOUR + timedelta(days=1), JOUR + timedelta(days=2)

        registre.jour = demain
        await rond.passer(demain, toujours)
        assert len(poste.partis) == 1
        registre.jour = apres
        registre.avis["academie:12", 2] = un_avis(element("A"), element("B"), version=2)
        await rond.passer(apres, toujours)

        assert "FB" in poste.partis[1][2]
        assert "FA" not in poste.partis[1][2]

    async def test_nothing_leaves_before_the_notices_of_the_day_are_established(
        self, horloge: FixedClock
    ) -> None:
        registre, poste = Registre(un_avis(element("A"))), Poste()
        registre.jour = JOUR - timedelta(days=1)
        await facteur(Carnet(abonnement()), poste, registre, horloge).passer(JOUR, toujours)

        assert poste.partis == []

    async def test_a_reader_of_one_platform_hears_of_it_alone(self, horloge: FixedClock) -> None:
        poste = Poste()
        carnet = Carnet(abonnement(plateformes=["affelnet"]))
        registre = Registre(un_avis(element("A"), element("B", "affelnet")))
        await facteur(carnet, poste, registre, horloge).passer(JOUR, toujours)

        assert "FB" in poste.partis[0][2]
        assert "FA" not in poste.partis[0][2]

    async def test_an_unknown_outcome_is_not_sent_again_that_day_and_told_again_the_next(
        self, horloge: FixedClock
    ) -> None:
        carnet, poste = Carnet(abonnement()), Poste(OutcomeUnknown("perdue"))
        registre = Registre(un_avis(element("A")))
        rond = facteur(carnet, poste, registre, horloge)
        for heure in range(3):
            horloge.instant = INSTANT + timedelta(hours=heure)
            await rond.passer(JOUR, toujours)
        assert len(poste.partis) == 1
        assert carnet.tenus["B1"]["courrier"]["issue"] == "inconnue"

        registre.jour = JOUR + timedelta(days=1)
        await rond.passer(registre.jour, toujours)
        assert "FA" in poste.partis[1][2]

    async def test_a_process_killed_after_the_intent_does_not_send_twice(
        self, horloge: FixedClock
    ) -> None:
        carnet, poste = Carnet(abonnement()), Poste(Coupure())
        registre = Registre(un_avis(element("A")))
        with pytest.raises(Coupure):
            await facteur(carnet, poste, registre, horloge).passer(JOUR, toujours)
        await facteur(carnet, poste, registre, horloge).passer(JOUR, toujours)

        assert len(poste.partis) == 1

    async def test_a_transient_fault_is_tried_again_after_its_pause(
        self, horloge: FixedClock
    ) -> None:
        carnet, poste = Carnet(abonnement()), Poste(Retry("451"))
        rond = facteur(carnet, poste, Registre(un_avis(element("A"))), horloge)
        await rond.passer(JOUR, toujours)
        await rond.passer(JOUR, toujours)
        assert len(poste.partis) == 1

        horloge.instant = INSTANT + timedelta(seconds=60)
        await rond.passer(JOUR, toujours)
        assert carnet.tenus["B1"]["courrier"]["issue"] == "envoye"
        assert carnet.tenus["B1"]["courrier"]["essais"] == 2

    async def test_a_refused_address_suspends_its_subscription_with_the_reason(
        self, horloge: FixedClock
    ) -> None:
        carnet, poste = Carnet(abonnement()), Poste(Undeliverable("550 inconnu"))
        await facteur(carnet, poste, Registre(un_avis(element("A"))), horloge).passer(
            JOUR, toujours
        )

        assert carnet.tenus["B1"]["etat"] == "suspendu"
        assert carnet.tenus["B1"]["courrier"]["erreur"] == "550 inconnu"

    async def test_a_server_that_refuses_us_suspends_nobody(self, horloge: FixedClock) -> None:
        carnet, poste = Carnet(abonnement()), Poste(SenderRefused("535"))
        await facteur(carnet, poste, Registre(un_avis(element("A"))), horloge).passer(
            JOUR, toujours
        )

        assert carnet.tenus["B1"]["etat"] == "actif"
        assert carnet.tenus["B1"]["courrier"]["issue"] == "a_reprendre"

    async def test_a_server_that_is_down_is_left_alone(self, horloge: FixedClock) -> None:
        carnet = Carnet(*(abonnement(_id=f"B{n}", adresse=f"a{n}@x.example") for n in range(9)))
        poste = Poste(*(Retry("absent") for _ in range(9)))
        registre = Registre(un_avis(element("A")))
        tournee = await facteur(carnet, poste, registre, horloge).passer(JOUR, toujours)

        assert tournee.interrompue
        assert len(poste.partis) == 3

    async def test_what_nobody_confirmed_is_forgotten(self, horloge: FixedClock) -> None:
        ancien = abonnement(etat="a_confirmer", demande_le=INSTANT - timedelta(hours=49))
        carnet, poste = Carnet(ancien), Poste()
        await facteur(carnet, poste, Registre(), horloge).passer(JOUR, toujours)

        assert (carnet.tenus, poste.partis) == ({}, [])


FAUTES = st.sampled_from(
    [None, None, Retry("451"), OutcomeUnknown("perdue"), SenderRefused("535"), Coupure()]
)
JOURNEE = st.tuples(st.sets(st.sampled_from("ABCDE")), st.lists(FAUTES, max_size=4))


@given(st.lists(JOURNEE, min_size=1, max_size=6))
async def test_whatever_happens_one_mail_a_day_and_no_news_lost(
    journees: list[tuple[set[str], list[BaseException | None]]],
) -> None:
    """Each day its offers appear (none leaves), and each look at it meets its own fault."""
    horloge, registre = FixedClock(INSTANT), Registre()
    carnet, poste = Carnet(abonnement()), Poste()
    connues: set[str] = set()
    lues: set[str] = set()
    for rang, (nouvelles_, fautes) in enumerate([*journees, (set[str](), [])], 1):
        registre.jour = JOUR + timedelta(days=rang)
        connues |= nouvelles_
        avis = un_avis(*map(element, sorted(connues)), version=rang)
        registre.avis["academie:12", rang] = avis
        remis = 0
        for faute in [*fautes, None]:
            horloge.instant += timedelta(hours=2)
            avant = len(poste.partis)
            poste.fautes = [faute] if faute else []
            with suppress(Coupure):
                await facteur(carnet, poste, registre, horloge).passer(registre.jour, toujours)
            if len(poste.partis) == avant:
                continue
            remis += type(faute) not in (Retry, SenderRefused)
            if faute is None:
                lues |= {nom for nom in connues if f"F{nom}" in poste.partis[-1][2]}
        assert remis <= 1
    assert lues == connues


def demande(**parties: object) -> Demande:
    return Demande(
        **{  # type: ignore[arg-type]
            "espece": Espece.ACADEMIE,
            "code": "12",
            "frequence": Frequence.QUOTIDIENNE,
            "adresse": "celine@academie.example",
            "plateformes": ["parcoursup"],
            "auteur": "nancy",
            **parties,
        }
    )


class TestSubscribing:
    @pytest.fixture
    def carnet(self) -> Carnet:
        return Carnet()

    @pytest.fixture
    def abonner(self, carnet: Carnet, horloge: FixedClock) -> Abonner:
        return Abonner(carnet, horloge, SequentialIds(), RYTHME, poivre=POIVRE, maximum=2)

    async def test_a_link_confirms_once(self, abonner: Abonner) -> None:
        un, nouveau = await abonner.demander(demande())
        lien = jeton(POIVRE, Usage.CONFIRMER, un)
        assert (un["etat"], nouveau) == ("a_confirmer", True)

        assert (await abonner.confirmer(un["_id"], lien))["etat"] == "actif"
        with pytest.raises(NotFound):
            await abonner.confirmer(un["_id"], lien)

    async def test_a_link_comes_too_late(self, abonner: Abonner, horloge: FixedClock) -> None:
        un, _ = await abonner.demander(demande())
        horloge.instant = INSTANT + timedelta(hours=49)

        with pytest.raises(NotFound):
            await abonner.confirmer(un["_id"], jeton(POIVRE, Usage.CONFIRMER, un))

    @pytest.mark.parametrize("faux", ["", "0" * 40, "é" * 40])
    async def test_another_link_does_nothing(self, abonner: Abonner, faux: str) -> None:
        un, _ = await abonner.demander(demande())
        for geste in (abonner.confirmer, abonner.desabonner):
            with pytest.raises(NotFound):
                await geste(un["_id"], faux)

    async def test_asked_for_again_it_is_the_same_and_no_mail_rains(
        self, abonner: Abonner, carnet: Carnet
    ) -> None:
        premier, _ = await abonner.demander(demande())
        encore, nouveau = await abonner.demander(demande(frequence=Frequence.HEBDOMADAIRE))

        assert (encore["_id"], encore["frequence"], nouveau) == (
            premier["_id"],
            "hebdomadaire",
            False,
        )
        assert carnet.tenus[premier["_id"]]["demandes"] == 1

    async def test_a_suspended_one_is_to_be_confirmed_again_by_another_link(
        self, abonner: Abonner, carnet: Carnet
    ) -> None:
        un, _ = await abonner.demander(demande())
        carnet.tenus[un["_id"]]["etat"] = "suspendu"
        encore, _ = await abonner.demander(demande())

        assert encore["etat"] == "a_confirmer"
        assert jeton(POIVRE, Usage.CONFIRMER, encore) != jeton(POIVRE, Usage.CONFIRMER, un)

    async def test_somebody_else_s_is_not_taken_over(self, abonner: Abonner) -> None:
        await abonner.demander(demande())
        with pytest.raises(Conflict):
            await abonner.demander(demande(auteur="metz"))

    async def test_a_holder_has_so_many(self, abonner: Abonner) -> None:
        for adresse in ("a@x.example", "b@x.example"):
            await abonner.demander(demande(adresse=adresse))
        with pytest.raises(Conflict, match="Au plus 2"):
            await abonner.demander(demande(adresse="c@x.example"))

    @pytest.mark.parametrize("adresse", ["celine", "a@b.fr\r\nBcc: c@d.fr", "A <a@b.fr>"])
    async def test_what_is_no_address_is_refused(self, abonner: Abonner, adresse: str) -> None:
        with pytest.raises(Invalid):
            await abonner.demander(demande(adresse=adresse))

    async def test_leaving_forgets_the_address_and_may_be_asked_for_twice(
        self, abonner: Abonner, carnet: Carnet
    ) -> None:
        un, _ = await abonner.demander(demande())
        lien = jeton(POIVRE, Usage.DESABONNER, un)
        await abonner.desabonner(un["_id"], lien)
        await abonner.desabonner(un["_id"], lien)

        assert carnet.tenus == {}

    async def test_another_s_cannot_be_ended(self, abonner: Abonner) -> None:
        un, _ = await abonner.demander(demande())
        with pytest.raises(NotFound):
            await abonner.supprimer(un["_id"], "metz")
        await abonner.supprimer(un["_id"], None)
