"""The ten CSV of France compétences (ZIP, UTF-8, `;`, every cell quoted), and its older XML fiches.

Only fiches of the RNCP are kept. A fiche is open to apprenticeship when one of its ways of access
is the contract.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final

from services.enrich.domain.chargement.exports.modele import Export, Pieces, Rangee, jour_iso

STANDARD: Final = "Standard"
_ROME: Final = "Rome"
_NSF: Final = "Nsf"
_ACCES: Final = "VoixdAccès"
_SUITES: Final = "Ancienne_Nouvelle"
_RNCP: Final = "RNCP"
_HABILITATIONS: Final = {
    "habilitation pour former et organiser l evaluation": "HABILITATION_ORGA_FORM",
    "habilitation pour former": "HABILITATION_FORMER",
    "habilitation pour organiser l evaluation": "HABILITATION_ORGANISER",
}


def _fiches(rangees: Iterable[Rangee], pieces: Pieces) -> Iterator[Rangee]:
    romes = _par_fiche(pieces.get(_ROME, ()), "codes_rome_code")
    nsf = _par_fiche(pieces.get(_NSF, ()), "nsf_code")
    acces = _par_fiche(pieces.get(_ACCES, ()), "si_jury")
    anciennes = _par_fiche(pieces.get(_SUITES, ()), "ancienne_certification")
    nouvelles = _par_fiche(pieces.get(_SUITES, ()), "nouvelle_certification")
    for rangee in rangees:
        code = rangee["numero_fiche"]
        if not code.startswith(_RNCP):
            continue
        yield {
            "code_rncp": code,
            "intitule": rangee.get("intitule", ""),
            "niveau": _niveau(rangee.get("nomenclature_europe_niveau", "")),
            "type_certif_code": rangee.get("abrege_libelle", ""),
            "type_certif": rangee.get("abrege_intitule", ""),
            "statut": rangee.get("actif", ""),
            "date_fin_validite": jour_iso(rangee.get("date_fin_enregistrement", "")),
            "date_debut_parcours": jour_iso(rangee.get("date_effet", "")),
            "type_enregistrement": rangee.get("type_enregistrement", ""),
            "acces_apprentissage": _ouverte(acces, code),
            "romes": "|".join(romes.get(code, ())),
            "nsf": "|".join(nsf.get(code, ())),
            "anciennes": "|".join(filter(_est_rncp, anciennes.get(code, ()))),
            "nouvelles": "|".join(filter(_est_rncp, nouvelles.get(code, ()))),
            "source": "france_competences",
        }


def _par_fiche(rangees: Iterable[Rangee], colonne: str) -> dict[str, list[str]]:
    valeurs: dict[str, list[str]] = {}
    for rangee in rangees:
        if valeur := rangee.get(colonne, "").strip():
            valeurs.setdefault(rangee["numero_fiche"], []).append(valeur)
    return valeurs


def _niveau(texte: str) -> str:
    """Return the digit of `NIV3`; other texts name no level."""
    chiffre = texte.removeprefix("NIV")
    return chiffre if len(chiffre) == 1 and chiffre.isdecimal() else ""


def _ouverte(acces: dict[str, list[str]], code: str) -> str:
    return "oui" if any("apprentissage" in voie for voie in acces.get(code, ())) else "non"


def _est_rncp(code: str) -> bool:
    return code.startswith(_RNCP)


def _certificateurs(rangees: Iterable[Rangee], _: Pieces) -> Iterator[Rangee]:
    for rangee in rangees:
        if rangee["numero_fiche"].startswith(_RNCP):
            yield {
                "code_rncp": rangee["numero_fiche"],
                "certificateur": rangee.get("nom_certificateur", "").strip(),
                "siret": rangee.get("siret_certificateur", "").strip(),
            }


def _partenaires(rangees: Iterable[Rangee], _: Pieces) -> Iterator[Rangee]:
    for rangee in rangees:
        if rangee["numero_fiche"].startswith(_RNCP):
            dite = rangee.get("habilitation_partenaire", "").strip()
            yield {
                "code_rncp": rangee["numero_fiche"],
                "siret": rangee.get("siret_partenaire", "").strip(),
                "habilitation": _HABILITATIONS.get(_forme(dite), dite),
                "nom": rangee.get("nom_partenaire", "").strip(),
            }


def _forme(texte: str) -> str:
    remplaces = texte.lower().replace("’", " ").replace("'", " ").replace("é", "e")
    return " ".join(remplaces.split())


def _fiches_xml(rangees: Iterable[Rangee], _: Pieces) -> Iterator[Rangee]:
    """Yield the fiches of an XML export, whose reader gives one row per ROME code."""
    for _code, lignes in groupby(rangees, itemgetter("numero_fiche")):
        toutes = list(lignes)
        premiere = toutes[0]
        jury = premiere.get("si_jury_ca", "").strip().lower()
        yield {
            "code_rncp": premiere["numero_fiche"].strip(),
            "intitule": premiere.get("intitule", "").strip(),
            "statut": "ACTIVE" if premiere.get("etat_fiche", "").strip() == "Publiée" else "",
            "type_enregistrement": premiere.get("type_enregistrement", "").strip(),
            "acces_apprentissage": jury if jury in {"oui", "non"} else "",
            "romes": "|".join(filter(None, (une.get("rome", "") for une in toutes))),
            "source": "france_competences",
        }


_FICHE: Final = "numero_fiche"
EXPORTS: Final = (
    Export(
        STANDARD,
        frozenset({_FICHE, "intitule", "actif", "nomenclature_europe_niveau"}),
        "rncp",
        _fiches,
        (_ROME, _NSF, _ACCES, _SUITES),
        exigees=frozenset(
            {"abrege_libelle", "abrege_intitule", "date_fin_enregistrement", "date_effet"}
            | {"type_enregistrement"}
        ),
        indispensables=(_ROME, _NSF, _ACCES, _SUITES),
    ),
    Export(
        "Certificateurs",
        frozenset({_FICHE, "nom_certificateur"}),
        "certificateurs",
        _certificateurs,
        exigees=frozenset({"siret_certificateur"}),
    ),
    Export(
        "Partenaires",
        frozenset({_FICHE, "habilitation_partenaire"}),
        "partenaires",
        _partenaires,
        exigees=frozenset({"siret_partenaire", "nom_partenaire"}),
    ),
    Export("Fiches XML", frozenset({_FICHE, "etat_fiche", "si_jury_ca"}), "rncp", _fiches_xml),
    Export(_ROME, frozenset({_FICHE, "codes_rome_code"})),
    Export(_NSF, frozenset({_FICHE, "nsf_code"})),
    Export(_ACCES, frozenset({_FICHE, "si_jury"})),
    Export(_SUITES, frozenset({_FICHE, "nouvelle_certification"})),
    Export("Blocs", frozenset({_FICHE, "bloc_competences_code"})),
    Export("CCN", frozenset({_FICHE, "ccn_1_numero"})),
    Export("Formacode", frozenset({_FICHE, "formacode_code"})),
)
