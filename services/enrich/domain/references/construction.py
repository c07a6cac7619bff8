"""Building the tables in memory from the rows that a load kept."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias, TypeVar

from services.enrich.domain.references.tables import (
    Certificateur,
    Cfd,
    Commune,
    Departement,
    Etablissement,
    Fiche,
    LettreSpecialite,
    LienOnisep,
    Mef,
    Partenaire,
    References,
    Uai,
)

Lignes: TypeAlias = Sequence[Sequence[Any]]
T = TypeVar("T")

OUTRE_MER: Final = "Collectivités d'outre-mer"
_COLLECTIVITES: Final = frozenset(("975", "984", "986", "987", "988"))


def construire(version: str, tables: Mapping[str, Lignes]) -> References:
    """Return the tables of a version; `tables` holds the kept rows by table name.

    A table that is absent is empty: what it would have said is unknown.
    """

    def lignes(nom: str) -> Lignes:
        return tables.get(nom, ())

    kit = lignes("kit_apprentissage")
    mefs = [Mef(*ligne) for ligne in lignes("mef")]
    fiches = {ligne[0]: Fiche(*ligne) for ligne in lignes("rncp")}
    return References(
        version=version,
        cfds={ligne[0]: Cfd(*ligne) for ligne in lignes("cfd")},
        diplomes=_paires(lignes("niveaux")),
        mefs=_mefs_par(lambda mef: mef.cfd, mefs),
        fiches_par_cfd=_groupes(kit),
        cfds_par_fiche=_groupes([(rncp, cfd) for cfd, rncp in kit]),
        fiches=fiches,
        romes=_paires(lignes("rome")),
        communes={ligne[0]: Commune(*ligne) for ligne in lignes("communes")},
        anciennes_communes=_paires(lignes("communes_anciennes")),
        noms_anciens={
            ligne[0]: ligne[3] for ligne in lignes("communes_anciennes") if any(ligne[3:])
        },
        communes_par_code_postal=_communes_par_code_postal(tables),
        departements=_departements(tables),
        etablissements=_etablissements(tables),
        uai_par_siret=_paires(lignes("uai_siret")),
        sirets_par_siren=_groupes([(ligne[0][:9], ligne[0]) for ligne in lignes("etablissements")]),
        mefs_par_fin_stat=_mefs_par(lambda mef: (mef.mef_stat_11 or "")[-5:], mefs),
        mefs_partages=_en_double(mef.mef10 for mef in mefs),
        mefs_parcoursup=_codes(tables.get("mefs_parcoursup")),
        fiches_suivantes=_fiches_suivantes(fiches),
        certificateurs=_par_fiche(Certificateur, tables.get("certificateurs")),
        partenaires=_par_fiche(Partenaire, tables.get("partenaires")),
        lettres={ligne[0]: LettreSpecialite(*ligne) for ligne in lignes("lettres")},
        onisep={ligne[0]: LienOnisep(*ligne) for ligne in lignes("onisep")},
        uais=None if "uai" not in tables else {ligne[0]: Uai(*ligne) for ligne in tables["uai"]},
    )


def _etablissements(tables: Mapping[str, Lignes]) -> dict[str, Etablissement]:
    """Return the establishments; the public list of certified organisms, if any, wins.

    Certified is who is in it by his SIRET, else by his SIREN; who is not in it is not.
    """
    connus = [Etablissement(*ligne) for ligne in tables.get("etablissements", ())]
    if (liste := tables.get("qualiopi")) is None:
        return {connu.siret: connu for connu in connus}
    par_siret = {siret: certifie for _, siret, certifie in liste if siret}
    par_siren: dict[str, bool] = {}
    for siren, _, certifie in liste:
        par_siren[siren] = par_siren.get(siren, False) or certifie
    return {
        connu.siret: replace(
            connu,
            certifie_qualite=par_siret.get(connu.siret, par_siren.get(connu.siret[:9], False)),
        )
        for connu in connus
    }


def _paires(lignes: Lignes) -> dict[str, str]:
    return {ligne[0]: ligne[1] for ligne in lignes}


def _mefs_par(cle: Callable[[Mef], str], mefs: Iterable[Mef]) -> dict[str, tuple[Mef, ...]]:
    groupes: dict[str, list[Mef]] = {}
    for mef in mefs:
        if code := cle(mef):
            groupes.setdefault(code, []).append(mef)
    return {code: tuple(sorted(ceux, key=lambda mef: mef.mef10)) for code, ceux in groupes.items()}


def _en_double(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(code for code, fois in Counter(codes).items() if fois > 1)


def _codes(lignes: Lignes | None) -> frozenset[str] | None:
    return None if lignes is None else frozenset(ligne[0] for ligne in lignes)


def _fiches_suivantes(fiches: Mapping[str, Fiche]) -> dict[str, tuple[str, ...]]:
    """Join what a fiche says of its successors and what these say of it."""
    paires = [(code, suivante) for code, fiche in fiches.items() for suivante in fiche.nouvelles]
    paires += [(ancienne, code) for code, fiche in fiches.items() for ancienne in fiche.anciennes]
    return _groupes([(avant, apres) for avant, apres in paires if avant != apres])


def _par_fiche(modele: Callable[..., T], lignes: Lignes | None) -> dict[str, tuple[T, ...]] | None:
    if lignes is None:
        return None
    groupes: dict[str, list[T]] = {}
    for ligne in lignes:
        groupes.setdefault(ligne[0], []).append(modele(*ligne))
    return {fiche: tuple(ceux) for fiche, ceux in groupes.items()}


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
            region,
        )
        for code, nom, region, num_academie in tables.get("departements", ())
    }
