"""Commands and the list of actions: one judgement, and no transition outside the table (§3.5)."""

import itertools
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.droits import Droit, peut
from contracts.portees import Role
from contracts.statuts import STATUTS, Plateforme, Statut
from services.export.domain.acces import AccesRefuse, Acteur
from services.export.domain.actions import actions
from services.export.domain.commandes import (
    COMMANDES,
    DROITS,
    Commande,
    Saisie,
    Situation,
    Verdict,
    juger,
)
from services.export.domain.decisions import DecisionRefusee
from services.export.domain.motifs import MOTIFS, Motif
from tests.unit.export.fabrique import INSTANT

PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET
NON, ATTENTE, PRET = Statut.NON_PUBLIE, Statut.EN_ATTENTE, Statut.PRET
_PUBLIABLES_PS: Final = frozenset(STATUTS[PS]) - {
    Statut.NON_PUBLIABLE, PRET, Statut.PUBLIE, Statut.ECHEC,
}  # fmt: skip
_REFUSABLES_PS: Final = frozenset(STATUTS[PS]) - {Statut.NON_PUBLIABLE, Statut.ECHEC}
_AFFELNET: Final = frozenset(STATUTS[AF]) - {Statut.NON_PUBLIABLE, Statut.A_DEFINIR}
_REJET: Final = frozenset({Statut.REJET})
_TABLE: Final[dict[tuple[Plateforme, Commande], tuple[frozenset[Statut], frozenset[Statut]]]] = {
    (PS, Commande.PUBLIER): (_PUBLIABLES_PS, frozenset({PRET})),
    (PS, Commande.REFUSER): (_REFUSABLES_PS, frozenset({NON, ATTENTE})),
    (PS, Commande.FORCER): (frozenset({Statut.ECHEC, Statut.FERME, PRET}), frozenset({PRET})),
    (PS, Commande.REINITIALISER): (
        frozenset({Statut.ECHEC, Statut.PUBLIE, Statut.REJET}),
        frozenset({Statut.A_PUBLIER}),  # what the rules say in `situation`
    ),
    (PS, Commande.PRENDRE_REJET): (_REJET, _REJET),
    (PS, Commande.RENDRE_REJET): (_REJET, _REJET),
    (AF, Commande.PUBLIER): (_AFFELNET - {Statut.PUBLIE}, frozenset({PRET})),
    (AF, Commande.REFUSER): (_AFFELNET, frozenset({NON, ATTENTE})),
}
_INCHANGES: Final = {
    (AF, Commande.PUBLIER): frozenset({Statut.PUBLIE}),
    (AF, Commande.ECRIRE_TEXTES): frozenset({PRET, Statut.PUBLIE}),
}


def table(plateforme: Plateforme, commande: Commande, depuis: Statut) -> frozenset[Statut]:
    """Return where the table lets a command lead from a status; nowhere when it refuses it."""
    if depuis in _INCHANGES.get((plateforme, commande), ()):
        return frozenset({depuis})
    admis, vers = _TABLE.get((plateforme, commande), (frozenset(), frozenset()))
    return vers if depuis in admis else frozenset()


def essai(
    commande: Commande, vue: Situation, qui: Acteur, saisie: Saisie | None = None
) -> Verdict | DecisionRefusee:
    try:
        return juger(commande, vue, qui, saisie)
    except DecisionRefusee as refus:
        return refus


def situation(plateforme: Plateforme, statut: Statut, **parties: object) -> Situation:
    faits = {
        "selon_regles": Statut.A_PUBLIER,
        "uai_formation": "0840001X",
        "academie": "12",
        "tenu_par": None,
    } | parties
    return Situation(plateforme, statut, **faits)  # type: ignore[arg-type]


def acteur(role: str, *, couvre: bool = True, titulaire: str = "moi") -> Acteur:
    return Acteur(titulaire, lambda _: couvre, role)


