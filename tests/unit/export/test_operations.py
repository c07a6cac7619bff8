"""The start of a campaign and 1 September over all offers: previewed, resumed, done once (§3.7)."""

from contextlib import suppress
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.statuts import Plateforme, Statut
from services.export.domain.decisions_du_systeme import Prise, prendre
from services.export.domain.statut import Nature
from services.export.ports import Document
from services.export.usecases.demander_operation import (
    apercevoir_demarrage,
    apercevoir_septembre,
    demander_demarrage,
    demander_septembre,
)
from services.export.usecases.faits import ecrire_faits
from services.export.usecases.operations import mener
from services.export.usecases.projeter import appliquer
from services.kernel.clock import FixedClock
from services.kernel.problem import Conflict
from tests.support.export.etat import Etat
from tests.support.export.magasin import Magasin, Tuee
from tests.support.export.operations import OperationsEnMemoire
from tests.support.export.regles import JugesDesCampagnes
from tests.unit.export.fabrique import INSTANT, evenement, juge, offre, regle

PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET
DEBUT = date(2021, 9, 15)
UAI = "0551031X"
JUGE = juge(regle(), regle(AF, id="a"))
DEUX_SESSIONS = {"date_debut": ["2021-09-01", "2022-09-01"], "uai_formation": UAI}
HORLOGE = FixedClock(INSTANT)


class Terrain:
    """Offers of every kind on both platforms, in a campaign of 2020."""

    def __init__(self) -> None:
        self.magasin = Magasin()
        self.operations = OperationsEnMemoire(self.magasin)
        self.juges = JugesDesCampagnes(self.magasin, JUGE)

    async def poser(self, nom: str, plateforme: Plateforme, **formation: object) -> str:
        id_ = nom.ljust(26, ".")
        contenu = offre(plateforme) | DEUX_SESSIONS | formation
        await appliquer([evenement(id_, formation=contenu)], self.magasin, self.juges, HORLOGE)
        return id_

    async def dire(
        self,
        id_: str,
        plateforme: Plateforme,
        statut: Statut | None,
        *,
        retour: str | None = None,
        identifiant: str | None = None,
        quand: datetime = INSTANT,
    ) -> None:
        """Have a person decide; then, when `retour` is given, the platform answer."""
        document = self.magasin.tenue(id_)
        le_juge = await self.juges.courant()
        campagne = le_juge.contextes[plateforme].campagne.id
        nature = Nature.PUBLIER if statut is Statut.PRET else Nature.REFUSER
        prise = Prise(nature, statut, campagne, quand, "nantes")
        entree = prendre(document, plateforme, prise)
        if retour:
            document["retours"] = {
                plateforme.value: {
                    "decision": entree["numero"],
                    "statut": retour,
                    "campagne": campagne,
                    "recu_le": quand,
                    "identifiant": identifiant,
                    "publiee_le": quand,
                }
            }
        await self.magasin.transaction(
            lambda transaction: ecrire_faits(
                transaction, [document], le_juge, quand, HORLOGE, journal=[entree]
            )
        )

    async def tout_poser(self) -> "Terrain":
        for plateforme in Plateforme:
            p = plateforme.value
            for nom, statut, retour in (
                ("demandee", Statut.PRET, None),
                ("refusee", Statut.NON_PUBLIE, None),
                ("attendue", Statut.EN_ATTENTE, None),
                ("publiee", Statut.PRET, "publié"),
            ):
                id_ = await self.poser(f"{p}-{nom}", plateforme)
                await self.dire(id_, plateforme, statut, retour=retour, identifiant="12")
            await self.poser(f"{p}-libre", plateforme)
            await self.poser(f"{p}-ailleurs", plateforme, niveau="6 (Licence, BUT...)")
        sans_uai = await self.poser("parcoursup-sans-uai", PS, uai_formation=None)
        await self.dire(sans_uai, PS, Statut.PRET, retour="publié", identifiant="13")
        hors = await self.poser("parcoursup-hors-session", PS, date_debut=["2021-09-01"])
        await self.dire(hors, PS, Statut.PRET, retour="publié", identifiant="14")
        remplacee = await self.poser("parcoursup-remplacee", PS)
        await self.dire(remplacee, PS, Statut.NON_PUBLIE)
        document = self.magasin.etat.formations[remplacee]
        document["remplacements"] = {"parcoursup": {"par": "x", "traitee_le": INSTANT}}
        couverte = self.magasin.etat.formations["affelnet-publiee".ljust(26, ".")]
        couverte["couverture"] = {"affelnet": {"secteur": "PU", "code_nature": "320"}}
        return self

    async def mener(self, nom: str, *, lot: int = 3) -> bool:
        return await mener(nom, self.operations, self.juges, HORLOGE, lot=lot, poursuivre=_toujours)

    async def demarrer(self, plateforme: Plateforme, *, lot: int = 3) -> Document:
        operation = await demander_demarrage(
            plateforme, DEBUT, "moss", self.operations, self.juges, HORLOGE
        )
        await self.mener(operation["_id"], lot=lot)
        return self.magasin.etat.operations[operation["_id"]]

    def statuts(self, plateforme: Plateforme) -> dict[str, str]:
        return {
            id_.rstrip("."): self.magasin.statut(id_, plateforme)
            for id_ in sorted(self.magasin.etat.formations)
            if id_.startswith(plateforme)
        }


