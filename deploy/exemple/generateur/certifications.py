"""Diplomas, MEFs, fiches and occupations: real public codes, from the seeds."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.exemple.generateur.tables import (
    JOUR,
    SOURCE,
    Rangee,
    capitales,
    ecrire_csv,
    graine,
    liste,
)


@dataclass(frozen=True, slots=True)
class Certification:
    """A diploma of the sample, with the (durée, année) pairs of its MEFs."""

    famille: str
    cfd: str
    rncp: str | None
    intitule: str
    id_certifinfo: str
    modalites: tuple[tuple[str, str], ...]


def ecrire_certifications(sortie: Path) -> list[Certification]:
    """Write the tables of certifications; return what the offers may prepare."""
    seeds = graine("certifications")
    dossier = sortie / "certifications"
    _ecrire_cfd(dossier, seeds)
    _ecrire_niveaux(dossier)
    _ecrire_mef(dossier, seeds)
    _ecrire_kit(dossier, seeds)
    _ecrire_rncp(dossier, seeds)
    _ecrire_rome(dossier)
    return [
        Certification(
            famille=seed["famille"],
            cfd=seed["cfd"],
            rncp=seed["rncp"] or None,
            intitule=seed["intitule"],
            id_certifinfo=f"9{rang:05d}",
            modalites=tuple((mef[8], mef[9]) for mef in liste(seed["mefs"])),
        )
        for rang, seed in enumerate(seeds, start=1)
    ]


def _ecrire_cfd(dossier: Path, seeds: list[Rangee]) -> None:
    anciens = {seed["successeur"]: seed["cfd"] for seed in seeds if seed["successeur"]}
    ecrire_csv(
        dossier / "cfd.csv",
        (
            *("cfd", "niveau_formation_diplome", "groupe_specialite", "lettre_specialite"),
            *("libelle_court", "libelle_stat", "libelle_long", "date_ouverture"),
            *("date_fermeture", "date_premiere_session", "date_derniere_session"),
            *("gestionnaire", "niveau_qualification_rncp", "anciens", "nouveaux", "source"),
        ),
        (
            {
                "cfd": seed["cfd"],
                "niveau_formation_diplome": seed["cfd"][:3],
                "groupe_specialite": seed["nsf"][:3] or seed["cfd"][3:6],
                "libelle_court": seed["diplome"],
                "libelle_stat": capitales(seed["intitule"])[:33].strip(),
                "libelle_long": f"{capitales(seed['intitule'])} ({seed['diplome']})",
                "date_ouverture": seed["ouverture"],
                "date_fermeture": seed["fermeture"],
                "niveau_qualification_rncp": seed["niveau_rncp"].zfill(2),
                "anciens": anciens.get(seed["cfd"], ""),
                "nouveaux": seed["successeur"],
                "source": SOURCE,
            }
            for seed in seeds
        ),
    )


def _ecrire_niveaux(dossier: Path) -> None:
    ecrire_csv(
        dossier / "niveaux_formation_diplome.csv",
        (
            *("code", "libelle_court", "libelle", "niveau_interministeriel"),
            *("niveau_rncp", "date_ouverture", "date_fermeture"),
        ),
        graine("niveaux"),
    )


def _ecrire_mef(dossier: Path, seeds: list[Rangee]) -> None:
    ecrire_csv(
        dossier / "mef.csv",
        (
            *("mef", "dispositif", "cfd", "duree_dispositif", "annee_dispositif"),
            *("libelle_court", "libelle_long", "libelle_edition", "date_ouverture"),
            *("date_fermeture", "statut_mef", "mef_stat_11", "mef_stat_9"),
        ),
        (
            {
                "mef": mef,
                "dispositif": mef[:3],
                "cfd": seed["cfd"],
                "duree_dispositif": mef[8],
                "annee_dispositif": mef[9],
                "libelle_long": f"{mef[9]}{seed['diplome']}{mef[8]} {capitales(seed['intitule'])}",
                "date_ouverture": seed["ouverture"],
                "date_fermeture": seed["fermeture"],
            }
            for seed in seeds
            for mef in liste(seed["mefs"])
        ),
    )


def _ecrire_kit(dossier: Path, seeds: list[Rangee]) -> None:
    ecrire_csv(
        dossier / "cfd_rncp_kit_2020-10-01.csv",
        (
            *("cfd", "code_rncp", "intitule_cfd", "intitule_rncp", "niveau", "abrege"),
            *("acces_apprentissage", "date_echeance", "statut", "type_enregistrement"),
            *("date_publication", "date_decision", "date_debut_parcours"),
            *("date_limite_delivrance", "nouvelles", "anciennes", "version_maj"),
        ),
        (
            {
                "cfd": seed["cfd"],
                "code_rncp": seed["rncp"],
                "intitule_cfd": capitales(seed["intitule"]),
                "intitule_rncp": seed["intitule"],
                "niveau": seed["niveau_rncp"],
                "abrege": seed["type"],
                "acces_apprentissage": "oui",
                "date_echeance": seed["fin_validite"],
                "statut": _statut(seed),
                "type_enregistrement": _enregistrement(seed),
            }
            for seed in seeds
            if seed["rncp"]
        ),
    )


def _ecrire_rncp(dossier: Path, seeds: list[Rangee]) -> None:
    ecrire_csv(
        dossier / "rncp.csv",
        (
            *("code_rncp", "intitule", "niveau", "type_certif_code", "type_certif", "statut"),
            *("date_fin_validite", "date_debut_parcours", "date_limite_delivrance"),
            *("type_enregistrement", "acces_apprentissage", "romes", "nsf", "cfds"),
            *("voies_acces", "anciennes", "nouvelles", "source"),
        ),
        _fiches(seeds),
    )


def _fiches(seeds: list[Rangee]) -> Iterator[Rangee]:
    vues: set[str] = set()
    for seed in seeds:
        if not seed["rncp"] or seed["rncp"] in vues:
            continue
        vues.add(seed["rncp"])
        yield {
            "code_rncp": seed["rncp"],
            "intitule": seed["intitule"],
            "niveau": seed["niveau_rncp"],
            "type_certif_code": seed["type"],
            "type_certif": seed["type"],
            "statut": _statut(seed),
            "date_fin_validite": seed["fin_validite"],
            "type_enregistrement": _enregistrement(seed),
            "acces_apprentissage": "oui",
            "romes": seed["romes"],
            "nsf": seed["nsf"],
            "cfds": seed["cfd"],
            "voies_acces": "CONTRATA",
            "source": SOURCE,
        }


def _statut(seed: Rangee) -> str:
    return "INACTIVE" if seed["fin_validite"] <= JOUR else "ACTIVE"


def _enregistrement(seed: Rangee) -> str:
    """Diplomas of the State are registered by right, the others on request."""
    return "Enregistrement sur demande" if seed["cfd"][2] == "X" else "Enregistrement de droit"


def _ecrire_rome(dossier: Path) -> None:
    ecrire_csv(
        dossier / "rome.csv",
        (
            *("code_rome", "libelle", "domaine_professionnel", "transition_eco"),
            *("code_ogr", "libelle_rome_v3"),
        ),
        ({**rome, "domaine_professionnel": rome["code_rome"][:3]} for rome in graine("rome")),
    )