@given(
    plateforme=st.sampled_from(Plateforme),
    role=st.sampled_from(Role),
    couvre=st.booleans(),
    motif=st.sampled_from(MOTIFS),
    uai=st.sampled_from(["0840001X", None, "084001X"]),
    data=st.data(),
)
def test_no_command_leads_where_the_table_does_not(
    plateforme: Plateforme,
    role: Role,
    couvre: bool,
    motif: Motif,
    uai: str | None,
    data: st.DataObject,
) -> None:
    commande = data.draw(st.sampled_from(Commande))
    depuis = data.draw(st.sampled_from(STATUTS[plateforme]))
    textes: dict[str, str | None] | None = {} if commande is Commande.ECRIRE_TEXTES else None
    issue = essai(
        commande,
        situation(plateforme, depuis, uai_formation=uai),
        acteur(role, couvre=couvre),
        Saisie(motif.code, "précisée", "pourquoi", textes),
    )
    if isinstance(issue, DecisionRefusee):
        assert issue.raison
        assert issue.que_faire
    else:
        assert couvre
        assert any(peut(role, droit, plateforme) for droit in DROITS[commande])
        assert issue.statut in table(plateforme, commande, depuis)


@pytest.mark.parametrize("plateforme", Plateforme)
def test_an_administrator_may_all_that_the_table_lets(plateforme: Plateforme) -> None:
    admin = acteur(Role.ADMINISTRATEUR)
    for commande, depuis in itertools.product(COMMANDES[plateforme], STATUTS[plateforme]):
        tenu_par = "un autre" if commande is Commande.RENDRE_REJET else None
        vue = situation(plateforme, depuis, tenu_par=tenu_par)
        permise = isinstance(essai(commande, vue, admin), Verdict)
        assert permise == bool(table(plateforme, commande, depuis))


def document(statut: Statut, **faits: object) -> dict[str, object]:
    plateformes = {un.value: {"statut": statut.value} for un in Plateforme}
    return {
        "_id": "A",
        "projection": {"num_academie": "12", "uai_formation": "0840001X"},
        "publication": {"plateformes": plateformes},
        "eligibilites": {un.value: {"statut": "à publier"} for un in Plateforme},
        **faits,
    }


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("statut", STATUTS[PS])
def test_an_action_is_listed_with_what_the_command_would_answer(role: Role, statut: Statut) -> None:
    qui = acteur(role)
    for action in actions(document(statut), PS, qui):
        issue = essai(action.commande, situation(PS, statut), qui)
        assert action.possible == isinstance(issue, Verdict)
        if isinstance(issue, DecisionRefusee):
            dit = (issue.code, issue.raison, issue.que_faire)
            assert (action.code, action.raison, action.que_faire) == dit


def test_another_academie_may_nothing() -> None:
    for action in actions(document(Statut.A_PUBLIER), PS, acteur("instructeur", couvre=False)):
        assert not action.possible
        assert action.code in {"autre_academie", "droit_absent"}


@pytest.mark.parametrize(
    ("commande", "role", "tenu_par", "code"),
    [
        (Commande.PRENDRE_REJET, Role.INSTRUCTEUR_PARCOURSUP, None, None),
        (Commande.PRENDRE_REJET, Role.INSTRUCTEUR_PARCOURSUP, "un autre", "rejet_deja_pris"),
        (Commande.PRENDRE_REJET, Role.MOSS, "un autre", None),
        (Commande.PRENDRE_REJET, Role.LECTEUR_PARCOURSUP, None, "droit_absent"),
        (Commande.RENDRE_REJET, Role.INSTRUCTEUR_PARCOURSUP, "moi", None),
        (Commande.RENDRE_REJET, Role.INSTRUCTEUR_PARCOURSUP, "un autre", "rejet_d_un_autre"),
        (Commande.RENDRE_REJET, Role.ADMINISTRATEUR, "un autre", None),
        (Commande.RENDRE_REJET, Role.ADMINISTRATEUR, None, "rejet_libre"),
    ],
)
def test_a_rejection_is_taken_when_free_and_given_back_by_its_holder(
    commande: Commande, role: Role, tenu_par: str | None, code: str | None
) -> None:
    vue = situation(PS, Statut.REJET, tenu_par=tenu_par)
    if code is None:
        assert juger(commande, vue, acteur(role), None).statut is Statut.REJET
        return
    with pytest.raises(DecisionRefusee) as refus:
        juger(commande, vue, acteur(role), None)
    assert refus.value.code == code


