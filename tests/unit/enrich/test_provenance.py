"""Every value tells where it comes from."""

from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.formation import Formation
from contracts.offre import Offre
from services.enrich.domain.chargement import TABLES
from services.enrich.domain.editions import dater
from services.enrich.domain.enrichissement import enrichir
from services.enrich.domain.heritage import prise
from services.enrich.domain.provenance import (
    Nature,
    Provenance,
    adresses_du_lieu,
    provenances,
)
from services.enrich.domain.provenance_regles import REGLES
from tests.unit.enrich.fabrique import CAP_FERME, JOUR, SIRET_INCONNU, offre, references

RECUE_LE = "2020-11-16T08:00:00Z"
LE = datetime(2026, 1, 15, 8, tzinfo=UTC)


def _provenances(
    corrections: dict[str, Any] | None = None,
    **champs: Any,  # noqa: ANN401 - values of any kind
) -> dict[str, Provenance]:
    deposee = offre(**champs)
    editions = dater(corrections or {}, deposee, "cfa-nice", LE)
    formation, _ = enrichir(deposee, references(), JOUR, editions=editions)
    return provenances(formation, deposee, editions, RECUE_LE)


def test_every_field_of_a_formation_has_a_rule() -> None:
    assert set(REGLES) == set(Formation.model_fields)


def test_an_inherited_correction_names_whom_it_came_from() -> None:
    deposee = offre()
    corrigees = dater({"uai_formation": "0060001A"}, deposee, "cfa-nice", LE)
    edition = prise(corrigees, {}, deposee, "F0")
    assert edition is not None
    formation, _ = enrichir(deposee, references(), JOUR, editions={"uai_formation": edition})
    une = provenances(formation, deposee, {"uai_formation": edition}, RECUE_LE)["uai_formation"]

    assert (une.nature, une.auteur, une.heritee_de) == (Nature.CORRIGEE, "cfa-nice", "F0")


def test_rules_name_tables_and_fields_that_exist() -> None:
    tables = {table.nom for table in TABLES}
    for champ, regle in REGLES.items():
        assert set(regle.tables) <= tables, champ
        assert {*regle.sources, *regle.d_apres} <= set(Offre.model_fields), champ


@pytest.mark.parametrize(
    ("champ", "nature"),
    [
        ("cfd", Nature.COLLECTEE),
        ("intitule_long", Nature.CALCULEE),
        ("nom_academie", Nature.CALCULEE),
        ("etablissement_gestionnaire_uai", Nature.CALCULEE),
        ("etablissement_gestionnaire_siret", Nature.COLLECTEE),
        ("uai_formation", Nature.CALCULEE),
        ("capacite", Nature.ABSENTE),
        ("date_debut", Nature.COLLECTEE),
        ("cfd_remplace_par", Nature.ABSENTE),
    ],
)
def test_a_value_is_collected_computed_or_absent(champ: str, nature: Nature) -> None:
    assert _provenances()[champ].nature is nature


def test_a_collected_value_tells_when_the_offer_was_received() -> None:
    assert _provenances()["cfd"].le == RECUE_LE


def test_a_corrected_value_tells_what_the_source_says_when_and_by_whom() -> None:
    une = _provenances({"duree": "2"})["duree"]

    assert (une.nature, une.source, une.le, une.auteur) == (Nature.CORRIGEE, "3", LE, "cfa-nice")


def test_a_value_that_a_person_took_away_is_corrected_not_absent() -> None:
    assert _provenances({"annee": None})["annee"].nature is Nature.CORRIGEE


def test_a_computed_value_names_the_corrections_that_it_rests_on() -> None:
    une = _provenances({"cfd": CAP_FERME, "rncp_code": None})["intitule_long"]

    assert (une.nature, une.corriges) == (Nature.CALCULEE, ("cfd", "rncp_code"))


def test_an_absent_value_tells_whether_the_offer_or_the_tables_lack_it() -> None:
    assert "L'offre ne donne pas : capacite" in (_provenances()["capacite"].pourquoi or "")
    inconnu = _provenances(etablissement_formateur_siret=SIRET_INCONNU)
    assert inconnu["etablissement_formateur_enseigne"].pourquoi == (
        "Ce SIRET n'est pas dans les listes nationales en vigueur."
    )


def test_what_an_offer_does_not_carry_because_it_is_usual_is_collected() -> None:
    deposee = {nom: valeur for nom, valeur in offre().items() if nom != "published"}
    formation, _ = enrichir(deposee, references(), JOUR)

    assert provenances(formation, deposee, {}, RECUE_LE)["published"].nature is Nature.COLLECTEE


def test_an_attributed_key_is_computed() -> None:
    assert _provenances(cle_attribuee=True)["cle_ministere_educatif"].nature is Nature.CALCULEE


def test_a_corrected_address_stands_beside_the_declared_and_the_referenced_one() -> None:
    deposee = offre(lieu_formation_adresse="1 rue A")
    editions = dater({"lieu_formation_adresse": "2 rue B"}, deposee, "cfa-nice", LE)
    trouvees = adresses_du_lieu(deposee, editions, references(), {}, RECUE_LE)

    assert [(une.origine, une.adresse) for une in trouvees] == [
        ("declaree", "1 rue A"),
        ("corrigee", "2 rue B"),
        ("referencee", "1 RUE DE LA GARE"),
    ]
