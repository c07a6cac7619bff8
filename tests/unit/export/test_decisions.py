"""What an instructor may do: the table of domain.md §3.5 and the motifs."""

from functools import partial

import pytest

from contracts.statuts import STATUTS, Plateforme, Statut
from services.export.domain.decisions import (
    PUBLIABLES,
    REFUSABLES,
    DecisionRefusee,
    publier,
    refuser,
)
from services.export.domain.motifs import MOTIFS, Motif, trouver

UAI = "0840001X"
_PAIRES = [(plateforme, statut) for plateforme in Plateforme for statut in STATUTS[plateforme]]


def motif_de(plateforme: Plateforme) -> Motif:
    return next(m for m in MOTIFS if plateforme in m.plateformes and not m.obligatoire)


@pytest.mark.parametrize(("plateforme", "statut"), _PAIRES)
def test_only_the_transitions_of_the_table_exist(plateforme: Plateforme, statut: Statut) -> None:
    for ensemble, essai in (
        (PUBLIABLES, partial(publier, plateforme, statut, UAI)),
        (REFUSABLES, partial(refuser, plateforme, statut, motif_de(plateforme), None)),
    ):
        if statut in ensemble[plateforme]:
            assert essai() in (Statut.PRET, Statut.PUBLIE, Statut.NON_PUBLIE, Statut.EN_ATTENTE)
        else:
            with pytest.raises(DecisionRefusee) as refus:
                essai()
            assert refus.value.code == "transition_impossible"


@pytest.mark.parametrize("statut", [Statut.NON_PUBLIABLE, Statut.A_DEFINIR])
def test_nothing_is_decided_where_the_rules_say_no(statut: Statut) -> None:
    for plateforme in Plateforme:
        assert statut not in PUBLIABLES[plateforme] | REFUSABLES[plateforme]


@pytest.mark.parametrize("uai", [None, "", "084001X", "0840001XX"])
def test_publishing_needs_a_uai_of_eight_characters(uai: str | None) -> None:
    with pytest.raises(DecisionRefusee, match="UAI"):
        publier(Plateforme.PARCOURSUP, Statut.A_PUBLIER, uai)


@pytest.mark.parametrize("motif", [m for m in MOTIFS if m.obligatoire], ids=lambda m: m.code)
def test_a_mandatory_precision_is_asked_for(motif: Motif) -> None:
    plateforme = motif.plateformes[0]
    for precision in (None, "  "):
        with pytest.raises(DecisionRefusee, match="précision"):
            refuser(plateforme, Statut.A_PUBLIER, motif, precision)
    assert refuser(plateforme, Statut.A_PUBLIER, motif, "dite") is motif.statut


def test_motifs_are_found_by_code_and_by_every_label() -> None:
    assert len({motif.code for motif in MOTIFS}) == len(MOTIFS) == 20
    for motif in MOTIFS:
        assert trouver(motif.code) is trouver(motif.libelle) is motif
