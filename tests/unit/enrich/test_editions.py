"""A person's corrections: they hold, they are told, and a source that disagrees is shown."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from contracts.topics import AVANCEMENT, CONSTATS, FORMATIONS
from services.enrich.domain.causes import SYSTEME, Cause, Nature
from services.enrich.domain.editions import version
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.evenement import lire_evenement
from services.enrich.usecases.editer import Edition, editer
from services.enrich.usecases.enrichir import enrichir_lot
from services.enrich.usecases.reprendre import reprendre
from services.kernel.problem import Invalid, NotFound, PreconditionFailed
from tests.unit.enrich.fabrique import JOUR, evenement, offre, references
from tests.unit.enrich.magasin import Magasin

MAINTENANT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
ENRICHISSEUR = Enrichisseur(references(), JOUR)
UAI, AUTRE_UAI = "0060001A", "0060002B"


async def _deposer(magasin: Magasin, sequence: int = 1, **champs: Any) -> None:  # noqa: ANN401
    lu = lire_evenement(evenement(sequence=sequence, offre=offre(**champs)))
    await enrichir_lot([lu], ENRICHISSEUR, magasin, MAINTENANT)


async def _editer(magasin: Magasin, vue: str | None = None, **valeurs: Any) -> None:  # noqa: ANN401
    demande = Edition("F1", vue or _version(magasin), "cfa-nice", valeurs)
    await editer(demande, ENRICHISSEUR, magasin, MAINTENANT)


def _version(magasin: Magasin) -> str:
    tenue = magasin.tenues.get("F1")
    return version(tenue.tete.sequence, tenue.tete.editions) if tenue else "1"


def _uai(magasin: Magasin) -> str | None:
    uai: str | None = magasin.tenues["F1"].etat["formation"]["uai_formation"]
    return uai


def _codes(magasin: Magasin) -> set[str]:
    return {constat["code"] for constat in magasin.tenues["F1"].etat["constats"]}


async def test_an_edit_is_a_new_state_told_to_all_with_its_author() -> None:
    magasin = Magasin()
    await _deposer(magasin)
    await _editer(magasin, uai_formation=UAI)

    assert _uai(magasin) == UAI
    assert magasin.historique[-1][:2] == ("F1", 2)
    assert magasin.historique[-1][2]["uai_formation"][1] == UAI
    derniere = [event for event in magasin.evenements if event.topic == FORMATIONS][-1]
    assert orjson.loads(derniere.data)["formation"]["uai_formation"] == UAI


async def test_an_edit_survives_the_next_delivery_and_a_recomputation() -> None:
    magasin = Magasin()
    await _deposer(magasin)
    await _editer(magasin, uai_formation=UAI)
    await _deposer(magasin, sequence=2, capacite="12")
    await reprendre(["F1"], ENRICHISSEUR, magasin, Cause(Nature.REFERENCES, SYSTEME), MAINTENANT)

    assert _uai(magasin) == UAI
    assert "edition_en_conflit" not in _codes(magasin)


async def test_a_source_that_comes_to_say_a_third_thing_is_a_conflict_and_the_edit_holds() -> None:
    magasin = Magasin()
    await _deposer(magasin)
    await _editer(magasin, uai_formation=UAI)
    await _deposer(magasin, sequence=2, uai_formation=AUTRE_UAI)

    assert _uai(magasin) == UAI
    assert "edition_en_conflit" in _codes(magasin)


async def test_a_source_that_comes_to_agree_is_no_conflict() -> None:
    magasin = Magasin()
    await _deposer(magasin)
    await _editer(magasin, uai_formation=UAI)
    await _deposer(magasin, sequence=2, uai_formation=UAI)

    assert "edition_en_conflit" not in _codes(magasin)


async def test_an_edit_that_changes_nothing_holds_when_the_source_moves() -> None:
    magasin = Magasin()
    await _deposer(magasin, capacite="12")
    await _editer(magasin, capacite="12")
    await _deposer(magasin, sequence=2, capacite="20")

    assert magasin.tenues["F1"].etat["formation"]["capacite"] == "12"


async def test_an_edit_made_again_changes_nothing_and_keeps_its_first_author() -> None:
    magasin = Magasin()
    await _deposer(magasin)
    await _editer(magasin, uai_formation=UAI)
    lue, entrees = _version(magasin), len(magasin.historique)
    demande = Edition("F1", lue, "rectorat", {"uai_formation": UAI})
    await editer(demande, ENRICHISSEUR, magasin, MAINTENANT.replace(hour=5))

    assert (_version(magasin), len(magasin.historique)) == (lue, entrees)


async def test_an_edit_confirmed_against_another_source_ends_the_conflict() -> None:
    magasin = Magasin()
    await _deposer(magasin)
    await _editer(magasin, uai_formation=UAI)
    await _deposer(magasin, sequence=2, uai_formation=AUTRE_UAI)
    await _editer(magasin, uai_formation=UAI)

    assert "edition_en_conflit" not in _codes(magasin)


async def test_giving_up_an_edit_brings_back_what_the_source_says() -> None:
    magasin = Magasin()
    await _deposer(magasin)
    await _editer(magasin, uai_formation=UAI)
    demande = Edition("F1", _version(magasin), "cfa-nice", {}, frozenset({"uai_formation"}))
    await editer(demande, ENRICHISSEUR, magasin, MAINTENANT)
    await _deposer(magasin, sequence=2, uai_formation=AUTRE_UAI)

    assert _uai(magasin) == AUTRE_UAI


async def test_an_edit_of_what_has_changed_since_is_refused_with_the_present_version() -> None:
    magasin = Magasin()
    await _deposer(magasin)
    await _deposer(magasin, sequence=2, capacite="12")

    with pytest.raises(PreconditionFailed) as refus:
        await _editer(magasin, vue="1", uai_formation=UAI)
    assert refus.value.extra == {"sequence": 2}
    assert _uai(magasin) != UAI


async def test_an_edit_that_changes_no_state_is_a_new_version_all_the_same() -> None:
    magasin = Magasin()
    await _deposer(magasin)
    lue = _version(magasin)
    await _editer(magasin, etablissement_formateur_courriel="a@cfa.fr")

    with pytest.raises(PreconditionFailed):
        await _editer(magasin, lue, etablissement_formateur_courriel="b@cfa.fr")


async def test_no_event_on_formations_quotes_an_address() -> None:
    magasin = Magasin()
    await _deposer(magasin, etablissement_formateur_courriel="collecte@cfa.fr")
    await _editer(magasin, etablissement_formateur_courriel="corrige@cfa.fr")
    mal_forme = {"code": "courriel_mal_forme", "champ": "etablissement_gestionnaire_courriel"}
    donnees = evenement(
        sequence=2,
        offre=offre(etablissement_formateur_courriel="autre@cfa.fr"),
        constats=[{**mal_forme, "valeur": "ecrit@cfa.fr."}],
    )
    await enrichir_lot([lire_evenement(donnees)], ENRICHISSEUR, magasin, MAINTENANT)

    assert {"edition_en_conflit", "courriel_mal_forme"} <= _codes(magasin)
    publies = [event.data for event in magasin.evenements if event.topic == FORMATIONS]
    assert publies
    assert all(b"@" not in donnees for donnees in publies)


async def test_what_identifies_an_offer_is_not_edited() -> None:
    magasin = Magasin()
    await _deposer(magasin)

    with pytest.raises(Invalid):
        await _editer(magasin, cle_ministere_educatif="autre")


async def test_an_unknown_formation_is_not_found() -> None:
    with pytest.raises(NotFound):
        await _editer(Magasin(), uai_formation=UAI)


async def test_a_recomputation_that_changes_nothing_leaves_no_trace() -> None:
    magasin = Magasin()
    await _deposer(magasin)
    avant = len(magasin.evenements), list(magasin.historique)
    await reprendre(["F1"], ENRICHISSEUR, magasin, Cause(Nature.JOUR, SYSTEME), MAINTENANT)

    assert (len(magasin.evenements), magasin.historique) == avant


async def test_other_tables_change_what_they_touch_and_no_depositor_is_told() -> None:
    magasin = Magasin()
    await _deposer(magasin)
    ailleurs = Enrichisseur(references(communes=[]), JOUR)
    deja = len(magasin.evenements)
    await reprendre(["F1"], ailleurs, magasin, Cause(Nature.REFERENCES, SYSTEME), MAINTENANT)

    nouveaux = magasin.evenements[deja:]
    assert [event.topic for event in nouveaux] == [FORMATIONS]
    assert not {AVANCEMENT, CONSTATS} & {event.topic for event in nouveaux}
    assert magasin.tenues["F1"].tete.sequence == 2
