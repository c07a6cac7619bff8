"""Applying batches: states, sequences, history, events and reports."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.empreinte import empreinte
from contracts.evenements import AvancementV1, ConstatsV1, FormationV1
from contracts.topics import AVANCEMENT, CONSTATS, FORMATIONS, Topic
from services.enrich.domain.application import Plan
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.usecases.enrichir import enrichir_lot
from services.enrich.usecases.reemettre import reemettre
from tests.unit.enrich.fabrique import JOUR, UAI_CONNU, evenement, offre, references
from tests.unit.enrich.magasin import Magasin

MAINTENANT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
ENRICHISSEUR = Enrichisseur(references(), JOUR)


async def _appliquer(magasin: Magasin, *evenements: dict[str, Any]) -> Plan:
    lus = [lire_evenement(donnees) for donnees in evenements]
    return await enrichir_lot(lus, ENRICHISSEUR, magasin, MAINTENANT)


def _donnees(magasin: Magasin, topic: Topic) -> list[dict[str, Any]]:
    return [orjson.loads(event.data) for event in magasin.evenements if event.topic == topic]


def _etapes(magasin: Magasin) -> dict[str, list[list[int]]]:
    return {donnees["etape"]: donnees["lignes"] for donnees in _donnees(magasin, AVANCEMENT)}


async def test_a_new_offer_becomes_a_formation_and_an_event() -> None:
    magasin = Magasin()
    await _appliquer(magasin, evenement())

    (donnees,) = _donnees(magasin, FORMATIONS)
    formation = FormationV1.model_validate(donnees)
    assert (formation.id, formation.sequence, formation.etat.value) == ("F1", 1, "active")
    assert formation.modifiee_le == MAINTENANT
    assert formation.formation.niveau == "4 (BAC...)"
    assert magasin.historique == []


async def test_the_digest_is_that_of_the_state_without_sequence_origin_and_time() -> None:
    magasin = Magasin()
    await _appliquer(magasin, evenement())

    (donnees,) = _donnees(magasin, FORMATIONS)
    autour = {"id", "sequence", "empreinte", "modifiee_le", "retiree_le", "origine"}
    etat = {nom: valeur for nom, valeur in donnees.items() if nom not in autour}
    assert donnees["empreinte"] == empreinte(etat)


async def test_a_change_tells_what_changed_and_bumps_the_sequence() -> None:
    magasin = Magasin()
    await _appliquer(magasin, evenement())
    await _appliquer(magasin, evenement(sequence=2, offre=offre(capacite="12", annee="2")))

    ((nom, sequence, champs),) = magasin.historique
    assert (nom, sequence) == ("F1", 2)
    assert champs["capacite"] == [None, "12"]
    assert champs["annee"] == ["1", "2"]
    assert set(champs) == {"capacite", "annee", "bcn_mefs_10"}


async def test_the_same_state_makes_no_event_and_keeps_the_sequence() -> None:
    magasin = Magasin()
    await _appliquer(magasin, evenement())
    await _appliquer(magasin, evenement(sequence=2))

    assert len(_donnees(magasin, FORMATIONS)) == 1
    tete = magasin.tenues["F1"].tete
    assert (tete.sequence, tete.offre_sequence) == (1, 2)


async def test_the_later_stages_of_what_goes_no_further_are_closed_at_once() -> None:
    magasin = Magasin()
    await _appliquer(magasin, evenement())
    assert _etapes(magasin) == {"enrichie": [[1, 1]]}

    magasin.evenements.clear()
    await _appliquer(magasin, evenement(sequence=2))
    assert _etapes(magasin) == {"enrichie": [[2, 2]], "indexee": [[2, 2]], "evaluee": [[2, 2]]}


async def test_older_never_overwrites_newer_and_is_still_reported() -> None:
    magasin = Magasin()
    await _appliquer(magasin, evenement(sequence=2, offre=offre(capacite="2")))
    magasin.evenements.clear()
    await _appliquer(magasin, evenement(sequence=1, offre=offre(capacite="1")))

    assert magasin.tenues["F1"].etat["formation"]["capacite"] == "2"
    assert _donnees(magasin, FORMATIONS) == []
    assert _etapes(magasin) == {"enrichie": [[1, 1]]}


async def test_the_same_sequence_with_another_digest_is_a_repair() -> None:
    magasin = Magasin()
    await _appliquer(magasin, evenement())
    plan = await _appliquer(magasin, evenement(empreinte="autre", offre=offre(capacite="12")))

    assert plan.reparations == 1
    assert magasin.tenues["F1"].etat["formation"]["capacite"] == "12"


async def test_a_withdrawal_is_a_state_with_its_day_and_reason() -> None:
    magasin = Magasin()
    await _appliquer(magasin, evenement())
    await _appliquer(magasin, evenement(sequence=2, operation="retrait", motif="fermeture"))

    donnees = _donnees(magasin, FORMATIONS)[-1]
    assert (donnees["etat"], donnees["motif_retrait"]) == ("retiree", "fermeture")
    assert donnees["retiree_le"] == "2020-11-16T08:00:00Z"
    assert magasin.historique[0][2] == {
        "etat": ["active", "retiree"],
        "motif_retrait": [None, "fermeture"],
    }


async def test_a_withdrawal_that_came_first_is_not_undone_by_the_deposit_before_it() -> None:
    magasin = Magasin()
    await _appliquer(magasin, evenement(sequence=2, operation="retrait"))
    await _appliquer(magasin, evenement(sequence=1))

    assert magasin.tenues["F1"].etat["etat"] == "retiree"


async def test_a_succession_marks_both_ends() -> None:
    magasin = Magasin()
    await _appliquer(
        magasin,
        evenement("A", 2, operation="succession", remplacee_par="B", origine=None),
        evenement("B", 2, operation="succession", predecesseurs=["A"], anciennes_cles=["clé A"]),
    )

    assert magasin.tenues["A"].etat["etat"] == "remplacee"
    assert magasin.tenues["B"].etat["predecesseurs"] == ["A"]
    assert magasin.tenues["B"].etat["formation"]["anciennes_cles"] == ["clé A"]


async def test_a_dry_run_leaves_no_other_trace_than_its_answer() -> None:
    magasin = Magasin()
    await _appliquer(magasin, evenement(essai=True))

    assert magasin.tenues == {}
    (reponse,) = _donnees(magasin, CONSTATS)
    assert ConstatsV1.model_validate(reponse).essai
    assert set(_etapes(magasin)) == {"enrichie", "indexee", "evaluee"}


async def test_each_line_is_answered_with_its_status_and_findings() -> None:
    magasin = Magasin()
    blocage = {"code": "cle_absente", "champ": None, "valeur": None, "proposition": None}
    await _appliquer(
        magasin,
        evenement("A", origine={"depot": "D1", "ligne": 1}),
        evenement("B", origine={"depot": "D1", "ligne": 2}, offre=offre(rncp_code="RNCP999")),
        evenement("C", origine={"depot": "D2", "ligne": 1}, constats=[blocage]),
    )

    reponses = {
        (lot["depot"], ligne["ligne"]): (ligne["statut"], [c["code"] for c in ligne["constats"]])
        for lot in _donnees(magasin, CONSTATS)
        for ligne in lot["lignes"]
    }
    assert reponses == {
        ("D1", 1): ("acceptee", []),
        ("D1", 2): ("a_corriger", ["rncp_inconnu"]),
        ("D2", 1): ("a_corriger", []),
    }


async def test_the_findings_of_collect_stay_with_the_formation() -> None:
    magasin = Magasin()
    constat = {"code": "cle_absente", "champ": None, "valeur": None, "proposition": None}
    await _appliquer(magasin, evenement(constats=[constat]))

    assert _donnees(magasin, FORMATIONS)[0]["constats"] == [constat]


async def test_a_finding_of_collect_is_told_again_with_the_proposal_of_the_tables() -> None:
    magasin = Magasin()
    nu = {"code": "uai_mal_forme", "champ": "etablissement_formateur_uai", "valeur": "?"}
    autre = {"code": "cle_absente"}
    await _appliquer(magasin, evenement(constats=[autre, nu]))

    (ligne,) = _donnees(magasin, CONSTATS)[0]["lignes"]
    (complete,) = ligne["completes"]
    assert complete["correction"] == {"etablissement_formateur_uai": UAI_CONNU}
    assert complete not in ligne["constats"]
    assert _donnees(magasin, FORMATIONS)[0]["constats"][:2] == [autre, complete]


async def test_what_no_line_caused_is_reported_to_nobody() -> None:
    magasin = Magasin()
    await _appliquer(magasin, evenement(origine=None))

    assert {event.topic for event in magasin.evenements} == {FORMATIONS}


async def test_a_report_made_again_is_the_same_event() -> None:
    magasin = Magasin()
    await _appliquer(magasin, evenement())
    await _appliquer(magasin, evenement())

    noms = [event.id for event in magasin.evenements if event.topic != FORMATIONS]
    assert len(noms) == 4
    assert len(set(noms)) == 2


async def test_a_large_batch_is_answered_in_events_that_a_broker_takes() -> None:
    magasin = Magasin()
    await _appliquer(
        magasin,
        *(evenement(f"F{n}", origine={"depot": "D1", "ligne": n}) for n in range(1, 1001)),
    )

    lots = [ConstatsV1.model_validate(donnees) for donnees in _donnees(magasin, CONSTATS)]
    assert [len(lot.lignes) for lot in lots] == [250] * 4
    (avancement,) = _donnees(magasin, AVANCEMENT)
    assert AvancementV1.model_validate(avancement).lignes == [(1, 1000)]


async def test_a_state_sent_again_is_the_same_event() -> None:
    magasin = Magasin()
    await _appliquer(magasin, evenement())
    trouvees = await reemettre(["F1", "INCONNUE"], magasin, MAINTENANT)

    premiere, seconde = [event for event in magasin.evenements if event.topic == FORMATIONS]
    assert trouvees == ["F1"]
    assert (seconde.id, seconde.sequence, seconde.data) == (
        premiere.id,
        premiere.sequence,
        premiere.data,
    )


_VARIANTES = st.sampled_from(["1", "2", "3"])
_HISTOIRES = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(["depot", "retrait"]), _VARIANTES),
    min_size=1,
    max_size=8,
)


def _numeroter(histoire: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
    sequences: dict[str, int] = {}
    evenements = []
    for ligne, (nom, operation, capacite) in enumerate(histoire, start=1):
        sequences[nom] = sequences.get(nom, 0) + 1
        evenements.append(
            evenement(
                nom,
                sequences[nom],
                operation=operation,
                offre=offre(capacite=capacite),
                origine={"depot": "D1", "ligne": ligne},
            )
        )
    return evenements


def _resultat(magasin: Magasin) -> Any:  # noqa: ANN401 - compared as a whole
    return (
        {
            nom: (tenue.tete.sequence, tenue.tete.empreinte, tenue.tete.offre_sequence)
            for nom, tenue in magasin.tenues.items()
        },
        sorted(magasin.historique, key=lambda entree: entree[:2]),
    )


@given(_HISTOIRES, st.lists(st.integers(1, 3), min_size=8, max_size=8), st.booleans())
@settings(deadline=None)
async def test_states_and_history_do_not_depend_on_batches_nor_on_repetition(
    histoire: list[tuple[str, str, str]], tailles: list[int], rejoue: bool
) -> None:
    evenements = _numeroter(histoire)
    attendu = Magasin()
    for donnees in evenements:
        await _appliquer(attendu, donnees)

    magasin = Magasin()
    reste = list(evenements)
    for taille in tailles:
        lot, reste = reste[:taille], reste[taille:]
        if lot:
            await _appliquer(magasin, *lot, *(lot if rejoue else ()))
    assert _resultat(magasin) == _resultat(attendu)


@given(st.permutations(range(6)))
@settings(deadline=None)
async def test_any_order_ends_in_the_newest_state(ordre: list[int]) -> None:
    evenements = _numeroter([("A", "depot", str(n % 3 + 1)) for n in range(6)])
    magasin = Magasin()
    for rang in ordre:
        await _appliquer(magasin, evenements[rang])

    assert magasin.tenues["A"].tete.offre_sequence == 6
    assert magasin.tenues["A"].etat["formation"]["capacite"] == "3"
