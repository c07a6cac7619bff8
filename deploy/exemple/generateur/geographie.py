"""Communes, départements, régions and académies, out of @etalab/decoupage-administratif."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from deploy.exemple.generateur.tables import capitales, ecrire_csv, graine, liste

ACTUELLE: Final = "commune-actuelle"
ARRONDISSEMENT: Final = "arrondissement-municipal"


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of the sample."""

    code: str
    nom: str
    departement: str
    codes_postaux: tuple[str, ...]
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Geographie:
    """The places of the sample, and former codes with the commune that they became."""

    communes: dict[str, Commune]
    anciennes: dict[str, str]


def ecrire_geographie(paquet: Path, sortie: Path) -> Geographie:
    """Write the six tables of places from the unpacked npm package; return the places."""
    brutes = _lire(paquet, "communes")
    academies = _ecrire_academies(sortie)
    _ecrire_decoupage(paquet, sortie, academies)
    communes = _ecrire_communes(sortie, brutes, academies)
    anciennes = _ecrire_anciennes(sortie, brutes, communes)
    _ecrire_codes_postaux(sortie, communes)
    return Geographie(communes, anciennes)


def _lire(paquet: Path, nom: str) -> list[dict[str, Any]]:
    lue: list[dict[str, Any]] = orjson.loads((paquet / "data" / f"{nom}.json").read_bytes())
    return lue


def _ecrire_academies(sortie: Path) -> dict[str, str]:
    rangees = graine("academies")
    ecrire_csv(sortie / "geo/academies.csv", list(rangees[0]), rangees)
    return {d: r["num_academie"] for r in rangees for d in liste(r["departements"])}


def _ecrire_decoupage(paquet: Path, sortie: Path, academies: dict[str, str]) -> None:
    ecrire_csv(
        sortie / "geo/departements.csv",
        ("code", "nom", "region", "chef_lieu", "zone", "num_academie"),
        (
            {
                "code": d["code"],
                "nom": d["nom"],
                "region": d["region"],
                "chef_lieu": d["chefLieu"],
                "zone": d["zone"],
                "num_academie": academies.get(d["code"], ""),
            }
            for d in _lire(paquet, "departements")
        ),
    )
    ecrire_csv(
        sortie / "geo/regions.csv",
        ("code", "nom", "chef_lieu", "zone"),
        (
            {"code": r["code"], "nom": r["nom"], "chef_lieu": r["chefLieu"], "zone": r["zone"]}
            for r in _lire(paquet, "regions")
        ),
    )


def _ecrire_communes(
    sortie: Path, brutes: list[dict[str, Any]], academies: dict[str, str]
) -> dict[str, Commune]:
    actuelles = {c["code"]: c for c in brutes if c["type"] in (ACTUELLE, ARRONDISSEMENT)}
    communes: dict[str, Commune] = {}
    rangees = []
    for point in graine("communes"):
        brute = actuelles[point["code_insee"]]
        departement = brute["departement"]
        codes = brute.get("codesPostaux", [])
        communes[brute["code"]] = Commune(
            brute["code"],
            brute["nom"],
            departement,
            tuple(codes),
            float(point["latitude"]),
            float(point["longitude"]),
        )
        rangees.append(
            {
                "code_insee": brute["code"],
                "nom": brute["nom"],
                "type": brute["type"],
                "departement": departement,
                "region": brute["region"],
                "num_academie": academies[departement],
                "codes_postaux": "|".join(codes),
                "population": brute.get("population", ""),
                "latitude": point["latitude"],
                "longitude": point["longitude"],
                "commune_parente": brute.get("commune", ""),
            }
        )
    ecrire_csv(
        sortie / "geo/communes.csv",
        (
            *("code_insee", "nom", "type", "departement", "region", "num_academie"),
            *("codes_postaux", "population", "latitude", "longitude", "commune_parente"),
            "zone_emploi",
        ),
        rangees,
    )
    return communes


def _ecrire_anciennes(
    sortie: Path, brutes: list[dict[str, Any]], communes: dict[str, Commune]
) -> dict[str, str]:
    """Write what became part of a commune of the sample, by its former code."""
    rangees = []
    for brute in brutes:
        if brute["type"] == ACTUELLE and brute["code"] in communes:
            rangees += [
                _ancienne(code, "", "ancien-code", brute, brute["code"])
                for code in brute.get("anciensCodes", [])
            ]
        elif brute.get("chefLieu") in communes:
            rangees.append(
                _ancienne(brute["code"], brute["nom"], brute["type"], brute, brute["chefLieu"])
            )
    # A commune déléguée is told twice, by itself and among its commune's former codes.
    par_code = {r["code_insee"]: r for r in sorted(rangees, key=lambda r: bool(r["nom"]))}
    rangees = [par_code[code] for code in sorted(par_code) if code not in communes]
    ecrire_csv(
        sortie / "geo/communes_anciennes.csv",
        ("code_insee", "nom", "type", "departement", "region", "commune_parente"),
        rangees,
    )
    return {r["code_insee"]: r["commune_parente"] for r in rangees}


def _ancienne(
    code: str, nom: str, espece: str, brute: dict[str, Any], parente: str
) -> dict[str, str]:
    return {
        "code_insee": code,
        "nom": nom,
        "type": espece,
        "departement": brute["departement"],
        "region": brute["region"],
        "commune_parente": parente,
    }


def _ecrire_codes_postaux(sortie: Path, communes: dict[str, Commune]) -> None:
    ecrire_csv(
        sortie / "geo/codes_postaux.csv",
        ("code_postal", "code_insee", "libelle_acheminement"),
        (
            {
                "code_postal": code,
                "code_insee": commune.code,
                "libelle_acheminement": _acheminement(commune.nom),
            }
            for commune in communes.values()
            for code in commune.codes_postaux
        ),
    )


def _acheminement(nom: str) -> str:
    mots = capitales(nom).replace("-", " ").replace("'", " ").split()
    return " ".join({"SAINT": "ST", "SAINTE": "STE"}.get(mot, mot) for mot in mots)
