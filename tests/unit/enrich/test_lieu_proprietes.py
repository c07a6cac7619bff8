"""Promises on places and organisms that hold for any offer."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.constats import CATALOGUE
from contracts.offre import Offre
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.enrichissement.propositions import completer
from tests.unit.enrich.fabrique import JOUR, SIRET_CONNU, SIRET_FERME, offre, references

REFERENCES = references(
    communes=[
        ["06088", "Nice", "06", ["06000", "06100"], 43.7102, 7.262],
        ["06029", "Cannes", "06", ["06150"], 43.5513, 7.0128],
        ["84007", "Avignon", "84", ["84000"], 43.9493, 4.8055],
        ["2A004", "Ajaccio", "2A", ["20000", "20090"], 41.9256, 8.7364],
        ["75056", "Paris", "75", ["75001", "75016"], 48.8566, 2.3522],
        ["75101", "Paris 1er Arrondissement", "75", ["75001"], 48.8626, 2.3364],
        ["75116", "Paris 16e Arrondissement", "75", ["75016"], None, None],
        ["97801", "Saint-Martin", "978", ["97150"], 18.0776, -63.0551],
    ],
    communes_anciennes=[["84999", "84007"], ["84998", "84997"], ["84997", "84998"]],
)
ENRICHISSEUR = Enrichisseur(REFERENCES, JOUR)
PLACES = ("code_", "commune_", "insee_", "coordonnees_", "uai_", "siret_", "etablissement_")

codes = st.sampled_from(
    [
        *REFERENCES.communes,
        *REFERENCES.communes_par_code_postal,
        *("84999", "84998", "97127", "98511", "20004", "20700", "97864", "75116", "99999"),
        *("06401", "33000", "", "abc"),
    ]
)
positions = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["0,0", "7.262,43.7102", "43,7102 7,262", "1e9,1e9", "nan,nan", "-20,55"]),
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)).map(lambda p: f"{p[0]},{p[1]}"),
)
sirets = st.sampled_from([SIRET_CONNU, SIRET_FERME, "99999999999920", "1", ""])
uais = st.sampled_from(["0061234F", "0840001A", "0061234J", "9", "é", ""])
champs = st.fixed_dictionaries(
    {},
    optional={
        "code_commune_insee": codes | st.none(),
        "code_postal": codes | st.none(),
        "localite": st.sampled_from(["NICE", "Paris 16", "st martin", "?"]) | st.text(max_size=9),
        "lieu_formation_geo_coordonnees": positions | st.none(),
        "etablissement_gestionnaire_siret": sirets,
        "etablissement_formateur_siret": sirets,
        "etablissement_formateur_uai": uais,
        "etablissement_lieu_formation_siret": sirets,
        "uai_formation": uais,
    },
)


def _constats(une: dict[str, Any]) -> list[Any]:
    return [dit for dit in ENRICHISSEUR.enrichir(une)[1] if dit["code"].startswith(PLACES)]


@given(champs)
def test_every_finding_is_known_and_every_proposal_says_why(ecarts: dict[str, Any]) -> None:
    for dit in _constats(offre(**ecarts)):
        assert dit["code"] in CATALOGUE
        assert ("proposition" in dit) <= ({"raison", "confiance"} <= set(dit))
        assert set(dit.get("correction", ())) <= set(Offre.model_fields)


@settings(max_examples=300)
@given(champs)
def test_accepting_a_proposal_ends_its_finding(ecarts: dict[str, Any]) -> None:
    une = offre(**ecarts)
    for dit in _constats(une):
        if "correction" in dit:
            restent = _constats({**une, **dit["correction"]})
            assert (dit["code"], dit.get("champ")) not in {
                (reste["code"], reste.get("champ")) for reste in restent
            }


@given(champs, champs, st.sampled_from(["uai_lettre_fausse", "uai_mal_forme", "siret_cle_fausse"]))
def test_findings_of_collect_are_completed_in_place(
    ecarts: dict[str, Any], faux: dict[str, Any], code: str
) -> None:
    constats = [{"code": code, "champ": champ, "valeur": valeur} for champ, valeur in faux.items()]

    completes = completer(constats, offre(**ecarts), REFERENCES)

    for avant, apres in zip(constats, completes, strict=True):
        assert {nom: apres[nom] for nom in avant} == avant
