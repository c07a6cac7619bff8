"""Building the tables in memory from the rows that a load kept."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from services.enrich.domain.references.tables import (
    Cfd,
    Commune,
    Departement,
    Etablissement,
    Fiche,
    Mef,
    References,
)

Lignes: TypeAlias = Sequence[Sequence[Any]]

OUTRE_MER: Final = "Collectivités d'outre-mer"
_COLLECTIVITES: Final = frozenset(("975", "984", "986", "987", "988"))


def construire(version: str, tables: Mapping[str, Lignes]) -> References:
    """Return the tables of a version; `tables` holds the kept rows by table name.

    A table that is absent is empty: what it would have said is unknown.
    """

    def lignes(nom: str) -> Lignes:
        return tables.get(nom, ())

    kit = lignes("kit_apprentissage")
    return References(
        version=version,
        cfds={ligne[0]: Cfd(*ligne) for ligne in lignes("cfd")},
        diplomes=_paires(lignes("niveaux")),
        mefs=_mefs(lignes("mef")),
        fiches_par_cfd=_groupes(kit),
        cfds_par_fiche=_groupes([(rncp, cfd) for cfd, rncp in kit]),
        fiches={ligne[0]: Fiche(*ligne) for ligne in lignes("rncp")},
        romes=_paires(lignes("rome")),
        communes={ligne[0]: Commune(*ligne) for ligne in lignes("communes")},
        anciennes_communes=_paires(lignes("communes_anciennes")),
        communes_par_code_postal=_communes_par_code_postal(tables),
        departements=_departements(tables),
        etablissements={ligne[0]: Etablissement(*ligne) for ligne in lignes("etablissements")},
        uai_par_siret=_paires(lignes("uai_siret")),
        sirets_par_siren=_groupes([(ligne[0][:9], ligne[0]) for ligne in lignes("etablissements")]),
    )


def _paires(lignes: Lignes) -> dict[str, str]:
    return {ligne[0]: ligne[1] for ligne in lignes}


def _mefs(lignes: Lignes) -> dict[str, tuple[Mef, ...]]:
    groupes: dict[str, list[Mef]] = {}
    for ligne in lignes:
        mef = Mef(*ligne)
        groupes.setdefault(mef.cfd, []).append(mef)
    return {cfd: tuple(sorted(mefs, key=lambda mef: mef.mef10)) for cfd, mefs in groupes.items()}


def _groupes(paires: Lignes) -> dict[str, tuple[str, ...]]:
    groupes: dict[str, dict[str, None]] = {}
    for cle, valeur in paires:
        groupes.setdefault(cle, {})[valeur] = None
    return {cle: tuple(valeurs) for cle, valeurs in groupes.items()}


def _communes_par_code_postal(tables: Mapping[str, Lignes]) -> dict[str, tuple[str, ...]]:
    """Join both sources of post codes; former communes of the postal list give the current one."""
    communes = tables.get("communes", ())
    actuelles = {ligne[0] for ligne in communes}
    anciennes = _paires(tables.get("communes_anciennes", ()))
    paires = [(code_postal, ligne[0]) for ligne in communes for code_postal in ligne[3]]
    for code_postal, insee in tables.get("codes_postaux", ()):
        code = insee if insee in actuelles else anciennes.get(insee)
        if code in actuelles:
            paires.append((code_postal, code))
    return _groupes(paires)


def _departements(tables: Mapping[str, Lignes]) -> dict[str, Departement]:
    regions = _paires(tables.get("regions", ()))
    academies = _paires(tables.get("academies", ()))
    return {
        code: Departement(
            code,
            nom,
            OUTRE_MER if code in _COLLECTIVITES else regions.get(region or ""),
            num_academie,
            academies.get(num_academie or ""),
        )
        for code, nom, region, num_academie in tables.get("departements", ())
    }
