"""Promises of enrichment that hold for any offer, tables, day and order."""

from copy import deepcopy
from datetime import date
from random import Random
from typing import Any, Final, get_args, get_origin

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.constats import CATALOGUE, rendre
from contracts.formation import Formation
from contracts.offre import Offre
from services.enrich.domain.editions import EDITABLES
from services.enrich.domain.enrichissement import Enrichisseur, enrichir
from services.enrich.domain.enrichissement.propositions import completer
from services.enrich.domain.references.tables import References
from tests.unit.enrich.fabrique import SIRET_CONNU, SIRET_FERME, SIRET_INCONNU, references

CFDS: Final = [f"5002210{rang}" for rang in range(1, 5)]
FICHES: Final = [f"RNCP{rang}" for rang in range(1, 5)]
INSEES: Final = ["06088", "84007", "84999", "2A004", "97411", "75056", "75116", "00000"]
UAIS: Final = ["0061234F", "0840001A", "0061234J"]
SIRETS: Final = [SIRET_CONNU, SIRET_FERME, SIRET_INCONNU, "35600000009075", "00000000000000"]
_TEXTES: Final = [
    *CFDS,
    *FICHES,
    *INSEES,
    *UAIS,
    *SIRETS,
    *("06000", "06402", "20000", "84000", "NICE", "Cedex 9", "X", "0", "1", "3", "RNCP999"),
    *("43.71,7.26", "7.26,43.71", "43,71 7,26", "0,0", "inf,nan", "-0.0,1e999", "2021-09", ""),
    *("2021-09-01", "2011-09-01", "2024-06-30", "2021-02-30", "9999-12-31", "0001-01-01"),
]
_COURS: Final = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

textes = st.sampled_from(_TEXTES) | st.text(max_size=20)
jours = st.dates(date(2000, 1, 1), date(2050, 12, 31)) | st.sampled_from([date.min, date.max])
fins = st.none() | st.dates(date(2010, 1, 1), date(2040, 12, 31)).map(date.isoformat)


