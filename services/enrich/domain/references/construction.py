"""Building the tables in memory from the rows that a load kept."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
_Tables: TypeAlias = Mapping[str, Lignes]
T = TypeVar("T")

OUTRE_MER: Final = "Collectivités d'outre-mer"
_COLLECTIVITES: Final = frozenset(("975", "984", "986", "987", "988"))


def construire(version: str, tables: Mapping[str, Lignes]) -> References:
    """Return the tables of a version; `tables` holds the kept rows by table name.

    A table that is absent is empty: what it would have said is unknown.
    """
    return renouveler(References(), version, tables, tables)


def renouveler(
    avant: References, version: str, tables: Mapping[str, Lignes], changees: Collection[str]
) -> References:
    """Return the tables of a version that differs from `avant` in those named by `changees`.

    What rests on no changed table is the same object in both: comparing them costs nothing, and
    holding two versions little more than one. `tables` must hold the rows of `a_lire(changees)`.
    """
    champs: dict[str, Any] = {}
    for sources, batir in _CONSTRUCTIONS:
        if not sources.isdisjoint(changees):
            champs |= batir(tables)
    return replace(avant, version=version, **champs)


def a_lire(changees: Collection[str]) -> frozenset[str]:
    """Return the tables whose rows it takes to renew what rests on these."""
    return frozenset(
        nom for sources, _ in _CONSTRUCTIONS if not sources.isdisjoint(changees) for nom in sources
    )


def _diplomes(tables: _Tables) -> dict[str, Any]:
    return {"cfds": {ligne[0]: Cfd(*ligne) for ligne in tables.get("cfd", ())}}


def _niveaux(tables: _Tables) -> dict[str, Any]:
    return {"diplomes": _paires(tables.get("niveaux", ()))}


def _mefs(tables: _Tables) -> dict[str, Any]:
    mefs = [Mef(*ligne) for ligne in tables.get("mef", ())]
    return {
        "mefs": _mefs_par(lambda mef: mef.cfd, mefs),
        "mefs_par_fin_stat": _mefs_par(lambda mef: (mef.mef_stat_11 or "")[-5:], mefs),
        "mefs_partages": _en_double(mef.mef10 for mef in mefs),
    }


def _kit(tables: _Tables) -> dict[str, Any]:
    kit = tables.get("kit_apprentissage", ())
    return {
        "fiches_par_cfd": _groupes(kit),
        "cfds_par_fiche": _groupes([(rncp, cfd) for cfd, rncp in kit]),
    }


def _fiches(tables: _Tables) -> dict[str, Any]:
    fiches = {ligne[0]: Fiche(*ligne) for ligne in tables.get("rncp", ())}
    return {"fiches": fiches, "fiches_suivantes": _fiches_suivantes(fiches)}


def _metiers(tables: _Tables) -> dict[str, Any]:
    return {"romes": _paires(tables.get("rome", ()))}


def _communes(tables: _Tables) -> dict[str, Any]:
    return {"communes": {ligne[0]: Commune(*ligne) for ligne in tables.get("communes", ())}}


def _anciennes(tables: _Tables) -> dict[str, Any]:
    lignes = tables.get("communes_anciennes", ())
    return {
        "anciennes_communes": _paires(lignes),
        "noms_anciens": {ligne[0]: ligne[3] for ligne in lignes if any(ligne[3:])},
    }


def _codes_postaux(tables: _Tables) -> dict[str, Any]:
    return {"communes_par_code_postal": _communes_par_code_postal(tables)}


def _territoires(tables: _Tables) -> dict[str, Any]:
    return {"departements": _departements(tables)}


def _organismes(tables: _Tables) -> dict[str, Any]:
    return {"etablissements": _etablissements(tables)}


def _sirens(tables: _Tables) -> dict[str, Any]:
    sirets = [ligne[0] for ligne in tables.get("etablissements", ())]
    return {"sirets_par_siren": _groupes([(siret[:9], siret) for siret in sirets])}


def _uai_par_siret(tables: _Tables) -> dict[str, Any]:
    return {"uai_par_siret": _paires(tables.get("uai_siret", ()))}


def _uais(tables: _Tables) -> dict[str, Any]:
    lignes = tables.get("uai")
    return {"uais": None if lignes is None else {ligne[0]: Uai(*ligne) for ligne in lignes}}


def _mefs_parcoursup(tables: _Tables) -> dict[str, Any]:
    return {"mefs_parcoursup": _codes(tables.get("mefs_parcoursup"))}


def _certificateurs(tables: _Tables) -> dict[str, Any]:
    return {"certificateurs": _par_fiche(Certificateur, tables.get("certificateurs"))}


def _partenaires(tables: _Tables) -> dict[str, Any]:
    return {"partenaires": _par_fiche(Partenaire, tables.get("partenaires"))}


def _lettres(tables: _Tables) -> dict[str, Any]:
    lignes = tables.get("lettres", ())
    return {"lettres": {ligne[0]: LettreSpecialite(*ligne) for ligne in lignes}}


def _onisep(tables: _Tables) -> dict[str, Any]:
    return {"onisep": {ligne[0]: LienOnisep(*ligne) for ligne in tables.get("onisep", ())}}


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


_CONSTRUCTIONS: Final[tuple[tuple[frozenset[str], Callable[[_Tables], dict[str, Any]]], ...]] = (
    tuple(
        (frozenset(sources), batir)
        for sources, batir in (
            (("cfd",), _diplomes),
            (("niveaux",), _niveaux),
            (("mef",), _mefs),
            (("kit_apprentissage",), _kit),
            (("rncp",), _fiches),
            (("rome",), _metiers),
            (("communes",), _communes),
            (("communes_anciennes",), _anciennes),
            (("communes", "communes_anciennes", "codes_postaux"), _codes_postaux),
            (("departements", "regions", "academies"), _territoires),
            (("etablissements", "qualiopi"), _organismes),
            (("etablissements",), _sirens),
            (("uai_siret",), _uai_par_siret),
            (("uai",), _uais),
            (("mefs_parcoursup",), _mefs_parcoursup),
            (("certificateurs",), _certificateurs),
            (("partenaires",), _partenaires),
            (("lettres",), _lettres),
            (("onisep",), _onisep),
        )
    )
)
"""The tables that fields of `References` rest on, all of them, and what builds these fields."""