def test_a_rejection_taken_before_the_last_answer_was_another_one() -> None:
    pris = {"parcoursup": {"pris_par": "un autre", "pris_le": INSTANT, "numero": 1}}
    plus_tard = INSTANT.replace(hour=9)
    retour = {"parcoursup": {"decision": 1, "recu_le": plus_tard, "statut": "rejet de publication"}}
    (action,) = (
        une
        for une in actions(
            document(Statut.REJET, rejets=pris, retours=retour), PS, acteur("instructeur")
        )
        if une.commande is Commande.PRENDRE_REJET
    )
    assert action.possible


def test_the_moss_reinitialises_and_forces_nothing() -> None:
    vue = situation(PS, Statut.ECHEC)
    assert juger(Commande.REINITIALISER, vue, acteur(Role.MOSS), None).statut is Statut.A_PUBLIER
    with pytest.raises(AccesRefuse) as refus:
        juger(Commande.FORCER, vue, acteur(Role.MOSS), None)
    assert refus.value.code == "droit_absent"
    assert not peut(Role.MOSS, Droit.FORCER_ENVOI, PS)


@pytest.mark.parametrize(
    ("commande", "role", "depuis"),
    [
        (Commande.PUBLIER, Role.INSTRUCTEUR, Statut.A_PUBLIER),
        (Commande.REFUSER, Role.INSTRUCTEUR, Statut.A_PUBLIER),
        (Commande.FORCER, Role.ADMINISTRATEUR, Statut.ECHEC),
        (Commande.REINITIALISER, Role.MOSS, Statut.ECHEC),
        (Commande.PRENDRE_REJET, Role.INSTRUCTEUR, Statut.REJET),
    ],
)
def test_texts_come_with_no_command_of_parcoursup(
    commande: Commande, role: Role, depuis: Statut
) -> None:
    saisie = Saisie("offre_annulee", None, "pourquoi", {"infos_offre": "x" * 1_001})
    issue = essai(commande, situation(PS, depuis), acteur(role), saisie)
    assert isinstance(issue, DecisionRefusee)
    assert issue.code == "textes_sans_objet"


def test_texts_come_with_no_refusal() -> None:
    saisie = Saisie("offre_annulee", textes={"url_infos_offre": "https://example.org"})
    issue = essai(Commande.REFUSER, situation(AF, PRET), acteur("instructeur"), saisie)
    assert isinstance(issue, DecisionRefusee)
    assert issue.code == "textes_sans_objet"


def test_what_is_impossible_is_refused_for_that_whatever_is_given() -> None:
    saisie = Saisie(textes={"infos_offre": "x"})
    issue = essai(Commande.PUBLIER, situation(PS, PRET), acteur("instructeur"), saisie)
    assert isinstance(issue, DecisionRefusee)
    assert issue.code == "transition_impossible"


@pytest.mark.parametrize(
    ("depuis", "selon_regles", "vers"),
    [
        (NON, Statut.A_PUBLIER, PRET),
        (NON, Statut.NON_PUBLIABLE, Statut.NON_PUBLIABLE),
        (Statut.FERME, Statut.NON_PUBLIABLE, Statut.NON_PUBLIABLE),
    ],
)
def test_an_action_tells_the_status_that_the_rules_will_let_show(
    depuis: Statut, selon_regles: Statut, vers: Statut
) -> None:
    eligibilites = {un.value: {"statut": selon_regles.value} for un in Plateforme}
    vue = document(depuis, eligibilites=eligibilites)
    (action,) = (
        une for une in actions(vue, PS, acteur("instructeur")) if une.commande is Commande.PUBLIER
    )
    assert (action.possible, action.vers) == (True, vers)
