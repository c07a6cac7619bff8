"""Identity and decisions: a line's fate depends on the line and the table, not on batches."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count, pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.empreinte import empreinte
from contracts.evenements import Etat, OffreV1, StatutLigne
from contracts.identifiants import cle as cles
from services.collect.domain.decision import Contexte, Decision, Juge
from services.collect.domain.identite import aliases, precedentes
from services.collect.domain.lignes import Ligne, serialiser
from services.collect.domain.tenue import Tenue, evenement

SIRET = "19840110100011"
INSTANT = datetime(2020, 11, 16, tzinfo=UTC)


def cle(annee: str = "1", site: str = "L01", parcours: int = 1) -> str:
    return cles.construire(
        id_certifinfo="64390",
        parcours=parcours,
        duree="2",
        annee=annee,
        siret_gestionnaire=SIRET,
        siret_formateur=SIRET,
        code_commune_insee="84007",
        site=site,
    ).texte


def ligne(rang: int, /, **offre: object) -> Ligne:
    return de("cfa", rang, **offre)


def de(deposant: str, rang: int, /, **offre: object) -> Ligne:
    contenu, digest = serialiser(offre)
    return Ligne(rang, rang + 1, offre, [], contenu, digest, aliases(offre, deposant, digest))


def avec_cle(rang: int, texte: str, /, **offre: object) -> Ligne:
    return ligne(rang, cle_ministere_educatif=texte, **offre)


def rco(action: str = "A", **autres: object) -> dict[str, Any]:
    return {"id_formation": "F", "id_action": action, "id_certifinfo": "C", **autres}


@dataclass
class Table:
    """The alias table, and the batches of deposits judged one after the other on it."""

    vue: dict[str, Tenue] = field(default_factory=dict)
    ids: Any = field(default_factory=lambda: count(1))

    def depot(
        self, nom: str, *lots: Sequence[Ligne], deposant: str = "cfa"
    ) -> dict[int, StatutLigne]:
        contexte = Contexte(nom, deposant, INSTANT, lambda: f"id{next(self.ids)}")
        identiques: dict[str, int] = {}
        suspendues: dict[int, Ligne] = {}
        self.decisions: list[Decision] = []
        statuts: dict[int, StatutLigne] = {}
        for lot in lots:
            decision = Juge(contexte, self.vue, identiques).juger(lot)
            identiques |= decision.identiques
            suspendues |= decision.suspendues
            for ecrasement in decision.ecrasees:
                suspendues.pop(ecrasement.rang, None)
            statuts |= {jugee.rang: jugee.statut for jugee in decision.lignes}
            statuts |= {e.rang: StatutLigne.IGNOREE for e in decision.ecrasees}
            self.decisions.append(decision)
        fin = Juge(replace(contexte, dernier=True), self.vue, {}).juger([*suspendues.values()])
        self.decisions.append(fin)
        return statuts

    def ecrites(self) -> list[Tenue]:
        return [t for d in self.decisions for t in (*d.nouvelles, *d.modifiees)]

    def offre(self, nom: str) -> Tenue:
        return self.vue[nom]

    def offres(self) -> set[int]:
        return {id(tenue) for tenue in self.vue.values()}

    def codes(self, rang: int) -> set[str]:
        return {
            constat["code"]
            for decision in self.decisions
            for jugee in decision.lignes
            if jugee.rang == rang
            for constat in jugee.constats
        }


ACCEPTEE, IDENTIQUE = StatutLigne.ACCEPTEE, StatutLigne.IDENTIQUE
REFUSEE, IGNOREE = StatutLigne.REFUSEE, StatutLigne.IGNOREE


def test_the_same_file_again_is_identical_and_writes_nothing() -> None:
    table = Table()
    lot = [avec_cle(1, cle(), localite="Avignon"), ligne(2, localite="sans identifiant")]
    table.depot("d1", lot)

    assert table.depot("d2", lot) == {1: IDENTIQUE, 2: IDENTIQUE}
    assert (table.decisions[0].nouvelles, table.decisions[0].modifiees) == ([], [])


def test_a_changed_line_is_the_next_sequence_of_its_offer() -> None:
    table = Table()
    table.depot("d1", [avec_cle(1, cle())])

    assert table.depot("d2", [avec_cle(1, cle(), localite="Avignon")]) == {1: ACCEPTEE}
    (tenue,) = table.decisions[0].modifiees
    assert (tenue.sequence, tenue.depot) == (2, "d2")


@pytest.mark.parametrize("lots", [[[0, 1]], [[0], [1]]])
def test_the_last_of_two_lines_holds_wherever_batches_are_cut(lots: list[list[int]]) -> None:
    table = Table()
    lignes = [avec_cle(1, cle(), localite="un"), avec_cle(2, cle(), localite="deux")]

    statuts = table.depot("d1", *[[lignes[n] for n in lot] for lot in lots])

    assert statuts == {1: IGNOREE, 2: ACCEPTEE}
    assert orjson.loads(table.offre("cle:" + cle()).contenu)["localite"] == "deux"


@pytest.mark.parametrize("lots", [[[0, 1]], [[0], [1]]])
def test_an_offer_given_twice_stays_as_it_is_when_the_file_comes_again(
    lots: list[list[int]],
) -> None:
    table = Table()
    lignes = [avec_cle(1, cle(), localite="un"), avec_cle(2, cle(), localite="deux")]
    livrees = [[lignes[n] for n in lot] for lot in lots]
    table.depot("d1", *livrees)

    assert table.depot("d2", *livrees) == {1: IGNOREE, 2: IDENTIQUE}
    assert table.ecrites() == []


def test_the_line_that_was_replaced_holds_once_it_comes_alone() -> None:
    table = Table()
    un, deux = avec_cle(1, cle(), localite="un"), avec_cle(2, cle(), localite="deux")
    table.depot("d1", [un, deux])

    assert table.depot("d2", [un]) == {1: ACCEPTEE}
    (tenue,) = table.ecrites()
    assert orjson.loads(tenue.contenu)["localite"] == "un"
    assert (tenue.sequence, tenue.depot) == (2, "d2")
    assert table.depot("d3", [un]) == {1: IDENTIQUE}


def test_both_lines_are_named_to_the_one_that_is_ignored() -> None:
    table = Table()
    table.depot("d1", [avec_cle(3, cle()), avec_cle(9, cle())])

    assert table.decisions[0].lignes[0].constats == [
        {"code": "livree_deux_fois", "valeur": "3 et 9"}
    ]


def test_a_former_cle_is_ignored_and_the_present_one_named() -> None:
    table = Table()
    table.depot("d1", [avec_cle(1, cle("X"), **rco())])
    table.depot("d2", [avec_cle(1, cle("2"), **rco())])

    assert table.depot("d3", [avec_cle(1, cle("X"), **rco())]) == {1: IGNOREE}
    assert table.decisions[0].lignes[0].constats == [
        {
            "code": "cle_remplacee",
            "champ": "cle_ministere_educatif",
            "valeur": cle("X"),
            "proposition": cle("2"),
            "raison": "L'offre qui portait cette clé porte maintenant celle-ci.",
            "confiance": "haute",
            "correction": {"cle_ministere_educatif": cle("2")},
        }
    ]


def test_rco_ids_bridge_a_key_that_gives_its_annee() -> None:
    table = Table()
    table.depot("d1", [avec_cle(1, cle("X"), **rco())])
    table.depot("d2", [avec_cle(1, cle("2"), **rco())])

    tenue = table.offre("cle:" + cle("2"))
    assert tenue is table.offre("cle:" + cle("X"))
    assert (tenue.cle, tenue.anciennes_cles) == (cle("2"), [cle("X")])


@pytest.mark.parametrize("premiere", [cle("X"), cle("1")])
def test_the_sites_of_one_action_do_not_melt_into_one(premiere: str) -> None:
    table = Table()
    autre = premiere.replace("#L01", "#L02")

    statuts = table.depot("d1", [avec_cle(1, premiere, **rco()), avec_cle(2, autre, **rco())])

    assert statuts == {1: ACCEPTEE, 2: ACCEPTEE}
    assert len(table.offres()) == 2
    assert table.codes(2) == {"ids_rco_partages"}


def test_an_offer_without_cle_takes_the_one_that_comes() -> None:
    table = Table()
    table.depot("d1", [ligne(1, **rco())])
    table.depot("d2", [avec_cle(1, cle(), **rco())])

    assert len(table.offres()) == 1
    assert table.offre("cle:" + cle()).cle == cle()


def test_a_line_without_cle_does_not_take_it_from_its_offer() -> None:
    table = Table()
    table.depot("d1", [avec_cle(1, cle(), **rco())])

    assert table.depot("d2", [ligne(1, **rco())]) == {1: IDENTIQUE}
    assert table.offre("cle:" + cle()).cle == cle()


def test_the_reference_of_a_depositor_is_its_own() -> None:
    table = Table()
    table.depot("d1", [ligne(1, reference="1")])
    table.depot("d2", [de("autre", 1, reference="1")], deposant="autre")

    assert len(table.offres()) == 2


def test_a_reference_that_names_another_offer_is_not_moved() -> None:
    table = Table()
    table.depot("d1", [avec_cle(1, cle("1"), reference="r")])

    assert table.depot("d2", [avec_cle(1, cle("2"), reference="r")]) == {1: StatutLigne.A_CORRIGER}
    assert table.codes(1) == {"alias_deja_pris"}
    assert table.offre("ref:cfa:r").cle == cle("1")


def test_the_offer_of_another_depositor_is_refused() -> None:
    table = Table()
    table.depot("d1", [avec_cle(1, cle())])

    assert table.depot("d2", [avec_cle(1, cle(), localite="x")], deposant="autre") == {1: REFUSEE}
    assert table.codes(1) == {"offre_d_un_autre_deposant"}


def test_a_withdrawn_offer_that_comes_back_is_the_same_one_again() -> None:
    table = Table()
    table.depot("d1", [avec_cle(1, cle())])
    tenue = table.offre("cle:" + cle())
    tenue.etat, tenue.sequence = Etat.RETIREE, 2

    assert table.depot("d2", [avec_cle(1, cle())]) == {1: ACCEPTEE}
    assert (tenue.etat, tenue.sequence) == (Etat.ACTIVE, 3)


def test_judging_again_a_batch_gives_the_same_outcome() -> None:
    lot = [avec_cle(1, cle(), **rco()), avec_cle(2, cle(), **rco()), ligne(3, **rco())]

    premier, second = Table(), Table()
    assert premier.depot("d", lot) == second.depot("d", lot)
    assert [j.constats for j in premier.decisions[0].lignes] == [
        j.constats for j in second.decisions[0].lignes
    ]


def test_the_event_says_what_the_contract_says() -> None:
    table = Table()
    table.depot("d1", [avec_cle(1, cle("X"), **rco())])
    table.depot("d2", [avec_cle(7, cle("2"), **rco())])

    evt = OffreV1.model_validate_json(evenement(table.offre("cle:" + cle("2"))))

    assert (evt.sequence, evt.anciennes_cles) == (2, [cle("X")])
    assert evt.origine is not None
    assert (evt.origine.depot, evt.origine.ligne) == ("d2", 7)
    assert evt.empreinte == empreinte(evt.offre.model_dump(exclude_defaults=True))


identifiants = st.fixed_dictionaries(
    {"localite": st.sampled_from("ab")},
    optional={
        "cle_ministere_educatif": st.sampled_from(
            [cle("X"), cle("1"), cle("2"), cle("X", "L02"), cle("1", "L02")]
        ),
        "id_action": st.sampled_from("AB"),
        "reference": st.sampled_from("rs"),
    },
)


@given(
    st.lists(st.lists(identifiants, max_size=6), max_size=4),
    st.lists(st.integers(0, 6), max_size=3),
)
def test_any_cut_of_deliveries_into_batches_gives_the_same_table_and_report(
    livraisons: list[list[dict[str, Any]]], coupes: list[int]
) -> None:
    entier, coupe = Table(), Table()
    for n, livraison in enumerate(livraisons):
        lignes = [ligne(rang, **offre) for rang, offre in enumerate(livraison, 1)]
        bornes = [0, *sorted(coupes), len(lignes)]
        lots = [lignes[a:b] for a, b in pairwise(bornes)]

        assert coupe.depot(f"d{n}", *lots) == entier.depot(f"d{n}", lignes)

        assert _etat(coupe) == _etat(entier)


@given(st.lists(identifiants, max_size=8), st.lists(st.integers(0, 8), max_size=3))
def test_a_delivery_made_twice_writes_nothing_the_second_time(
    livraison: list[dict[str, Any]], coupes: list[int]
) -> None:
    table = Table()
    lignes = [ligne(rang, **offre) for rang, offre in enumerate(livraison, 1)]
    bornes = [0, *sorted(coupes), len(lignes)]
    table.depot("d1", *[lignes[a:b] for a, b in pairwise(bornes)])
    avant = _etat(table)

    statuts = table.depot("d2", *[lignes[a:b] for a, b in pairwise(bornes)])

    assert table.ecrites() == []
    assert _etat(table) == avant
    assert set(statuts.values()) <= {IDENTIQUE, IGNOREE}


def _etat(table: Table) -> list[tuple[Any, ...]]:
    uniques = {id(tenue): tenue for tenue in table.vue.values()}.values()
    return sorted(
        (sorted(t.aliases), t.cle or "", t.contenu, t.etat, t.depot or "", t.ligne) for t in uniques
    )


def test_the_offers_whose_actions_a_new_one_bundles_are_named() -> None:
    table = Table()
    table.depot("d1", [ligne(1, **rco("A")), avec_cle(2, cle("1"), **rco("B"))])
    regroupee = rco("A|B|D", ids_action=["A", "B", "D"])

    table.depot("d2", [avec_cle(1, cle("2"), **regroupee)])

    (constat,) = [c for c in table.decisions[0].lignes[0].constats if "regroup" in c["code"]]
    assert constat["valeur"] == table.offre("rco:F|A|C").id


def test_previous_offers_are_those_whose_actions_are_all_there() -> None:
    existantes = {"1": ["1111", "2222", "0101"], "2": ["999"], "3": ["888", "555"], "4": []}

    assert precedentes(["999", "87654", "888", "0101", "555"], existantes) == ["2", "3"]


def test_an_action_under_another_cle_may_be_the_same_offer_moved() -> None:
    table = Table()
    table.depot("d1", [avec_cle(1, cle("1"), **rco())])

    table.depot("d2", [avec_cle(1, cle("1").replace("84007", "30007"), **rco())])

    (constat,) = table.decisions[0].lignes[0].constats
    assert constat["code"] == "ids_rco_partages"
    assert constat["confiance"] == "faible"
    assert "la commune" in constat["raison"]
    assert cle("1") in constat["proposition"]
