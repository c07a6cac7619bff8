"""Codes of communes and post codes that people still use, and what they lead to."""

import pytest

from services.enrich.domain.enrichissement.codes_communes import Indices, succeder
from services.enrich.domain.enrichissement.commune import Situation, situer
from services.enrich.domain.noms import forme_de_nom
from tests.unit.enrich.fabrique import codes, references

PARIS = [
    ["75056", "Paris", "75", ["75001", "75016", "75116"], 48.8566, 2.3522],
    ["75101", "Paris 1er Arrondissement", "75", ["75001"], 48.8626, 2.3364],
    ["75116", "Paris 16e Arrondissement", "75", ["75016", "75116"], 48.8604, 2.262],
]
PLUSIEURS = [
    ["69123", "Lyon", "69", ["69003"], 45.7699, 4.8292],
    ["69383", "Lyon 3e Arrondissement", "69", ["69003"], 45.7539, 4.8693],
    ["13055", "Marseille", "13", ["13001"], 43.2999, 5.3805],
    ["13201", "Marseille 1er Arrondissement", "13", ["13001"], 43.2999, 5.3844],
    ["13001", "Aix-en-Provence", "13", ["13090", "13100"], 43.5361, 5.3986],
    ["94002", "Alfortville", "94", ["94140"], 48.7961, 2.4214],
    ["2A004", "Ajaccio", "2A", ["20000", "20090"], 41.9256, 8.7364],
    ["2A006", "Alata", "2A", ["20167"], 41.9754, 8.7419],
    ["2A017", "Appietto", "2A", ["20167"], 42.0155, 8.7582],
    ["2B033", "Bastia", "2B", ["20200", "20600"], 42.6864, 9.4265],
    ["97101", "Les Abymes", "971", ["97139", "97142"], 16.2728, -61.5018],
    ["97415", "Saint-Paul", "974", ["97460"], -21.0446, 55.3223],
    ["97611", "Mamoudzou", "976", ["97600"], -12.7902, 45.1948],
    ["97701", "Saint-Barthélemy", "977", ["97133"], 17.9056, -62.8326],
    ["97801", "Saint-Martin", "978", ["97150"], 18.0776, -63.0551],
    ["49160", "Ingrandes-Le Fresne sur Loire", "49", ["49123"], 47.4, -0.92],
    ["22264", "La Roche-Jaudy", "22", ["22450"], 48.75, -3.25],
]
REFERENCES = references(
    communes=PARIS + PLUSIEURS,
    communes_anciennes=[
        ["20004", "2A004", "ancien-code", None],
        ["44060", "49160"],
        ["22247", "22264", "commune-deleguee", "Pommerit-Jaudy"],
        ["75001", "94002"],
        ["22998", "22999"],
        ["22999", "22998"],
        ["22001", "22002"],
        ["22002", "22264"],
    ],
    codes_postaux=[],
)


def _situer(
    insee: str | None, code_postal: str | None, indices: Indices | None = None
) -> Situation:
    return situer(insee, code_postal, REFERENCES, indices=indices or Indices())


@pytest.mark.parametrize(
    ("ancien", "actuel", "cause"),
    [
        ("22247", "22264", "« Pommerit-Jaudy » a été réunie à une autre"),
        ("44060", "49160", "changé de département"),
        ("22001", "22264", "réunie à une autre"),
        ("97123", "97701", "outre-mer"),
        ("97127", "97801", "outre-mer"),
        ("98511", "97611", "Mayotte"),
        ("20004", "2A004", "Corse"),
        ("20033", "2B033", "Corse"),
    ],
)
def test_a_former_code_gives_the_current_one_with_its_cause(
    ancien: str, actuel: str, cause: str
) -> None:
    situation = _situer(ancien, None)
    (constat,) = situation.constats

    assert situation.code_commune_insee == actuel
    assert (constat["code"], constat["proposition"]) == ("commune_ancienne", actuel)
    assert cause in constat["raison"]
    assert constat["correction"] == {"code_commune_insee": actuel}
    assert constat["confiance"] == "haute"


@pytest.mark.parametrize("insee", ["22998", "22997", "20999", "98599", "01999"])
def test_a_loop_or_an_unknown_code_leads_nowhere(insee: str) -> None:
    assert succeder(insee, REFERENCES) is None


@pytest.mark.parametrize(
    ("insee", "code_postal", "arrondissement"),
    [
        ("75056", "75001", "75101"),
        ("75056", "75116", "75116"),
        ("75056", "75016", "75116"),
        ("69123", "69003", "69383"),
        ("13055", "13001", "13201"),
        ("75056", None, "75056"),
        ("75056", "75799", "75056"),
    ],
)
def test_the_post_code_tells_the_arrondissement(
    insee: str, code_postal: str | None, arrondissement: str
) -> None:
    situation = _situer(insee, code_postal)

    assert situation.code_commune_insee == arrondissement
    assert "commune_sans_arrondissement" in codes(situation.constats)


@pytest.mark.parametrize(
    ("indices", "propose", "confiance"),
    [
        (Indices("PARIS 16"), "75116", "moyenne"),
        (Indices(None, (48.8627, 2.3365)), "75101", "moyenne"),
        (Indices("Paris"), None, None),
    ],
)
def test_the_arrondissement_of_another_clue_is_proposed_only(
    indices: Indices, propose: str | None, confiance: str | None
) -> None:
    situation = _situer("75056", None, indices)
    (constat,) = situation.constats

    assert situation.code_commune_insee == "75056"
    assert (constat.get("proposition"), constat.get("confiance")) == (propose, confiance)