async def _toujours() -> bool:
    return True


async def test_parcoursup_starts_anew() -> None:
    terrain = await Terrain().tout_poser()
    operation = await terrain.demarrer(PS)

    assert terrain.statuts(PS) == {
        "parcoursup-ailleurs": "non publiable en l'état",
        "parcoursup-attendue": "en attente de mise à jour",
        "parcoursup-demandee": "à publier",
        "parcoursup-hors-session": "non publiable en l'état",
        "parcoursup-libre": "à publier",
        "parcoursup-publiee": "prêt pour intégration",
        "parcoursup-refusee": "non publié",
        "parcoursup-remplacee": "non publié",
        "parcoursup-sans-uai": "à publier",
    }
    assert operation["etape"] == "terminee"
    assert operation["comptes"]["identifiants_effaces"] == 1
    assert operation["comptes"]["decisions_reconduites"] == 1


async def test_affelnet_keeps_its_requests_and_forgets_what_was_imported() -> None:
    terrain = await Terrain().tout_poser()
    await terrain.demarrer(AF)

    assert terrain.statuts(AF) == {
        "affelnet-ailleurs": "non publiable en l'état",
        "affelnet-attendue": "en attente de mise à jour",
        "affelnet-demandee": "prêt pour intégration",
        "affelnet-libre": "à publier",
        "affelnet-publiee": "prêt pour intégration",  # renewed: it has an identifier (§3.4 d)
        "affelnet-refusee": "non publié",
    }
    publiee = "affelnet-publiee".ljust(26, ".")
    assert terrain.magasin.etat.formations[publiee]["couverture"] == {}
    saison = terrain.magasin.etat.saisons[f"2020.affelnet.{publiee}"]
    assert saison["couverture"] == {"secteur": "PU", "code_nature": "320"}


async def test_the_season_is_kept_and_told_with_each_offer() -> None:
    terrain = await Terrain().tout_poser()
    avant = terrain.statuts(PS)
    await terrain.demarrer(PS)

    for nom, statut in avant.items():
        document = terrain.magasin.etat.formations[nom.ljust(26, ".")]
        precedent = (document.get("precedents") or {}).get("parcoursup")
        if nom == "parcoursup-ailleurs":
            assert precedent is None  # silence: nothing was said of it
        else:
            attendu = {"campagne": "2020", "statut": statut, "perimetre": True}
            assert precedent == attendu


async def test_no_decision_is_rewritten_and_the_other_platform_is_left_alone() -> None:
    terrain = await Terrain().tout_poser()
    decisions, affelnet = deepcopy(terrain.magasin.etat.decisions), terrain.statuts(AF)
    await terrain.demarrer(PS)

    apres = terrain.magasin.etat.decisions
    assert {cle: apres[cle] for cle in decisions} == decisions
    assert {un["nature"] for cle, un in apres.items() if cle not in decisions} == {"reconduire"}
    assert terrain.statuts(AF) == affelnet


@pytest.mark.parametrize("plateforme", Plateforme)
async def test_the_preview_says_what_the_start_does(plateforme: Plateforme) -> None:
    terrain = await Terrain().tout_poser()
    etat = deepcopy(terrain.magasin.etat)
    effets = [
        effet
        async for effet in await apercevoir_demarrage(
            plateforme, DEBUT, terrain.operations, terrain.juges, HORLOGE
        )
    ]
    assert terrain.magasin.etat == etat
    await terrain.demarrer(plateforme)

    annonces = {effet.document["_id"]: effet.apres for effet in effets}
    assert annonces == {id_: terrain.magasin.statut(id_, plateforme) for id_ in annonces}


