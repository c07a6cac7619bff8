"""Which declared codes a change of the tables touches: never one too few, and not everything."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.domain.dependances import cles
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.enrichissement.propositions import completer
from services.enrich.domain.recalcul_cles import CLES_MAX, Touchees, cles_touchees, touchees
from services.enrich.domain.references.tables import Etablissement, References
from tests.unit.enrich.fabrique import (
    BAC_PRO,
    BOUCLE_A,
    BOUCLE_B,
    CAP_FERME,
    CAP_SUIVANT,
    JOUR,
    SANS_SUITE,
    SIRET_CONNU,
    SIRET_FERME,
    SIRET_INCONNU,
    TITRE,
    VERS_INCONNU,
    offre,
    references,
)

CFDS = [BAC_PRO, CAP_FERME, CAP_SUIVANT, SANS_SUITE, BOUCLE_A, BOUCLE_B, VERS_INCONNU, TITRE]
RNCPS = ["RNCP100", "RNCP201", "RNCP202", "RNCP300", "RNCP400", "RNCP999"]
INSEES = ["06088", "06029", "84007", "84999", "2A004", "20004", "97411", "06400", "75056", "98501"]
POSTAUX = ["06000", "06402", "06029", "84000", "20000", "97400", "06999", "75116", "84001", "98800"]
SANS_RETOUR = ("lettres", "uais")  # what moves there touches everything
SIRETS = [SIRET_CONNU, SIRET_FERME, SIRET_INCONNU, SIRET_CONNU[:9] + "00017"]


def _ou_rien(valeurs: list[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(valeurs)


OFFRES = st.fixed_dictionaries(
    {
        "cfd": _ou_rien(CFDS),
        "rncp_code": _ou_rien(RNCPS),
        "duree": _ou_rien(["1", "3"]),
        "etablissement_gestionnaire_siret": _ou_rien(SIRETS),
        "etablissement_gestionnaire_code_postal": _ou_rien(POSTAUX),
        "etablissement_formateur_siret": _ou_rien(SIRETS),
        "etablissement_formateur_code_commune_insee": _ou_rien(INSEES),
        "etablissement_lieu_formation_siret": _ou_rien(SIRETS),
        "code_commune_insee": _ou_rien(INSEES),
        "code_postal": _ou_rien(POSTAUX),
        "localite": _ou_rien(["Nice", "CANNES", "Ailleurs"]),
    }
).map(lambda champs: offre(**champs))

CONSTATS = st.lists(
    st.sampled_from(
        [
            {"code": "siret_cle_fausse", "champ": "etablissement_formateur_siret", "valeur": siret}
            for siret in (SIRET_CONNU[:9] + "99999", SIRET_FERME[:9] + "11111")
        ]
    ),
    max_size=1,
)


class Espion(dict[str, Any]):
    """A table that notes which of its keys were asked for; to be searched, never walked."""

    def __init__(self, nom: str, table: Mapping[str, Any], lues: set[tuple[str, str]]) -> None:
        super().__init__(table)
        self._nom = nom
        self._lues = lues

    def __getitem__(self, cle: str) -> Any:  # noqa: ANN401 - rows of any table
        self._lues.add((self._nom, cle))
        return super().__getitem__(cle)

    def get(self, cle: str, defaut: Any = None) -> Any:  # noqa: ANN401
        self._lues.add((self._nom, cle))
        return super().get(cle, defaut)

    def __contains__(self, cle: object) -> bool:
        self._lues.add((self._nom, str(cle)))
        return super().__contains__(cle)

    def __iter__(self) -> Iterator[str]:
        raise AssertionError(f"{self._nom} est parcourue : aucune clé ne dit qui en dépend")


class EspionDeListe(frozenset[str]):
    """A set that notes which elements were asked for."""

    nom: str
    lues: set[tuple[str, str]]

    def __contains__(self, cle: object) -> bool:
        self.lues.add((self.nom, str(cle)))
        return super().__contains__(cle)


def espionner(nom: str, table: object, lues: set[tuple[str, str]]) -> object:
    if isinstance(table, frozenset):
        liste = EspionDeListe(table)
        liste.nom, liste.lues = nom, lues
        return liste
    return Espion(nom, table, lues) if isinstance(table, Mapping) else None


def _enrichir(donnees: dict[str, Any], constats: list[dict[str, Any]], tables: References) -> Any:  # noqa: ANN401
    return (
        Enrichisseur(tables, JOUR).enrichir(donnees),
        completer(constats, donnees, tables),
    )


@given(donnees=OFFRES, constats=CONSTATS)
def test_every_row_that_is_read_leads_back_to_a_declared_code(
    donnees: dict[str, Any], constats: list[dict[str, Any]]
) -> None:
    tables = references()
    lues: set[tuple[str, str]] = set()
    espions: dict[str, Any] = {
        champ.name: espion
        for champ in fields(References)
        if (espion := espionner(champ.name, getattr(tables, champ.name), lues)) is not None
    }
    _enrichir(donnees, constats, replace(tables, **espions))

    declarees = cles(donnees, None, constats)
    perdues = [
        (nom, cle)
        for nom, cle in lues
        if cle and not touchees({nom: frozenset((cle,))}, tables).touche(declarees)
    ]
    assert perdues == []


@st.composite
def _changements(draw: st.DrawFn) -> References:
    """Draw the tables with one row of one of them gone, or moved to another key."""
    tables = references()
    noms = [c.name for c in fields(References) if isinstance(getattr(tables, c.name), Mapping)]
    nom = draw(st.sampled_from([nom for nom in noms if getattr(tables, nom)]))
    table = dict(getattr(tables, nom))
    cle = draw(st.sampled_from(sorted(table)))
    if nom == "communes" or draw(st.booleans()):
        autre = draw(st.sampled_from(sorted(table)))
        table[cle] = table[autre]
    else:
        del table[cle]
    changees: dict[str, Any] = {nom: table}
    return replace(tables, **changees)


@given(donnees=OFFRES, constats=CONSTATS, apres=_changements())
def test_an_offer_whose_answer_changes_is_touched(
    donnees: dict[str, Any], constats: list[dict[str, Any]], apres: References
) -> None:
    avant = references()
    try:
        change = _enrichir(donnees, constats, avant) != _enrichir(donnees, constats, apres)
    except KeyError:  # a table that contradicts another: loads refuse it
        return
    if change:
        assert cles_touchees(avant, apres).touche(cles(donnees, None, constats))


def test_a_diploma_touches_those_it_replaces_and_their_fiches_alone() -> None:
    avant = references()
    suivant = replace(avant.cfds[CAP_SUIVANT], date_fermeture="2021-08-31")
    apres = replace(avant, cfds={**avant.cfds, CAP_SUIVANT: suivant})

    assert cles_touchees(avant, apres).cles == {
        f"cfd:{CAP_SUIVANT}",
        f"cfd:{CAP_FERME}",
        "rncp:RNCP201",
        "rncp:RNCP202",
    }


def test_a_list_that_comes_or_goes_touches_everything() -> None:
    avant = replace(references(), mefs_parcoursup=None)
    assert cles_touchees(avant, replace(avant, mefs_parcoursup=frozenset())).tout


def test_a_list_of_mef_touches_the_diplomas_of_those_that_enter_or_leave() -> None:
    avant = replace(references(), mefs_parcoursup=frozenset(("2472521431",)))
    apres = replace(avant, mefs_parcoursup=frozenset(("2472521431", "2472521432")))
    assert f"cfd:{BAC_PRO}" in cles_touchees(avant, apres).cles


def test_an_establishment_touches_its_company_alone() -> None:
    avant = references()
    ferme = replace(avant.etablissements[SIRET_CONNU], ferme=True)
    apres = replace(avant, etablissements={**avant.etablissements, SIRET_CONNU: ferme})

    assert cles_touchees(avant, apres) == Touchees(cles=frozenset((f"siren:{SIRET_CONNU[:9]}",)))


def test_a_departement_touches_codes_that_no_table_knows() -> None:
    avant = references()
    corse = replace(avant.departements["2A"], nom_academie="Corse et Sardaigne")
    apres = replace(avant, departements={**avant.departements, "2A": corse})

    trouvees = cles_touchees(avant, apres)
    assert trouvees.touche(["lieu:20999"])
    assert trouvees.touche(["lieu:2A999"])
    assert not trouvees.touche(["lieu:06000", f"cfd:{BAC_PRO}"])


def test_equal_tables_touch_nothing() -> None:
    assert cles_touchees(references("v1"), references("v2")).vide


def test_a_table_without_a_way_back_touches_everything() -> None:
    tables = references()
    assert touchees({"table_nouvelle": frozenset(("A",))}, tables).tout


@pytest.mark.parametrize(
    "champ", [c.name for c in fields(References) if c.name not in {"version", "lettres", "uais"}]
)
def test_each_table_has_its_way_back(champ: str) -> None:
    assert not touchees({champ: frozenset(("A",))}, references()).tout


def test_an_establishment_is_found_by_the_place_where_it_lies() -> None:
    avant = references()
    nice = replace(avant.communes["06088"], nom="Nice-la-Belle")
    apres = replace(avant, communes={**avant.communes, "06088": nice})
    connu: Etablissement = avant.etablissements[SIRET_CONNU]

    assert connu.code_commune_insee == "06088"
    assert cles_touchees(avant, apres).touche([f"siren:{SIRET_CONNU[:9]}"])


def test_a_move_that_touches_most_touches_everything() -> None:
    avant = references()
    loin = {f"9{n:04d}": "06088" for n in range(CLES_MAX + 1)}
    apres = replace(avant, anciennes_communes={**avant.anciennes_communes, **loin})
    assert cles_touchees(avant, apres).tout


def test_the_page_of_a_mef_touches_the_diplomas_that_show_or_borrow_it() -> None:
    mef_stat_11 = f"232100{CAP_SUIVANT[3:]}"
    tables = references(mef=[["2472521431", BAC_PRO, "3", "1", None, mef_stat_11]])
    trouvees = touchees({"onisep": frozenset((mef_stat_11,))}, tables)
    assert {f"cfd:{BAC_PRO}", f"cfd:{CAP_SUIVANT}"} <= trouvees.cles