def _valeurs(forme: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - the type of a field
    if get_origin(forme) is list:
        return st.lists(_valeurs(get_args(forme)[0]), max_size=4)
    choix = {
        str: textes,
        bool: st.booleans(),
        int: st.integers(-10, 10**12),
        type(None): st.none(),
    }
    return st.one_of([choix[membre] for membre in get_args(forme) or (forme,)])


offres = st.fixed_dictionaries(
    {},
    optional={nom: _valeurs(champ.annotation) for nom, champ in Offre.model_fields.items()},
)


def _references(remplacees: dict[str, list[Any]]) -> References:
    return references("v1", **remplacees)


def _lignes(cles: list[str], *cellules: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Return rows of a table: some of these keys, each once, with any cells."""
    ligne = st.tuples(st.sampled_from(cles), *cellules).map(list)
    return st.lists(ligne, max_size=6, unique_by=lambda ligne: ligne[0])


rien_ou = st.none() | textes
degres = st.none() | st.floats(-90, 90)
tables = st.fixed_dictionaries(
    {},
    optional={
        "cfd": _lignes(
            CFDS,
            st.sampled_from(["400", "500", "46T"]),
            *[rien_ou] * 4,
            fins,
            st.lists(st.sampled_from([*CFDS, "50099999"]), max_size=3),
        ),
        "kit_apprentissage": st.lists(
            st.tuples(st.sampled_from(CFDS), st.sampled_from([*FICHES, "RNCP999"])),
            max_size=8,
            unique=True,
        ),
        "rncp": _lignes(
            FICHES,
            rien_ou,
            st.sampled_from([None, "3", "4", "X"]),
            *[rien_ou] * 2,
            st.sampled_from([None, "ACTIVE", "INACTIVE"]),
            fins,
            fins,
            st.sampled_from([None, "Enregistrement de droit", "Enregistrement sur demande"]),
            st.none() | st.booleans(),
            st.lists(st.sampled_from(["I1604", "A9999"]), max_size=2),
            rien_ou,
            st.dates(date(2010, 1, 1), date(2030, 1, 1)).map(date.isoformat),
            st.lists(st.sampled_from(FICHES), max_size=2),
            st.lists(st.sampled_from(FICHES), max_size=2),
        ),
        "mef": _lignes(
            ["2472210131", "2472210132", "2472210221"],
            st.sampled_from(CFDS),
            st.sampled_from(["1", "2", "3"]),
            st.sampled_from(["1", "2", "3"]),
            fins,
            st.sampled_from([None, "24722101311", ""]),
        ),
        "communes": _lignes(
            INSEES,
            st.sampled_from(["Nice", "Saint-Denis", "Paris 16e Arrondissement"]),
            st.sampled_from(["06", "84", "2A", "974", "99"]),
            st.lists(st.sampled_from(["06000", "84000", "20000"]), max_size=2),
            degres,
            degres,
        ),
        "communes_anciennes": _lignes(
            INSEES, st.sampled_from(INSEES), st.just("fusion"), st.sampled_from([None, "Vieux"])
        ),
        "codes_postaux": st.lists(
            st.tuples(st.sampled_from(["06000", "06402", "20000"]), st.sampled_from(INSEES)),
            max_size=5,
        ),
        "etablissements": _lignes(
            SIRETS,
            st.none() | st.sampled_from(UAIS),
            *[rien_ou] * 8,
            st.booleans(),
            st.none() | st.booleans(),
            st.just("2022-10-12"),
        ),
        "uai_siret": _lignes(SIRETS, st.sampled_from(UAIS)),
        "uai": _lignes(
            UAIS,
            rien_ou,
            st.none() | st.sampled_from(INSEES),
            st.none() | st.sampled_from(SIRETS),
            fins,
            fins,
            st.booleans(),
        ),
    },
).map(_references)


@_COURS
@given(offres, tables, jours)
def test_any_offer_gives_a_formation_and_findings_that_can_be_read(
    offre: dict[str, Any], des_tables: References, jour: date
) -> None:
    formation, constats = enrichir(offre, des_tables, jour)

    Formation.model_validate(formation, strict=True)
    assert set(formation) == set(Formation.model_fields)
    for constat in constats:
        assert constat["code"] in CATALOGUE
        assert rendre(constat).message
        assert ("proposition" in constat) <= ({"raison", "confiance"} <= set(constat))
        if "correction" in constat:
            Offre.model_validate(constat["correction"], strict=True)


@_COURS
@given(offres, tables, jours)
def test_an_accepted_proposal_is_not_made_again(
    offre: dict[str, Any], des_tables: References, jour: date
) -> None:
    enrichisseur = Enrichisseur(des_tables, jour)
    for constat in enrichisseur.enrichir(offre)[1]:
        if "correction" not in constat:
            continue
        ensuite = enrichisseur.enrichir({**offre, **constat["correction"]})[1]
        assert (constat["code"], constat["correction"]) not in [
            (autre["code"], autre.get("correction")) for autre in ensuite
        ]


@_COURS
@given(offres, tables, jours)
def test_accepting_whatever_is_proposed_comes_to_an_end(
    offre: dict[str, Any], des_tables: References, jour: date
) -> None:
    enrichisseur = Enrichisseur(des_tables, jour)
    vues = []
    while offre not in vues:
        vues.append(offre)
        for constat in enrichisseur.enrichir(offre)[1]:
            if "correction" in constat:
                offre = {**offre, **constat["correction"]}
                break

    assert vues[-1] == offre


@_COURS
@given(st.lists(offres, min_size=2, max_size=5), tables, jours, st.randoms(use_true_random=False))
def test_neither_order_nor_company_changes_what_is_said_of_an_offer(
    lot: list[dict[str, Any]], des_tables: References, jour: date, hasard: Random
) -> None:
    seules = [enrichir(offre, des_tables, jour) for offre in lot]
    ensemble = Enrichisseur(des_tables, jour)
    ordre = list(range(len(lot))) * 2
    hasard.shuffle(ordre)

    for rang in ordre:
        assert ensemble.enrichir(lot[rang]) == seules[rang]


@_COURS
@given(st.lists(offres, min_size=1, max_size=4), tables, jours)
def test_what_was_given_and_answered_stays_as_it_was(
    lot: list[dict[str, Any]], des_tables: References, jour: date
) -> None:
    enrichisseur = Enrichisseur(des_tables, jour)
    donnees = deepcopy(lot)
    reponses = [enrichisseur.enrichir(offre) for offre in lot]
    gardees = deepcopy(reponses)

    for offre, (_, constats) in zip(lot, reponses, strict=True):
        completer(constats, offre, des_tables)
        enrichisseur.enrichir(offre)

    assert lot == donnees
    assert reponses == gardees


@_COURS
@given(offres, offres, tables, jours)
def test_corrections_by_people_count_as_if_they_had_been_deposited(
    offre: dict[str, Any], corrigee: dict[str, Any], des_tables: References, jour: date
) -> None:
    valeurs = {champ: valeur for champ, valeur in corrigee.items() if champ in EDITABLES}
    editions = {
        champ: {"valeur": valeur, "collectee": offre.get(champ), "auteur": "a", "le": None}
        for champ, valeur in valeurs.items()
    }

    corrige = enrichir(offre, des_tables, jour, editions=editions)

    assert corrige == enrichir({**offre, **valeurs}, des_tables, jour)
