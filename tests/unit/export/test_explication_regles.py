"""Why the rules say what they say: it agrees with the evaluation, and every loser has a reason."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.statuts import Plateforme, Statut
from services.export.domain.eligibilite import evaluer
from services.export.domain.explication_regles import Motif, expliquer
from services.export.domain.regles import JeuDeRegles, Regle
from tests.unit.export.fabrique import le_contexte, offre, regle

AF, PS = Plateforme.AFFELNET, Plateforme.PARCOURSUP
_STATUTS = {
    PS: [
        ("peut intégrer", "à publier"),
        ("peut intégrer", "à publier (sous condition habilitation)"),
        ("ne doit pas intégrer", "non publiable en l'état"),
    ],
    AF: [
        ("doit intégrer", "à publier"),
        ("peut intégrer", "à définir"),
        ("ne doit pas intégrer", "non publiable en l'état"),
    ],
}
_FILTRES = [
    None,
    {},
    {"cfd": {"$regex": "^320"}},
    {"$or": [{"libelle_court": "BTS"}, {"rncp_code": {"$ne": "RNCP1"}}]},
    {"bcn_mefs_10.mef10": {"$regex": "^1"}, "cfd": {"$ne": "32033422"}},
    {"$and": [{"bcn_mefs_10.mef10": "10"}, {"bcn_mefs_10.mef10": {"$ne": "20"}}]},
]
_SURCHARGES = st.dictionaries(
    st.sampled_from(["10", "12"]),
    st.sampled_from(["à publier", "non publiable en l'état", "à définir"]),
    max_size=2,
)
_OFFRES = st.fixed_dictionaries(
    {
        "annee": st.sampled_from(["1", "2", "X", None]),
        "duree": st.sampled_from(["1", "2", None]),
        "num_academie": st.sampled_from(["10", "12", None]),
        "cfd": st.sampled_from(["32033422", "50033422", None]),
        "libelle_court": st.sampled_from(["BTS", "CAP", None]),
        "rncp_code": st.sampled_from(["RNCP1", "RNCP2", None]),
        "bcn_mefs_10": st.lists(
            st.fixed_dictionaries({"mef10": st.sampled_from(["10", "20"])}), max_size=2
        ),
        "cfd_outdated": st.booleans(),
        "published": st.booleans(),
        "date_debut": st.lists(st.sampled_from(["2021-09-01", "2025-09-01"]), max_size=2),
        "diplome": st.sampled_from([None, offre(PS)["diplome"], offre(AF)["diplome"]]),
        "niveau": st.sampled_from([offre(PS)["niveau"], offre(AF)["niveau"]]),
    }
)


@st.composite
def _regles(draw: st.DrawFn, plateforme: Plateforme) -> list[Regle]:
    regles = []
    for rang in range(draw(st.integers(0, 6))):
        condition, statut = draw(st.sampled_from(_STATUTS[plateforme]))
        regles.append(
            regle(
                plateforme,
                id=f"r{rang}",
                condition_integration=condition,
                statut=statut,
                num_academie=draw(st.sampled_from([0, 0, 10, 12])),
                duree=draw(st.sampled_from([None, "1", "2"])),
                annee=draw(st.sampled_from([None, "1"])),
                regle_complementaire=draw(st.sampled_from(_FILTRES)),
                statut_academies=draw(_SURCHARGES),
            )
        )
    return draw(st.permutations(regles))


@given(st.data(), st.sampled_from(Plateforme), _OFFRES)
def test_the_explanation_agrees_with_the_evaluation(
    data: st.DataObject, plateforme: Plateforme, formation: dict[str, Any]
) -> None:
    jeu = JeuDeRegles(data.draw(_regles(plateforme)))
    contexte = le_contexte(plateforme)
    eligibilite = evaluer(formation, jeu, contexte)
    explication = expliquer(formation, jeu, contexte)

    gagnantes = [une.regle.id for une in explication.regles if une.gagnante]
    assert gagnantes == ([eligibilite.regle] if eligibilite.regle else [])
    manquees = tuple(une.clause for une in explication.clauses if not une.tenue)
    assert set(manquees) == set(eligibilite.obstacles)
    candidates = jeu.du_diplome(plateforme, formation["niveau"], formation["diplome"] or "")
    assert {une.regle.id for une in explication.regles} == {une.id for une in candidates}


def test_each_rule_that_does_not_decide_says_why_with_the_value_seen() -> None:
    jeu = JeuDeRegles(
        [
            regle(id="gagne", statut="à publier", condition_integration="peut intégrer"),
            regle(id="filtre", regle_complementaire={"cfd": {"$regex": "^400"}}),
            regle(id="ailleurs", num_academie=10),
            regle(id="duree", duree="3"),
            regle(id="annee", annee="9"),
            regle(id="moindre", statut="à publier (sous condition habilitation)"),
        ]
    )
    explication = expliquer(offre(), jeu, le_contexte())

    raisons = {une.regle.id: une.raisons for une in explication.regles}
    assert {un: [raison.motif for raison in liste] for un, liste in raisons.items()} == {
        "gagne": [],
        "filtre": [Motif.REGLE_COMPLEMENTAIRE],
        "ailleurs": [Motif.AUTRE_ACADEMIE],
        "duree": [Motif.AUTRE_DUREE],
        "annee": [Motif.AUTRE_ANNEE],
        "moindre": [Motif.MOINS_PRIORITAIRE],
    }
    (filtre,), (moindre,) = raisons["filtre"], raisons["moindre"]
    assert filtre.phrase == "Il faut : le CFD commence par « 400 » ; vu : « 32033422 »."
    assert "« à publier » passe avant" in moindre.phrase


def test_the_word_of_an_academie_is_named_as_what_wins() -> None:
    jeu = JeuDeRegles(
        [
            regle(AF, id="nationale"),
            regle(
                AF,
                id="surchargee",
                statut="à définir",
                condition_integration="peut intégrer",
                statut_academies={"12": "non publiable en l'état"},
            ),
        ]
    )
    explication = expliquer(offre(AF), jeu, le_contexte(AF))

    assert explication.gagnante is not None
    assert explication.gagnante.regle.id == "surchargee"
    assert explication.gagnante.statut is Statut.NON_PUBLIABLE
    (perdante,) = (une for une in explication.regles if not une.gagnante)
    assert "c'est le choix de l'académie" in perdante.raisons[0].phrase


def test_two_mefs_do_not_share_the_criteria_of_one_rule() -> None:
    filtre = {"$and": [{"bcn_mefs_10.mef10": "10"}, {"bcn_mefs_10.annee": "2"}]}
    mefs = [{"mef10": "10", "annee": "1"}, {"mef10": "20", "annee": "2"}]
    jeu = JeuDeRegles([regle(regle_complementaire=filtre)])
    (une,) = expliquer(offre(bcn_mefs_10=mefs), jeu, le_contexte()).regles

    assert une.raisons[0].phrase.startswith("Il faut : un même élément doit remplir")
    assert une.raisons[0].vu == {"bcn_mefs_10.annee": ["1", "2"], "bcn_mefs_10.mef10": ["10", "20"]}
