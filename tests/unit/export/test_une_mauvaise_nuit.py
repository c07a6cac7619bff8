"""« One bad night » (domain.md §7 a): whatever it delivers, the good one finds all as it was."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.statuts import Plateforme
from services.export.domain.projections import FAITS, planifier, reevaluer
from services.export.domain.statut import Decision, Retour
from tests.unit.export.fabrique import INSTANT, evenement, juge, offre, regle
from tests.unit.export.test_statut import DECISIONS, RETOURS

JUGE = juge(regle(), regle(Plateforme.AFFELNET, id="a"))
SANS_REGLES = juge()

MAUVAISES: Final[Mapping[str, dict[str, Any]]] = {
    "hors du flux": {"formation": {"published": False}},
    "retirée": {"etat": "retiree"},
    "hors du catalogue": {"formation": {"catalogue_published": False}},
    "sans session": {"formation": {"date_debut": []}},
    "périmée": {"formation": {"cfd_outdated": True}},
    "d'un autre diplôme": {"formation": {"diplome": "AUTRE", "niveau": None}},
    "bloquée": {"constats": [{"code": "certification_inconnue", "champ": "cfd", "valeur": "x"}]},
    "vidée": {"formation": dict.fromkeys(offre())},
}
"""What a wrong delivery makes of an offer."""


def nuit(plateforme: Plateforme, sequence: int, mauvaise: dict[str, Any]) -> dict[str, Any]:
    """Return an offer of a platform as a night delivers it."""
    contenu = offre(plateforme) | mauvaise.get("formation", {})
    reste = {nom: valeur for nom, valeur in mauvaise.items() if nom != "formation"}
    return evenement("A" * 26, sequence, formation=contenu, **reste)


@settings(deadline=None)
@given(
    st.sampled_from(Plateforme),
    DECISIONS,
    RETOURS,
    st.lists(st.sampled_from(sorted(MAUVAISES)), min_size=1, max_size=4),
    st.booleans(),
)
def test_the_good_night_finds_everything_as_it_was(
    plateforme: Plateforme,
    prise: Decision | None,
    recu: Retour | None,
    nuits: list[str],
    sans_regles: bool,
) -> None:
    """Facts are the same object to object, statuses and explanations are the same again."""
    nom = plateforme.value
    (document,) = planifier([nuit(plateforme, 1, {})], {}, JUGE, INSTANT).nouvelles
    document["decisions"] = {nom: asdict(prise)} if prise else {}
    document["retours"] = {nom: asdict(recu)} if recu else {}
    (document,) = reevaluer([document], JUGE, INSTANT).remplacees or [document]
    montrait = document["publication"]["plateformes"]
    faits = {fait: document[fait] for fait in FAITS if fait in document and fait != "publication"}
    for rang, mauvaise in enumerate(nuits):
        instant = INSTANT + timedelta(days=rang + 1)
        arrivee = nuit(plateforme, rang + 2, MAUVAISES[mauvaise])
        (document,) = planifier([arrivee], {document["_id"]: document}, JUGE, instant).remplacees
        if sans_regles:  # a sweep in the middle of it, under rules lost as well
            (document,) = reevaluer([document], SANS_REGLES, instant).remplacees or [document]
        assert {fait: document[fait] for fait in faits} == faits

    bonne = nuit(plateforme, len(nuits) + 2, {})
    (document,) = planifier([bonne], {document["_id"]: document}, JUGE, INSTANT).remplacees

    assert document["publication"]["plateformes"] == montrait
    assert {fait: document[fait] for fait in faits} == faits