async def test_it_is_done_once() -> None:
    terrain = await Terrain().tout_poser()
    await terrain.demarrer(PS)
    etat = deepcopy(terrain.magasin.etat)
    await terrain.demarrer(PS)
    assert terrain.magasin.etat == etat
    for debut, code in (
        (date(2021, 10, 1), "campagne_deja_demarree"),
        (date(2019, 9, 1), "campagne_anterieure"),
    ):
        with pytest.raises(Conflict) as refus:
            await demander_demarrage(PS, debut, "moss", terrain.operations, terrain.juges, HORLOGE)
        assert refus.value.code == code


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=6), st.integers(1, 7))
async def test_killed_anywhere_it_ends_as_if_it_had_not_been(
    morts: list[tuple[int, bool]], lot: int
) -> None:
    """Killed before or after a commit, gone on with in batches of another size: the same end."""
    paisible, terrain = await _paisible_et_neuf()
    operation = await demander_demarrage(
        PS, DEBUT, "moss", terrain.operations, terrain.juges, HORLOGE
    )
    for rang, (reste, engagee) in enumerate(morts):
        terrain.magasin.reste, terrain.magasin.engagee = reste, engagee
        with suppress(Tuee):
            await terrain.mener(operation["_id"], lot=1 + (lot + rang) % 5)
    terrain.magasin.reste = None
    await terrain.mener(operation["_id"], lot=lot)

    attendu, obtenu = paisible.magasin.etat, terrain.magasin.etat
    assert obtenu.formations == attendu.formations
    assert obtenu.decisions == attendu.decisions
    assert obtenu.saisons == attendu.saisons
    assert obtenu.historique == attendu.historique
    assert _etapes(obtenu) == _etapes(attendu)


def _etapes(etat: Etat) -> Document:
    """Return the operations but their versions, which count the batches."""
    return {id_: {**une, "version": None} for id_, une in etat.operations.items()}


async def _paisible_et_neuf() -> tuple[Terrain, Terrain]:
    """Return a ground where the start went to its end undisturbed, and one where it is to come."""
    if not _FAITS:
        neuf = await Terrain().tout_poser()
        paisible = await Terrain().tout_poser()
        await paisible.demarrer(PS)
        _FAITS.extend((paisible, neuf))
    paisible, neuf = _FAITS
    terrain = Terrain()
    terrain.magasin.etat = deepcopy(neuf.magasin.etat)
    return paisible, terrain


_FAITS: list[Terrain] = []


async def test_a_decision_taken_after_its_snapshot_is_of_the_season_that_ends() -> None:
    terrain = await Terrain().tout_poser()
    operation = await demander_demarrage(
        PS, DEBUT, "moss", terrain.operations, terrain.juges, HORLOGE
    )
    await avancer_jusqu_a(terrain, operation["_id"], "bascule")
    libre = "parcoursup-libre".ljust(26, ".")
    await terrain.dire(libre, PS, Statut.NON_PUBLIE, quand=INSTANT + timedelta(seconds=1))
    await terrain.mener(operation["_id"])

    assert terrain.magasin.etat.saisons[f"2020.parcoursup.{libre}"]["statut"] == "non publié"
    assert terrain.magasin.statut(libre, "parcoursup") == "non publié"
    precedent = terrain.magasin.etat.formations[libre]["precedents"]["parcoursup"]
    assert precedent["statut"] == "non publié"


async def test_a_decision_of_the_campaign_itself_is_not_undone_by_its_start() -> None:
    terrain = await Terrain().tout_poser()
    operation = await demander_demarrage(
        PS, DEBUT, "moss", terrain.operations, terrain.juges, HORLOGE
    )
    await avancer_jusqu_a(terrain, operation["_id"], "reprise")
    sans_uai, libre = (nom.ljust(26, ".") for nom in ("parcoursup-sans-uai", "parcoursup-libre"))
    tard = INSTANT + timedelta(seconds=1)
    await terrain.dire(libre, PS, Statut.PRET, quand=tard)
    await terrain.dire(sans_uai, PS, Statut.PRET, retour="publié", identifiant="99", quand=tard)
    await terrain.mener(operation["_id"])

    assert terrain.magasin.statut(libre, "parcoursup") == "prêt pour intégration"
    assert terrain.magasin.statut(sans_uai, "parcoursup") == "publié"
    precedents = terrain.magasin.etat.formations[sans_uai]["precedents"]["parcoursup"]
    assert precedents["statut"] == "publié"


