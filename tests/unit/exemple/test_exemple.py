"""What the shipped sample promises to whoever runs the project without other data."""

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from contracts.identifiants import cle, insee, siret, uai
from contracts.offre import Offre
from contracts.statuts import STATUTS, Plateforme
from deploy.exemple.generateur.__main__ import generer, main
from deploy.exemple.generateur.defauts import DEFAUTS

EXEMPLE = Path(__file__).parents[3] / "deploy" / "exemple"
TAILLE_MAX = 900_000


def table(nom: str) -> list[dict[str, str]]:
    with (EXEMPLE / f"{nom}.csv").open(encoding="utf-8", newline="") as lignes:
        return list(csv.DictReader(lignes))


def offres() -> list[dict[str, Any]]:
    lignes = (EXEMPLE / "offres" / "offres_exemple.ndjson").read_bytes().splitlines()
    return [orjson.loads(ligne) for ligne in lignes]


def fichiers() -> list[Path]:
    return sorted(f for f in EXEMPLE.glob("*/*") if f.suffix in {".csv", ".ndjson", ".json"})


def test_there_are_enough_offers_places_and_certifications() -> None:
    communes = table("geo/communes")
    departements = {c["departement"] for c in communes}

    assert 900 <= len(offres()) <= 1_000
    assert len(communes) >= 120
    assert len(departements) >= 60
    assert departements >= {"2A", "2B", "972", "973", "974", "976"}
    assert len(table("certifications/cfd")) >= 80


def test_establishments_do_not_exist_but_their_check_digits_hold() -> None:
    etablissements = table("organismes/etablissements_2022")

    assert all(siret.est_valide(e["siret"]) and uai.est_valide(e["uai"]) for e in etablissements)
    assert all(e["siren"].startswith("0000") and e["uai"][3:5] == "99" for e in etablissements)


def test_an_establishment_has_its_own_uai_and_a_name_that_says_it_is_made_up() -> None:
    etablissements = table("organismes/etablissements_2022")
    aveu = re.compile(r"fictif|fictive|imaginaire|inventé", re.IGNORECASE)

    assert len({e["uai"] for e in etablissements}) == len(etablissements)
    assert all(aveu.search(e["enseigne"]) for e in etablissements)


def test_tables_agree_with_one_another() -> None:
    communes = {c["code_insee"] for c in table("geo/communes")}
    diplomes = {c["cfd"] for c in table("certifications/cfd")}

    assert {e["code_insee"] for e in table("organismes/etablissements_2022")} <= communes
    assert {a["commune_parente"] for a in table("geo/communes_anciennes")} <= communes
    assert {m["cfd"] for m in table("certifications/mef")} <= diplomes
    assert {c["nouveaux"] for c in table("certifications/cfd")} - {""} <= diplomes
    assert all(insee.est_valide(code) for code in communes)


def test_an_offer_uses_the_names_of_the_contract() -> None:
    assert {champ for offre in offres() for champ in offre} <= set(Offre.model_fields)


def test_sound_offers_have_their_own_key_and_a_session_in_the_campaign() -> None:
    saines = {o["reference"]: o for o in offres() if o["reference"].count("-") == 1}
    cles = [o["cle_ministere_educatif"] for o in saines.values()]
    en_session = [o for o in saines.values() if o["date_debut"][-1] >= "2021-08-01"]

    assert len(set(cles)) == len(cles)
    assert all(cle.lire(clef) for clef in cles)
    assert len(en_session) > 0.9 * len(saines)


@pytest.mark.parametrize("defaut", DEFAUTS, ids=lambda d: d.nom)
def test_each_common_fault_is_planted(defaut: Any) -> None:  # noqa: ANN401 - a row of the table
    plantes = Counter(o["reference"].split("-", 2)[2:] == [defaut.nom] for o in offres())

    assert plantes[True] == defaut.combien


def test_some_offers_are_delivered_twice_and_some_unpublished() -> None:
    cles = Counter(o["reference"] for o in offres())

    assert sum(n == 2 for n in cles.values()) == 5
    assert 70 <= sum(not o["published"] for o in offres()) <= 110


def test_rules_are_made_up_and_well_formed() -> None:
    regles = orjson.loads((EXEMPLE / "regles" / "regles.json").read_bytes())
    diplomes = {n["libelle"] for n in table("certifications/niveaux_formation_diplome")}

    assert {r["plateforme"] for r in regles} == {"parcoursup", "affelnet"}
    assert {r["diplome"] for r in regles} <= diplomes
    assert all(r["statut"] in STATUTS[Plateforme(r["plateforme"])] for r in regles)


@pytest.mark.parametrize("fichier", fichiers(), ids=lambda f: f.name)
def test_files_are_small(fichier: Path) -> None:
    assert fichier.stat().st_size < TAILLE_MAX


def test_the_generator_writes_what_is_committed(tmp_path: Path) -> None:
    generer(_paquet_des_memes_lieux(tmp_path / "paquet"), tmp_path / "sortie")

    for fichier in fichiers():
        ecrit = tmp_path / "sortie" / fichier.relative_to(EXEMPLE)
        assert ecrit.read_bytes() == fichier.read_bytes(), fichier.name


def test_the_command_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "PAQUET" in capsys.readouterr().err


def _paquet_des_memes_lieux(paquet: Path) -> Path:
    """Return an npm package reduced to the committed places: the real one is not at hand here."""
    anciennes = table("geo/communes_anciennes")
    communes = [
        {
            "code": c["code_insee"],
            "nom": c["nom"],
            "type": c["type"],
            "departement": c["departement"],
            "region": c["region"],
            "codesPostaux": c["codes_postaux"].split("|"),
            "population": int(c["population"]),
            **({"commune": c["commune_parente"]} if c["commune_parente"] else {}),
            "anciensCodes": [
                a["code_insee"]
                for a in anciennes
                if a["commune_parente"] == c["code_insee"] and a["type"] == "ancien-code"
            ],
        }
        for c in table("geo/communes")
    ]
    deleguees = [
        {
            "code": a["code_insee"],
            "nom": a["nom"],
            "type": a["type"],
            "departement": a["departement"],
            "region": a["region"],
            "chefLieu": a["commune_parente"],
        }
        for a in anciennes
        if a["type"] != "ancien-code"
    ]
    decoupage = {
        nom: [{"chefLieu": d.pop("chef_lieu"), **d} for d in table(f"geo/{nom}")]
        for nom in ("departements", "regions")
    }
    (paquet / "data").mkdir(parents=True)
    for nom, objets in {"communes": communes + deleguees, **decoupage}.items():
        (paquet / "data" / f"{nom}.json").write_bytes(orjson.dumps(objets))
    return paquet
