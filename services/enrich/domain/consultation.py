"""What the tables know of one code, with what it leads to today (domain.md §2)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final, TypeAlias

from contracts.identifiants import cfd as cfd_
from contracts.identifiants import code_postal as code_postal_
from contracts.identifiants import rncp as rncp_
from contracts.identifiants import siret as siret_
from contracts.identifiants import uai as uai_
from services.enrich.domain.enrichissement.etablissements import actif, certifie_qualite
from services.enrich.domain.enrichissement.fiches import perimee, statut_connu
from services.enrich.domain.enrichissement.niveau import cfd_entree, niveau
from services.enrich.domain.enrichissement.remplacement import remplacer
from services.enrich.domain.references.tables import Cfd, Fiche, References

Consultee: TypeAlias = dict[str, Any]


def consulter(table: str, code: str, references: References, jour: date) -> Consultee | None:
    """Return what is known of a code on a day; None when the table does not hold it.

    `table` is one of `TABLES`. A code is read as people type it: with blanks, without its lost
    zero, in lower case.
    """
    return _LECTURES[table](code.strip(), references, jour)


def _cfd(code: str, references: References, jour: date) -> Consultee | None:
    lu = cfd_.normaliser(code) or code.upper()
    diplome = references.cfds.get(lu[:8])
    if diplome is None:
        return None
    remplacement = remplacer(diplome.cfd, references.cfds, jour)
    return {
        **_diplome(diplome, references),
        "info": remplacement.info.value,
        "chemin": list(remplacement.chemin),
        "remplace_par": _suivant(remplacement.atteint, diplome, references),
        "fiches": [
            _resume(references.fiches.get(fiche), fiche, jour)
            for fiche in references.fiches_par_cfd.get(diplome.cfd, ())
        ],
        "mefs": [
            {nom: valeur for nom, valeur in asdict(mef).items() if nom != "cfd"}
            for mef in references.mefs.get(diplome.cfd, ())
        ],
    }


def _diplome(diplome: Cfd, references: References) -> Consultee:
    return {
        "cfd": diplome.cfd,
        "intitule_long": diplome.libelle_long,
        "intitule_court": diplome.libelle_stat,
        "libelle_court": diplome.libelle_court,
        "diplome": references.diplomes.get(diplome.niveau_formation_diplome),
        "niveau": niveau(diplome.cfd),
        "niveau_formation_diplome": diplome.niveau_formation_diplome,
        "groupe_specialite": diplome.groupe_specialite,
        "cfd_entree": cfd_entree(diplome.cfd),
        "date_fermeture": diplome.date_fermeture,
        "nouveaux": list(diplome.nouveaux),
    }


def _suivant(atteint: Cfd | None, depart: Cfd, references: References) -> Consultee | None:
    if atteint is None or atteint.cfd == depart.cfd:
        return None
    return _diplome(atteint, references)


def _rncp(code: str, references: References, jour: date) -> Consultee | None:
    lu = rncp_.normaliser(code)
    fiche = references.fiches.get(lu or "")
    if fiche is None:
        return None
    certificateurs = (references.certificateurs or {}).get(fiche.code, ())
    return {
        **_resume(fiche, fiche.code, jour),
        "type_certif": fiche.type_certif,
        "code_type_certif": fiche.code_type_certif,
        "type_enregistrement": fiche.type_enregistrement,
        "acces_apprentissage": fiche.acces_apprentissage,
        "nsf_code": fiche.nsf,
        "source_le": fiche.source_le,
        "cfds": list(references.cfds_par_fiche.get(fiche.code, ())),
        "romes": [{"rome": rome, "libelle": references.romes.get(rome)} for rome in fiche.romes],
        "certificateurs": [{"nom": c.nom, "siret": c.siret} for c in certificateurs],
        "anciennes": list(fiche.anciennes),
        "nouvelles": [
            _resume(references.fiches.get(suivante), suivante, jour)
            for suivante in fiche.nouvelles or references.fiches_suivantes.get(fiche.code, ())
        ],
    }


def _resume(fiche: Fiche | None, code: str, jour: date) -> Consultee:
    if fiche is None:
        return {"code": code, "intitule": None}
    return {
        "code": fiche.code,
        "intitule": fiche.intitule,
        "niveau": fiche.niveau,
        "statut": statut_connu(fiche, jour),
        "date_fin_validite": fiche.date_fin_validite,
        "perimee": perimee(fiche, jour),
    }


def _siret(code: str, references: References, jour: date) -> Consultee | None:
    lu = siret_.normaliser(code)
    connu = references.etablissements.get(lu or "")
    uai = references.uai_par_siret.get(lu or "")
    if connu is None:
        return {"siret": lu, "uai": uai} if lu and uai else None
    return {
        **asdict(connu),
        "uai": connu.uai or uai,
        "uai_selon_uai_siret": uai,
        "actif": actif(connu, jour),
        "certifie_qualite": certifie_qualite(connu, jour),
    }


def _uai(code: str, references: References, _jour: date) -> Consultee | None:
    lu = uai_.normaliser(code)
    if lu is None:
        return None
    sirets = sorted(
        {siret for siret, connu in references.etablissements.items() if connu.uai == lu}
        | {siret for siret, uai in references.uai_par_siret.items() if uai == lu}
    )
    if not sirets:
        return None
    departement = references.departements.get(uai_.departement(lu) or "")
    return {
        "uai": lu,
        "departement": asdict(departement) if departement else None,
        "etablissements": [
            {
                "siret": siret,
                "raison_sociale": connu.raison_sociale if connu else None,
                "localite": connu.localite if connu else None,
            }
            for siret in sirets
            for connu in (references.etablissements.get(siret),)
        ],
    }


def _commune(code: str, references: References, _jour: date) -> Consultee | None:
    lu = code.upper()
    actuelle = references.anciennes_communes.get(lu, lu)
    commune = references.communes.get(lu) or references.communes.get(actuelle)
    if commune is None:
        return None
    departement = references.departements.get(commune.departement)
    return {
        **asdict(commune),
        "ancien_code": lu if commune.code != lu else None,
        "ancien_nom": references.noms_anciens.get(lu),
        "departement": asdict(departement) if departement else commune.departement,
    }


def _code_postal(code: str, references: References, _jour: date) -> Consultee | None:
    lu = code_postal_.normaliser(code)
    communes = references.communes_par_code_postal.get(lu or "")
    if not communes:
        return None
    return {
        "code_postal": lu,
        "communes": [
            {"code": insee, "nom": references.communes[insee].nom} for insee in sorted(communes)
        ],
    }


def _rome(code: str, references: References, _jour: date) -> Consultee | None:
    libelle = references.romes.get(code.upper())
    return {"rome": code.upper(), "libelle": libelle} if libelle else None


_LECTURES: Final[Mapping[str, Callable[[str, References, date], Consultee | None]]] = {
    "cfd": _cfd,
    "rncp": _rncp,
    "siret": _siret,
    "uai": _uai,
    "communes": _commune,
    "codes_postaux": _code_postal,
    "rome": _rome,
}
TABLES: Final = tuple(_LECTURES)