async def test_what_affelnet_says_in_the_campaign_is_not_forgotten_by_its_start() -> None:
    terrain = await Terrain().tout_poser()
    operation = await demander_demarrage(
        AF, DEBUT, "dgesco", terrain.operations, terrain.juges, HORLOGE
    )
    await avancer_jusqu_a(terrain, operation["_id"], "reprise")
    publiee = "affelnet-publiee".ljust(26, ".")
    await terrain.dire(publiee, AF, Statut.PRET, retour="publié", identifiant="9")
    await terrain.mener(operation["_id"])
    document = terrain.magasin.etat.formations[publiee]
    assert document["couverture"]["affelnet"]["secteur"] == "PU"
    assert terrain.magasin.statut(publiee, "affelnet") == "publié"


async def avancer_jusqu_a(terrain: Terrain, nom: str, etape: str) -> None:
    async def poursuivre() -> bool:
        return bool(terrain.magasin.etat.operations[nom]["etape"] != etape)

    await mener(nom, terrain.operations, terrain.juges, HORLOGE, lot=3, poursuivre=poursuivre)


def le(mois: int, jour: int, annee: int = 2021) -> datetime:
    return datetime(annee, mois, jour, 10, tzinfo=UTC)


SEPTEMBRE = date(2021, 9, 3)


@pytest.mark.parametrize(
    ("prises", "reste"),
    [
        ([(Statut.PRET, le(6, 1))], False),
        ([(Statut.PRET, le(6, 1)), (Statut.PRET, le(9, 2))], False),  # repeated: no renewal
        ([(Statut.PRET, le(6, 1)), (Statut.NON_PUBLIE, le(9, 1)), (Statut.PRET, le(9, 2))], True),
        ([(Statut.NON_PUBLIE, le(6, 1)), (Statut.PRET, le(9, 1))], True),
        ([(Statut.PRET, datetime(2021, 8, 31, 22, 30, tzinfo=UTC))], True),  # the 1st in Paris
        ([(Statut.NON_PUBLIE, le(6, 1)), (Statut.PRET, le(6, 2))], False),
    ],
)
async def test_on_1_september_a_request_lapses_unless_made_anew(
    prises: list[tuple[Statut, datetime]], reste: bool
) -> None:
    terrain = Terrain()
    id_ = await terrain.poser("affelnet-une", AF)
    for statut, quand in prises:
        await terrain.dire(id_, AF, statut, quand=quand)
    effets = [
        un
        async for un in apercevoir_septembre(SEPTEMBRE, terrain.operations, terrain.juges, HORLOGE)
    ]
    operation = await demander_septembre(
        "dgesco", SEPTEMBRE, terrain.operations, terrain.juges, HORLOGE
    )
    await terrain.mener(operation["_id"])

    attendu = "prêt pour intégration" if reste else "à publier"
    assert terrain.magasin.statut(id_, "affelnet") == attendu
    assert [effet.apres for effet in effets] == [attendu]
    assert len(terrain.magasin.etat.decisions) == len(prises) + (not reste)


async def test_a_lapsed_request_may_be_made_again_and_stands() -> None:
    terrain = Terrain()
    id_ = await terrain.poser("affelnet-une", AF)
    await terrain.dire(id_, AF, Statut.PRET, quand=le(6, 1))
    operation = await demander_septembre(
        "dgesco", SEPTEMBRE, terrain.operations, terrain.juges, HORLOGE
    )
    await terrain.mener(operation["_id"])
    await terrain.dire(id_, AF, Statut.PRET, quand=le(9, 4))
    await terrain.mener(operation["_id"])
    assert terrain.magasin.statut(id_, "affelnet") == "prêt pour intégration"
    derniere = terrain.magasin.etat.formations[id_]["decisions"]["affelnet"]
    assert (derniere["numero"], derniere["auteur"]) == (3, "nantes")


async def test_1_september_waits_for_its_day() -> None:
    terrain = Terrain()
    with pytest.raises(Conflict) as refus:
        await demander_septembre(
            "dgesco", date(2021, 8, 31), terrain.operations, terrain.juges, HORLOGE
        )
    assert refus.value.code == "trop_tot"
