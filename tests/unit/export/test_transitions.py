"""Commands: no transition outside the table, and what each empties or fills (§3.5, §3.6)."""

import pytest

from contracts.statuts import STATUTS, Plateforme, Statut
from services.export.domain.decisions import PUBLIABLES, REFUSABLES, DecisionRefusee
from services.export.domain.liens_affelnet import CHAMPS, controler, lien_admis
from services.export.domain.motifs import MOTIFS
from services.export.domain.remplacements import Engagee, remplacer
from services.export.domain.transitions import (
    FORCABLES,
    REINITIALISABLES,
    demander_publication,
    forcer_envoi,
    refuser_publication,
    reinitialiser,
)

UAI = "0551031X"
PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET


@pytest.mark.parametrize("plateforme", Plateforme)
def test_a_command_is_possible_exactly_where_the_table_says_so(plateforme: Plateforme) -> None:
    motif = next(un for un in MOTIFS if plateforme in un.plateformes)
    commandes = (
        (PUBLIABLES[plateforme], lambda s: demander_publication(plateforme, s, UAI)),
        (REFUSABLES[plateforme], lambda s: refuser_publication(plateforme, s, motif, "précisée")),
        (FORCABLES, forcer_envoi),
        (REINITIALISABLES, lambda s: reinitialiser(s, Statut.A_PUBLIER, "pourquoi")),
    )
    for admis, commande in commandes:
        for statut in STATUTS[plateforme]:
            if statut in admis:
                commande(statut)
            else:
                with pytest.raises(DecisionRefusee) as refus:
                    commande(statut)
                assert refus.value.code == "transition_impossible"


def test_on_affelnet_a_published_offer_takes_texts_alone() -> None:
    assert demander_publication(AF, Statut.PUBLIE, UAI).seuls == CHAMPS


def test_a_reinitialisation_says_why() -> None:
    with pytest.raises(DecisionRefusee):
        reinitialiser(Statut.ECHEC, Statut.A_PUBLIER, "  ")


@pytest.mark.parametrize(
    "lien",
    [
        "https://www.ac-lyon.fr/x",
        "http://onisep.fr",
        "https://a.region-academique-occitanie.fr",
        "https://A.ENT.Bretagne.FR/",
        "https://x.index-education.net",
    ],
)
def test_links_of_the_allowed_hosts_are_admitted(lien: str) -> None:
    assert lien_admis(lien)


@pytest.mark.parametrize(
    "lien",
    [
        "https://ac-lyon.fr/x",
        "https://sous.onisep.fr",
        "https://onisep.fr.evil.example/",
        "https://evil.example\\.ac-lyon.fr",
        "https://www.ac-lyon.fr@evil.example/",
        "https://xac-lyon.fr",
        "https://.ac-lyon.fr",
        "javascript:alert(1)//www.ac-lyon.fr",
        "https://[",
        "",
    ],
)
def test_other_links_are_not(lien: str) -> None:
    assert not lien_admis(lien)


@pytest.mark.parametrize(
    "saisie",
    [
        {"infos_offre": "x" * 1_001},
        {"url_infos_offre": "https://onisep.fr/" + "x" * 250},
        {"url_modalites_offre": "https://evil.example"},
    ],
)
def test_texts_and_links_are_bounded(saisie: dict[str, str]) -> None:
    with pytest.raises(DecisionRefusee):
        controler(saisie)


def test_texts_within_bounds_are_taken() -> None:
    controler({"infos_offre": "x" * 1_000, "url_infos_offre": "https://onisep.fr", "autre": None})


def test_a_replacement_is_treated_on_each_platform_apart() -> None:
    ancienne = Engagee(Statut.PUBLIE, perimetre=True)
    nouvelle = Engagee(Statut.A_PUBLIER, perimetre=True)
    traitee = Engagee(Statut.PRET, perimetre=True, traitee=True)

    for plateforme in (PS, AF):
        fait = remplacer(plateforme, nouvelle, [ancienne], envoi_actif=True)
        assert fait is not None
        assert fait.statut == Statut.PRET
        assert remplacer(plateforme, traitee, [ancienne], envoi_actif=True) is None
        assert remplacer(plateforme, nouvelle, [ancienne] * 2, envoi_actif=True) is None


def test_what_was_neither_published_nor_in_the_perimeter_is_left_as_it_is() -> None:
    ancienne = Engagee(Statut.A_PUBLIER, perimetre=False)
    nouvelle = Engagee(Statut.A_PUBLIER, perimetre=True)
    fait = remplacer(AF, nouvelle, [ancienne], envoi_actif=True)

    assert fait is not None
    assert (fait.statut, fait.ecarte_l_ancienne) == (None, False)
