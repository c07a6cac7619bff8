"""Promises on certifications that hold for any codes, tables and day."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.constats import CATALOGUE
from services.enrich.domain.enrichissement.diplome_et_fiche import certifier_ensemble
from services.enrich.domain.enrichissement.fiches import valide
from services.enrich.domain.enrichissement.mef import lister
from services.enrich.domain.enrichissement.remplacement import ouvert
from services.enrich.domain.references.tables import References
from tests.unit.enrich.fabrique import references

CFDS = [f"5003000{rang}" for rang in range(6)]
FICHES = [f"RNCP{rang}" for rang in range(1, 7)]
JOURS = st.dates(date(2019, 1, 1), date(2026, 12, 31))
FINS = st.none() | JOURS.map(date.isoformat)
CODES_CFD = st.none() | st.sampled_from([*CFDS, "", "X"]) | st.text(max_size=9)
CODES_RNCP = st.none() | st.sampled_from([*FICHES, "RNCP999", ""]) | st.text(max_size=9)


@st.composite
def _tables(draw: st.DrawFn) -> References:
    def plusieurs(codes: list[str]) -> st.SearchStrategy[list[str]]:
        return st.lists(st.sampled_from(codes), max_size=3)

    def cfd(code: str) -> list[Any]:
        libelle = draw(st.sampled_from([None, "BOULANGER (CAP)", "COIFFURE"]))
        nouveaux = draw(plusieurs([*CFDS, "50099999"]))
        return [code, code[:3], "300", "CAP", libelle, libelle, draw(FINS), nouveaux]

    def fiche(code: str) -> list[Any]:
        titre = draw(st.sampled_from([None, "Boulanger", "Métiers de la coiffure"]))
        statut = draw(st.sampled_from(["ACTIVE", "INACTIVE", None]))
        niveau = draw(st.sampled_from([None, "3", "4", "X"]))
        droit = draw(st.sampled_from(["Enregistrement de droit", None]))
        acces = draw(st.sampled_from([True, False, None]))
        successions = [draw(plusieurs(FICHES)), draw(plusieurs(FICHES))]
        source = draw(JOURS).isoformat()
        dates = [draw(FINS), draw(FINS)]
        registre = [droit, acces, ["A1"], None, source]
        return [code, titre, niveau, None, None, statut, *dates, *registre, *successions]

    return references(
        cfd=[cfd(code) for code in draw(st.sets(st.sampled_from(CFDS)))],
        rncp=[fiche(code) for code in draw(st.sets(st.sampled_from(FICHES)))],
        kit_apprentissage=[
            list(paire)
            for paire in draw(
                st.sets(st.tuples(st.sampled_from(CFDS), st.sampled_from(FICHES)), max_size=8)
            )
        ],
    )


@given(tables=_tables(), cfd=CODES_CFD, rncp=CODES_RNCP, jour=JOURS)
def test_a_correction_only_names_codes_that_stand_on_the_day(
    tables: References, cfd: str | None, rncp: str | None, jour: date
) -> None:
    certifie = certifier_ensemble(cfd, rncp, None, tables, jour)

    for constat in certifie.constats:
        assert constat["code"] in CATALOGUE
        if "proposition" in constat:
            assert constat["raison"]
            assert constat["confiance"]
        if "correction" in constat and not constat["code"].endswith("_deduit"):
            correction = constat["correction"]
            if "cfd" in correction:
                assert ouvert(tables.cfds.get(correction["cfd"]), jour)
            if "rncp_code" in correction:
                assert valide(tables.fiches.get(correction["rncp_code"]), jour)


@given(tables=_tables(), cfd=CODES_CFD, rncp=CODES_RNCP, jour=JOURS)
def test_what_was_proposed_for_a_closed_diploma_is_not_asked_again(
    tables: References, cfd: str | None, rncp: str | None, jour: date
) -> None:
    corrections = [
        constat["correction"]
        for constat in certifier_ensemble(cfd, rncp, None, tables, jour).constats
        if constat["code"] == "cfd_remplace"
    ]
    for correction in corrections:
        suite = certifier_ensemble(
            correction["cfd"], correction.get("rncp_code", rncp), None, tables, jour
        )
        refaits = {constat["code"] for constat in suite.constats}
        assert not refaits & {"cfd_remplace", "cfd_ferme", "cfd_boucle", "cfd_inconnu"}


@given(
    cfd=CODES_CFD,
    duree=st.none() | st.text(max_size=2),
    annee=st.none() | st.text(max_size=2),
    jour=JOURS,
)
def test_mef_are_listed_for_anything(
    cfd: str | None, duree: str | None, annee: str | None, jour: date
) -> None:
    champs, _ = lister(cfd, duree, annee, references(), jour)

    assert champs["mefs_8"] == sorted({mef["mef10"][:8] for mef in champs["bcn_mefs_10"]})
