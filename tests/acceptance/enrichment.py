"""Answers to the cases of enrichment/… by the rules of enrich (cases README, same section)."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from contracts.identifiants import cfd as cfd_
from contracts.identifiants import code_postal as code_postal_
from contracts.identifiants import insee as insee_
from services.enrich.adapters.fichiers import lire_dossier
from services.enrich.domain.chargement import TABLES
from services.enrich.domain.enrichissement import mef as mef_
from services.enrich.domain.enrichissement.commune import Situation, situer
from services.enrich.domain.enrichissement.geocodage import Adresse, Issue, Panne, resoudre
from services.enrich.domain.enrichissement.geocodage import Reponse as Reponse_
from services.enrich.domain.enrichissement.niveau import cfd_entree, niveau
from services.enrich.domain.enrichissement.remplacement import remplacer
from services.enrich.domain.enrichissement.uai_lieu import uai_du_lieu
from services.enrich.domain.geographie import distance_metres
from services.enrich.domain.references.construction import construire
from services.enrich.domain.references.tables import Cfd, Mef, References
from services.export.domain.campagne import Campagne
from tests.acceptance.outils import NonPrisEnCharge, connaitre, jour

Donnees = Mapping[str, Any]
Reponse = dict[str, Any]

_SUCCESSEURS: Final = [f"NOUVEAU_DIPLOME_{rang}" for rang in range(1, 8)]
_GEO: Final = frozenset(table.nom for table in TABLES if table.motifs[0].startswith("geo/"))
_LIEU: Final = frozenset(
    ("a", "b", "code_postal", "code_commune_insee", "coordonnees", "resolver_answer", "case")
)
_SITUATIONS: Final = ("", "no coordinates", "resolver finds nothing", "resolver fails")
_ERREURS_DU_SERVICE: Final = {
    Issue.SANS_OBJET: "empty",
    Issue.MAL_FORMEE: "format",
    Issue.PANNE: "resolver error",
    Issue.INTROUVABLE: "not found",
    Issue.AUTRE_DEPARTEMENT: "inconsistent",
    Issue.AUTRE_COMMUNE: "inconsistent",
    Issue.ELOIGNEE: "inconsistent",
}
_ERREURS_GEO: Final = {
    "code_postal_inconnu": "not found",
    "commune_inconnue": "not found",
    "code_postal_autre_departement": "inconsistent",
}


@dataclass(frozen=True)
class Tables:
    """The tables that the cases name, in the layouts of their time; `refdata` is their folder."""

    refdata: Path

    @cached_property
    def cfds(self) -> dict[str, Cfd]:
        """N_FORMATION_DIPLOME of 15 July 2020, alone."""
        return {
            ligne["FORMATION_DIPLOME"]: Cfd(
                ligne["FORMATION_DIPLOME"],
                ligne["NIVEAU_FORMATION_DIPLOME"],
                ligne["GROUPE_SPECIALITE"],
                ligne["LIBELLE_COURT"],
                ligne["LIBELLE_STAT_33"],
                ligne["LIBELLE_LONG_200"],
                _fermeture(ligne["DATE_FERMETURE"]),
                [ligne[nom] for nom in _SUCCESSEURS if ligne[nom]],
            )
            for ligne in self._bcn("n_formation_diplome_20200715")
        }

    @cached_property
    def diplomes(self) -> dict[str, str]:
        """Label of each level of diploma."""
        return {
            ligne["NIVEAU_FORMATION_DIPLOME"]: ligne["LIBELLE_100"]
            for ligne in self._bcn("n_niveau_formation_diplome_20200715")
        }

    @cached_property
    def mefs(self) -> list[Mef]:
        """N_MEF, ascending."""
        lignes = sorted(self._bcn("n_mef_20200715"), key=lambda ligne: ligne["MEF"])
        return [
            Mef(
                ligne["MEF"],
                ligne["FORMATION_DIPLOME"],
                ligne["DUREE_DISPOSITIF"],
                ligne["ANNEE_DISPOSITIF"],
                _fermeture(ligne["DATE_FERMETURE"]),
            )
            for ligne in lignes
        ]

    @cached_property
    def lettres(self) -> dict[str, tuple[str, str]]:
        """Long and short label of each lettre de spécialité."""
        return {
            ligne["LETTRE_SPECIALITE"]: (ligne["LIBELLE_LONG"], ligne["LIBELLE_COURT"])
            for ligne in self._bcn("n_lettre_specialite_20200715")
        }

    @cached_property
    def geo(self) -> References:
        """Communes, post codes and what they belong to."""
        tables = lire_dossier(self.refdata, [table for table in TABLES if table.nom in _GEO])
        return construire("geo", {table.bilan.table: table.lignes for table in tables})

    def _bcn(self, nom: str) -> list[dict[str, str]]:
        chemin = self.refdata / "layouts" / "bcn" / f"{nom}.csv"
        with chemin.open(encoding="utf-8", newline="") as fichier:
            return list(csv.DictReader(fichier, delimiter=";"))


def repondre(groupe: str, given: Donnees, tables: Tables) -> Reponse:
    """Return what our rules answer to a case of a group of `AVEC_TABLES`."""
    return _GROUPES[groupe](given, tables)


def _remplacement(given: Donnees, tables: Tables) -> Reponse:
    trouve = remplacer(given["cfd"], tables.cfds, jour(given["now"]))
    atteint = trouve.atteint
    commun = {"info": trouve.info.value, "path": list(trouve.chemin)}
    if atteint is None:
        return {**commun, "cfd": None, "date_fermeture": None}
    return {
        **commun,
        "cfd": atteint.cfd,
        "date_fermeture": atteint.date_fermeture,
        "niveau": niveau(atteint.cfd),
        "intitule_long": atteint.libelle_long,
        "intitule_court": atteint.libelle_stat,
        "libelle_court": atteint.libelle_court,
        "niveau_formation_diplome": atteint.niveau_formation_diplome,
        "diplome": tables.diplomes.get(atteint.niveau_formation_diplome),
    }


def _cfd(given: Donnees, tables: Tables) -> Reponse:
    lu = cfd_.lire(given["cfd"])
    if lu is None or lu.specialite is None:
        return {"cfd": lu.code if lu else None, "specialite": None}
    libelle, court = tables.lettres.get(lu.specialite, (None, None))
    specialite = {"lettre": lu.specialite, "libelle": libelle, "libelle_court": court}
    return {"cfd": lu.code, "specialite": specialite}


def _mef(given: Donnees, tables: Tables) -> Reponse:
    if "trusted" in given:
        return {"parcoursup_mefs_10": mef_.de_confiance(given["bcn_mefs_10"], given["trusted"])}
    if "bcn_mefs_10" in given:
        return _filtre(given)
    if "campagne_start" in given:
        _, fin = Campagne(jour(given["campagne_start"])).session
        fermeture = given.get("date_fermeture")
        civile = jour(fermeture).isoformat() if fermeture else None
        return {"mef_outdated": mef_.mef_perimee(civile, fin)}
    if "mef10" in given:
        return _un_mef(given["mef10"], tables.mefs)
    mefs = [mef for mef in tables.mefs if mef.cfd == given["cfd"]]
    return {
        "mefs_10": [
            {"mef10": mef.mef10, "modalite": {"duree": mef.duree, "annee": mef.annee}}
            for mef in mefs
        ],
        "mefs_8": mef_.mefs_8(mefs),
    }


def _un_mef(mef10: str, mefs: list[Mef]) -> Reponse:
    cfds = sorted({mef.cfd for mef in mefs if mef.mef10 == mef10})
    if len(cfds) > 1:
        return {"error": cfds}
    connu = next((mef for mef in mefs if mef.mef10 == mef10), None)
    if connu is None:
        return {"duree": None, "annee": None, "cfd": None}
    return {"duree": connu.duree, "annee": connu.annee, "cfd": connu.cfd}


def _filtre(given: Donnees) -> Reponse:
    mefs = [
        Mef(mef["mef10"], "", mef["modalite"]["duree"], mef["modalite"]["annee"], None)
        for mef in given["bcn_mefs_10"]
    ]
    filtre = mef_.filtrer(mefs, given.get("duree"), given.get("annee"))
    return {
        "kept": [mef.mef10 for mef in filtre.gardes],
        "duree_incoherente": filtre.duree_incoherente,
        "annee_incoherente": filtre.annee_incoherente,
    }


def _geo(given: Donnees, tables: Tables) -> Reponse:
    connaitre(_LIEU, given)
    if "a" in given:
        return {"metres": distance_metres(tuple(given["a"]), tuple(given["b"]))}
    if "resolver_answer" in given or "case" in given or "coordonnees" in given:
        return _resolu(given, tables)
    code_postal = given.get("code_postal")
    if not (code_postal_.est_valide(code_postal) or insee_.est_valide(code_postal)):
        return {"error": "format"}
    situation = situer(given.get("code_commune_insee"), code_postal, tables.geo)
    for constat in situation.constats:
        if erreur := _ERREURS_GEO.get(str(constat["code"])):
            return {"error": erreur}
    return _situe(situation)


def _resolu(given: Donnees, tables: Tables) -> Reponse:
    """Answer one step of the place that asks an address service (cases README, geo)."""
    situation = given.get("case", "")
    if situation not in _SITUATIONS:
        raise NonPrisEnCharge(f"case {situation!r}")
    if situation == "no coordinates":
        return {"error": "empty"}
    reponse: Reponse_ | Panne | None = None
    if situation == "resolver fails":
        reponse = Panne("en panne")
    elif dite := given.get("resolver_answer"):
        reponse = Reponse_(
            code_commune_insee=dite.get("code_commune_insee"),
            code_postal=dite.get("code_postal"),
            localite=dite.get("localite"),
            score=dite.get("score"),
        )
    adresse = Adresse("", given.get("code_postal"), given.get("code_commune_insee"))
    issue = resoudre(given.get("coordonnees"), adresse, reponse, tables.geo)
    if erreur := _ERREURS_DU_SERVICE.get(issue):
        return {"error": erreur}
    dit = reponse if isinstance(reponse, Reponse_) else Reponse_()
    lieu = situer(
        dit.code_commune_insee or adresse.code_commune_insee,
        dit.code_postal or adresse.code_postal,
        tables.geo,
    )
    return _situe(lieu)


def _situe(lieu: Situation) -> Reponse:
    return {
        "code_postal": lieu.code_postal,
        "code_commune_insee": lieu.code_commune_insee,
        "localite": lieu.commune.nom if lieu.commune else None,
        **lieu.territoire(),
    }


def niveau_(given: Donnees) -> Reponse:
    """Answer enrichment/niveau."""
    return {"niveau": niveau(given["cfd"])}


def cfd_entree_(given: Donnees) -> Reponse:
    """Answer enrichment/cfd_entree."""
    return {"cfd_entree": cfd_entree(given["cfd"])}


def uai(given: Donnees) -> Reponse:
    """Answer enrichment/UAI du lieu."""
    retenu = uai_du_lieu(
        given.get("edited"),
        given.get("collected"),
        given.get("formateur_uai"),
        meme_commune=given["same_commune"],
    )
    return {"uai_formation": retenu}


def _fermeture(texte: str) -> str | None:
    """Return the civil date of a BCN cell, `JJ/MM/AAAA`."""
    if not texte:
        return None
    jour_, mois, annee = texte.split("/")
    return f"{annee}-{mois}-{jour_}"


_GROUPES: Final[dict[str, Callable[[Donnees, Tables], Reponse]]] = {
    "enrichment/CFD replacement": _remplacement,
    "enrichment/CFD": _cfd,
    "enrichment/MEF": _mef,
    "enrichment/geo": _geo,
}
AVEC_TABLES: Final = tuple(_GROUPES)
"""The groups whose answers need the tables that the cases name."""
