"""A change of rule tried: what is announced is what is then done; the tree and the rights."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.droits import Droit
from contracts.statuts import Plateforme, Statut
from services.export.domain.apercu_regles import Apercevant, Changement, Mouvement
from services.export.domain.arbre_regles import arbre
from services.export.domain.droits_regles import Personne, refus_d_ecriture, refus_de_surcharge
from services.export.domain.projections import Juge, planifier, reevaluer
from services.export.domain.regles import Regle
from tests.unit.export.fabrique import INSTANT, evenement, juge, offre, regle

AF, PS = Plateforme.AFFELNET, Plateforme.PARCOURSUP
_FILTRES = [None, {"cfd": {"$regex": "^320"}}, {"cfd": {"$ne": "32033422"}}]
_REGLES = st.builds(
    lambda statut, duree, filtre: regle(
        AF,
        id="r",
        statut=statut,
        condition_integration="peut intégrer",
        duree=duree,
        regle_complementaire=filtre,
    ),
    st.sampled_from(["à publier", "à publier (soumis à validation)", "à définir"]),
    st.sampled_from([None, "1", "2"]),
    st.sampled_from(_FILTRES),
)
_OFFRES = st.fixed_dictionaries(
    {
        "cfd": st.sampled_from(["32033422", "50033422"]),
        "duree": st.sampled_from(["1", "2"]),
        "annee": st.sampled_from(["1", "X"]),
        "date_debut": st.sampled_from([["2021-09-01"], []]),
    }
)


def _sous(*regles: Regle | None) -> Juge:
    fixe = regle(AF, id="fixe", annee="2")
    return juge(fixe, *(une for une in regles if une is not None))


@given(
    st.lists(_OFFRES, min_size=1, max_size=8),
    st.one_of(st.none(), _REGLES),
    st.one_of(st.none(), _REGLES),
)
def test_what_is_announced_is_what_the_change_does(
    faits: list[dict[str, Any]], avant: Regle | None, apres: Regle | None
) -> None:
    if avant is None and apres is None:
        return
    evenements = [
        evenement(f"{rang:026}", formation=offre(AF, **faits_)) for rang, faits_ in enumerate(faits)
    ]
    offres = planifier(evenements, {}, _sous(avant), INSTANT).nouvelles
    apercevant = Apercevant(_sous(avant), Changement(avant, apres))
    apercevant.examiner(offres)
    annonces = {effet.id: effet for effet in apercevant.apercu.effets}

    changees = {un["_id"]: un for un in reevaluer(offres, _sous(apres), INSTANT).remplacees}
    for tenue in offres:
        fait = changees.get(tenue["_id"], tenue)
        annonce = annonces.get(tenue["_id"])
        montre = {
            un: document["publication"]["plateformes"]["affelnet"]
            for un, document in (("avant", tenue), ("apres", fait))
        }
        memes = ("statut", "perimetre")
        assert (annonce is None) == all(montre["avant"][un] == montre["apres"][un] for un in memes)
        if annonce is not None:
            assert annonce.statut_avant == montre["avant"]["statut"]
            assert annonce.statut_apres == montre["apres"]["statut"]
            entre = montre["apres"]["perimetre"] and not montre["avant"]["perimetre"]
            assert (annonce.mouvement is Mouvement.ENTRE) is entre


def test_a_decision_under_way_is_counted_in_what_would_be_shown() -> None:
    plate = regle(id="r")
    (tenue,) = planifier([evenement()], {}, juge(plate), INSTANT).nouvelles
    tenue["decisions"] = {
        "parcoursup": {
            "numero": 1,
            "statut": "prêt pour intégration",
            "campagne": "2020",
            "auteur": "nantes",
            "prise_le": INSTANT,
        }
    }
    apercevant = Apercevant(juge(plate), Changement(plate, None))
    apercevant.examiner([tenue])
    (effet,) = apercevant.apercu.effets
    assert (effet.statut_avant, effet.statut_apres) == (Statut.PRET, Statut.NON_PUBLIABLE)
    assert effet.mouvement is Mouvement.SORT
    assert apercevant.apercu.par_academie() == {"12": {Mouvement.SORT: 1}}


def test_the_tree_shows_what_decides_nothing_and_what_nothing_decides() -> None:
    regles = [
        {
            "_id": nom,
            "version": 1,
            "contenu": {
                "plateforme": "affelnet",
                "niveau": "3",
                "diplome": diplome,
                "condition_integration": "peut intégrer",
                "statut": "à définir",
                "num_academie": numero,
                "statut_academies": {"8": "à publier"},
            },
        }
        for nom, diplome, numero in (("a", "CAP", 0), ("b", "CAP", 10), ("c", "MC", 0))
    ]
    comptes: list[dict[str, Any]] = [
        {"niveau": "3", "diplome": "CAP", "regle": "a", "statut": "à publier", "nombre": 2},
        {"niveau": "3", "diplome": "CAP", "nombre": 5},
        {"niveau": "5", "diplome": "BTS", "nombre": 7},
        {"niveau": None, "diplome": None, "nombre": 1},
    ]
    trois, cinq = arbre(regles, comptes, AF, 8)

    assert (trois["niveau"], trois["offres"], cinq["offres"]) == ("3", 7, 7)
    cap, mc = trois["diplomes"]
    assert (cap["sans_regle"], [une["id"] for une in cap["regles"]]) == (5, ["a"])
    assert cap["regles"][0]["statuts"] == {"à publier": 2}
    assert cap["regles"][0]["statut_de_l_academie"] == "à publier"
    assert (mc["offres"], mc["regles"][0]["offres"]) == (0, 0)
    assert cinq["diplomes"][0]["sans_regle"] == 7


NATIONALE, LOCALE = None, frozenset({12})
A_DEFINIR = {"plateforme": "affelnet", "condition_integration": "peut intégrer"} | {
    "statut": "à définir"
}


@pytest.mark.parametrize(
    ("role", "academies", "plateforme", "code"),
    [
        ("administrateur", NATIONALE, PS, None),
        ("moss", NATIONALE, PS, None),
        ("moss", NATIONALE, AF, "droit_absent"),
        ("dgesco", NATIONALE, AF, None),
        ("dgesco", LOCALE, AF, "portee_nationale_requise"),
        ("instructeur-affelnet", NATIONALE, AF, "droit_absent"),
        ("lecteur-affelnet", LOCALE, AF, "droit_absent"),
    ],
)
def test_who_changes_national_rules(
    role: str, academies: frozenset[int] | None, plateforme: Plateforme, code: str | None
) -> None:
    refus = refus_d_ecriture(Personne(role, academies), Droit.MODIFIER_REGLE, plateforme)
    assert (refus.code if refus else None) == code


@pytest.mark.parametrize(
    ("role", "academies", "academie", "parties", "code"),
    [
        ("instructeur-affelnet", LOCALE, 12, {}, None),
        ("instructeur-affelnet", LOCALE, 10, {}, "autre_academie"),
        ("instructeur-parcoursup", LOCALE, 12, {}, "droit_absent"),
        ("lecteur-affelnet", LOCALE, 12, {}, "droit_absent"),
        ("dgesco", NATIONALE, 12, {}, None),
        ("dgesco", LOCALE, 12, {}, "droit_absent"),
        ("instructeur", LOCALE, 12, {"plateforme": "parcoursup"}, "regle_non_surchargeable"),
        ("instructeur", LOCALE, 12, {"statut": "à publier"}, "regle_non_surchargeable"),
        ("instructeur", LOCALE, 12, {"num_academie": 12}, "regle_non_surchargeable"),
    ],
)
def test_who_gives_the_status_of_an_academie(
    role: str,
    academies: frozenset[int] | None,
    academie: int,
    parties: dict[str, object],
    code: str | None,
) -> None:
    refus = refus_de_surcharge(Personne(role, academies), A_DEFINIR | parties, academie)
    assert (refus.code if refus else None) == code
    assert refus is None or refus.que_faire