def test_a_post_code_of_paris_means_its_arrondissement() -> None:
    assert _situer(None, "75001").code_commune_insee == "75101"


@pytest.mark.parametrize(
    ("code_postal", "actuel", "insee"),
    [("75116", "75016", "75116"), ("97142", "97139", "97101")],
)
def test_a_post_code_out_of_use_gives_the_one_in_use(
    code_postal: str, actuel: str, insee: str
) -> None:
    situation = situer(
        None,
        code_postal,
        references(
            communes=PARIS + PLUSIEURS, codes_postaux=[["75016", "75116"], ["97139", "97101"]]
        ),
    )

    assert (situation.code_postal, situation.code_commune_insee) == (actuel, insee)
    assert "code_postal_ancien" in codes(situation.constats)


@pytest.mark.parametrize(
    ("insee", "code_postal", "attendu", "code"),
    [
        ("75001", "75001", "75101", "code_postal_en_insee"),
        ("75001", None, "75101", "code_postal_en_insee"),
        ("75001", "94140", "94002", "commune_ancienne"),
        ("69003", "69003", "69383", "code_postal_en_insee"),
        ("20200", None, "2B033", "code_postal_en_insee"),
        ("97150", None, "97801", "code_postal_en_insee"),
    ],
)
def test_a_post_code_typed_as_the_insee_code(
    insee: str, code_postal: str | None, attendu: str, code: str
) -> None:
    situation = _situer(insee, code_postal)

    assert situation.code_commune_insee == attendu
    assert codes(situation.constats) == [code]


def test_a_current_commune_wins_over_the_post_code_that_looks_like_it() -> None:
    assert _situer("13001", "13100").code_commune_insee == "13001"
    assert codes(_situer("13001", "13001").constats) == ["code_postal_autre_commune"]


@pytest.mark.parametrize(
    ("indices", "attendu"),
    [
        (Indices("APPIETTO"), "2A017"),
        (Indices(None, (42.016, 8.758)), "2A017"),
        (Indices(None, (41.976, 8.742)), "2A006"),
        (Indices("Sarrola", (48.85, 2.35)), None),
        (Indices(), None),
    ],
)
def test_an_unknown_commune_is_sought_among_those_of_the_post_code(
    indices: Indices, attendu: str | None
) -> None:
    situation = _situer("2A904", "20167", indices)
    (constat,) = situation.constats

    assert (situation.commune, situation.code_commune_insee) == (None, "2A904")
    assert constat["code"] == "commune_inconnue"
    assert constat.get("proposition") == attendu
    assert constat.get("confiance") == ("moyenne" if attendu else None)


def test_the_declared_name_chooses_among_the_communes_of_a_post_code() -> None:
    situation = _situer(None, "20167", Indices("Alata"))

    assert situation.code_commune_insee == "2A006"
    assert situation.constats[0]["confiance"] == "moyenne"


@pytest.mark.parametrize(
    ("insee", "code_postal", "code", "proposition", "confiance"),
    [
        ("22264", "22455", "code_postal_cedex", "22450", "haute"),
        ("2A004", "20700", "code_postal_cedex", "20000 ou 20090", "faible"),
        ("97415", "97864", "code_postal_cedex", "97460", "haute"),
        ("22264", "20167", "code_postal_autre_departement", "22450", "faible"),
        ("2A006", "20000", "code_postal_autre_commune", "20167", "faible"),
    ],
)
def test_a_post_code_that_is_not_of_the_commune(
    insee: str, code_postal: str, code: str, proposition: str, confiance: str
) -> None:
    situation = _situer(insee, code_postal)
    (constat,) = situation.constats

    assert constat["code"] == code
    assert (constat["proposition"], constat["confiance"]) == (proposition, confiance)
    assert situation.code_postal == code_postal


def test_a_position_near_the_commune_makes_the_post_code_the_one_that_is_wrong() -> None:
    (constat,) = _situer("22264", "20167", Indices(None, (48.75, -3.25))).constats

    assert constat["confiance"] == "moyenne"
    assert "position" in constat["raison"]


def test_an_insee_code_in_the_place_of_the_post_code_stays_where_the_commune_has_several() -> None:
    angers = references(communes=[["49007", "Angers", "49", ["49000", "49100"], 47.47, -0.55]])

    situation = situer("49007", "49007", angers)

    assert situation.code_postal == "49007"
    assert codes(situation.constats) == ["insee_en_code_postal"]
    assert situation.constats[0]["proposition"] == "49000 ou 49100"


def test_the_formateur_chooses_among_the_post_codes_of_the_commune() -> None:
    (constat,) = _situer("2A004", "20700", Indices(None, None, "20090")).constats

    assert constat["correction"] == {"code_postal": "20090"}
    assert constat["confiance"] == "moyenne"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("St-Étienne", "SAINT ETIENNE"),
        ("LYON CEDEX 03", "Lyon"),
        ("Paris 1er Arrondissement", "PARIS 01"),
        ("Œuilly", "OEUILLY"),
        ("L'Haÿ-les-Roses", "L HAY LES ROSES"),
    ],
)
def test_names_written_otherwise_are_the_same(a: str, b: str) -> None:
    assert forme_de_nom(a) == forme_de_nom(b)
