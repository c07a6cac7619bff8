"""The coverage of Affelnet: a difference, applied once, that nothing unclear enters (§4.3)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.statuts import Statut
from services.export.domain.couverture import Couverte, couvrir
from services.export.domain.couverture_rapprochement import (
    Candidate,
    LigneAffelnet,
    departements,
    lire_mef,
)

RACINE = "064390P01211906079370007419840110100011-84007"
MEF, UAI = "2402242711", "0682021C"


def offre(site: str = "L01", statut: Statut = Statut.A_PUBLIER, **faits: object) -> Couverte:
    cle = f"{RACINE}#{site}"
    candidate = Candidate(cle, cle, "3 (CAP...)", (MEF,), "93", "93100", "93048", UAI, True)
    return Couverte(replace(candidate, **faits), statut)  # type: ignore[arg-type]


def ligne(code: str = "1", **parties: object) -> LigneAffelnet:
    return replace(
        LigneAffelnet(f"CRETEIL/{code}", UAI, mef=MEF, code_postal="93100"),
        **parties,  # type: ignore[arg-type]
    )


SITES = ["L01", "L02", "L03"]
OFFRES = st.lists(st.sampled_from(SITES), unique=True).flatmap(
    lambda sites: st.tuples(
        *(
            st.builds(
                offre,
                st.just(site),
                st.sampled_from([Statut.A_PUBLIER, Statut.PUBLIE, Statut.NON_PUBLIE, Statut.PRET]),
                uai=st.sampled_from([UAI, "0755331M"]),
            )
            for site in sites
        )
    )
)
LIGNES = st.lists(
    st.builds(
        ligne,
        st.sampled_from("123"),
        cle=st.none() | st.sampled_from([f"{RACINE}#{site}" for site in SITES]),
        code_postal=st.sampled_from(["93100", "75008"]),
        informations=st.sampled_from([None, "texte"]),
    ),
    max_size=4,
)


@given(OFFRES, LIGNES)
def test_a_second_import_of_the_same_file_changes_nothing(
    offres: tuple[Couverte, ...], lignes: list[LigneAffelnet]
) -> None:
    premiere = couvrir(offres, lignes)
    apres = {une.id: une for une in premiere.differences}
    suivantes = [
        Couverte(
            une.candidate,
            d.statut,
            d.identifiant,
            d.secteur,
            d.code_nature,
            d.mef,
            d.infos,
        )
        if (d := apres.get(une.candidate.id))
        else une
        for une in offres
    ]

    assert couvrir(suivantes, lignes).differences == ()


@given(OFFRES, LIGNES)
def test_a_refusal_is_never_undone(
    offres: tuple[Couverte, ...], lignes: list[LigneAffelnet]
) -> None:
    apres = {une.id: une.statut for une in couvrir(offres, lignes).differences}
    for une in offres:
        if une.statut is Statut.NON_PUBLIE:
            assert apres.get(une.candidate.id, Statut.NON_PUBLIE) is Statut.NON_PUBLIE


@pytest.mark.parametrize(
    ("parties", "force"),
    [
        ({}, 5),
        ({"code_postal": "93700"}, 4),
        ({"code_postal": "75008"}, 4),
        ({"uai": "0755331M"}, 3),
        ({"uai": "0755331M", "code_postal": "93700"}, 2),
        ({"uai": "0755331M", "code_postal": "75008"}, 1),
        ({"mef": "9999999999"}, None),
        ({"uai": None}, None),
        ({"mef": None}, None),
    ],
)
def test_each_strength(parties: dict[str, object], force: int | None) -> None:
    rangee: LigneAffelnet = replace(ligne(), **parties)  # type: ignore[arg-type]
    trouve = couvrir([offre()], [rangee]).lignes[0]

    assert trouve.force == force
    assert bool(trouve.publiees) is (force is not None and force >= 4)


def test_a_published_offer_that_no_row_names_any_more_falls() -> None:
    publiee = replace(offre(statut=Statut.PUBLIE), identifiant="CRETEIL/1")
    tombee = couvrir([publiee], []).differences[0]

    assert (tombee.statut, tombee.identifiant) == (Statut.NON_PUBLIABLE, None)


def test_a_site_that_has_its_own_row_takes_that_one() -> None:
    lignes = [ligne(code, cle=f"{RACINE}#{site}") for code, site in (("1", "L01"), ("2", "L02"))]
    apres = couvrir([offre("L01"), offre("L02"), offre("L03")], lignes).differences

    assert [une.identifiant for une in apres] == ["CRETEIL/1", "CRETEIL/2", "CRETEIL/1"]


def test_what_cells_hold() -> None:
    assert lire_mef("24022427111") == MEF
    assert lire_mef("AFFECTATION") is None
    assert departements("20000") == ("2A", "2B")
    assert departements("97410") == ("974",)
    assert departements(None) == ()
